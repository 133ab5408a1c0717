"""Lookups of many keys at once, for the measurement's passes.

Runs `ebb many` (tool/verb/many.c), which measures one table of each engine, and the peers, in a
process of its own and prints one line for each.
"""
import collections

import ebb_lines

FILES = {"many.tsv": "many/1"}
ENTRIES = {"default": 1000000, "full": 10000000}

# ns a lookup; of many at once None where a table has no such lookup.
Lookup = collections.namedtuple("Lookup", "one many")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 15, "full": 120}.get(mode, 0)


def run(context):
    """Writes FILES into context.folder. A table that failed is a line that says so."""
    ebb_lines.measure(context, "many", "many lookups at once", ENTRIES[context.mode])


def number(word):
    return None if word == "-" else float(word)


def read(folder):
    """(n, {table: (hit, miss)}, {table: why it failed}); (0, {}, {}) where the run has none."""
    n, found, failed = 0, {}, {}
    for name, n, words, why in ebb_lines.read(folder, "many", 4):
        if words:
            values = list(map(number, words))
            found[name] = (Lookup(*values[:2]), Lookup(*values[2:]))
        else:
            failed[name] = why
    return n, found, failed
