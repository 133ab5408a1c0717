"""The headlines once more by the programs of another compiler, for the measurement's passes.

What is true of two tables is true of them whoever compiles them; a difference that only one
compiler's code shows is that compiler's.
"""
import collections
import csv
import os

import machine
import pairs
import stats
from folder import lines
from outside import ROOT
from pair_runs import PairRuns

FILES = {"confirm.csv": "confirm/1"}
BUILD = os.path.join(ROOT, "build", "bench-clang")  # scripts/bench makes it for FULL=1
PROCESSES, SWEEPS = 16, 24
NARROWED = ("WORKLOAD", "TABLE", "N", "TABLE_FILE", "SHARD")

# What a second build says of a headline.
Second = collections.namedtuple("Second", "estimate verdict")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return 90 if mode == "full" and os.path.isdir(os.path.join(BUILD, "layout")) else 0


def run(context):
    """Writes FILES into context.folder, if the run is of everything."""
    if any(name in context.options for name in NARROWED):
        return
    runs, compiler = PairRuns(BUILD), machine.build(BUILD)["compiler"]
    about = runs.listed([])
    with open(os.path.join(context.folder, "confirm.csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("compiler", "process", "pair", "log_ratio"))
        for number in range(PROCESSES):
            context.progress(number, PROCESSES, "the headlines by %s" % compiler)
            for name, slices in runs.process(number, ["--sweeps", str(SWEEPS)]).items():
                one = pairs.one_process(about[name], number, slices)
                out.writerow((compiler, number, name, "%.9f" % pairs.values([one])[0]))


def read(folder):
    """(compiler, {headline: Second}); (None, {}) where the run has none."""
    path = os.path.join(folder, "confirm.csv")
    if not os.path.exists(path):
        return None, {}
    compiler, values = None, collections.defaultdict(list)
    for words in lines(path):
        compiler = words["compiler"]
        values[words["pair"]].append(float(words["log_ratio"]))
    found = {name: stats.estimate(logs) for name, logs in values.items()}
    place = pairs.place_of_code(found[name] for name in found if pairs.is_twin(name))
    heads = [p.name for p in pairs.read_pairs(os.path.join(folder, "pairs.csv"))
             if not pairs.is_control(p) and p.name in found]
    adjusted = stats.holm([found[name].p for name in heads])
    return compiler, {name: Second(found[name], pairs.claim(found[name], p, place))
                      for name, p in zip(heads, adjusted)}
