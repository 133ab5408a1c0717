#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The exact figures equal the golden ones, and a figure that is off by one is found.

usage: count_test.py BUILD_FOLDER   (with ebb)

Slots probed and instructions are left to `make count`: the one takes a build that counts
them, the other callgrind and a minute.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def count(results, **options):
    """(exit status, what it said) of a comparison with the golden counts in `results`."""
    environment = dict(os.environ, RESULTS=results, **options)
    done = subprocess.run([sys.executable, os.path.join(ROOT, "scripts", "count.py"), sys.argv[1]],
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


def edited(results, edit):
    """A copy of the golden counts in `results`, its lines changed by `edit`."""
    with open(os.path.join(ROOT, "results", "counts.csv"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    with open(os.path.join(results, "counts.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(edit(lines)) + "\n")


def off_by_one(lines):
    """One more byte in the last line's `bytes`."""
    at = lines[0].split(",").index("bytes")
    words = lines[-1].split(",")
    words[at] = str(int(words[at]) + 1)
    return lines[:-1] + [",".join(words)]


def main():
    code, said = count(os.path.join(ROOT, "results"), REPEAT="2")
    assert code == 0 and "2 passes, all equal" in said and "rows equal" in said, said
    results = tempfile.mkdtemp(prefix="count-test-")
    try:
        code, said = count(results)
        assert code == 0 and "no golden counts" in said, said
        edited(results, off_by_one)
        code, said = count(results)
        assert code == 1 and "1 figures differ" in said and "(-" in said, said
        edited(results, lambda lines: lines[:-1])
        code, said = count(results)
        assert code == 0 and "1 rows are new" in said, said
        edited(results, lambda lines: lines + ["no_such,1000,linear/none" + ",1" * (
            lines[0].count(",") - 2)])
        code, said = count(results)
        assert code == 1 and "1 rows are gone" in said, said
        edited(results, lambda lines: lines + ["cut,short"])
        code, said = count(results)
        assert code == 2 and "cut short" in said, said
        code, said = count(results, ACCEPT="1")
        assert code == 0 and count(results)[0] == 0, said
    finally:
        shutil.rmtree(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
