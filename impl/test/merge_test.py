#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run in two shards, merged, has what the run in one has; what does not fit is refused.

usage: merge_test.py BUILD_FOLDER   (build/release, with ebb-bench)
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import compare  # noqa: E402  (found by the path above)
import folder as results_folder  # noqa: E402
import processes  # noqa: E402
from figures import Results  # noqa: E402

FEW = {"QUICK": "1", "WORKLOAD": "[fp]*", "TABLE": "linear/*", "N": "2000"}


def script(name, results, *words, **options):
    environment = {n: value for n, value in os.environ.items()
                   if n not in ("QUICK", "FULL", "WORKLOAD", "TABLE", "N", "TABLE_FILE", "SHARD")}
    return subprocess.run([sys.executable, os.path.join(ROOT, "scripts", name)] + list(words),
                          env=dict(environment, RESULTS=results, **options), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def made(done):
    """The folder that a script says it has made."""
    assert done.returncode == 0, done.stderr
    return os.path.dirname(os.path.abspath(done.stdout.strip().splitlines()[-1].split(": ")[1]))


def test_dealt():
    """Every job falls to one shard, and all have about as much to do."""
    cells = [{"cell": str(i), "n": str(10 ** (3 + i % 4)), "arms": "20"} for i in range(80)]
    for of in (1, 2, 3, 7):
        shards = [processes.matrix_jobs(cells, 0, processes.Shard(i + 1, of)) for i in range(of)]
        first = [job.first for jobs in shards for job in jobs]
        assert sum(job.count for jobs in shards for job in jobs) == len(cells)
        assert len(set(first)) == len(first)
        loads = [sum(processes.load(cells[i]) for job in jobs
                     for i in range(job.first, job.first + job.count)) for jobs in shards]
        assert max(loads) <= 1.3 * min(loads), (of, loads)


def test_whole(results, folder):
    whole = made(script("run_bench.py", results, **FEW))
    shards = [made(script("run_bench.py", results, SHARD="%d/2" % i, **FEW)) for i in (1, 2)]
    assert [path.endswith("-shard%dof2" % i) or "shard" in path
            for i, path in enumerate(shards, 1)] == [True, True], shards
    merged = made(script("merge_runs.py", folder, *reversed(shards)))
    a, b = Results(whole), Results(merged)
    both, different = compare.exact(a, b)
    assert different == [] and both == sum(map(len, a.rows.values())), (both, different)
    assert {c: set(rows) for c, rows in a.rows.items()} == {c: set(r) for c, r in b.rows.items()}
    for path in shards:
        assert 0 < sum(map(len, Results(path).rows.values())) < both, "a shard has a part"
    assert {m.workload: (m.n, m.live, m.arms) for m in a.memory} == {
        m.workload: (m.n, m.live, m.arms) for m in b.memory}, "the same bytes over the steps"
    assert sorted(h.pair.name for h in a.pairs.headlines) == sorted(
        h.pair.name for h in b.pairs.headlines)
    assert sorted(c.pair.name for c in b.pairs.controls) == sorted(
        "%s@%d" % (c.pair.name, i) for c in a.pairs.controls for i in (1, 2)), "on each machine"
    numbers = [int(row["process"]) for row in b.pairs.processes]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) == sum(len(Results(path).pairs.processes) for path in shards)
    with open(os.path.join(merged, "report.md"), encoding="utf-8") as file:
        text = file.read()
    assert "`hit`, shard 1" in text and "`hit`, shard 2" in text, "controls by machine"
    assert "shards | 2 |" in text and "SHARD" not in text
    return shards


def edited(folder, path, **changes):
    """A copy of a shard whose env.json says something else, sealed anew."""
    copy = os.path.join(folder, "edited")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(path, copy)
    env = results_folder.read_json(os.path.join(copy, "env.json"))
    with open(os.path.join(copy, "env.json"), "w", encoding="utf-8") as file:
        json.dump(dict(env, **changes), file)
    files = results_folder.read_manifest(copy)
    results_folder.seal(copy, {name: about["schema"] for name, about in files.items()})
    return copy


def refuses(results, says, *shards):
    os.makedirs(results, exist_ok=True)
    before = sorted(os.listdir(results))
    done = script("merge_runs.py", results, *shards)
    assert done.returncode == 2 and says in done.stderr, (says, done.returncode, done.stderr)
    assert done.stderr.count("\n") == 1, done.stderr
    assert sorted(os.listdir(results)) == before, "a refusal left something behind"


def test_refused(results, folder, shards):
    one, two = shards
    refuses(folder, "set RUNS=")
    refuses(folder, "of 2 shards 2 missing", one)
    refuses(folder, "there twice", one, two, two)
    refuses(folder, "commit is 0000000000 in the one", edited(folder, one, commit="0000000000"), two)
    refuses(folder, "mode is full", edited(folder, one, mode="full"), two)
    env = results_folder.read_json(os.path.join(one, "env.json"))
    refuses(folder, "other options", edited(folder, one, options=dict(env["options"], N="3000")),
            two)
    refuses(folder, "one of 3", edited(folder, one, options=dict(env["options"], SHARD="1/3")), two)
    refuses(folder, "not a shard", edited(folder, one, options={}), two)
    with open(os.path.join(edited(folder, one), "memory.csv"), "a", encoding="utf-8") as file:
        file.write("\n")
    refuses(folder, "SHA-256", os.path.join(folder, "edited"), two)
    for wrong in ("0/2", "3/2", "x", "1", "1/2/3"):
        done = script("run_bench.py", results, SHARD=wrong, **FEW)
        assert done.returncode == 2 and "not i/n" in done.stderr, done.stderr
    done = script("run_bench.py", results, SHARD="99/99", **FEW)
    assert done.returncode == 2 and "no cell for this one" in done.stderr, done.stderr


def main():
    folder = tempfile.mkdtemp()
    results = os.path.join(folder, "results")
    try:
        test_dealt()
        shards = test_whole(results, os.path.join(folder, "merged"))
        test_refused(results, os.path.join(folder, "merged"), shards)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
