"""The pairs of a run: from raw slices to one estimate a process, and from those to verdicts.

A pair is a table b beside a base a on one workload. `alike` pairs give the median over couples
of slices of log(b / a), heads left out; `places` pairs the ratio of the sums, over the slices'
places in the trace, of the medians over its replays. Runs before 2026-11-23 have `total` pairs
in their stead: the ratio of the CPU times of all replays.
The process is the unit: what is said of a pair is said from one number of each process.
"""
import collections
import itertools
import math
import os
import statistics

import folder
import stats

SLICES, CONTROL_SLICES = "slices.csv.xz", "control_slices.csv.xz"
FILES = {"pairs.csv": "pairs/1", SLICES: "slices/1", CONTROL_SLICES: "slices/1",
         "processes.csv": "processes/1", "overhead.csv": "overhead/1"}

# A table after slices of a larger one, against itself alone: what the heads of slices leave. The
# tables of the headlines that are compared as `alike` are of one size, so that it meets both arms;
# this bounds it.
NEIGHBOUR, REMAINS_MOST = "neighbour:", 0.03
# A twin is the same code at other addresses, which is known to make 1 to 3 %: what it shows is how
# small a difference this run can tell, and no smaller one is claimed.
TWIN, PLACE_MOST = "twin:", 0.03

# truth: the ratio a control must show, or None; injected_ns: in each replay of b (of a `total` pair
# in one of them all), or 0
Pair = collections.namedtuple("Pair", "name cell a b estimand truth injected_ns")
# What one process says: value: log(b / a) by the pair's estimand; head: the same of the heads
# alone; expected: log of the ratio that an injected pause must give
One = collections.namedtuple("One", "process value head expected")
# What all say: estimate: stats.Estimate; adjusted: the probability among its kind;
# total: log-ratio of the CPU times of all replays in all processes; ones: [One]
Result = collections.namedtuple("Result", "pair estimate adjusted verdict total heads ones good why")


def read_pairs(path):
    """[Pair] in the order of the file."""
    return [Pair(w["pair"], w["cell"], w["a"], w["b"], w["estimand"],
                 float(w["truth"]) if w["truth"] else None, int(w["injected_ns"]))
            for w in folder.lines(path)]


def shard_of(pair):
    """The number of the shard whose control it is, "" outside merged runs (merge_runs.py)."""
    return pair.name.partition("@")[2]


def is_control(pair):
    """Whether what must show is known beforehand."""
    return pair.truth is not None or pair.injected_ns > 0


def read_slices(path):
    """{pair name: {process: [(arm, round, turn, slice, head_ns, ns)]}}, and all ns by pair."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for w in folder.lines(path):
        process = int(w["process"]) if "process" in w else None  # of one process alone
        found[w["pair"]][process].append(
            (w["arm"], int(w["round"]), int(w["turn"]), int(w["slice"]), int(w["head_ns"]),
             int(w["ns"])))
    return found


def keep_slices(path):
    """A folder's slices.csv becomes two files, those of the headlines and those of the controls,
    by its pairs.csv; returns {file: schema}."""
    controls = {pair.name for pair in read_pairs(os.path.join(path, "pairs.csv"))
                if is_control(pair)}
    whole = os.path.join(path, "slices.csv")
    heading, rows = folder.headed(whole)
    kept = {SLICES: [heading], CONTROL_SLICES: [heading]}
    for row in rows:
        name = row[heading.index("pair")]
        kept[CONTROL_SLICES if name in controls else SLICES].append(row)
    os.remove(whole)
    for name, found in kept.items():
        folder.write_lines(os.path.join(path, name), (",".join(row) for row in found))
    return {name: FILES[name] for name in kept}


# ---- one process -------------------------------------------------------------------


def couples(slices):
    """[those begun by a, those begun by b] of neighbouring slices of the two arms, as they were
    run: a block a b b a is one of each."""
    turns = sorted(slices, key=lambda s: (s[1], s[2]))
    found = [turns[i:i + 2] for i in range(0, len(turns) - 1, 2)]
    return [[c for c in found if c[0][0] == arm] for arm in "ab"]


def log_ratio(slices, time):
    """log(b / a) of the times, summed over slices."""
    sums = {"a": 0, "b": 0}
    for one in slices:
        sums[one[0]] += time(one)
    return math.log(sums["b"] / sums["a"])


def sum_of_places(times):
    """Of each place in the trace the median over its replays, summed; times: (place, ns)."""
    places = collections.defaultdict(list)
    for place, ns in times:
        places[place].append(ns)
    return sum(statistics.median(found) for found in places.values())


def arm_places(slices, arm, time):
    return sum_of_places((one[3], time(one)) for one in slices if one[0] == arm)


def by_places(slices, time):
    """log(b / a) of the sums of places. What a table does in a replay, a rebuild say, it does in
    each at the same place, and it stays; what comes once is the machine's."""
    return math.log(arm_places(slices, "b", time) / arm_places(slices, "a", time))


def rest(one):
    return one[5] - one[4]


def alike(slices, time):
    """The mean of two medians: over the couples that a begins, and over those that b begins, so
    that what the order costs cancels. A median of whole blocks breaks down when one slice in six
    is disturbed, since then every second block holds one; this when two in seven are."""
    medians = [statistics.median(log_ratio(couple, time) for couple in begun)
               for begun in couples(slices) if begun]
    return statistics.fmean(medians)


def whole(one):
    return one[5]


def head(one):
    return one[4]


# How each estimand is reckoned from slices, by a time of a slice.
ESTIMATORS = {"alike": alike, "places": by_places, "total": log_ratio}


def expected(pair, slices):
    """log of the ratio that an injected pause must give; None without one."""
    if not pair.injected_ns:
        return None
    base = arm_places(slices, "a", whole) if pair.estimand == "places" else \
        sum(whole(one) for one in slices if one[0] == "a")
    return math.log1p(pair.injected_ns / base)


def one_process(pair, process, slices):
    reckon = ESTIMATORS[pair.estimand]
    return One(process, reckon(slices, rest if pair.estimand == "alike" else whole),
               reckon(slices, head), expected(pair, slices))


def of_all(by_process):
    """log(b / a) of the CPU times of all replays in all processes."""
    return log_ratio(itertools.chain(*by_process.values()), whole)


# ---- all processes ---------------------------------------------------------------------


def values(ones):
    """What is estimated: of an injected pause, by how much it is missed."""
    return [o.value if o.expected is None else o.value - o.expected for o in ones]


def is_twin(name):
    return name.startswith(TWIN)


def place_of_code(twins):
    """The most that the intervals of the twins' estimates reach, as a log."""
    return max((abs(end) for found in twins if found.low is not None
                for end in (found.low, found.high)), default=0.0)


def claim(found, adjusted, place, margin=stats.MARGIN):
    """The verdict on a headline: inconclusive where its interval reaches into what the place of
    code makes, and where that is more than the margin within which it would be equivalent."""
    said = stats.verdict(found, adjusted, margin)
    if said == stats.EQUIVALENT and math.expm1(place) > margin:
        return stats.INCONCLUSIVE
    if said in (stats.FASTER, stats.SLOWER) and found.low <= place and found.high >= -place:
        return stats.INCONCLUSIVE
    return said


def judge_control(pair, found, adjusted, margin):
    """(whether a control shows what it must, if not why). adjusted: its probability among the
    controls."""
    if found.low is None:
        return True, ""
    if pair.name.startswith(NEIGHBOUR):
        return found.low <= math.log1p(REMAINS_MOST), "more is left of cooled caches than %g %%" % (
            100 * REMAINS_MOST)
    if is_twin(pair.name):
        most = math.log1p(PLACE_MOST)
        return -most <= found.low and found.high <= most, \
            "the place of code alone makes more than %g %%" % (100 * PLACE_MOST)
    if pair.truth is None or pair.truth == 1.0:
        said = stats.verdict(found, adjusted, margin)
        return said not in (stats.FASTER, stats.SLOWER), "a difference where there is none"
    if found.low <= 0:
        return False, "the injected difference was not found"
    inside, truth = math.log1p(margin), math.log(pair.truth)
    return found.low - inside <= truth <= found.high + inside, \
        "the injected difference has another size"


class Pairs:
    """A run's pairs.

    headlines, controls: [Result]; good: whether every control showed what it must; place: log of
    the most that the twins' intervals reach;
    overhead: {column: median over processes}; processes: [{column: text}]; slice_ns: (5 %,
    median, 95 %) of the times of all slices that are not of a control.
    """

    def __init__(self, path, margin=stats.MARGIN):
        self.margin = margin
        every = read_pairs(os.path.join(path, "pairs.csv"))
        slices = dict(read_slices(os.path.join(path, SLICES)),
                      **read_slices(os.path.join(path, CONTROL_SLICES)))
        self.processes = list(folder.lines(os.path.join(path, "processes.csv")))
        self.overhead = read_overhead(os.path.join(path, "overhead.csv"))
        controls = [p for p in every if is_control(p) and p.name in slices]
        headlines = [p for p in every if not is_control(p) and p.name in slices]
        self.controls = self.judge(controls, slices)
        self.good = all(c.good for c in self.controls)
        self.place = place_of_code(c.estimate for c in self.controls if is_twin(c.pair.name))
        self.headlines = self.compare(headlines, slices)
        self.slice_ns = spread([s[5] for p in headlines for ones in slices[p.name].values()
                                for s in ones])

    def ones(self, pair, slices):
        return [one_process(pair, process, slices[process]) for process in sorted(slices)]

    def judge(self, controls, slices):
        ones = [self.ones(p, slices[p.name]) for p in controls]
        found = [stats.estimate(values(o)) for o in ones]
        told = []
        for pair, f, p, o in zip(controls, found, stats.holm([f.p for f in found]), ones):
            good, why = judge_control(pair, f, p, self.margin)
            told.append(Result(pair, f, p, "", of_all(slices[pair.name]),
                               stats.estimate([one.head for one in o]), o, good,
                               "" if good else why))
        return told

    def compare(self, headlines, slices):
        """Verdicts, all together: Holm; inconclusive, every one, if a control failed, and one whose
        interval reaches into what the place of code makes."""
        ones = [self.ones(p, slices[p.name]) for p in headlines]
        found = [stats.estimate(values(o)) for o in ones]
        adjusted = stats.holm([f.p for f in found])
        verdicts = [claim(f, p, self.place, self.margin) if self.good else stats.INCONCLUSIVE
                    for f, p in zip(found, adjusted)]
        return [Result(pair, f, p, v, of_all(slices[pair.name]),
                       stats.estimate([one.head for one in o]), o, True, "")
                for pair, f, p, v, o in zip(headlines, found, adjusted, verdicts, ones)]


def spread(times):
    """(5 %, median, 95 %) or None."""
    times = sorted(times)
    return tuple(times[int(q * (len(times) - 1))] for q in (0.05, 0.5, 0.95)) if times else None


def read_overhead(path):
    """{column: median over processes}."""
    columns = collections.defaultdict(list)
    for words in folder.lines(path):
        for name, word in words.items():
            columns[name].append(float(word))
    return {name: statistics.median(found) for name, found in columns.items()
            if name != "process"}
