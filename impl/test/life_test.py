#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report's part on a whole life: who is both faster and smaller is named, who is not is not.

usage: life_test.py BUILD_FOLDER
"""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import pass_life  # noqa: E402  (found by the path above)
import report_life  # noqa: E402


class Folder:
    """What a part needs of results."""

    def __init__(self, folder, text):
        self.folder = folder
        with open(os.path.join(folder, "life.tsv"), "w", encoding="utf-8") as file:
            file.write(text)


def told(text):
    """(lines, charts) of a file of lives."""
    with tempfile.TemporaryDirectory() as folder:
        return report_life.part(Folder(folder, text), None)


def life(name, ns, held, n=5000):
    """A line of a table that is the same in every phase."""
    return "\t".join([name, str(n)] + ["%g\t%g\t%g" % (ns, held, held)] * len(pass_life.PHASES)) + "\n"


def main():
    heading = "table\tn\n"
    assert report_life.part(type("None", (), {"folder": "/nowhere"}), None) == ([], {})
    slow_small, fast_large = life("peer/small", 90, 18), life("peer/large", 20, 60)
    own, better = life("segment/follow", 50, 21), life("peer/better", 40, 20)
    lines, files = told(heading + slow_small + own + fast_large)
    row = [line for line in lines if line.startswith("| grows |")][0].split(" | ")
    assert row[3] == "none", row
    assert all(name in row[4] for name in ("peer/small", "segment/follow", "peer/large")), row
    lines, files = told(heading + own + better + "peer/dead\t5000\tkilled by signal 6 (Aborted)\n")
    row = [line for line in lines if line.startswith("| grows |")][0].split(" | ")
    assert row[3].startswith("`peer/better` 40.0 ns, 20.0 B") and "segment" not in row[4], row
    assert any("peer/dead" in line and "signal 6" in line for line in lines)
    lines, files = told(heading + own + life("segment/follow", 60, 22, 7000) + life("peer/better", 40, 20, 7000))
    rows = [line.split(" | ")[3] for line in lines if line.startswith("| grows |")]
    assert rows[0] == "none" and rows[1].startswith("`peer/better`") and len(files) == 2, rows
    for text in files.values():
        xml.etree.ElementTree.fromstring(text)
    done = subprocess.run([os.path.join(sys.argv[1], "ebb"), "life", "--n", "2000", "--table", "*/[stf]*"],
                          stdout=subprocess.PIPE, text=True, check=True)
    lines, files = told(done.stdout)
    assert len(files) == 1 and "segment/follow" in done.stdout, done.stdout
    assert len([line for line in lines if line.startswith("| ")]) == 1 + len(pass_life.PHASES), lines
    return 0


if __name__ == "__main__":
    sys.exit(main())
