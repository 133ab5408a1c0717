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


def told(text):
    """The rows of the report of a file."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "beside.tsv"), "w", encoding="utf-8") as file:
            file.write(text)
        lines = report_beside.part(type("Results", (), {"folder": folder}), None)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line]


def main():
    nowhere = type("None", (), {"folder": "/nowhere"})
    assert report_beside.part(nowhere, None) == ([], {})
    phases = len(pass_beside.PHASES)
    rows = told("table\tn\n" + "a/base\t5000\t" + "20\t1\t" * phases + "30\t3000\n" +
                "b/other\t5000\t" + "30\t1.5\t" * phases + "22\t25\n")
    assert rows[0] == ["phase", "`a/base`", "`b/other`"], rows
    assert rows[2][1:] == ["20.0", "30.0 (1.50)"], rows
    assert rows[-1][1:] == ["3,000", "25.0"], rows

    printed = subprocess.run([os.path.join(sys.argv[1], "ebb"), "beside", "--n", "2000", "--rounds",
                              "1", "--base", "linear/tombstone", "--table", "segment/*"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = told(printed)
    assert rows[0][1:] == ["`linear/tombstone`", "`segment/follow`"], printed
    assert len(rows) == 2 + phases + 2 and float(rows[-1][2]) < 40, printed
    print("beside: %d phases" % phases)


if __name__ == "__main__":
    main()
