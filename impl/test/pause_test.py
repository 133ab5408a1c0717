#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pauses: the distributions hang together, and the work is the counted work.

usage: pause_test.py BUILD_FOLDER   (with ebb-pause and ebb)

No time is judged but against another of the same run that it cannot undercut.
"""
import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile

ENTRIES, REPEATS = 1000, 3
COLUMNS = ("p50", "p90", "p99", "p999", "p9999", "p99999", "most")


def run(program, *arguments, status=0):
    """(standard output, standard error) of a program of the build folder."""
    done = subprocess.run([os.path.join(sys.argv[1], program)] + list(arguments),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    return done.stdout, done.stderr


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def counted(workload):
    """{table: its figures} as ebb count prints them."""
    out, _ = run("ebb", "count", "--workload", workload, "--n", str(ENTRIES))
    return {row["table"]: row for row in rows_of(out)}


def check_times(rows, steps):
    """Percentiles rise; the least over the replays is at most what was met."""
    by = {(r["arm"], r["what"], r["kind"]): r for r in rows}
    for (arm, what, kind), row in by.items():
        times = [int(row[c]) for c in COLUMNS]
        assert times == sorted(times), row
        samples = -(-steps // (1 if what == "step" else 100))
        assert int(row["count"]) == samples * (REPEATS if kind == "met" else 1), row
        met = by[arm, what, "met"]
        assert kind == "met" or all(int(row[c]) <= int(met[c]) for c in COLUMNS), (row, met)
    assert ("peer/null", "step", "own") in by, "no floor"


def check_work(rows, figures):
    """The histogram holds every step, and every entry that was moved."""
    for table in {r["arm"] for r in rows}:
        mine = [(int(r["moved"]), int(r["steps"])) for r in rows if r["arm"] == table]
        assert sum(s for _, s in mine) == int(figures[table]["steps"]), table
        assert sum(m * s for m, s in mine) == int(figures[table]["moved"]), table
        assert max(m for m, _ in mine) == int(figures[table]["moved_most"]), table


def main():
    folder = tempfile.mkdtemp(prefix="pause-test-")
    try:
        for workload in ("fill_drain.random", "sawtooth.half"):
            work = os.path.join(folder, "work.csv")
            out, _ = run("ebb-pause", workload, "--n", str(ENTRIES), "--repeats", str(REPEATS),
                         "--work", work)
            figures = counted(workload)
            check_times(rows_of(out), int(next(iter(figures.values()))["steps"]))
            with open(work, encoding="utf-8") as file:
                rows = [r for r in csv.DictReader(file) if not r["arm"].startswith("peer/")]
            assert {r["arm"] for r in rows} == set(figures), "a table is missing"
            check_work(rows, figures)
        _, said = run("ebb-pause", "frob", status=2)
        assert "name one workload" in said, said
        _, said = run("ebb-pause", "many_small", status=2)
        assert "moves between tables" in said, said
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
