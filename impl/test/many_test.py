#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report's part on many lookups at once: what `ebb many` prints, in order, with its ratios.

usage: many_test.py BUILD_FOLDER
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import pass_many  # noqa: E402  (found by the path above)
import report_many  # noqa: E402


def told(text):
    """(lines of the report, what was read) of a file."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "many.tsv"), "w", encoding="utf-8") as file:
            file.write(text)
        results = type("Results", (), {"folder": folder})
        return report_many.part(results, None)[0], pass_many.read(folder)


def rows(lines):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines
            if line.startswith("| `")]


def main():
    assert report_many.part(type("None", (), {"folder": "/nowhere"}), None) == ([], {})
    lines, _ = told("table\tn\n" + "a/x\t9\t40\t20\t10\t12\n" + "peer/b\t9\t30\t-\t5\t-\n" +
                    "peer/dead\t9\tkilled by signal 6 (Aborted)\n")
    found = rows(lines)
    assert [row[0] for row in found] == ["`a/x`", "`peer/b`"], found
    assert found[0][1:4] == ["40.0", "20.0", "0.50"] and found[0][6] == "1.20", found
    assert found[1][2:4] == ["–", "–"] and found[1][1] == "30.0", found
    assert "- `peer/dead`: killed by signal 6 (Aborted)" in lines, lines

    printed = subprocess.run([os.path.join(sys.argv[1], "ebb"), "many", "--n", "100", "--table",
                              "[!p]*/[tf]*"], stdout=subprocess.PIPE, text=True, check=True).stdout
    lines, (n, tables, failed) = told(printed)
    assert n == 100 and not failed and "segment/follow" in tables, printed
    assert all(look.one > 0 and look.many > 0 for looks in tables.values() for look in looks), printed
    assert len(rows(lines)) == len(tables), lines
    print("many: %d tables" % len(tables))


if __name__ == "__main__":
    main()
