#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Resident memory: the figures hang together, and our allocator's peak is massif's.

usage: resident_test.py BUILD_FOLDER   (with ebb-resident)

No time is judged, and of resident memory only what must hold on any machine.
"""
import csv
import glob
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import pass_resident  # noqa: E402  (found by the path above)

ENTRIES = 100000
MASSIF_ENTRIES = 500000  # massif sees what peers' libraries take as they start too, 90 kB
MASSIF_SHARE = 0.01      # by how much the peaks may differ
MASSIF_TABLES = ("dict/shrink", "linear/tombstone", "linear_shift/drain_release")


def resident(*options, status=0):
    """The lines that ebb-resident prints, and what it says on standard error."""
    done = subprocess.run([os.path.join(sys.argv[1], "ebb-resident")] + list(options),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == status, (options, done.returncode, done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout))), done.stderr


def test_figures(folder):
    """Of the same table, the allocators differ in what they give and keep, not in what is
    asked of them."""
    samples = os.path.join(folder, "samples.csv")
    names = pass_resident.allocators()
    rows, _ = resident("fill_drain.random", "--n", str(ENTRIES), "--allocators",
                       ",".join(names), "--table", "linear/*", "--wait", "0", "--samples", samples)
    assert {r["allocator"] for r in rows} == set(names) and len(rows) % len(names) == 0
    for row in rows:
        number = {k: int(v) for k, v in row.items() if v and k not in ("cell", "arm", "allocator")}
        assert number["live"] == 0 and number["steps"] >= 2 * ENTRIES, row
        assert number["usable_peak"] >= number["requested_peak"] >= number["held"], row
        assert number["usable"] >= number["requested"] >= number["held"], row
        # That many entries were there. The kernel's mark is exact; samples, 5 ms apart, can miss
        # a table that gives back, and cannot one that keeps until it is looked at when drained.
        assert number["kernel_peak"] > 16 * ENTRIES / 2, row
        assert number["peak"] > 16 * ENTRIES / 2 or row["arm"] != "linear/tombstone", row
        assert number["peak"] >= number["after_0"], row
        assert row["after_0"] and not row["after_100"], row  # it was not asked to wait
        assert number["trimmed"] <= number["peak"], row
    for arm in {r["arm"] for r in rows}:
        same = [r for r in rows if r["arm"] == arm]
        for name in ("requested", "requested_peak", "byte_steps", "allocations", "frees"):
            assert len({r[name] for r in same}) == 1, (arm, name, same)
    glibc = {r["arm"]: int(r["trimmed"]) for r in rows if r["allocator"] == "glibc"}
    assert glibc["linear/shrink"] < glibc["linear/tombstone"] / 4, glibc
    with open(samples, encoding="utf-8") as file:
        taken = list(csv.DictReader(file))
    for row in rows:
        marks = [s["mark"] for s in taken if s["mark"] and s["arm"] == row["arm"]
                 and s["allocator"] == row["allocator"]]
        assert marks == ["drained", "nudged", "trimmed"], marks


def test_program():
    """The real interpreter's dict keeps its bytes when emptied, and not when cleared."""
    rows, _ = resident("fill_drain.random", "--n", str(ENTRIES), "--allocators",
                       "glibc", "--table", "no/table", "--wait", "0",
                       *pass_resident.programs(ENTRIES))
    kept = {r["arm"].split("/")[1]: int(r["trimmed"]) for r in rows}
    assert kept["cleared"] < kept["deleted"] and kept["copied"] < kept["deleted"], kept
    assert not rows[0]["requested"], rows[0]  # the layers are not mixed


def test_refused():
    """What cannot be measured is named, and its line is missing."""
    rows, said = resident("purge", "--n", "1000", "--allocators", "glibc",
                          "--table", "no/table", "--wait", "0", "dead=false", status=1)
    assert not rows and "dead under glibc: the process ended too early" in said, (rows, said)
    rows, said = resident("purge", "--n", "1000", "--allocators", "absent",
                          "--table", "dict/shrink", "--wait", "0", status=1)
    assert not rows and "malloc is not served by absent" in said, (rows, said)
    _, said = resident("frob", "--n", "1000", "--allocators", "glibc", status=2)
    assert "name a workload first" in said, said
    _, said = resident("purge", "--n", "x", "--allocators", "glibc", status=2)
    assert "not a whole number" in said, said


def massif_peak(folder, table):
    """(our allocator's peak, massif's) of one replay."""
    out = os.path.join(folder, "massif")
    rows, _ = resident(
        "fill_drain.random", "--n", str(MASSIF_ENTRIES), "--allocators", "glibc",
        "--table", "no/table", "--wait", "0",
        "massif=valgrind --quiet --tool=massif --peak-inaccuracy=0.0 --massif-out-file=%s %s "
        "--child %s" % (out, os.path.join(sys.argv[1], "ebb-resident"), table))
    with open(out, encoding="utf-8") as file:
        heap = [int(b) for b in re.findall(r"^mem_heap_B=(\d+)$", file.read(), re.M)]
    return int(rows[0]["requested_peak"]), max(heap)


def test_massif(folder):
    """Prints the peaks beside each other, and fails where they differ by more than 1 %."""
    if not shutil.which("valgrind") or not glob.glob("/usr/libexec/valgrind/massif-*"):
        print("skipped: our peak against massif's (valgrind is not installed)")
        return
    for table in MASSIF_TABLES:
        ours, theirs = massif_peak(folder, table)
        print("%-28s peak %9d B, massif %9d B, %+.3f %%" % (table, ours, theirs,
                                                           100 * (theirs / ours - 1)))
        assert abs(theirs / ours - 1) <= MASSIF_SHARE, (table, ours, theirs)


def main():
    folder = tempfile.mkdtemp(prefix="resident-test-")
    try:
        test_figures(folder)
        test_program()
        test_refused()
        test_massif(folder)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
