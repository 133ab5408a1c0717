#!/usr/bin/env python3
"""Runs the comparison and writes a results folder; scripts/bench calls it.

The folder is made aside (results/.unfinished-...) and renamed when it is complete,
so that an interrupted or failed run leaves nothing, and never touches an earlier
result.
"""
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import machine
import report

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.abspath(os.environ.get("RESULTS") or os.path.join(ROOT, "results"))
SCHEMA = 1


class Failure(Exception):
    """One line for the user, and the exit status."""

    def __init__(self, message, status=2):
        super().__init__(message)
        self.status = status


def options():
    """The make variables that are set."""
    names = ("QUICK", "FULL", "WORKLOAD", "TABLE", "N", "TABLE_FILE")
    chosen = {name: os.environ[name] for name in names if os.environ.get(name)}
    for name in ("QUICK", "FULL"):
        if chosen.get(name) == "0":
            del chosen[name]
    if "QUICK" in chosen and "FULL" in chosen:
        raise Failure("QUICK=1 and FULL=1 exclude each other")
    if "N" in chosen and not (chosen["N"].isdigit() and 1 <= int(chosen["N"]) <= 2**30):
        raise Failure("N=%s: not a whole number from 1 to 2^30" % chosen["N"])
    return chosen


def git(*words):
    done = subprocess.run(("git", "-C", ROOT) + words, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def commit():
    """The commit, and whether sources differ from it (results do not count)."""
    name = git("rev-parse", "--short=10", "HEAD") or "nocommit"
    return name, bool(git("status", "--porcelain", "--", ".", ":!results"))


# ---- a table outside this tree ------------------------------------------------


def quiet(command, blame):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise Failure(blame)


def table_names(ebb):
    out = subprocess.run([ebb, "tables"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split("\t")[0] for line in out.splitlines() if line and not line.startswith("#")]


def build_outside(path):
    """Builds everything once more with the table in `path`, and tries its manners."""
    full = os.path.abspath(path)
    if not os.path.isfile(full):
        raise Failure("TABLE_FILE=%s: no such file" % path)
    folder = os.path.join(ROOT, "build", "outside")
    quiet(["cmake", "--preset", "bench", "-B", folder, "-DEBB_TABLE_FILE=" + full],
          "TABLE_FILE=%s: configuring failed; see above" % path)
    quiet(["cmake", "--build", folder, "--target", "outside"],
          "TABLE_FILE=%s does not build; the compiler's words are above" % path)
    quiet(["cmake", "--build", folder, "--target", "ebb", "ebb-bench"],
          "TABLE_FILE=%s does not link: it must define `const struct ht_table ht_table_outside` "
          "(HT_IMPL in impl/define.h) and nothing else that is visible" % path)
    ebb = os.path.join(folder, "ebb")
    added = set(table_names(ebb)) - set(table_names(os.path.join(ROOT, "build/release/ebb")))
    if len(added) != 1:
        raise Failure("TABLE_FILE=%s: its name must be one that no table here has" % path)
    check_manners(ebb, added.pop(), path)
    return folder


def check_manners(ebb, name, path):
    """Replays every small workload against the model before anything is timed."""
    listed = subprocess.run([ebb, "gen", "--list"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        for line in listed.splitlines():
            workload = line.split("\t")[0]
            subprocess.run([ebb, "gen", workload, "--n", "300", "--text", "--output", trace],
                           check=True)
            done = subprocess.run([ebb, "replay", "--table", name, trace], cwd=folder,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  check=False)
            if "keeps no order" in done.stderr:
                continue
            if done.returncode:
                sys.stderr.write(done.stderr)
                how = "is killed by signal %d" % -done.returncode if done.returncode < 0 else \
                    "breaks the rules"
                raise Failure("TABLE_FILE=%s: %s %s on `ebb gen %s --n 300`" %
                              (path, name, how, workload), 1)


# ---- the run --------------------------------------------------------------------


def bench_command(chosen, build, folder):
    command = [os.path.join(build, "ebb-bench"), "--silent", "--memory", os.path.join(folder, "memory.csv"),
               "--traces", os.path.join(ROOT, "corpus", "traces"),
               "--benchmark_out=" + os.path.join(folder, "gbench.json"),
               "--benchmark_out_format=json"]
    for name in ("QUICK", "FULL"):
        if name in chosen:
            command.append("--" + name.lower())
    for name in ("WORKLOAD", "TABLE", "N"):
        if name in chosen:
            command += ["--" + name.lower(), chosen[name]]
    return command


def run(chosen, build, folder):
    """Fills `folder`; returns False if a cell failed."""
    name, dirty = commit()
    about = machine.describe(build)
    about.update({"schema": SCHEMA, "commit": name, "dirty": dirty, "options": chosen, "seed": 1,
                  "started": datetime.datetime.now(datetime.timezone.utc).isoformat("T", "seconds"),
                  "load_before": os.getloadavg()})
    start, steal = time.monotonic(), machine.steal_ticks()
    done = subprocess.run(bench_command(chosen, build, folder), check=False)
    if done.returncode not in (0, 1):
        raise Failure("ebb-bench ended with status %d" % done.returncode
                      if done.returncode != 2 else "nothing was measured")
    about["seconds"] = round(time.monotonic() - start, 1)
    about["load_after"] = os.getloadavg()
    if steal is not None:
        about["steal_ticks"] = machine.steal_ticks() - steal
    compact(os.path.join(folder, "gbench.json"))
    ask_ebb(os.path.join(build, "ebb"), folder)
    with open(os.path.join(folder, "env.json"), "w", encoding="utf-8") as file:
        json.dump(about, file, indent=1)
        file.write("\n")
    return done.returncode == 0, about


def ask_ebb(ebb, folder):
    """What the report needs of the tables and workloads themselves."""
    for name, words in (("tables.tsv", ["tables"]), ("workloads.tsv", ["gen", "--list"]),
                        ("article.tsv", ["article"])):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            subprocess.run([ebb] + words, stdout=file, check=True)


def compact(path):
    """Google Benchmark's JSON, one benchmark a line instead of thirty, without the names of
    this machine and its folders."""
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    data["context"].pop("host_name", None)
    data["context"]["executable"] = os.path.basename(data["context"]["executable"])
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"context": %s,\n"benchmarks": [\n' % json.dumps(data["context"]))
        file.write(",\n".join(json.dumps(b, separators=(",", ":")) for b in data["benchmarks"]))
        file.write("\n]}\n")


def final_name(about, chosen):
    date = about["started"][:10]
    name = "%s-%s%s-%s" % (date, about["commit"], "-dirty" if about["dirty"] else "",
                           about["machine"])
    if chosen:
        name += "-" + "-".join(key.lower() for key in sorted(chosen))
    path, count = os.path.join(RESULTS, name), 1
    while os.path.exists(path):
        count += 1
        path = os.path.join(RESULTS, "%s.%d" % (name, count))
    return path


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    chosen = options()
    build = os.path.join(ROOT, "build", "release")
    if "TABLE_FILE" in chosen:
        build = build_outside(chosen["TABLE_FILE"])
    os.makedirs(RESULTS, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=".unfinished-", dir=RESULTS)
    try:
        good, about = run(chosen, build, folder)
        summary = report.write(folder)
        os.chmod(folder, 0o755)
        path = final_name(about, chosen)
        os.rename(folder, path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(summary)
    print("report: %s" % os.path.relpath(os.path.join(path, "report.md"), os.getcwd()))
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("bench: %s" % failure, file=sys.stderr)
        sys.exit(failure.status)
    except OSError as error:
        print("bench: %s: %s; earlier results are untouched" %
              (error.filename or "results", error.strerror), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("bench: interrupted; nothing was kept, earlier results are untouched",
              file=sys.stderr)
        sys.exit(130)
