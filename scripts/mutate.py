#!/usr/bin/env python3
"""Makes the mutants, builds them, has them killed, and reports; scripts/mutate calls it."""
import glob
import os
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from collections import Counter

from mutants import Mutator
from oracles import oracle_of

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "mutants")
TREE = os.path.join(BUILD, "tree")
REASONS = os.path.join(ROOT, "scripts", "mutate_reasons")
MOST_EXCUSED = 5 # per cent

TESTS = ("test_corrupt_*", "test_geometry", "test_contract", "test_bucket_portable", "test_segment_room",
         "test_segment_hostile", "test_segment_refused")
RECORDING = "corpus/traces/python_compile.ebt.zst"


def headers():
    """What is mutated, below impl/. Not segment/room.h, which speaks with the system: in the smallest
    sizes most of that is left out (impl/test/segment_room.c is its test)."""
    found = [path for pattern in ("engine/*.h", "layout/*.h", "segment/*.h", "strategy/*.h")
             for path in sorted(glob.glob(os.path.join(ROOT, "impl", pattern)))]
    found.remove(os.path.join(ROOT, "impl", "segment", "room.h"))
    return found + [os.path.join(ROOT, "impl", name) for name in (
        "table.h", "requests.h", "gradual.h", "many.h", "on_request.h", "policy.h", "shrinking.h")]


def quietly(*command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace")[-4000:])
        sys.exit("mutate: '%s' failed" % " ".join(command))


def units():
    """Units of every engine, of every strategy and of whole tables, so that every header is read."""
    generated = os.path.join(BUILD, "plain", "generated")
    quietly("cmake", "-G", "Ninja", "-S", ROOT, "-B", os.path.join(BUILD, "plain"),
            "-DCMAKE_C_COMPILER=clang-19", "-DEBB_HARD=ON")
    names = [[os.path.basename(path)[:-2] for path in sorted(glob.glob(os.path.join(ROOT, "impl", kind, "*.h")))]
             for kind in ("engine", "strategy")]
    pairs = [(engine, "shrink") for engine in names[0]]
    for engine in (names[0][0], names[0][-1]): # not every strategy is under every engine
        pairs += [(engine, strategy) for strategy in names[1]]
    return ([os.path.join(generated, "%s_%s.c" % pair) for pair in sorted(set(pairs))] +
            sorted(glob.glob(os.path.join(ROOT, "impl", "whole", "*.c"))))


def make_mutants():
    mutator = Mutator(ROOT)
    wanted = set(headers())
    for unit in units():
        mutator.parse(unit, ["-std=gnu11", "-DHT_HARD", "-DHT_CHECKED", "-I" + os.path.join(ROOT, "impl")], wanted)
    seen = Counter()
    for mutant in mutator.mutants:
        mutant["file"] = os.path.relpath(mutant["file"], ROOT)
        seen[name_of(mutant)] += 1
        if seen[name_of(mutant)] > 1: # of equal ones in equal lines of a function
            mutant["before"] += " (number %d)" % seen[name_of(mutant)]
    return mutator, wanted


def name_of(mutant):
    return tuple(mutant[part] for part in ("file", "function", "text", "before", "after"))


def build(mutator, wanted):
    shutil.rmtree(TREE, ignore_errors=True)
    for folder in ("impl", "bench", "cmake", "fuzz", "tool"):
        shutil.copytree(os.path.join(ROOT, folder), os.path.join(TREE, folder))
    shutil.copy(os.path.join(ROOT, "CMakeLists.txt"), TREE)
    for path in wanted:
        with open(os.path.join(TREE, os.path.relpath(path, ROOT)), "w", encoding="latin-1") as file:
            file.write('#include "mutants/switch.h"\n' + mutator.mutated(path))
    folder = os.path.join(BUILD, "build")
    quietly("cmake", "-G", "Ninja", "-S", TREE, "-B", folder, "-DCMAKE_BUILD_TYPE=Debug",
            "-DCMAKE_C_COMPILER=clang-19", "-DEBB_HARD=ON", "-DEBB_CHECKED=ON", "-DEBB_MUTANTS=ON",
            "-DCMAKE_C_FLAGS_DEBUG=-O2 -w")
    tests = ["test_" + os.path.basename(path)[:-2] for pattern in TESTS
             for path in sorted(glob.glob(os.path.join(ROOT, "impl", "test", pattern[5:] + ".c")))]
    quietly("cmake", "--build", folder, "--target", "ebb_mutants", *tests)
    programs = [os.path.join(folder, "test", test) for test in tests]
    for program in programs: # one that fails without a mutant would seem to notice each
        quietly(program)
    return folder, programs


def kill(folder, tests, numbers):
    """number -> (stage, what noticed it)."""
    environment = dict(os.environ, MALLOC_PERTURB_="165") # fresh memory is not 0
    command = [os.path.join(folder, "ebb_mutants"), os.path.join(ROOT, "corpus"), os.path.join(ROOT, RECORDING)]
    verdicts = {}
    with subprocess.Popen(command + tests, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, errors="replace") as process:
        process.stdin.write("\n".join(map(str, numbers)))
        process.stdin.close()
        for line in process.stdout:
            number, stage, what = line.rstrip("\n").split("\t", 2)
            verdicts[int(number)] = (stage, what)
            if sys.stderr.isatty() and len(verdicts) % 10 == 0:
                sys.stderr.write("\r%d of %d " % (len(verdicts), len(numbers)))
    if process.returncode or len(verdicts) != len(numbers):
        sys.exit("mutate: ebb_mutants ended with %d after %d of %d"
                 % (process.returncode, len(verdicts), len(numbers)))
    return verdicts


def reasons():
    """What name_of says of a mutant -> why no trace can tell."""
    known = {}
    with open(REASONS, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                *name, why = line.rstrip("\n").split("\t")
                known[tuple(name)] = why
    return known


def noticed_by(stage, what):
    if stage in ("replay", "explore"):
        return stage, oracle_of(what)
    return stage, {"test": what, "record": "checksum", "differ": "digest"}[stage]


def report(mutants, verdicts, seconds):
    known, used = reasons(), set()
    killed, survivors, excused = Counter(), 0, 0
    for number, (stage, what) in sorted(verdicts.items()):
        mutant = mutants[number - 1]
        if stage != "survives":
            killed[noticed_by(stage, what)] += 1
            continue
        key = name_of(mutant)
        used.add(key)
        excused += key in known
        survivors += key not in known
        print("%s %s:%d: in '%s' %s: %s%s" % (
            "excused " if key in known else "SURVIVES", mutant["file"], mutant["line"], mutant["text"],
            "deleted" if mutant["kind"] == "delete" else "'%s'" % mutant["before"],
            mutant["after"] or mutant["before"], "\n         " + known[key] if key in known else ""))
    stale = sorted(set(known) - used) if len(verdicts) == len(mutants) else []
    for key in stale:
        print("stale    scripts/mutate_reasons: %s, %s: '%s' %s" % key[:4])
    print()
    for (stage, oracle), count in sorted(killed.items(), key=lambda item: (-item[1], item[0])):
        print("%6d killed: %-8s %s" % (count, stage, oracle))
    total = len(verdicts)
    print("%6d mutants, %d killed, %d excused (%.1f %%), %d survive; %d s" % (
        total, sum(killed.values()), excused, 100 * excused / total, survivors, seconds))
    whole = not os.environ.get("ONLY") # a part may need more excuses than all together
    return 1 if survivors or stale or (whole and 100 * excused > MOST_EXCUSED * total) else 0


def main():
    start = time.time()
    os.makedirs(BUILD, exist_ok=True)
    mutator, wanted = make_mutants()
    folder, tests = build(mutator, wanted)
    only = os.environ.get("ONLY") or ""
    numbers = [number for number, mutant in enumerate(mutator.mutants, 1)
               if any(word in "%s:%d" % (mutant["file"], mutant["line"]) for word in only.split() or [""])]
    if not numbers:
        sys.exit("mutate: no mutant's file:line contains one of '%s'" % only)
    verdicts = kill(folder, tests, numbers)
    with open(os.path.join(BUILD, "verdicts.tsv"), "w", encoding="utf-8") as file:
        for number, mutant in enumerate(mutator.mutants, 1):
            if number not in verdicts:
                continue
            file.write("\t".join([mutant["file"], str(mutant["line"]), mutant["text"], mutant["before"],
                                  mutant["after"], *verdicts[number]]) + "\n")
    return report(mutator.mutants, verdicts, time.time() - start)


if __name__ == "__main__":
    sys.exit(main())
