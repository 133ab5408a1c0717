"""Time against memory over a whole life, for the measurement's passes.

Runs `ebb life` (tool/verb/life.c), which measures every table in a process of its own and
prints one line for each: the peers too, since they are what a table of ours is held against.

At two sizes: where a flat table that doubles has just done so it is fast and large, where it is about
to it is small, and one size would show one of the two.
"""
import collections

import ebb_lines

FILES = {"life.tsv": "life/1"}
# Of Boost's flat map and of `group` nearly full, then doubled; and the other way round.
ENTRIES = {"default": (100000, 140000), "full": (1000000, 1700000)}
LEAST = 1600  # entries: in every part of a phase one step at least
PHASES = ("grow", "idle", "purge", "idle_small", "churn_small", "regrow", "churn")

# Of one table in one phase: ns a step; bytes a live entry, in the middle and at most.
Point = collections.namedtuple("Point", "ns bytes most")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 18, "full": 500}.get(mode, 0)


def run(context):
    """Writes FILES into context.folder. A table that failed is a line that says so; a run of fewer
    entries than a life needs has none."""
    if int(context.options.get("N", LEAST)) >= LEAST:
        ebb_lines.measure(context, "life", "a whole life", *ENTRIES[context.mode])


def read(folder):
    """{n: ({table: {phase: Point}}, {table: why it failed})}; {} where the run has none."""
    sizes = {}
    for name, n, words, why in ebb_lines.read(folder, "life", 3 * len(PHASES)):
        found, failed = sizes.setdefault(n, ({}, {}))
        if words:
            values = list(map(float, words))
            found[name] = {phase: Point(*values[3 * i:3 * i + 3])
                           for i, phase in enumerate(PHASES)}
        else:
            failed[name] = why
    return sizes
