#!/usr/bin/env python3
"""Runs the fuzz targets with both engines and keeps what they find; scripts/fuzz calls it.

Each target starts from corpus/seed/TARGET. The engines work one after the other and
hand their corpora on; then libFuzzer merges what brings new coverage, in its smallest
form, back into corpus/seed/TARGET. An input that crashes is minimised and kept in
build/findings/TARGET, with the steps it stands for beside it.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
ENGINES = ("libfuzzer", "afl")

# 6 bytes of header and 64 steps: longer inputs find little more and cost more.
MAX_INPUT = 134


class Failure(Exception):
    """One line for the user."""


def targets():
    names = [os.path.basename(path)[:-2] for path in glob.glob(os.path.join(ROOT, "fuzz/target/*.c"))]
    return sorted(names)


def options():
    """(targets, engines, seconds, jobs) from the environment."""
    known = targets()
    target = os.environ.get("TARGET")
    if target and target not in known:
        raise Failure("unknown target '%s' (known: %s)" % (target, " ".join(known)))
    engine = os.environ.get("ENGINE") or "both"
    if engine not in ENGINES + ("both",):
        raise Failure("unknown engine '%s' (known: libfuzzer afl both)" % engine)
    numbers = []
    for name, default in (("SECONDS", "60"), ("JOBS", "1")):
        value = os.environ.get(name) or default
        if not value.isdigit() or int(value) < 1:
            raise Failure("%s=%s: not a whole number of at least 1" % (name, value))
        numbers.append(int(value))
    return ([target] if target else known, ENGINES if engine == "both" else (engine,),
            numbers[0], numbers[1])


def build(preset, *only):
    subprocess.run([os.path.join(ROOT, "scripts", "build"), preset] + list(only), check=True)


def fill(folder, *sources):
    """Copies files into a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for source in sources:
        for path in glob.glob(os.path.join(source, "*")):
            if os.path.isfile(path) and os.path.getsize(path):
                shutil.copy(path, folder)
    if not os.listdir(folder):
        with open(os.path.join(folder, "first"), "wb") as file:
            file.write(b"\1\0\0\0\0\0\0\1\5\1")
    return folder


# ---- the engines --------------------------------------------------------------------


def run_libfuzzer(target, corpus, findings, seconds, jobs):
    """Returns (executions, CPU seconds)."""
    program = os.path.join(BUILD, "fuzz", "fuzz_" + target)
    command = [program, "-max_len=%d" % MAX_INPUT, "-max_total_time=%d" % seconds, "-entropic=0",
               "-print_final_stats=1", "-artifact_prefix=" + findings + os.sep, corpus]
    if jobs > 1:
        command[1:1] = ["-fork=%d" % jobs, "-ignore_crashes=1"]
    before = os.times()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    cpu = os.times().children_user + os.times().children_system
    cpu -= before.children_user + before.children_system
    text = done.stdout.decode(errors="replace")
    found = re.findall(r"number_of_executed_units: (\d+)", text) or re.findall(r"^#(\d+)", text, re.M)
    return int(found[-1]) if found else 0, cpu


def run_afl(target, corpus, findings, seconds, jobs):
    """Returns (executions, CPU seconds). Its queue joins the corpus, its crashes the findings."""
    out = os.path.join(BUILD, "afl-out", target)
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    program = os.path.join(BUILD, "afl", "fuzz_" + target)
    environment = dict(os.environ, AFL_NO_UI="1", AFL_NO_AFFINITY="1", AFL_SKIP_CPUFREQ="1",
                       AFL_FAST_CAL="1", AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1")
    if not target.startswith("trace_"):
        environment["AFL_CUSTOM_MUTATOR_LIBRARY"] = os.path.join(BUILD, "release", "libafl_mutator.so")
    before = os.times()
    running = []
    for job in range(jobs):
        command = ["afl-fuzz", "-i", corpus, "-o", out, "-G", str(MAX_INPUT), "-V", str(seconds),
                   "-S", "s%d" % job, "--", program]
        running.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE))
    for process in running:
        _, err = process.communicate()
        if process.returncode:
            raise Failure("afl-fuzz: " + err.decode(errors="replace").strip()[-300:])
    cpu = os.times().children_user + os.times().children_system
    cpu -= before.children_user + before.children_system
    executions = 0
    for folder in glob.glob(os.path.join(out, "s*")):
        with open(os.path.join(folder, "fuzzer_stats"), encoding="utf-8") as file:
            stats = dict(re.findall(r"^(\w+)\s*: (.*)$", file.read(), re.M))
        executions += int(stats["execs_done"])
        for kind, into in (("queue", corpus), ("crashes", findings), ("hangs", findings)):
            for path in glob.glob(os.path.join(folder, kind, "id*")):
                shutil.copy(path, os.path.join(into, "afl-" + os.path.basename(path).replace(":", "-")))
    return executions, cpu


RUN = {"libfuzzer": run_libfuzzer, "afl": run_afl}


# ---- what is kept ---------------------------------------------------------------------


def coverage(text):
    """(edges, features) of libFuzzer's last line."""
    found = re.findall(r"cov: (\d+) ft: (\d+)", text)
    return tuple(map(int, found[-1])) if found else (0, 0)


def smallest_cover(target, corpus, *flags):
    """A folder with the fewest inputs that cover what the corpus covers."""
    program = os.path.join(BUILD, "fuzz", "fuzz_" + target)
    merged = os.path.join(BUILD, "corpus", target + ".merged")
    shutil.rmtree(merged, ignore_errors=True)
    os.makedirs(merged)
    done = subprocess.run([program, "-set_cover_merge=1", "-max_len=%d" % MAX_INPUT, *flags, merged,
                           corpus], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode or not os.listdir(merged):
        raise Failure("merging %s failed; its corpus is in %s" % (target, corpus))
    return merged


def merge(target, corpus):
    """Brings the fewest inputs that reach every edge back into corpus/seed/TARGET; returns
    how many are new and kept, and the coverage of what is kept."""
    seed = os.path.join(ROOT, "corpus", "seed", target)
    merged = smallest_cover(target, corpus, "-use_counters=0")
    names = sorted(os.listdir(merged))
    before = set(os.listdir(seed)) if os.path.isdir(seed) else set()
    os.makedirs(seed, exist_ok=True)
    for name in sorted(before - set(names)):
        os.unlink(os.path.join(seed, name))
    for name in names:
        shutil.copy(os.path.join(merged, name), os.path.join(seed, name))
    said = subprocess.run([os.path.join(BUILD, "fuzz", "fuzz_" + target), "-runs=0", seed],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False).stderr
    return len(set(names) - before), len(names), coverage(said.decode(errors="replace"))


def explain(target, findings):
    """Minimises each finding and writes what it says beside it; returns the names."""
    program = os.path.join(BUILD, "fuzz", "fuzz_" + target)
    names = []
    for path in sorted(glob.glob(os.path.join(findings, "*"))):
        if path.endswith((".txt", ".min")):
            continue
        subprocess.run([program, "-minimize_crash=1", "-runs=20000",
                        "-exact_artifact_path=" + path + ".min", path],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        smallest = path + ".min" if os.path.exists(path + ".min") else path
        said = subprocess.run([program, smallest], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, check=False).stderr
        with open(path + ".txt", "wb") as file:
            file.write(said)
        names.append(os.path.relpath(path, ROOT))
    return names


def fuzz(target, engines, seconds, jobs):
    seed = os.path.join(ROOT, "corpus", "seed", target)
    corpus = fill(os.path.join(BUILD, "corpus", target), seed)
    findings = os.path.join(BUILD, "findings", target)
    os.makedirs(findings, exist_ok=True)
    for number, engine in enumerate(engines):
        if number: # hand on what covers, not the thousands of inputs that led there
            corpus = fill(corpus, smallest_cover(target, corpus))
        executions, cpu = RUN[engine](target, corpus, findings, seconds, jobs)
        print("%-14s %-10s %10d executions, %7.0f a CPU second" %
              (target, engine, executions, executions / max(cpu, 0.01)), flush=True)
    new, kept, (edges, features) = merge(target, corpus)
    print("%-14s %-10s %10d inputs kept, %d new; %d edges, %d features" %
          (target, "corpus", kept, new, edges, features), flush=True)
    crashes = explain(target, findings)
    for name in crashes:
        print("%-14s CRASH      %s (what it says: %s.txt)" % (target, name, name))
    return len(crashes)


def main():
    names, engines, seconds, jobs = options()
    build("fuzz") # libFuzzer's build also merges and minimises
    if "afl" in engines:
        build("afl")
        build("release", "afl_mutator")
    crashes = sum(fuzz(target, engines, seconds, jobs) for target in names)
    print("%d crashes" % crashes)
    return 1 if crashes else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("fuzz: %s" % failure, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("fuzz: interrupted; findings so far are in build/findings", file=sys.stderr)
        sys.exit(130)
