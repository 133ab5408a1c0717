#!/usr/bin/env python3
"""Runs the comparison and writes a results folder; scripts/bench calls it.

The folder is made aside (results/.unfinished-...) and renamed when all is measured, so that an
interrupted or failed run leaves nothing and never touches an earlier result. FULL=1 keeps
what an interrupted run measured, and takes it up again. A report that cannot be written loses
nothing: `make report` writes it later.
"""
import collections
import datetime
import glob
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import folder as results_folder
import machine
import pairs
import processes
import progress
import report
import stats
from outside import Failure, build_outside
from processes import Job

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.abspath(os.environ.get("RESULTS") or os.path.join(ROOT, "results"))

# seconds: what a run may take on two quiet cores; pairs: processes for the pairs; sweeps: rounds
# of a pair in each; matrix: processes for each cell, as many as there is time for
Mode = collections.namedtuple("Mode", "seconds pairs sweeps matrix")
MODES = {"quick": Mode(10, 6, 2, 1), "default": Mode(190, 16, 24, 1), "full": Mode(3500, 48, 60, 8)}
REPORT_SECONDS = 5
DAY = 24 * 3600 # an unfinished run is kept, in seconds
ARTICLE, ARTICLE_QUICK = 1000000, 10000  # entries of the article's dict

# What a pass may use: see results/README.md.
Context = collections.namedtuple("Context", "folder build mode options seed progress")


def options():
    """The make variables that are set."""
    names = ("QUICK", "FULL", "PEERS", "WORKLOAD", "TABLE", "N", "TABLE_FILE", "SHARD")
    chosen = {name: os.environ[name] for name in names if os.environ.get(name)}
    for name in ("QUICK", "FULL", "PEERS"):
        if chosen.get(name) == "0":
            del chosen[name]
    if os.environ.get("PEER_SRC"):
        chosen.setdefault("PEERS", "1")  # the folder itself is no part of the results
    if chosen.get("PEERS", "1") not in ("1", "all"):
        raise Failure("PEERS=%s: unknown (known: 0 1 all)" % chosen["PEERS"])
    if "QUICK" in chosen and "FULL" in chosen:
        raise Failure("QUICK=1 and FULL=1 exclude each other")
    if "N" in chosen and not (chosen["N"].isdigit() and 1 <= int(chosen["N"]) <= 2**30):
        raise Failure("N=%s: not a whole number from 1 to 2^30" % chosen["N"])
    shard_of(chosen)
    return chosen


def shard_of(chosen):
    """The processes.Shard that SHARD=i/n names; the whole without it."""
    if "SHARD" not in chosen:
        return processes.WHOLE
    found = re.fullmatch("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", chosen["SHARD"])
    if not found or int(found[1]) > int(found[2]):
        raise Failure("SHARD=%s: not i/n with i from 1 to n" % chosen["SHARD"])
    return processes.Shard(int(found[1]), int(found[2]))


def mode_of(chosen):
    return "quick" if "QUICK" in chosen else "full" if "FULL" in chosen else "default"


def git(*words):
    done = subprocess.run(("git", "-C", ROOT) + words, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def commit():
    """The commit, and whether sources differ from it (results do not count)."""
    name = git("rev-parse", "--short=10", "HEAD") or "nocommit"
    return name, bool(git("status", "--porcelain", "--", ".", ":!results"))


# ---- the run --------------------------------------------------------------------


def flags(chosen):
    """The options of ebb-bench that say what is measured."""
    found = ["--traces", os.path.join(ROOT, "corpus", "traces")]
    found += ["--" + name.lower() for name in ("QUICK", "FULL", "PEERS")
              if name in chosen]
    for name in ("WORKLOAD", "TABLE", "N", "SHARD"):
        if name in chosen:
            found += ["--" + name.lower(), chosen[name]]
    return found


def passes(mode, shard):
    """[(module, seconds)] of the files scripts/pass_*.py that have something to do: of a shard,
    every one in so many."""
    names = sorted(glob.glob(os.path.join(ROOT, "scripts", "pass_*.py")))
    modules = [importlib.import_module(os.path.basename(path)[:-3]) for path in names]
    timed = [(module, module.seconds(mode)) for module in modules]
    return [(module, seconds) for module, seconds in timed if seconds][shard.number - 1::shard.of]


def measure(launcher, cells, shard, mode, seconds):
    """Starts every process: each cell once and all pairs, then cells again while there is time.

    Time, not what was found, decides how often a cell is repeated; a busy machine makes the
    rest take longer, but not less.
    """
    plan = MODES[mode]
    once = processes.matrix_jobs(cells, 0, shard)
    if not once:
        raise Failure("SHARD=%d/%d: so many shards leave no cell for this one" % shard)
    jobs = processes.in_turn(once, [Job("pairs", i, 0, 0, "pairs") for i in range(plan.pairs)])
    sizes = {cell["cell"]: int(cell["n"]) for cell in cells}
    more = [job for i in range(1, plan.matrix) for job in processes.matrix_jobs(cells, i, shard)]
    more.sort(key=lambda job: sizes[job.what])  # all of the small ones before any large one
    for i, job in enumerate(jobs + more):
        known = [launcher.cost(j) for j in (jobs + more)[i:]]
        there = [c for c in known if c is not None]
        left = min(sum(there) + (len(known) - len(there)) * (sum(there) / len(there)),
                   max(seconds - launcher.elapsed(), 0)) if there else None
        progress.show(i + 1, len(jobs + more), job.what, left)
        cost = launcher.cost(job)
        repeated = job.kind == "matrix" and job.replicate > 0
        if repeated and cost is not None and launcher.elapsed() + cost > seconds:
            continue
        launcher.start(job)
    progress.clear()


def run(chosen, build, folder):
    """Fills `folder`; returns (whether every cell was measured, what env.json says)."""
    name, dirty = commit()
    mode, shard = mode_of(chosen), shard_of(chosen)
    more = passes(mode, shard)
    seconds = MODES[mode].seconds - REPORT_SECONDS - sum(s for _, s in more)
    env_path = os.path.join(folder, "env.json")
    if os.path.exists(env_path):  # taken up again
        about = results_folder.read_json(env_path)
    else:
        about = machine.describe(build)
        about.update({"commit": name, "dirty": dirty, "options": chosen, "seed": 1, "mode": mode,
                      "plan": dict(MODES[mode]._asdict(), margin=stats.MARGIN, alpha=stats.ALPHA),
                      "started": datetime.datetime.now(datetime.timezone.utc).isoformat(
                          "T", "seconds"),
                      "load_before": os.getloadavg(), "others_before": machine.busy_share(0.2)})
        results_folder.write_json(env_path, about)
    steal = machine.steal_ticks()
    asked = flags(chosen)
    launcher = processes.Processes(build, folder, asked, MODES[mode].sweeps)
    cells = processes.listed(launcher.programs[0], "list-cells", asked)
    measure(launcher, cells, shard, mode, seconds)
    schemas = launcher.gather()
    write_pairs(folder, processes.listed(launcher.programs[0], "list-pairs", asked))
    schemas["pairs.csv"] = "pairs/1"
    schemas.update(pairs.keep_slices(folder))
    for module, _ in more:
        module.run(Context(folder, build, mode, chosen, about["seed"], progress.show))
        progress.clear()
        schemas.update({name: schema for name, schema in module.FILES.items()
                        if os.path.exists(os.path.join(folder, name))})
    about["seconds"] = round(launcher.elapsed(), 1)
    about["interrupted"] = launcher.before > 0
    about["load_after"] = os.getloadavg()
    if steal is not None:
        about["steal_ticks"] = machine.steal_ticks() - steal
    about["article_n"] = ARTICLE_QUICK if mode == "quick" else ARTICLE
    schemas.update(ask_ebb(os.path.join(build, "ebb"), folder, about["article_n"]))
    results_folder.write_json(env_path, about)
    schemas["env.json"] = "env/1"
    shutil.rmtree(launcher.parts)
    os.remove(launcher.journal)
    results_folder.seal(folder, schemas)
    return not launcher.failed, about


def write_pairs(folder, listed):
    with open(os.path.join(folder, "pairs.csv"), "w", encoding="utf-8") as file:
        file.write("pair,cell,a,b,estimand,truth,injected_ns\n")
        file.writelines(",".join(pair.values()) + "\n" for pair in listed)


def ask_ebb(ebb, folder, article_n):
    """What the report needs of the tables and workloads themselves."""
    schemas = {}
    for name, words in (("tables.tsv", ["tables"]), ("workloads.tsv", ["gen", "--list"]),
                        ("article.tsv", ["article", "--n", str(article_n)])):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            subprocess.run([ebb] + words, stdout=file, check=True)
        schemas[name] = name.split(".")[0] + "/1"
    return schemas


# ---- the folder --------------------------------------------------------------------


def final_name(about, chosen):
    date = about["started"][:10]
    name = "%s-%s%s-%s" % (date, about["commit"], "-dirty" if about["dirty"] else "",
                           about["machine"])
    if chosen:
        name += "-" + "-".join(key.lower() for key in sorted(chosen))
    if "SHARD" in chosen:
        name += "%dof%d" % shard_of(chosen)
    path, count = os.path.join(RESULTS, name), 1
    while os.path.exists(path):
        count += 1
        path = os.path.join(RESULTS, "%s.%d" % (name, count))
    return path


def unfinished(chosen, build):
    """The folder to fill: of FULL=1 the one that an interrupted run of the very same programs
    left, if there is one; what other programs left longer ago than a day is removed."""
    os.makedirs(RESULTS, exist_ok=True)
    if "FULL" not in chosen:
        return tempfile.mkdtemp(prefix=".unfinished-", dir=RESULTS)
    sums = [results_folder.digest(path) for path in
            [os.path.join(build, "ebb-bench")] + sorted(glob.glob(build + "/layout/*"))]
    whole = {name: value for name, value in chosen.items() if name != "SHARD"}
    key = hashlib.sha256(json.dumps([whole, sums]).encode()).hexdigest()[:16]
    folder = os.path.join(RESULTS, ".unfinished-full-%s-%dof%d" % ((key,) + shard_of(chosen)))
    for other in glob.glob(os.path.join(RESULTS, ".unfinished-full-*")):
        if key not in other and time.time() - os.path.getmtime(other) > DAY:
            shutil.rmtree(other)
    if os.path.exists(os.path.join(folder, processes.JOURNAL)):
        print("bench: taking up the run that was interrupted")
    os.makedirs(folder, exist_ok=True)
    return folder


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    chosen = options()
    build = os.path.join(ROOT, "build", "release")
    if "TABLE_FILE" in chosen:
        build = build_outside(chosen["TABLE_FILE"])
    folder = unfinished(chosen, build)
    try:
        good, about = run(chosen, build, folder)
        os.chmod(folder, 0o755)
        path = final_name(about, chosen)
        os.rename(folder, path)
    except BaseException:
        if "FULL" not in chosen:  # else the same command goes on from here
            shutil.rmtree(folder, ignore_errors=True)
        raise
    kept = "what was measured is kept, without a report: make report RUN=%s" % \
        os.path.relpath(path, os.getcwd())
    try:
        print(report.write(path))
    except KeyboardInterrupt as interrupt:
        raise Failure("interrupted; " + kept, 130) from interrupt
    except Exception:
        print("bench: " + kept, file=sys.stderr)
        raise
    print("report: %s" % os.path.relpath(os.path.join(path, "report.md"), os.getcwd()))
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("bench: %s" % failure, file=sys.stderr)
        sys.exit(failure.status)
    except OSError as error:
        name = str(error.filename or "results")
        print("bench: %s%s: %s; earlier results are untouched" %
              ("RESULTS=" if name == RESULTS else "", name, error.strerror), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("bench: interrupted; %s, earlier results are untouched" %
              ("the same command goes on from here" if os.environ.get("FULL", "0") != "0"
               else "nothing was kept"), file=sys.stderr)
        sys.exit(130)
