"""What each table keeps after deletion, for the measurement's passes.

Runs `ebb keep` (tool/verb/keep.c), which measures every table in a process of its own and
prints one line for each. Only where peers are asked for: it is what their users want to know.
"""
import os
import subprocess

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
    """Writes FILES into context.folder. A table that failed is a line that says so."""
    context.progress(0, 1, "what each table keeps")
    entries = max(LEAST, int(context.options.get("N", ENTRIES[context.mode])))
    command = [os.path.join(context.build, "ebb"), "keep", "--n", str(entries)]
    if "TABLE" in context.options:
        command += ["--table", context.options["TABLE"]]
    with open(os.path.join(context.folder, "keep.tsv"), "w", encoding="utf-8") as file:
        if subprocess.run(command, stdout=file, check=False).returncode not in (0, 1):
            raise OSError("ebb keep could not measure")


def read(folder):
    """[(table, n, {column: text} or why it failed)]; [] where the run has none."""
    try:
        with open(os.path.join(folder, "keep.tsv"), encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file][1:]
    except FileNotFoundError:
        return []
    return [(words[0], int(words[1]), dict(zip(COLUMNS, words[2:]))
             if len(words) == 2 + len(COLUMNS) else words[-1]) for words in lines]
