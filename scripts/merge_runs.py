#!/usr/bin/env python3
"""Makes one results folder of the shards of a run: make merge RUNS="a b ..."

usage: merge_runs.py FOLDER ...      RESULTS=FOLDER, where it goes (default: results)

Every shard must be there once, and all must be of one commit, mode, build and set of options.
Cells, headlines and passes were dealt among them, so that their files are joined line by line;
processes are numbered on. Every shard measured every control: a control is named by its shard,
and one that fails on any machine takes back every verdict, as in a run in one.
"""
import collections
import os
import shutil
import sys
import tempfile

import folder as results_folder
import pairs
import report
import run_bench
from figures import FILES
from outside import Failure

SCHEMA = {"shards.json": "shards/1"}
AGREE = ("commit", "dirty", "mode", "seed", "plan", "article_n", "build", "libc",
         "google_benchmark")          # of env.json
SAME = ("tables.tsv", "workloads.tsv", "article.tsv")
JOINED = ("processes.csv", "rounds.csv.gz", pairs.SLICES, pairs.CONTROL_SLICES, "overhead.csv",
          "pairs.csv", "memory.csv")
BY_ITSELF = ("env.json", "gbench.json.gz")

# files: of the manifest; number: of the shard; first: number of its first process in the whole
Part = collections.namedtuple("Part", "folder files env number first")


# ---- what fits together -------------------------------------------------------------------


def read_parts(folders):
    """[Part] by number; Failure if they are not the shards of one run."""
    found = []
    for path in folders:
        files = results_folder.verify(path, FILES)
        env = results_folder.read_json(os.path.join(path, "env.json"))
        if "SHARD" not in (env.get("options") or {}):
            raise Failure("%s: not a shard (make bench SHARD=i/n)" % path)
        found.append((run_bench.shard_of(env["options"]), path, files, env))
    found.sort(key=lambda f: f[:2])
    of = found[0][0].of
    for shard, path, _, _ in found:
        if shard.of != of:
            raise Failure("%s is one of %d, %s one of %d" % (found[0][1], of, path, shard.of))
    numbers = [f[0].number for f in found]
    missing = sorted(set(range(1, of + 1)) - set(numbers))
    if missing or len(numbers) != of:
        raise Failure("of %d shards %s" % (of, "%s missing" % ", ".join(map(str, missing)) if missing
                                           else "one is there twice"))
    check_agree([(path, env) for _, path, _, env in found])
    parts, first = [], 0
    for shard, path, files, env in found:
        parts.append(Part(path, files, env, shard.number, first))
        first += len(list(results_folder.lines(os.path.join(path, "processes.csv"))))
    return parts


def check_agree(runs):
    """Failure if two runs differ in what shards of one must share."""
    path, env = runs[0]
    for other, theirs in runs[1:]:
        for name in AGREE:
            if env.get(name) != theirs.get(name):
                raise Failure("%s and %s do not fit together: %s is %s in the one, %s in the other" %
                              (path, other, name, env.get(name), theirs.get(name)))
        if whole(env["options"]) != whole(theirs["options"]):
            raise Failure("%s and %s do not fit together: other options" % (path, other))


def whole(options):
    """The options of the run that was divided."""
    return {name: value for name, value in options.items() if name != "SHARD"}


# ---- joining ------------------------------------------------------------------------------


def join(parts, folder, name, change):
    """Writes one file from those of the parts; change: what becomes of a row of a part."""
    heading, rows = None, []
    for part in parts:
        heading, found = results_folder.headed(os.path.join(part.folder, name))
        for words in found:
            row = change(part, dict(zip(heading, words)))
            rows.append(",".join(row[column] for column in heading))
    results_folder.write_lines(os.path.join(folder, name), [",".join(heading)] + rows)


def changer(parts):
    """What becomes of a row: its process is numbered on, its control named by the shard."""
    controls = {(part.number, pair.name) for part in parts
                for pair in pairs.read_pairs(os.path.join(part.folder, "pairs.csv"))
                if pairs.is_control(pair)}

    def change(part, row):
        if "process" in row:
            row["process"] = str(int(row["process"]) + part.first)
        if (part.number, row.get("pair")) in controls:
            row["pair"] += "@%d" % part.number
        return row
    return change


def join_benchmarks(parts, folder):
    """Google Benchmark's own file; Failure if two parts measured the same."""
    context, benchmarks, seen = None, [], {}
    for part in parts:
        data = results_folder.read_json(os.path.join(part.folder, "gbench.json.gz"))
        context = context or data["context"]
        for bench in data["benchmarks"]:
            if bench["name"] in seen:
                raise Failure("%s and %s both measured %s" % (seen[bench["name"]], part.folder,
                                                              bench["name"]))
            seen[bench["name"]] = part.folder
        benchmarks += data["benchmarks"]
    results_folder.write_benchmarks(os.path.join(folder, "gbench.json"), context, benchmarks)


def copy_rest(parts, folder, done):
    """The files of passes, each of one part; those that all must have alike."""
    schemas = {}
    for part in parts:
        for name, about in part.files.items():
            if name in done:
                continue
            if name in schemas and (name not in SAME or
                                    results_folder.digest(os.path.join(folder, name)) !=
                                    about["sha256"]):
                raise Failure("%s: another shard has another one" % os.path.join(part.folder, name))
            shutil.copyfile(os.path.join(part.folder, name), os.path.join(folder, name))
            schemas[name] = about["schema"]
    return schemas


def machine_of(envs):
    """The processors of all machines as one: what a reader is told of them."""
    cpus = [env.get("cpu") or {} for env in envs]
    models = sorted({cpu.get("model") or "unknown" for cpu in cpus})
    return dict(cpus[0], model=" + ".join(models),
                cpus=min((cpu.get("cpus") or 0 for cpu in cpus)))


def merged_env(parts):
    """env.json of the whole: what all share; of what differs, the most; and the parts' own."""
    envs = [part.env for part in parts]
    env = dict(envs[0], options=whole(envs[0]["options"]), cpu=machine_of(envs),
               machine="+".join(sorted({e["machine"] for e in envs})),
               started=min(e["started"] for e in envs),
               seconds=round(sum(e["seconds"] for e in envs), 1),
               interrupted=any(e["interrupted"] for e in envs), shards=len(parts))
    for name in ("load_before", "load_after"):
        env[name] = max((e[name] for e in envs), key=lambda load: load[0])
    steal = [e["steal_ticks"] for e in envs if e.get("steal_ticks") is not None]
    if steal:
        env["steal_ticks"] = sum(steal)
    return env


def fill(parts, folder):
    """Writes and seals the folder of the whole run."""
    change, schemas = changer(parts), {name: FILES[name] for name in JOINED}
    for name in JOINED:
        join(parts, folder, name, change)
    join_benchmarks(parts, folder)
    schemas.update(copy_rest(parts, folder, set(schemas) | set(BY_ITSELF)))
    results_folder.write_json(os.path.join(folder, "env.json"), merged_env(parts))
    results_folder.write_json(os.path.join(folder, "shards.json"), [
        {"shard": part.number, "first_process": part.first, "env": part.env} for part in parts])
    schemas.update({name: FILES[name] for name in BY_ITSELF}, **SCHEMA)
    results_folder.seal(folder, schemas)


def merge(folders):
    """Makes the folder; returns (its path, the table for the terminal)."""
    parts = read_parts(folders)
    os.makedirs(run_bench.RESULTS, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=".unfinished-", dir=run_bench.RESULTS)
    try:
        fill(parts, folder)
        summary = report.write(folder)
        os.chmod(folder, 0o755)
        env = results_folder.read_json(os.path.join(folder, "env.json"))
        path = run_bench.final_name(env, dict(env["options"], MERGED=str(len(parts))))
        os.rename(folder, path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path, summary


def main(folders):
    if not folders:
        print("merge: set RUNS= to the folders of all shards of a run", file=sys.stderr)
        return 2
    try:
        path, summary = merge(folders)
    except Failure as failure:
        print("merge: %s" % failure, file=sys.stderr)
        return 2
    except OSError as error:
        print("merge: %s: %s" % (error.filename, error.strerror), file=sys.stderr)
        return 2
    print(summary)
    print("report: %s" % os.path.relpath(os.path.join(path, "report.md"), os.getcwd()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
