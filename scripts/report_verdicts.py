"""What the controls showed, what the headlines say, and what the harness itself costs."""
import math

import stats
from figures import cell_name
from pairs import NEIGHBOUR, PLACE_MOST, REMAINS_MOST, is_twin, shard_of
from report_text import DASH, count, figure, listed, ratio, table

CONTROLS = {
    "same": "the same table in both arms: nothing to find",
    "twin": "one source compiled twice, at other addresses: what place alone makes, in either direction;"
            " no smaller difference is claimed",
    "one_percent": "one step in a hundred more: to be found, as large",
    "pause": "a pause of 30 ms each time the table grows: to show at its true share",
    "neighbour": "a table after slices of a larger one, against itself alone: what is left of the"
                 " cooled caches once the head of a slice is left out",
}
EDGE_MOST_NS, EDGE_MOST_SHARE = 0.3, 0.005  # what the harness may add: to a step, to a slice


def signed(value, digits=2):
    """A log-ratio as a difference in percent: +1.05 %."""
    if value is None:
        return DASH
    return ("%+.*f %%" % (digits, 100 * math.expm1(value))).replace("-", "\u2212")


def interval(found):
    """+0.1 % (−0.2 % to +0.4 %)."""
    if found is None:
        return DASH
    if found.low is None:
        return "%s (too few processes for an interval)" % signed(found.estimate)
    return "%s (%s to %s)" % (signed(found.estimate), signed(found.low), signed(found.high))


def kind_of(control):
    return control.pair.name.split(":")[0]


def place_of(control):
    """The workload, and of a merged run the shard whose machine it speaks for."""
    shard = shard_of(control.pair)
    return "`%s`" % control.pair.cell.split("/")[0] + (", shard %s" % shard if shard else "")


def size_of(pair):
    """How many entries a pair was measured with."""
    return int(pair.cell.split("/")[1])


def required(pair, margin):
    """When a control is good, in words; pairs.judge_control decides so."""
    if pair.name.startswith(NEIGHBOUR):
        return "interval begins below %s" % signed(math.log1p(REMAINS_MOST), 0)
    if is_twin(pair.name):
        return "interval within \u00b1%g %%" % (100 * PLACE_MOST)
    if pair.truth is None or pair.truth == 1.0:
        return "no difference shown (p, adjusted, above %s), or one within \u00b1%s %%" % (
            stats.ALPHA, figure(100 * margin))
    return "shown, and its size within %s %% of the interval" % figure(100 * margin)


def pair_words(pair):
    """`linear/shrink` beside `linear/tombstone` on `purge`, n = 14,000."""
    return "`%s` beside `%s` on `%s`, n = %s" % (pair.b, pair.a, pair.cell.split("/")[0], count(size_of(pair)))


# ---- controls -------------------------------------------------------------------


def verdict_line(pairs):
    """The first line of a report: whether the controls showed what they must."""
    failed = [c for c in pairs.controls if not c.good]
    if failed:
        return "> **A control failed, so no difference in time is claimed here:** %s. Bytes and" \
            " counts are exact all the same." % "; ".join(
                "`%s` (%s): %s" % (c.pair.name, c.why, interval(c.estimate)) for c in failed)
    if not pairs.controls:
        return "> **No control was measured:** times are not to be relied on."
    told = []
    for kind, words in (("same", "the same code against itself"),
                        ("twin", "its twin at other addresses")):
        found = [c for c in pairs.controls if kind_of(c) == kind]
        if found:
            told.append("%s: %s" % (words, listed(signed(c.estimate.estimate) for c in found)))
    told += ["an injected +1 %%: %s" % signed(c.estimate.estimate) for c in pairs.controls
             if kind_of(c) == "one_percent"]
    few = any(c.estimate.low is None for c in pairs.controls)
    return "> %s %s." % ("Too few processes to judge the controls:" if few else
                         "**The controls hold:**", "; ".join(told))


def control_rows(pairs):
    rows = []
    for c in pairs.controls:
        must = DASH
        if c.pair.truth is not None:
            must = signed(math.log(c.pair.truth))
        elif c.ones and c.ones[0].expected is not None:
            must = signed(stats.estimate([o.expected for o in c.ones]).estimate)
        shown = c.estimate
        missed = interval(shown) if c.pair.truth is not None else \
            "off by %s" % interval(shown)
        rows.append([kind_of(c), place_of(c), must, missed, required(c.pair, pairs.margin),
                     signed(c.heads.estimate) if c.pair.estimand == "alike" else DASH,
                     "good" if c.good else "**failed**: " + c.why])
    return rows


def controls(pairs):
    """What the controls showed."""
    lines = ["## Can this run be trusted?", ""]
    if not pairs.controls:
        return lines + ["No control was measured.", ""]
    lines += ["Known answers, measured by the same means and in the same processes as the headlines"
              " (%d processes, each with its own addresses; 95 %% intervals):" %
              max(c.estimate.n for c in pairs.controls), ""]
    lines += table(["control", "workload", "must show", "shows", "good if", "in the heads of slices", ""],
                   control_rows(pairs), left=2)
    lines += bias(pairs)
    kinds = []
    for c in pairs.controls:
        if kind_of(c) not in kinds:
            kinds.append(kind_of(c))
    lines += ["- **%s**: %s." % (k, CONTROLS.get(k, k)) for k in kinds] + [""]
    return lines + overhead(pairs)


def bias(pairs):
    """What known answers lie outside their intervals: an interval is of what differs from process
    to process, and says nothing of what they share."""
    told = [c for c in pairs.controls if kind_of(c) in ("same", "one_percent")
            and c.pair.truth is not None and c.estimate.low is not None]
    outside = [c for c in told
               if not c.estimate.low <= math.log(c.pair.truth) <= c.estimate.high]
    if not outside:
        return []
    return ["An interval tells what differs from process to process. What all processes share (the place"
            " of code, what one arm leaves in the caches) it does not: here it leaves out the known"
            " answer of %s, by %s. Read the headlines with so much to spare." % (
                listed("`%s`, %s" % (kind_of(c), place_of(c)) for c in outside),
                listed(signed(min((c.estimate.low - math.log(c.pair.truth),
                                   c.estimate.high - math.log(c.pair.truth)), key=abs))
                       for c in outside)), ""]


def overhead(pairs):
    """What the harness adds to a step and to a slice."""
    o = pairs.overhead
    lines = ["The harness: one slice edge costs %s ns, one turn of Google Benchmark's loop %s ns;"
             " in a slice of %s steps that is %.3f ns a step" %
             (figure(o["edge_ns"]), figure(o["loop_ns"]), count(o["steps"]), o["step_ns"])]
    share = o["edge_ns"] / pairs.slice_ns[1] if pairs.slice_ns else None
    if share is not None:
        lines[0] += ", %.3f %% of a slice" % (100 * share)
        lines[0] += " (slices take %s to %s \u00b5s, in the middle %s)" % tuple(
            figure(pairs.slice_ns[i] / 1e3) for i in (0, 2, 1))
    over = o["step_ns"] > EDGE_MOST_NS or (share or 0) > EDGE_MOST_SHARE
    lines[0] += "; **more than the %s ns or the %s %% that are allowed**." % (
        EDGE_MOST_NS, 100 * EDGE_MOST_SHARE) if over else \
        "; allowed are %s ns and %s %%." % (EDGE_MOST_NS, 100 * EDGE_MOST_SHARE)
    lines[0] += " The loop over the trace stands in the tables as `peer/null`."
    return lines + [""]


# ---- headlines --------------------------------------------------------------------


COMPARED = {"alike": "median of slices", "places": "whole trace, median of its replays",
            "total": "whole trace"}


def confirmed(headline, second):
    """What a second build (pass_confirm.Second, or None) says of it."""
    if second is None:
        return DASH
    word = "confirmed" if second.verdict == headline.verdict else "**%s**" % second.verdict
    return "%s: %s" % (word, interval(second.estimate))


def said(headline, second):
    """The verdict; that only one compiler's code shows it, where a second build says another."""
    alone = second is not None and second.verdict != headline.verdict
    return "**%s**" % headline.verdict + (", by this compiler only" if alone else "")


def within(headline):
    """The interval by which times count as equal: that of 90 %, two one-sided tests at 5 %."""
    narrow = headline.estimate.narrow
    if headline.verdict != stats.EQUIVALENT or not narrow:
        return ""
    return "; 90 %%: %s to %s" % (signed(narrow[0]), signed(narrow[1]))


def elsewhere(results, pair):
    """The ratio in the matrix at every other size: 10,000: 1.36 \u00d7, 100,000: 1.20 \u00d7."""
    cells = [c for c in results.plain() if c.workload == pair.cell.split("/")[0]
             and c.n and c.n != size_of(pair)]
    found = [(c.n, results.replicates.ratio(cell_name(c), pair.b, pair.a)) for c in cells]
    return ", ".join("%s: %s" % (count(n), ratio(r)) for n, r in found if r) or DASH


def headlines(results, drawn, second):
    """The section of the claims that were named before anything was measured; drawn: the path
    of their chart; second: what pass_confirm.read gives."""
    pairs = results.pairs
    if not pairs.headlines:
        return []
    most = max(h.estimate.n for h in pairs.headlines)
    sizes = sorted({size_of(h.pair) for h in pairs.headlines})
    lines = ["## The headlines", "",
             "Named in DESIGN.md before the run; **%s entries**, %d processes, of several link orders."
             " A verdict is on the size beside it, and needs its Holm-adjusted probability below %s;"
             " *equivalent* means that the difference is shown to be within \u00b1%s %%, in a run where"
             " the place of code makes no more (here %s %%); *inconclusive* that neither is shown, or"
             " that it may be no more than place makes. At other sizes, where tables have other slots to"
             " spare and lie in other caches, a ratio may be the other way round: the last column has"
             " those of the matrix, which are no verdicts." %
             (listed(map(count, sizes)), most, stats.ALPHA, figure(100 * pairs.margin),
              figure(100 * math.expm1(pairs.place))), ""]
    compiler, found = second
    if compiler is None:
        lines[2] += " No second build confirmed them: FULL=1 does, where clang-19 is installed."
    rows = []
    for h in pairs.headlines:
        rows.append([pair_words(h.pair), said(h, found.get(h.pair.name)), interval(h.estimate) + within(h),
                     "%.2g" % h.adjusted,
                     signed(h.total) if h.pair.estimand == "places" else DASH,
                     COMPARED[h.pair.estimand]] +
                    ([confirmed(h, found.get(h.pair.name))] if compiler else []) +
                    [elsewhere(results, h.pair)])
    lines += table(["", "verdict", "time (95 % interval)", "p, adjusted",
                    "all replays together", "what is compared"] +
                   (["compiled by %s" % compiler] if compiler else []) + ["at other sizes"], rows, left=2)
    return lines + ["![Headlines and controls: each process, and all together](%s)" % drawn, ""]


def terminal(pairs):
    """Lines for the terminal: the controls, then one for each headline."""
    line = verdict_line(pairs)[2:].replace("**", "").replace("`", "")
    lines = []
    while line:  # folded at 100 columns
        cut = line if len(line) <= 100 else line[:101].rsplit(" ", 1)[0]
        lines.append(cut)
        line = line[len(cut):].lstrip()
    for h in pairs.headlines:
        lines.append("%-12s  %-52s %s" % (h.verdict, "%s / %s on %s" % (
            h.pair.b, h.pair.a.split("/")[1], h.pair.cell.split("/")[0]), interval(h.estimate)))
    return [line[:100] for line in lines]
