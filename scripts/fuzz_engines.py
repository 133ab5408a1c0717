"""The fuzzing engines: which builds they need, and one run of one target.

Variants: "plain"; "asan", with AddressSanitizer and UndefinedBehaviorSanitizer; "cmplog"
(AFL++ only), which beside the plain build runs one that logs comparisons. And by themselves
(libFuzzer), at the usual sizes instead of the smallest: "usual"; and "peers", where other people's
tables are among those that an input chooses from.
"""
import collections
import ctypes
import glob
import hashlib
import os
import re
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
VARIANTS = {"libfuzzer": ("plain", "asan"), "afl": ("plain", "cmplog", "asan")}
PRESETS = {("libfuzzer", "plain"): "fuzz", ("libfuzzer", "asan"): "fuzz-asan",
           ("libfuzzer", "usual"): "fuzz-usual", ("libfuzzer", "peers"): "fuzz-peers",
           ("afl", "plain"): "afl", ("afl", "asan"): "afl-asan", ("afl", "cmplog"): "afl-cmplog"}
NEEDS = {"libfuzzer": ("clang", "clang"), "afl": ("afl-fuzz", "afl++")} # command, package

# 6 bytes of header and 64 steps: longer inputs find little more and cost more. To climb
# takes more steps.
MAX_INPUT, MAX_CLIMB = 134, 6 + 2 * 256

# Features are edges, without how often each was taken. Counted too, 25,000 of 680,000 inputs
# on differential were new and kept: 32,000 executions a CPU second instead of 51,000, and the
# planted bug shrinks_at_half took 38 to 43 seconds instead of 6 to 13. The entropic schedule
# found it in 2 to 7, but took 70 % of the time once 4,000 inputs had to be weighed.
LIBFUZZER = ["-entropic=0", "-use_counters=0", "-print_final_stats=1"]

# What is found is replayed, and told with the stacks of its blocks then: 13 % more executions.
ASAN = "malloc_context_size=0" # beside what fuzz/sanitizers.c says

HANGS = 10 # seconds that no input takes, under a sanitizer and on a busy machine either

Run = collections.namedtuple("Run", "executions cpu_seconds new stability")


class Failure(Exception):
    """One line for the user."""


def max_input(target):
    """The most bytes of an input."""
    return MAX_CLIMB if target == "greed" else MAX_INPUT


def missing(engine):
    """None, or what is missing and the Debian package that brings it."""
    command, package = NEEDS[engine]
    if shutil.which(command):
        return None
    return "%s is not installed (Debian package %s)" % (command, package)


def build(preset, *only):
    """Builds a preset, or only some targets of it."""
    subprocess.run([os.path.join(ROOT, "scripts", "build"), preset] + list(only), check=True)


def build_engine(engine, variant):
    """Builds what run() of that engine and variant needs."""
    if variant == "cmplog":
        build(PRESETS["afl", "plain"])
    build(PRESETS[engine, variant])
    if engine == "afl":
        build("release", "afl_mutator")


def program(engine, variant, target):
    """The path of a target's program."""
    return os.path.join(BUILD, PRESETS[engine, variant], "fuzz_" + target)


PR_SET_CHILD_SUBREAPER = 36 # linux/prctl.h


def adopt_orphans():
    """Whoever a child leaves behind is ours to wait for: afl-fuzz kills its target at the end
    and does not, and the target's CPU time, half of all, would be nobody's."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_cpu():
    """CPU seconds of ended child processes, and of their orphans (a second at most to end)."""
    late = time.monotonic() + 1
    try:
        while os.waitpid(-1, os.WNOHANG)[0] or time.monotonic() < late:
            time.sleep(0.01)
    except ChildProcessError:
        pass
    times = os.times()
    return times.children_user + times.children_system


def run_libfuzzer(target, variant, corpus, findings, seconds, jobs):
    """One run of libFuzzer on a corpus that it adds to."""
    command = [program("libfuzzer", variant, target), "-max_len=%d" % max_input(target),
               "-max_total_time=%d" % seconds, "-timeout=%d" % HANGS, "-verbosity=0", *LIBFUZZER,
               "-artifact_prefix=" + findings + os.sep, corpus]
    if jobs > 1:
        command[1:1] = ["-fork=%d" % jobs, "-ignore_crashes=1"]
    before = children_cpu()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env=dict({"ASAN_OPTIONS": ASAN}, **os.environ))
    text = done.stdout.decode(errors="replace")
    if done.returncode and not glob.glob(os.path.join(findings, "*")):
        raise Failure("libFuzzer, %s: %s" % (target, " ".join(text.split())[-300:]))
    executions = re.findall(r"number_of_executed_units: (\d+)", text) or re.findall(r"^#(\d+)", text, re.M)
    new = re.findall(r"new_units_added: +(\d+)", text)
    return Run(int(executions[-1]) if executions else 0, children_cpu() - before,
               int(new[-1]) if new else 0, None)


def afl_environment(target):
    """What afl-fuzz reads from its environment. It and its target take turns: each pair on a core
    of its own does 45,000 executions a second, on whatever core is idle 12,000."""
    environment = dict(os.environ, AFL_NO_UI="1", AFL_TRY_AFFINITY="1", AFL_SKIP_CPUFREQ="1",
                       AFL_FAST_CAL="1", AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1")
    if not target.startswith("trace_"):
        environment["AFL_CUSTOM_MUTATOR_LIBRARY"] = os.path.join(BUILD, "release", "libafl_mutator.so")
    return environment


def take(path, folder):
    """Copies an input, named as libFuzzer names its own: by its content. AFL++ names one after
    what it was made from, and after some runs on each other's queues that is too long for a file."""
    with open(path, "rb") as file:
        place = os.path.join(folder, hashlib.sha1(file.read()).hexdigest())
    if not os.path.exists(place): # else the same: AFL++ links its queue to what it began with
        shutil.copy(path, place)


def collect_afl(out, corpus, findings):
    """The queues of a run join the corpus, its crashes and hangs the findings."""
    for kind, into in (("queue", corpus), ("crashes", findings), ("hangs", findings)):
        for path in glob.glob(os.path.join(out, "s*", kind, "id*")):
            take(path, into)


def run_afl(target, variant, corpus, findings, seconds, jobs):
    """One run of AFL++. What it finds is collected however it ends; what an interrupted one could
    not collect, by the next."""
    out = os.path.join(BUILD, "afl-out", target)
    collect_afl(out, corpus, findings)
    shutil.rmtree(out, ignore_errors=True)
    try:
        return search_afl(target, variant, corpus, out, seconds, jobs)
    finally:
        collect_afl(out, corpus, findings)


def search_afl(target, variant, corpus, out, seconds, jobs):
    """afl-fuzz, so many at a time."""
    os.makedirs(os.path.dirname(out), exist_ok=True)
    extra = ["-c", program("afl", "cmplog", target)] if variant == "cmplog" else []
    main = program("afl", "plain" if variant == "cmplog" else variant, target)
    adopt_orphans()
    before = children_cpu()
    running = []
    for job in range(jobs):
        command = ["afl-fuzz", "-i", corpus, "-o", out, "-G", str(max_input(target)), "-V", str(seconds),
                   "-S", "s%d" % job] + extra + ["--", main]
        running.append(subprocess.Popen(command, env=afl_environment(target), stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT))
    for process in running:
        said, _ = process.communicate()
        if process.returncode:
            raise Failure("afl-fuzz, %s: %s" % (target, said.decode(errors="replace").strip()[-300:]))
    cpu = children_cpu() - before
    executions, new, stability = 0, 0, 100.0
    for folder in sorted(glob.glob(os.path.join(out, "s*"))):
        with open(os.path.join(folder, "fuzzer_stats"), encoding="utf-8") as file:
            stats = dict(re.findall(r"^(\w+)\s*: (.*)$", file.read(), re.M))
        executions += int(stats["execs_done"])
        new += int(stats["corpus_found"])
        stability = min(stability, float(stats["stability"].rstrip("%")))
    return Run(executions, cpu, new, stability)


RUN = {"libfuzzer": run_libfuzzer, "afl": run_afl}
