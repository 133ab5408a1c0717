#!/usr/bin/env python3
"""make bench: a whole small run, partial runs, and every way in which it may fail.

usage: bench_test.py BUILD_FOLDER   (build/release, with ebb-bench)
"""
import glob
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import report  # noqa: E402  (found by the path above)

GOOD_TABLE = """#include "engine/linear.h"

#include "strategy/shrink.h"

#include "table.h"

HT_TABLE_AS(ht_table_outside, "mine", "shrink");
"""


def bench(results, script=None, **options):
    """scripts/run_bench.py, or a script in its stead."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("QUICK", "FULL", "WORKLOAD", "TABLE", "N", "TABLE_FILE", "RUN")}
    environment.update(options, RESULTS=results)
    program = ["-c", script] if script else [os.path.join(ROOT, "scripts", "run_bench.py")]
    done = subprocess.run([sys.executable] + program, cwd=ROOT, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def folders(results):
    return sorted(os.listdir(results)) if os.path.isdir(results) else []


def fails(results, says, status=2, **options):
    before = folders(results)
    code, out, err = bench(results, **options)
    assert code == status, (options, code, err)
    assert says in err, (options, err)
    assert folders(results) == before, "a failed run left something behind"
    return out, err


def test_quick(results):
    for count in (1, 2):
        code, out, err = bench(results, QUICK="1")
        assert code == 0, err
        assert len(folders(results)) == count and not err, err
        path = os.path.join(ROOT, out.strip().splitlines()[-1].split(": ")[1])
        assert os.path.isfile(path), out
    folder = os.path.join(results, folders(results)[0])
    files = os.listdir(folder)
    for name in ("gbench.json.gz", "memory.csv", "env.json", "report.md", "slices.csv.xz",
                 "control_slices.csv.xz", "rounds.csv.gz", "manifest.json"):
        assert name in files, files
    assert not [name for name in files if name in ("parts", "journal.ndjson")], files
    with open(os.path.join(folder, "processes.csv"), encoding="utf-8") as file:
        rows = [line.strip().split(",") for line in file][1:]
    pairs = [row for row in rows if row[1] == "pairs"]
    assert len({row[2] for row in pairs}) == len(pairs) >= 6, "each its own link order"
    assert len({row[3] for row in rows}) > 1, "environments of one size"
    with gzip.open(os.path.join(folder, "gbench.json.gz"), "rt", encoding="utf-8") as file:
        cells = json.load(file)["benchmarks"]
    with open(os.path.join(folder, "report.md"), encoding="utf-8") as file:
        text = file.read()
    assert not [cell for cell in cells if cell.get("error_occurred")]
    tables = {"/".join(cell["name"].split("/")[1:3]) for cell in cells}
    for table in tables:
        if "=" in table:
            continue  # a reference row: named in words
        assert table.split("/")[1] in text, table
    exact = ("bytes", "moved", "rebuilds", "peak", "byte_steps", "allocations")
    with gzip.open(os.path.join(results, folders(results)[1], "gbench.json.gz"), "rt",
                   encoding="utf-8") as file:
        again = {cell["name"]: cell for cell in json.load(file)["benchmarks"]}
    for cell in cells:
        for figure in exact:
            assert cell.get(figure) == again[cell["name"]].get(figure), (cell["name"], figure)


def test_partial(results):
    code, out, _ = bench(results, QUICK="1", WORKLOAD="purge", TABLE="linear/*", N="2000")
    assert code == 0 and "linear" in out and "shrink" in out and "dict" not in out, out
    # One strategy, and one table, with nothing to choose from.
    for tables in ("*/static_empty", "segment/follow"):
        code, out, err = bench(results, QUICK="1", WORKLOAD="purge", TABLE=tables, N="1000")
        assert code == 0 and "report: " in out, (out, err)
    fails(results, "unknown workload 'frob' (known: ", WORKLOAD="frob")
    fails(results, "unknown table 'frob' (known: ", TABLE="frob")
    for size in ("0", "x", "-1"):
        fails(results, "N=%s: not a whole number" % size, N=size)
    fails(results, "exclude each other", QUICK="1", FULL="1")
    fails(results, "PEERS=some: unknown (known: 0 1 all)", QUICK="1", PEERS="some")


def test_misspelt():
    done = subprocess.run(["make", "-n", "bench", "TABEL=dict/*"], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2 and "TABEL: unknown variable (known: " in done.stderr, done.stderr


def test_kept(results):
    """What was measured outlives a report that cannot be written."""
    script = "import sys; sys.path.insert(0, 'scripts'); sys.dont_write_bytecode = True\n" \
        "import report, run_bench; report.write = lambda folder: 1 / 0; run_bench.main()"
    before = folders(results)
    code, _, err = bench(results, script, QUICK="1", WORKLOAD="purge", N="1000")
    kept = set(folders(results)) - set(before)
    assert code == 1 and len(kept) == 1 and "make report RUN=" in err, (code, kept, err)
    assert report.write(os.path.join(results, kept.pop())), "the report, later"


def test_unwritable(results):
    fails(os.path.join("/proc", "nowhere"), "earlier results are untouched", QUICK="1")
    small = tempfile.mkdtemp()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small],
                             stderr=subprocess.DEVNULL, check=False).returncode == 0
    if mounted:
        try:
            code, _, err = bench(small, WORKLOAD="purge", N="1000")
            assert code == 2 and err.count("\n") <= 3, err
            assert folders(small) == [], folders(small)
        finally:
            subprocess.run(["umount", small], check=True)
    else:
        print("skipped: a full disk (no right to mount)")
    os.rmdir(small)


def test_interrupted(results):
    before = folders(results)
    for sign in (signal.SIGINT, signal.SIGTERM):
        run = subprocess.Popen([sys.executable, os.path.join(ROOT, "scripts", "run_bench.py")],
                               env=dict(os.environ, RESULTS=results, N="300000"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
        time.sleep(1.5)
        os.killpg(run.pid, sign)
        assert run.wait(30) == 130, run.returncode
        assert folders(results) == before


def test_resumed(results):
    """FULL=1 goes on where it was interrupted, and what it keeps is the same as in one go."""
    few = {"FULL": "1", "WORKLOAD": "purge", "TABLE": "linear/*", "N": "1000"}
    run = subprocess.Popen([sys.executable, os.path.join(ROOT, "scripts", "run_bench.py")],
                           env=dict(os.environ, RESULTS=results, **few), start_new_session=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    kept = []
    while run.poll() is None and len(kept) < 3:
        time.sleep(0.02)
        for path in glob.glob(os.path.join(results, ".unfinished-full-*", "journal.ndjson")):
            with open(path, encoding="utf-8") as file:
                kept = file.read().splitlines()
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 130 and "goes on from here" in err, (run.returncode, err)
    code, out, err = bench(results, **few)
    assert code == 0 and "taking up" in out, (out, err)
    folder = os.path.dirname(os.path.join(ROOT, out.strip().splitlines()[-1].split(": ")[1]))
    assert not glob.glob(os.path.join(results, ".unfinished*")), "the rest is cleared away"
    with open(os.path.join(folder, "processes.csv"), encoding="utf-8") as file:
        walls = [line.split(",")[6] for line in file][1:]
    for row, wall in zip(map(json.loads, kept), walls):
        assert str(row["wall_ns"]) == wall, "what was measured before the interrupt is kept"
    assert len(walls) > len(kept)


def test_outside(results, folder):
    def table(content):
        path = os.path.join(folder, "mine.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    quick = {"QUICK": "1", "WORKLOAD": "purge", "N": "1000"}
    fails(results, "no such file", TABLE_FILE=os.path.join(folder, "nothing.c"), **quick)
    fails(results, "not a C or C++ source", TABLE_FILE=os.path.join(ROOT, "Makefile"), **quick)
    fails(results, "mine.c does not build", TABLE_FILE=table("this is not C\n"), **quick)
    fails(results, "must define", TABLE_FILE=table("int nothing_here;\n"), **quick)
    code, out, err = bench(results, TABLE_FILE=table(GOOD_TABLE), **quick)
    assert code == 0 and "mine" in out, (out, err)
    code, out, err = bench(results, TABLE_FILE=table(GOOD_TABLE), TABLE="mine/*", **quick)
    assert code == 0 and "report: " in out, (out, err)
    with open(os.path.join(ROOT, "impl/test/planted/erase_frees.c"), encoding="utf-8") as file:
        planted = file.read()
    planted = planted[:planted.index("PLANTED(")].replace('#include "planted.h"\n', "")
    planted += 'HT_TABLE_AS(ht_table_outside, "mine", "broken");\n'
    _, err = fails(results, "mine/broken breaks the rules", status=1, TABLE_FILE=table(planted),
                   **quick)
    assert "mine/broken: step " in err and "that still fail are in" in err, err
    crash = GOOD_TABLE.replace("#include \"strategy/shrink.h\"",
                               "#define fit(n) (*(volatile size_t *)0)\n"
                               "#include \"strategy/shrink.h\"\n#undef fit")
    fails(results, "is killed by signal 11", status=1, TABLE_FILE=table(crash), **quick)


def main():
    if not os.path.exists(os.path.join(sys.argv[1], "ebb-bench")):
        print("this build folder has no ebb-bench")
        return 1
    folder = tempfile.mkdtemp()
    results = os.path.join(folder, "results")
    try:
        test_quick(results)
        test_partial(results)
        test_misspelt()
        test_kept(results)
        test_unwritable(results)
        test_interrupted(results)
        test_resumed(results)
        test_outside(results, folder)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
