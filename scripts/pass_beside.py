"""Our fastest tables beside Boost's flat map, for the measurement's passes.

Runs `ebb beside` (tool/verb/beside.c): all tables in turn in one process, so that their ratios can
be read on a machine where times cannot. Without Boost there is nothing to hold them against.
"""
import collections
import fnmatch
import os
import subprocess

import ebb_lines

FILES = {"beside.tsv": "beside/2"}
# (entries, rounds): the most that the pass has time for.
ENTRIES = {"default": ((1000000, 3),), "full": ((100000, 15), (1000000, 7), (10000000, 3))}
LEAST = 20000  # entries: below, reading the clock is a part of what is timed
# With the hash that all tables have; what people use has its own.
BASE, OWN = "peer/boost_unordered_flat_map", "peer/boost_unordered_flat_map_own"
USUAL = ("group/tombstone", "segment/follow", OWN)
PHASES = ("insert", "hit", "miss", "fifo", "churn", "after_churn", "erase", "refill")
COLUMNS = 2 * len(PHASES) + 3

# Of one table at one size: {phase: (ns a step, over the base's)}; bytes a live entry, full and with
# 1 % left; how many rounds the times are the medians of.
Beside = collections.namedtuple("Beside", "n phases full left rounds")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 40, "full": 620}.get(mode, 0)


def asked_for(context):
    """Which of the usual tables are wanted; none without the base."""
    listed = subprocess.run([os.path.join(context.build, "ebb"), "tables"], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    there = any(line.startswith(BASE + "\t") for line in listed.splitlines())
    return [name for name in USUAL if fnmatch.fnmatch(name, context.options.get("TABLE", "*"))] if there else []


def run(context):
    """Writes FILES into context.folder, where there is something to compare. What went wrong is a
    line that says so: the rest of the run is worth keeping."""
    sizes = ENTRIES[context.mode]
    if "N" in context.options:
        sizes = ((int(context.options["N"]), sizes[0][1]),)
    tables = asked_for(context)
    if not tables or sizes[0][0] < LEAST:
        return
    with open(os.path.join(context.folder, "beside.tsv"), "w", encoding="utf-8") as file:
        for i, (n, rounds) in enumerate(sizes):
            context.progress(i, len(sizes), "beside Boost")
            told, status = measure(context, tables, n, rounds)
            file.writelines((told or ["table\tn\n"])[i > 0:])  # one heading
            if status:
                file.write("%s\t%d\tebb beside ended with status %d\n" % (BASE, n, status))


def measure(context, tables, n, rounds):
    """(the lines of `ebb beside`, its exit status)."""
    done = subprocess.run([os.path.join(context.build, "ebb"), "beside", "--n", str(n), "--rounds",
                           str(rounds), "--table", ",".join(tables)],
                          stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.splitlines(True), done.returncode


def read(folder):
    """([{table: [Beside of each size]}] of each doubling, the base first; why it is not complete, or
    ""); ([], "") where the run has none."""
    found, why = [], ""
    for name, n, words, last in ebb_lines.read(folder, "beside", COLUMNS):
        if not words:
            why = last
            continue
        values = list(map(float, words))
        phases = {phase: (values[2 * i], values[2 * i + 1]) for i, phase in enumerate(PHASES)}
        if not found or n >= 2 * next(iter(found[-1].values()))[0].n:
            found.append({})
        found[-1].setdefault(name, []).append(Beside(n, phases, *values[-3:]))
    return found, why
