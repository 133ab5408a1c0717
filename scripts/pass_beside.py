"""Our fastest tables beside Boost's flat map, for the measurement's passes.

Runs `ebb beside` (tool/verb/beside.c): all tables in turn in one process, so that their ratios can
be read on a machine where times cannot. Without Boost there is nothing to hold them against.
"""
import collections
import fnmatch
import os
import subprocess

import ebb_lines

FILES = {"beside.tsv": "beside/1"}
ENTRIES = {"default": 1000000, "full": 10000000}
LEAST = 20000  # entries: below, reading the clock is a part of what is timed
BASE = "peer/boost_unordered_flat_map"
USUAL = ("group/tombstone", "segment/follow")
PHASES = ("insert", "hit", "miss", "fifo", "churn", "after_churn", "erase", "refill")
COLUMNS = 2 * len(PHASES) + 2

# Of one table at one size: {phase: (ns a step, over the base's)}; bytes a live entry, full and with
# 1 % left.
Beside = collections.namedtuple("Beside", "n phases full left")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 20, "full": 300}.get(mode, 0)


def asked_for(context):
    """Which of the usual tables are wanted; none without the base."""
    listed = subprocess.run([os.path.join(context.build, "ebb"), "tables"], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    there = any(line.startswith(BASE + "\t") for line in listed.splitlines())
    return [name for name in USUAL if fnmatch.fnmatch(name, context.options.get("TABLE", "*"))] if there else []


def run(context):
    """Writes FILES into context.folder, where there is something to compare. What went wrong is a
    line that says so: the rest of the run is worth keeping."""
    n = int(context.options.get("N", ENTRIES[context.mode]))
    tables = asked_for(context)
    if not tables or n < LEAST:
        return
    context.progress(0, 1, "beside Boost")
    command = [os.path.join(context.build, "ebb"), "beside", "--n", str(n), "--rounds", "2"]
    if len(tables) < len(USUAL):
        command += ["--table", tables[0]]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    with open(os.path.join(context.folder, "beside.tsv"), "w", encoding="utf-8") as file:
        file.write(done.stdout or "table\tn\n")
        if done.returncode:
            file.write("%s\t%d\tebb beside ended with status %d\n" % (BASE, n, done.returncode))


def read(folder):
    """({table: [Beside of each size]}, the base first; why it is not complete, or ""); ({}, "")
    where the run has none."""
    found, why = {}, ""
    for name, n, words, last in ebb_lines.read(folder, "beside", COLUMNS):
        if not words:
            why = last
            continue
        values = list(map(float, words))
        phases = {phase: (values[2 * i], values[2 * i + 1]) for i, phase in enumerate(PHASES)}
        found.setdefault(name, []).append(Beside(n, phases, *values[-2:]))
    return found, why
