"""What each table keeps after deletion, for the measurement's passes.

Runs `ebb keep` (tool/verb/keep.c), which measures every table in a process of its own and
prints one line for each. Only where peers are asked for: it is what their users want to know.
"""
import os

import ebb_lines

FILES = {"keep.tsv": "keep/1"}
ENTRIES = {"default": 1000000, "quick": 10000, "full": 1000000}
LEAST = 200  # two survivors of 99 %
COLUMNS = ("full", "full_rss", "deleted", "deleted_rss", "insert", "insert_rss", "back",
           "back_rss", "how", "back_ms", "grow_ms", "delete_ms", "miss", "miss_churned",
           "churn_bytes")


def seconds(mode):
    """About how long the pass takes; 0 where it has none: it is for who asks for peers."""
    asked = os.environ.get("PEERS", "0") != "0" or os.environ.get("PEER_SRC") or \
        os.environ.get("TABLE", "").startswith("peer")
    return {"default": 80 if asked else 0, "quick": 3 if asked else 0, "full": 150}[mode]


def run(context):
    """Writes FILES into context.folder. A table that failed is a line that says so; a run of fewer
    entries than survivors need has none."""
    if int(context.options.get("N", LEAST)) >= LEAST:
        ebb_lines.measure(context, "keep", "what each table keeps", ENTRIES[context.mode])


def read(folder):
    """[(table, n, {column: text} or why it failed)]; [] where the run has none."""
    return [(name, n, dict(zip(COLUMNS, words)) if words else why)
            for name, n, words, why in ebb_lines.read(folder, "keep", len(COLUMNS))]
