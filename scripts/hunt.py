#!/usr/bin/env python3
"""Lets each fuzzing engine search for each planted bug; scripts/hunt calls it."""
import collections
import concurrent.futures
import csv
import fnmatch
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True

from fuzz_engines import BUILD, Failure, LIBFUZZER, MAX_CLIMB, ROOT, afl_environment, build
from hunt_report import write_report
from oracles import oracle_of
from run_fuzz import available, one_of, whole

RESULTS = os.path.join(ROOT, "results", "hunt")
WORK = os.path.join(BUILD, "hunt")
ENGINES = ("libfuzzer", "afl")
LOOK_EVERY = 0.1 # seconds between looks whether a trial has ended
WEIGH_EVERY = 0.2 # ... and at its CPU time, for which all of /proc is read
NOTHING = bytes([1, 0, 0, 0, 0, 0, 0, 0]) # the header of an input, and one step (fuzz/input.h)
WALL_FACTOR = 20 # a trial ends after so many times its seconds on the clock, whatever it got of the CPU

STOPPED = threading.Event() # by an interrupt: whatever runs is to end

Bug = collections.namedtuple("Bug", "name target seen_as reported text")
Trial = collections.namedtuple("Trial", "bug engine trial found executions cpu_seconds oracle said")


# ---- what is hunted, and from where ------------------------------------------------------


def catalogue():
    """All planted bugs, as their own test lists them."""
    build("hard", "test_planted_bugs")
    said = subprocess.run([os.path.join(BUILD, "hard", "test", "test_planted_bugs"), "--list"],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Bug(*line.split("\t")) for line in said.splitlines()]


def preset(engine, bug):
    return "hunt-" + engine + ("-asan" if bug.seen_as == "sanitizer" else "")


def program(engine, bug):
    return os.path.join(BUILD, preset(engine, bug), "hunt_" + bug.name)


def frozen_seeds(target):
    """Paths of the frozen inputs of a target; of differential's where it has none."""
    with open(os.path.join(ROOT, "corpus", "frozen"), encoding="utf-8") as file:
        names = [line.strip() for line in file if not line.startswith("#")]
    own = [name for name in names if name.startswith(target + "/")]
    paths = [os.path.join(ROOT, "corpus", "seed", name)
             for name in own or [name for name in names if name.startswith("differential/")]]
    return [path for path in paths if os.path.exists(path)]


def from_nothing():
    """Whether trials start from NOTHING instead of the frozen inputs."""
    return one_of("SEEDS", ("frozen", "none"), "frozen") == "none"


def results():
    return os.path.join(RESULTS, "from_nothing") if from_nothing() else RESULTS


def copy_seeds(target, folder):
    if from_nothing():
        with open(os.path.join(folder, "nothing"), "wb") as file:
            file.write(NOTHING)
        return
    paths = frozen_seeds(target)
    if not paths:
        raise Failure("corpus/seed holds none of the inputs that corpus/frozen names for " + target)
    for path in paths:
        shutil.copy(path, folder)


def report(folder, bugs, trials, seconds):
    """Writes the page; returns the names of the bugs that nobody found."""
    seeds = {} if from_nothing() else {bug.target: len(frozen_seeds(bug.target)) for bug in bugs}
    return write_report(folder, bugs, trials, seconds, seeds)


# ---- one trial ------------------------------------------------------------------------------


def cpu_of(pid):
    """CPU seconds of a process and all below it; AFL++ starts what it runs in a session of its own."""
    ticks, children = {}, collections.defaultdict(list)
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="latin-1") as file:
                head, _, rest = file.read().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        ticks[int(head.split()[0])] = sum(map(int, fields[11:15]))
        children[int(fields[1])].append(int(head.split()[0]))
    below, at = [pid], 0
    while at < len(below):
        below += children[below[at]]
        at += 1
    return sum(ticks.get(one, 0) for one in below) / os.sysconf("SC_CLK_TCK")


def run_limited(command, environment, seconds, log):
    """Runs a command until it ends or its CPU time is used up; returns the CPU seconds."""
    with open(log, "wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        used, start, told = 0.0, time.time(), False
        weighed = start
        while True:
            done, _, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                process.returncode = 0 # collected here, with what it used
                return max(used, usage.ru_utime + usage.ru_stime)
            if time.time() - weighed >= WEIGH_EVERY:
                used, weighed = max(used, cpu_of(process.pid)), time.time()
            late = time.time() - start
            if (used >= seconds or late > WALL_FACTOR * seconds) and not told:
                os.killpg(process.pid, signal.SIGINT)
                told, start = True, time.time()
            elif STOPPED.is_set() or (told and late > 30):
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(LOOK_EVERY)


def sentence(text):
    """What the oracle said, from all that a program printed."""
    for pattern in (r"^# .*step \d+: (.*)$", r"(ERROR: AddressSanitizer: [\w-]+)", r"(runtime error: .*)$",
                    r"(Assertion .* failed)", r"(CHECK failed: .*)$", r"(ALARM: .*|timeout.*)$",
                    r"(deadly signal)"):
        found = re.search(pattern, text, re.M)
        if found:
            return found.group(1)
    return ""


def replay(bug, path):
    """What the libFuzzer build says of one input."""
    done = subprocess.run([program("libfuzzer", bug), "-timeout=10", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False, env=sanitizer_options())
    return sentence(done.stderr.decode(errors="replace"))


def sanitizer_options():
    return dict(os.environ, ASAN_OPTIONS="detect_leaks=0:symbolize=0:abort_on_error=1",
                UBSAN_OPTIONS="symbolize=0:halt_on_error=1:abort_on_error=1")


def try_libfuzzer(bug, number, folder, seconds):
    log = os.path.join(folder, "log")
    command = [program("libfuzzer", bug), "-seed=%d" % (number + 1), "-max_len=%d" % MAX_CLIMB,
               "-timeout=10", "-detect_leaks=0", *LIBFUZZER,
               "-artifact_prefix=" + os.path.join(folder, "finding-"), os.path.join(folder, "seeds")]
    cpu = run_limited(command, sanitizer_options(), seconds, log)
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    executions = re.findall(r"number_of_executed_units: (\d+)", text)
    found = glob.glob(os.path.join(folder, "finding-*"))
    return bool(found), int(executions[-1]) if executions else 0, cpu, sentence(text)


def try_afl(bug, number, folder, seconds):
    out = os.path.join(folder, "out")
    environment = dict(sanitizer_options(), **{key: value for key, value in afl_environment(bug.target).items()
                                               if key.startswith("AFL_")})
    environment.update(AFL_BENCH_UNTIL_CRASH="1", AFL_CRASHING_SEEDS_AS_NEW_CRASH="1")
    environment["ASAN_OPTIONS"] += ":log_path=/dev/null"
    command = ["afl-fuzz", "-i", os.path.join(folder, "seeds"), "-o", out, "-G", str(MAX_CLIMB),
               "-s", str(number + 1), "-t", "2000+", "--", program("afl", bug)]
    cpu = run_limited(command, environment, seconds, os.path.join(folder, "log"))
    crashes = glob.glob(os.path.join(out, "default", "crashes", "id*"))
    stats = {}
    path = os.path.join(out, "default", "fuzzer_stats")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            stats = dict(re.findall(r"^(\w+)\s*: (.*)$", file.read(), re.M))
    said = replay(bug, crashes[0]) if crashes else ""
    return bool(crashes), int(stats.get("execs_done", 0)), cpu, said


TRY = {"libfuzzer": try_libfuzzer, "afl": try_afl}


def run_trial(bug, engine, number, seconds):
    folder = os.path.join(WORK, "%s-%s-%d" % (bug.name, engine, number))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "seeds"))
    copy_seeds(bug.target, os.path.join(folder, "seeds"))
    found, executions, cpu, said = TRY[engine](bug, number, folder, seconds)
    shutil.rmtree(folder)
    oracle = oracle_of(said) if said else "crash" if found else ""
    return Trial(bug.name, engine, number, found, executions, round(cpu, 3), oracle, said)


# ---- all of them -------------------------------------------------------------------------------


def options():
    wanted = one_of("ENGINE", ENGINES + ("both",), "both")
    engines = available([name for name in ENGINES if wanted in (name, "both")])
    return engines, whole("TRIALS", 1), whole("SECONDS", 60), whole("JOBS", 1)


def build_all(engines, bugs):
    for engine in set(engines) | {"libfuzzer"}: # which also replays what AFL++ finds
        for name in sorted({preset(engine, bug) for bug in bugs}):
            build(name, *["hunt_" + bug.name for bug in bugs if preset(engine, bug) == name])
    build("release", "afl_mutator")


def keep(trials):
    """Every trial so far, so that an interrupt loses none."""
    os.makedirs(results(), exist_ok=True)
    path = os.path.join(results(), "trials.csv")
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Trial._fields)
        writer.writerows(sorted(trials))
    os.replace(path + ".new", path)


def kept():
    """The trials in trials.csv; none without it."""
    if not os.path.exists(os.path.join(results(), "trials.csv")):
        return []
    with open(os.path.join(results(), "trials.csv"), encoding="utf-8", newline="") as file:
        return [Trial(row["bug"], row["engine"], int(row["trial"]), row["found"] == "True",
                      int(row["executions"]), float(row["cpu_seconds"]), row["oracle"], row["said"])
                for row in csv.DictReader(file)]


def main():
    if os.environ.get("REPORT", "0") != "0":
        trials = kept()
        tried = {trial.bug for trial in trials}
        missed = report(results(), [bug for bug in catalogue() if bug.name in tried], trials,
                        whole("SECONDS", 60))
        return 1 if missed else 0
    engines, trials, seconds, jobs = options()
    wanted = os.environ.get("BUG") or "*"
    bugs = [bug for bug in catalogue() if fnmatch.fnmatch(bug.name, wanted)]
    if not bugs:
        raise Failure("BUG=%s: no such bug in impl/test/planted" % wanted)
    build_all(engines, bugs)
    done = [trial for trial in kept() if trial.bug in {bug.name for bug in bugs}] if os.environ.get("MORE", "0") != "0" else []
    there = {(trial.bug, trial.engine, trial.trial) for trial in done}
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    running = [pool.submit(run_trial, bug, engine, number, seconds)
               for number in range(trials) for bug in bugs for engine in engines
               if (bug.name, engine, number) not in there]
    try:
        for future in concurrent.futures.as_completed(running):
            trial = future.result()
            done.append(trial)
            print("%-24s %-9s %s %9d executions %7.1f s  %s" % (
                trial.bug, trial.engine, "found " if trial.found else "MISSED", trial.executions,
                trial.cpu_seconds, trial.said), flush=True)
            if wanted == "*":
                keep(done)
    finally:
        STOPPED.set()
        pool.shutdown(cancel_futures=True)
    missed = report(results() if wanted == "*" else WORK, bugs, done, seconds)
    return 1 if missed else 0 if len(engines) == len(ENGINES) else 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("hunt: %s" % failure, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("hunt: interrupted; the trials so far are in %s/trials.csv" % results(), file=sys.stderr)
        sys.exit(130)
