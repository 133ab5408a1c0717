#!/usr/bin/env python3
"""How far the measurement can be trusted, measured: make calibrate [WHAT=...]

usage: calibrate.py [WHAT ...]      false_alarms coverage detection spread busy exact adapters

Writes results/calibration/WHAT.md and WHAT.csv (coverage needs those of false_alarms). It uses
the programs of build/release and takes an hour; each part says how many runs it took.
"""
import collections
import concurrent.futures
import csv
import datetime
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import compare
import count as golden
import figures
import machine
import pairs
import processes
import progress
import run_bench
import stats
from outside import ROOT, Failure
from pair_runs import PairRuns
from report_text import count, table
from report_verdicts import signed

BUILD = os.path.join(ROOT, "build", "release")
PLACE = os.path.join(ROOT, "results", "calibration")

RUNS, SHORT_PROCESSES, SHORT_N, SHORT_SWEEPS = 300, 10, 10000, 1  # of false alarms
LANES = 4  # runs at a time: more than processors, since other programs are what is to be borne
DETECTION_RUNS, DETECTION_SECONDS, DETECTION_FULL = 10, 10, 75 # the last: steps in 10,000
INJECTED = "one_percent:hit"
SPREAD_RUNS, SPREAD_GOALS = {"default": 6, "full": 3}, {"default": 0.005, "full": 0.0025}
BUSY_PAIRS, BUSY_LOOPS, BUSY_GOAL = 4, 2, 0.005
EXACT_RUNS, EXACT_N = 10, 10000
COVERED, SYNTHETIC = (0.93, 0.97), 20000
ADAPTER_WORKLOADS, ADAPTER_N, ADAPTER_ROUNDS, ADAPTER_GOAL_NS = ("hit", "miss", "churn"), 100000, 40, 0.5

Mode = collections.namedtuple("Mode", "processes sweeps")


CLAIMS = (stats.FASTER, stats.SLOWER)


def alarms(values):
    """(whether a report would claim a difference, whether significance alone would)."""
    names = sorted(n for n in values if not pairs.is_twin(n))
    found = [stats.estimate(values[n]) for n in names]
    adjusted = stats.holm([f.p for f in found])
    place = pairs.place_of_code(stats.estimate(values[n]) for n in values if pairs.is_twin(n))
    claimed = place <= math.log1p(pairs.PLACE_MOST) and any(
        pairs.claim(f, p, place) in CLAIMS for f, p in zip(found, adjusted))
    return claimed, any(stats.verdict(f, p) in CLAIMS for f, p in zip(found, adjusted))


def met(values, goal):
    """Whether none is larger than allowed, in words."""
    missed = sum(abs(v) > goal for v in values)
    return ["At most %g %% is the goal: %s." % (
        100 * goal, "met by %d of %d" % (len(values) - missed, len(values)) if missed else "met"), ""]


def write(what, lines, rows):
    """WHAT.md, under a heading that says when and where, and WHAT.csv."""
    os.makedirs(PLACE, exist_ok=True)
    about = machine.describe(BUILD)
    head = ["# %s" % what.replace("_", " ").capitalize(), "",
            "`make calibrate WHAT=%s` on %s, commit %s, %s, load %s." % (
                what, datetime.date.today().isoformat(), run_bench.commit()[0], about["machine"],
                " ".join("%.1f" % v for v in os.getloadavg())), ""]
    with open(os.path.join(PLACE, what + ".md"), "w", encoding="utf-8") as file:
        file.write("\n".join(head + lines).rstrip() + "\n")
    with open(os.path.join(PLACE, what + ".csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    print("\n".join(lines).rstrip())


# ---- the parts --------------------------------------------------------------------------


def null_run(run):
    """(null, {headline: values}) of one short run."""
    null = "same" if run % 2 else "twin"
    return null, PairRuns(BUILD).run(SHORT_PROCESSES, ["--null", null, "--n", str(SHORT_N), "--sweeps",
                                               str(SHORT_SWEEPS)], run * SHORT_PROCESSES)


def false_alarms():
    """Short runs in which every headline compares a table with itself, or with its twin."""
    flagged, significant, runs = (collections.Counter() for _ in range(3))
    rows = [["null", "run", "pair", "process", "log"]]
    with concurrent.futures.ProcessPoolExecutor(LANES) as lanes:
        for run, (null, values) in enumerate(lanes.map(null_run, range(RUNS))):
            progress.show(run + 1, RUNS, null)
            rows += [[null, run, name, i, "%.6f" % v] for name in sorted(values)
                     for i, v in enumerate(values[name])]
            runs[null] += 1
            claimed, alone = alarms(values)
            flagged[null] += claimed
            significant[null] += alone
    progress.clear()
    headlines_of = sum(not pairs.is_twin(name) for name in values)
    lines = ["Runs of %d processes, %d headlines each, n = %s; a run counts if any headline is called"
             " faster or slower. Beside it: what significance alone would call so, were the twins not"
             " asked how much the place of code makes." % (
                 SHORT_PROCESSES, headlines_of, count(SHORT_N)), ""]
    kinds = [("the same table", ["same"]), ("its twin at other addresses", ["twin"]),
             ("both", ["same", "twin"])]
    told = []
    for words, nulls in kinds:
        n, k, alone = (sum(counter[null] for null in nulls) for counter in (runs, flagged, significant))
        told.append([words, count(n), count(k), "%.1f %%" % (100 * k / n),
                     "%.1f %%" % (100 * stats.upper_share(k, n)), count(alone)])
    lines += table(["a against", "runs", "with a false alarm", "share", "upper 95 % bound",
                    "by significance alone"], told)
    write("false_alarms", lines, rows)


NOISES = {
    "normal": lambda draw: draw.gauss(0, 0.01),
    "two sizes": lambda draw: draw.gauss(0, 0.01 if draw.random() < 0.8 else 0.05),
    "Laplace": lambda draw: draw.expovariate(100) * draw.choice((-1, 1)),
    "two modes": lambda draw: draw.gauss(draw.choice((-0.01, 0.01)), 0.003),
    "Student, 3": lambda draw: 0.01 * draw.gauss(0, 1) / math.sqrt(
        sum(draw.gauss(0, 1) ** 2 for _ in range(3)) / 3),
}


def covered(samples):
    """The share of samples whose interval holds 0."""
    held = [low <= 0 <= high for low, high in map(stats.interval, samples)]
    return sum(held) / len(held)


def coverage():
    """Intervals against noise whose middle is known."""
    draw, rows, told = random.Random(1), [["noise", "n", "samples", "covered"]], []
    def keep(name, samples, size):
        share = covered(samples)
        rows.append([name, size, len(samples), "%.4f" % share])
        told.append([name, count(size), count(len(samples)), "%.1f %%" % (100 * share)])
    for name, noise in NOISES.items():
        for size in (10, 16, 32):
            samples = SYNTHETIC // (4 if size > 16 else 1)
            keep(name, [[noise(draw) for _ in range(size)] for _ in range(samples)], size)
    with open(os.path.join(PLACE, "false_alarms.csv"), encoding="utf-8") as file:
        measured = collections.defaultdict(list)
        for w in csv.DictReader(file):
            measured[w["null"], w["pair"]].append(float(w["log"]))
    for null in ("same", "twin"):
        pools = [logs for (kind, _), logs in sorted(measured.items()) if kind == null]
        pools = [[v - statistics.median(p) for v in p] for p in pools]
        for size in (10, 16):
            keep("measured, %s: drawn at random" % null,
                 [draw.sample(draw.choice(pools), size) for _ in range(SYNTHETIC // 4)], size)
        runs = [p[i:i + size] for p in pools for i in range(0, len(p) - size + 1, size)]
        keep("measured, %s: as they followed each other" % null, runs, size)
    low, high = (100 * c for c in COVERED)
    lines = ["How often the interval of 95 %% holds the truth; %g to %g %% is the goal. Measured noise is"
             " that of false_alarms.csv, about its own middle." % (low, high), ""]
    write("coverage", lines + table(["noise", "processes", "samples", "covered"], told), rows)


def short_run(bench, first):
    """The logs of one pair with 1 % injected, from as many processes as ten seconds allow."""
    start, logs = time.monotonic(), []
    while time.monotonic() - start < DETECTION_SECONDS:
        logs += bench.run(1, ["--pair", INJECTED, "--sweeps", "8", "--n", str(SHORT_N)],
                          first + len(logs))[INJECTED]
    return logs


def full_run(bench, first):
    """The logs of one pair with 0.75 % injected, measured as FULL=1 measures it."""
    plan = run_bench.MODES["full"]
    return bench.run(plan.pairs, ["--pair", INJECTED, "--sweeps", str(plan.sweeps), "--more",
                                  str(DETECTION_FULL)], first)[INJECTED]


def detection():
    """Injected differences: 1 % in runs of ten seconds, 0.75 % as FULL=1 measures a pair."""
    bench, lines = PairRuns(BUILD), []
    rows = [["kind", "run", "processes", "estimate", "low", "high", "p"]]
    for kind, measure, title in (
            ("short", short_run, "+1 %% on `hit`, n = %s, in %d s a run" % (count(SHORT_N), DETECTION_SECONDS)),
            ("full", full_run, "+%g %% on `hit`, as many processes and sweeps as FULL=1 gives a pair" % (
                DETECTION_FULL / 100))):
        first, told = 0, []
        for run in range(DETECTION_RUNS):
            progress.show(run + 1, DETECTION_RUNS, kind)
            logs = measure(bench, first)
            first += len(logs)
            found = stats.estimate(logs)
            rows.append([kind, run, found.n, found.estimate, found.low, found.high, found.p])
            told.append([count(run + 1), count(found.n), signed(found.estimate),
                         "%s to %s" % (signed(found.low), signed(found.high)),
                         "yes" if found.p <= stats.ALPHA and found.estimate > 0 else "no"])
        hits = sum(t[-1] == "yes" for t in told)
        lines += ["An injected difference of %s: found in %d of %d runs of one pair." % (
            title, hits, len(told)), ""]
        lines += table(["run", "processes", "shows", "95 %", "found"], told)
    progress.clear()
    write("detection", lines, rows)


def headlines(bench, mode, first=0):
    """{headline: estimate} of a whole run of pairs."""
    names = [p.name for p in bench.listed([]).values() if not pairs.is_control(p)]
    values = collections.defaultdict(list)
    for name in names:
        values.update(bench.run(mode.processes, ["--pair", name, "--sweeps", str(mode.sweeps)],
                                first))
    return {n: stats.estimate(values[n]).estimate for n in names}


def spread():
    """Whole runs of the headlines, again and again."""
    bench, rows, lines = PairRuns(BUILD), [["mode", "run", "headline", "log"]], []
    for mode, runs in SPREAD_RUNS.items():
        plan = run_bench.MODES[mode]
        found = collections.defaultdict(list)
        for run in range(runs):
            progress.show(run + 1, runs, mode)
            for name, value in headlines(bench, Mode(plan.pairs, plan.sweeps)).items():
                found[name].append(value)
                rows.append([mode, run, name, "%.6f" % value])
        progress.clear()
        lines += ["%s: %d runs of %d processes each." % (mode.capitalize(), runs, plan.pairs), ""]
        lines += table(["headline", "middle", "standard deviation between runs"],
                       [["`%s`" % n, signed(statistics.median(v)),
                         "%.2f %%" % (100 * statistics.stdev(v))] for n, v in found.items()])
        lines += met([statistics.stdev(v) for v in found.values()], SPREAD_GOALS[mode])
    write("spread", lines, rows)


def busy():
    """The headlines with two busy loops on the machine, and without, in turn."""
    plan, bench = run_bench.MODES["default"], PairRuns(BUILD)
    found, rows = collections.defaultdict(lambda: ([], [])), [["run", "busy", "headline", "log"]]
    for run in range(BUSY_PAIRS):
        for loops in ((0, BUSY_LOOPS), (BUSY_LOOPS, 0))[run % 2]:
            progress.show(2 * run + bool(loops), 2 * BUSY_PAIRS, "%d busy loops" % loops)
            spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
                        for _ in range(loops)]
            try:
                values = headlines(bench, Mode(plan.pairs, plan.sweeps))
            finally:
                for loop in spinning:
                    loop.kill()
                    loop.wait()
            for name, value in values.items():
                found[name][bool(loops)].append(value)
                rows.append([run, loops, name, "%.6f" % value])
    progress.clear()
    shifts = {n: statistics.median(b - a for a, b in zip(*both)) for n, both in found.items()}
    told = [["`%s`" % n, signed(statistics.median(quiet)), signed(statistics.median(loud)),
             signed(shifts[n])] for n, (quiet, loud) in found.items()]
    write("busy", ["%d pairs of runs of %d processes, with %d busy loops and without." % (
        BUSY_PAIRS, plan.pairs, BUSY_LOOPS), ""] +
        table(["headline", "without", "with", "shift"], told) +
        met(list(shifts.values()), BUSY_GOAL), rows)


def exact():
    """Every count of every cell, run after run."""
    bench, seen, differ = PairRuns(BUILD), {}, 0
    rows = [["run", "arms", "figures", "differ"]]
    for run in range(EXACT_RUNS):
        progress.show(run + 1, EXACT_RUNS, "n = %d" % EXACT_N)
        path = os.path.join(bench.place, "gbench.json")
        subprocess.run([bench.programs[run % len(bench.programs)], "--silent", "--n", str(EXACT_N),
                        "--order", str(run), "--traces", os.path.join(ROOT, "corpus", "traces"),
                        "--benchmark_out=" + path, "--benchmark_out_format=json"], check=True)
        now = {(cell, name, what): row.counts[what]
               for cell, found in figures.read_rows(path)[0].items()
               for name, row in found.items() for what in compare.EXACT}
        seen = seen or now
        changed = sum(seen.get(k) != v for k, v in now.items()) + len(set(seen) - set(now))
        differ += changed
        rows.append([run, len(now) // len(compare.EXACT), len(now), changed])
    progress.clear()
    write("exact", ["%d runs, each of another link order and order of arms: %s figures of %s arms, of"
                    " which %s differ from the first run's." % (
                        EXACT_RUNS, count(rows[-1][2]), count(rows[-1][1]), count(differ))], rows)


def adapters():
    """What the interface adds to three peers, beside loops written by hand (ebb-adapters)."""
    program = os.path.join(BUILD, "ebb-adapters")
    command = [program] + list(ADAPTER_WORKLOADS)
    text = subprocess.run(command + ["--n", str(ADAPTER_N), "--rounds", str(ADAPTER_ROUNDS)], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    rounds = collections.defaultdict(list)
    for w in csv.DictReader(text.splitlines()):
        rounds[w["peer"], w["with"], w["workload"]].append((float(w["hand_ns"]), float(w["run_ns"])))
    instructions = collections.defaultdict(lambda: float("nan"))
    if shutil.which("valgrind"):
        found = golden.marked(command + ["--instructions", "--n", str(SHORT_N)])
        instructions.update({words[:4]: total / int(words[4]) for words, total in found.items()})
    rows = [["peer", "with", "workload", "round", "hand_ns", "run_ns"]]
    told = []
    for (peer, allocator, workload), times in sorted(rounds.items()):
        rows += [[peer, allocator, workload, i, "%.4f" % hand, "%.4f" % ran]
                 for i, (hand, ran) in enumerate(times)]
        more = [ran - hand for hand, ran in times]
        low, high = stats.interval(more)
        hand, ran = (instructions[peer, allocator, workload, what] for what in ("hand", "run"))
        told.append([peer, allocator, "`%s`" % workload] + ["%.2f" % statistics.median(t) for t in zip(*times)]
                    + ["%.2f" % statistics.median(more), "%.2f to %.2f" % (low, high)]
                    + ["%.2f" % v for v in (hand, ran, ran - hand)])
    write("adapters", ["Nanoseconds a step, n = %s, medians of %d rounds in turn: a loop written by"
                       " hand over the same steps, the table's own through the interface of ht.h,"
                       " and by how much that is more, with its interval of 95 %%; at most %s is the"
                       " goal. A map that allocates every entry pays for counting each block: beside"
                       " a hand-written loop with the same counting allocator the interface's own"
                       " part shows. Then instructions a step, counted by callgrind at n = %s: exact." % (
                           count(ADAPTER_N), ADAPTER_ROUNDS, ADAPTER_GOAL_NS, count(SHORT_N)), ""] +
          table(["peer", "by hand with", "workload", "by hand", "interface", "more", "95 %",
                 "instructions by hand", "interface", "more"], told, left=3), rows)


PARTS = {f.__name__: f for f in (exact, false_alarms, coverage, detection, spread, busy, adapters)}


def main(wanted):
    for what in wanted or PARTS:
        if what not in PARTS:
            print("calibrate: unknown '%s' (known: %s)" % (what, " ".join(PARTS)), file=sys.stderr)
            return 2
        PARTS[what]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
