"""Our fastest tables beside Boost's flat map, for the measurement's passes.

Runs `ebb beside` (tool/verb/beside.c): all tables in turn in one process, so that their ratios can
be read on a machine where times cannot. Without Boost there is nothing to hold them against.
"""
import collections
import os
import subprocess

import ebb_lines

FILES = {"beside.tsv": "beside/1"}
ENTRIES = {"default": 1000000, "full": 10000000}
LEAST = 1600  # entries: some for each of the parts that a phase is timed in
BASE = "peer/boost_unordered_flat_map"
PHASES = ("insert", "hit", "miss", "fifo", "churn", "after_churn", "erase", "refill")
COLUMNS = 2 * len(PHASES) + 2

# Of one table: {phase: (ns a step, over the base's)}; bytes a live entry, full and with 1 % left.
Beside = collections.namedtuple("Beside", "phases full left")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 12, "full": 180}.get(mode, 0)


def possible(context):
    """Is the base there, and is nothing asked for that cannot stand beside it in one process?"""
    listed = subprocess.run([os.path.join(context.build, "ebb"), "tables"], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    return any(line.startswith(BASE + "\t") for line in listed.splitlines()) and \
        not context.options.get("TABLE", "").startswith("peer") and \
        int(context.options.get("N", LEAST)) >= LEAST


def run(context):
    """Writes FILES into context.folder, where that is possible."""
    if possible(context):
        ebb_lines.measure(context, "beside", "beside Boost", ENTRIES[context.mode])


def read(folder):
    """(n, {table: Beside}), the base first; (0, {}) where the run has none."""
    n, found = 0, {}
    for name, n, words, _ in ebb_lines.read(folder, "beside", COLUMNS):
        values = list(map(float, words))
        phases = {phase: (values[2 * i], values[2 * i + 1]) for i, phase in enumerate(PHASES)}
        found[name] = Beside(phases, *values[-2:])
    return n, found
