"""results/fuzz/slices.csv: one line for every slice of fuzzing, only ever added to."""
import collections
import csv
import os

from fuzz_engines import ROOT

FOLDER = os.path.join(ROOT, "results", "fuzz")
FILE = os.path.join(FOLDER, "slices.csv")
# day: UTC date the day began; start: UTC; seconds: of wall clock; new: inputs that brought
# something new; edges, features, inputs: of the corpus after the slice.
FIELDS = ("day start target engine variant seconds executions cpu_seconds new edges features "
          "inputs findings").split()
Slice = collections.namedtuple("Slice", FIELDS)
WORDS = ("day", "start", "target", "engine", "variant")


class Broken(Exception):
    """The file is not what this version writes."""


def read():
    """All slices, the oldest first; whole lines only, since an interrupt may cut the last."""
    if not os.path.exists(FILE):
        return []
    with open(FILE, encoding="utf-8", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    rows = list(csv.reader(line for line in lines if line.endswith("\n")))
    if not rows or rows[0] != FIELDS:
        raise Broken("results/fuzz/slices.csv has other columns than this version's: move it away")
    return [Slice(*(value if name in WORDS else float(value) for name, value in zip(FIELDS, row)))
            for row in rows[1:] if len(row) == len(FIELDS)]


def append(one):
    """Adds a slice; what an interrupt cut off before is taken away first."""
    os.makedirs(FOLDER, exist_ok=True)
    if os.path.exists(FILE):
        with open(FILE, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)
    new = not os.path.exists(FILE) or os.path.getsize(FILE) == 0
    with open(FILE, "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(FIELDS)
        writer.writerow(value if name in WORDS else "%.10g" % value for name, value in zip(FIELDS, one))
        file.flush()
        os.fsync(file.fileno())
