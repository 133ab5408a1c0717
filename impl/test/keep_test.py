#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report's part on what each table keeps: its columns, its order, and a page with every peer.

usage: keep_test.py BUILD_FOLDER
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import pass_keep  # noqa: E402  (found by the path above)
import report_keep  # noqa: E402

N = "2000"


class Results:
    """What the part needs of results: a folder, and no cells."""

    def __init__(self, folder, kept, tables):
        self.folder = folder
        for name, text in (("keep.tsv", kept), ("tables.tsv", tables)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    @staticmethod
    def names():
        return []

    @staticmethod
    def estimated(name):
        return name == "peer/dear"


def told(kept, tables):
    """(lines, files) of a file of what was kept."""
    with tempfile.TemporaryDirectory() as folder:
        return report_keep.part(Results(folder, kept, tables), None)


def line(name, **figures):
    """A line of keep.tsv: 1 wherever nothing else is said."""
    return "\t".join([name, N] + [str(figures.get(c, "own" if c == "how" else 1))
                                  for c in pass_keep.COLUMNS]) + "\n"


def rows(lines, name):
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in lines
            if row.startswith("| `%s`" % name)]


def ebb(*words):
    return subprocess.run([os.path.join(sys.argv[1], "ebb")] + list(words), stdout=subprocess.PIPE,
                          text=True, check=True).stdout


def test_written():
    """Every figure stands in its own column, what keeps least comes first, what failed last."""
    kept = "table\tn\n" + line("peer/dear", full=33.5, full_rss=2000000, deleted=3000, deleted_rss=1500000,
                               insert=2999, insert_rss=1400000, back=40.5, back_rss=1200000, how="refill",
                               back_ms=0.25, grow_ms=7.5, delete_ms=0, miss=5.5, miss_churned=50.5,
                               churn_bytes=2) + "peer/dead\t2000\tkilled by signal 6 (Aborted)\n" + line("dict/own", insert=3)
    lines, files = told(kept, "peer/dear\ta dear one\tmoves\npeer/dead\ta dead one\tnone\n"
                              "# skipped peer/gone: needs gone.h\n")
    bytes_row, resident = rows(lines, "peer/dear")
    assert bytes_row[1:] == ["33.5", "3,000", "2,999", "40.5", "a new table, filled from it", "0.250", "7.50",
                             "< 0.02", "5.50", "50.5", "2.00 ×"], bytes_row
    assert bytes_row[0] == "`peer/dear`: bytes estimated", bytes_row
    assert resident[1:] == ["2.00 MB", "1.50 MB", "1.40 MB", "1.20 MB"], resident
    named = [row.split("`")[1] for row in lines if row.startswith("| `")]
    assert named[:3] == ["dict/own", "peer/dear", "peer/dead"], named
    assert "signal 6" in rows(lines, "peer/dead")[0][1], lines
    page = files["peers.md"].splitlines()
    assert "## peer/dear" in page and "## peer/dead" in page and "## dict/own" not in page, page
    assert rows(page, "peer/dear") == [bytes_row, resident], page
    assert "- peer/gone: needs gone.h" in page, page


def test_measured():
    """The tables of this build, peers among them: bytes add up, and every peer has its page."""
    lines, files = told(ebb("keep", "--n", N, "--table", "*/[stu]*"), ebb("tables"))
    heads = [row for row in lines if row.startswith("| what you use")]
    assert len(heads) == 2 and heads[0].count("|") == len(report_keep.HEADS) + 1, heads
    named = {row.split("`")[1] for row in lines if row.startswith("| `")}
    assert "linear/shrink" in named, named
    for name in named:
        if name.startswith("peer/"):
            assert "## " + name in files["peers.md"], name
    full, deleted, insert = (float(cell.replace(",", "")) for cell in rows(lines, "linear/tombstone")[0][1:4])
    assert deleted > 50 * full and deleted > insert > 0.9 * deleted, (full, deleted, insert)


def main():
    assert report_keep.part(type("None", (), {"folder": "/nowhere"}), None) == ([], {})
    test_written()
    test_measured()
    return 0


if __name__ == "__main__":
    sys.exit(main())
