#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report's part on tables beside a base: what `ebb beside` prints, with its ratios.

usage: beside_test.py BUILD_FOLDER
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import pass_beside  # noqa: E402  (found by the path above)
import report_beside  # noqa: E402

PHASES = len(pass_beside.PHASES)
SUMMARY = 2 + PHASES + 2  # lines of a doubling's table, its heading and rule among them


def told(text):
    """(the rows of the report of a file, its lines)."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "beside.tsv"), "w", encoding="utf-8") as file:
            file.write(text)
        lines = report_beside.part(type("Results", (), {"folder": folder, "files": {}}), None)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line], lines


def line(name, n, ns, ratio, full, left):
    return "\t".join([name, str(n)] + ["%g\t%g" % (ns, ratio)] * PHASES + [str(full), str(left), "3"]) + "\n"


def check_text():
    nowhere = type("None", (), {"folder": "/nowhere", "files": {}})
    assert report_beside.part(nowhere, None) == ([], {})
    heading = "table\tn\n"
    two = line("a/base", 5000, 20, 1, 30, 3000) + line("b/other", 5000, 30, 1.5, 22, 25)
    rows, _ = told(heading + two + line("a/base", 8000, 45, 1, 40, 4000) +
                   line("b/other", 8000, 270, 6, 21, 24))
    assert rows[0] == ["phase", "`a/base`, ns", "`b/other`, times"], rows
    assert rows[2][1:] == ["30.0", "3.00 (1.50 to 6.00)"], rows  # the root of 1.5 times 6
    assert rows[SUMMARY - 1][1:] == ["3,000 to 4,000", "24.0 to 25.0"], rows
    assert rows[-1][:3] == ["8,000", "`b/other`", "270"] and len(rows) == SUMMARY + 2 + 4, rows
    bad = "a/base\t5000\tended with status 134\n"
    rows, lines = told(heading + two + bad)
    assert len(rows) == SUMMARY + 2 + 2 and "Not complete: ended with status 134." in lines, lines
    rows, lines = told(heading + two + line("a/base", 10000, 9, 1, 30, 3000) + line("b/other", 10000, 9, 1, 22, 25))
    assert len(rows) == 2 * (SUMMARY + 2 + 2), "twice as many entries are another doubling"
    heads = [t for t in lines if t.startswith("**")]
    assert heads == ["**5,000 entries**, 3 rounds", "**10,000 entries**, 3 rounds"], heads
    assert told(heading + bad)[0] == [], "no table without figures"


def check_printed(build):
    printed = subprocess.run([os.path.join(build, "ebb"), "beside", "--n", "2000", "--rounds", "1",
                              "--sizes", "2", "--base", "linear/tombstone", "--table",
                              "segment/*,linear/shrink"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
    rows, _ = told(printed)
    assert rows[0] == ["phase", "`linear/tombstone`, ns", "`linear/shrink`, times",
                       "`segment/follow`, times"], printed
    assert len(rows) == SUMMARY + 2 + 2 * 3, printed
    assert float(rows[SUMMARY - 1][3].split(" to ")[1]) < 40, printed


def main():
    check_text()
    check_printed(sys.argv[1])
    print("beside: %d phases" % PHASES)


if __name__ == "__main__":
    main()
