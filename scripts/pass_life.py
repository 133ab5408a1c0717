"""Time against memory over a whole life, for the measurement's passes.

Runs `ebb life` (tool/verb/life.c), which measures every table in a process of its own and
prints one line for each: the peers too, since they are what a table of ours is held against.
"""
import collections
import os
import subprocess

FILES = {"life.tsv": "life/1"}
ENTRIES = {"default": 100000, "full": 1000000}
LEAST = 1600
PHASES = ("grow", "idle", "purge", "idle_small", "churn_small", "regrow", "churn")

# Of one table in one phase: ns a step; bytes a live entry, in the middle and at most.
Point = collections.namedtuple("Point", "ns bytes most")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 8, "full": 180}.get(mode, 0)


def run(context):
    """Writes FILES into context.folder. A table that failed is a line that says so."""
    context.progress(0, 1, "a whole life")
    entries = max(LEAST, int(context.options.get("N", ENTRIES[context.mode])))
    command = [os.path.join(context.build, "ebb"), "life", "--n", str(entries)]
    if "TABLE" in context.options:
        command += ["--table", context.options["TABLE"]]
    with open(os.path.join(context.folder, "life.tsv"), "w", encoding="utf-8") as file:
        if subprocess.run(command, stdout=file, check=False).returncode not in (0, 1):
            raise OSError("ebb life could not measure")


def read(folder):
    """(n, {table: {phase: Point}}, {table: why it failed}); (0, {}, {}) where the run has none."""
    try:
        with open(os.path.join(folder, "life.tsv"), encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file][1:]
    except FileNotFoundError:
        return 0, {}, {}
    found, failed = {}, {}
    for words in lines:
        if len(words) == 2 + 3 * len(PHASES):
            values = list(map(float, words[2:]))
            found[words[0]] = {phase: Point(*values[3 * i:3 * i + 3])
                               for i, phase in enumerate(PHASES)}
        else:
            failed[words[0]] = words[-1]
    return int(lines[0][1]) if lines else 0, found, failed
