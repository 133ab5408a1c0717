#!/usr/bin/env python3
"""Runs the fuzz targets with both engines and keeps what they find; scripts/fuzz calls it.

Each target starts from corpus/seed/TARGET. The engines work one after the other and
hand their corpora on; then libFuzzer merges what brings new coverage, in its smallest
form, back into corpus/seed/TARGET. The exit status is 1 if something was found, 3 if an
engine had to be left out.
"""
import glob
import os
import subprocess
import sys

from fuzz_corpus import (build_finders, explain, fill, findings_folder, keep_witnesses, merge,
                         smallest_cover, start, told_by_git, unknown)
from fuzz_engines import (Failure, ROOT, RUN, VARIANTS, build, build_engine, missing,
                          program)


def targets():
    """Names of all targets."""
    return sorted(os.path.basename(path)[:-2]
                  for path in glob.glob(os.path.join(ROOT, "fuzz", "target", "*.c")))


def whole(name, default):
    """A whole number of at least 1 from the environment."""
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or int(value) < 1:
        raise Failure("%s=%s: not a whole number of at least 1" % (name, value))
    return int(value)


def one_of(name, known, default):
    """A word from the environment."""
    value = os.environ.get(name) or default
    if value not in known:
        raise Failure("%s=%s: unknown (known: %s)" % (name, value, " ".join(known)))
    return value


def available(engines):
    """Those that are installed; names the others."""
    there = []
    for engine in engines:
        why = missing(engine)
        if why:
            print("%-10s skipped: %s" % (engine, why))
        else:
            there.append(engine)
    if "libfuzzer" not in there and missing("libfuzzer"):
        raise Failure("libFuzzer also merges what is found: install clang first")
    return there


APART = ("usual", "peers")  # variants of other sizes and tables than the corpus is of


def variant_of(engine, variant):
    return variant if variant in VARIANTS[engine] + APART else "plain"


def tell(target, engine, done):
    print("%-14s %-10s %10d executions, %7.0f a CPU second, %6d new%s" %
          (target, engine, done.executions, done.executions / max(done.cpu_seconds, 0.01), done.new,
           "" if done.stability is None else ", stability %g %%" % done.stability), flush=True)


def fuzz_apart(target, variant, seconds, jobs):
    """One target in a variant of APART; returns how many inputs crash. Nothing is merged: what
    covers other sizes, or other people's tables, does not belong into the corpus."""
    place = findings_folder(target + "." + variant)
    for path in sorted(glob.glob(os.path.join(place, "*"))): # of earlier runs
        if subprocess.run([program("libfuzzer", variant, target), path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0:
            print("%-14s mended     %s" % (target, os.path.relpath(path, ROOT)))
            os.remove(path)
    tell(target, variant, RUN["libfuzzer"](target, variant, start(target), place, seconds, jobs))
    findings = sorted(glob.glob(os.path.join(place, "*")))
    for path in findings:
        print("%-14s CRASH      see it with %s %s" % (target, os.path.relpath(
            program("libfuzzer", variant, target), ROOT), os.path.relpath(path, ROOT)))
    return len(findings)


def fuzz(target, engines, variant, seconds, jobs):
    """One target with each engine; returns how many inputs crash."""
    corpus = start(target)
    left = unknown(target)
    if left:
        print("%-14s %d inputs of a format that this version does not read are left alone" %
              (target, len(left)))
    for number, engine in enumerate(engines):
        if number: # hand on what covers, not the thousands of inputs that led there
            corpus = fill(corpus, smallest_cover(target, corpus))
        done = RUN[engine](target, variant_of(engine, variant), corpus, findings_folder(target),
                           seconds, jobs)
        tell(target, engine, done)
    new, kept, (edges, features) = merge(target, corpus)
    print("%-14s %-10s %10d inputs kept, %d new; %d edges, %d features" %
          (target, "corpus", kept, new, edges, features), flush=True)
    print(told_by_git(target), end="")
    if target == "greed":
        print(keep_witnesses(corpus), end="")
    findings = explain(target)
    for name, sentence in findings:
        print("%-14s CRASH      %s: %s" % (target, name, sentence))
    return len(findings)


def main():
    known = targets()
    names = [one_of("TARGET", known, None)] if os.environ.get("TARGET") else known
    engine = one_of("ENGINE", ("libfuzzer", "afl", "both"), "both")
    variant = one_of("VARIANT", VARIANTS["afl"] + APART, "plain")
    seconds, jobs = whole("SECONDS", 60), whole("JOBS", 1)
    wanted = ("libfuzzer", "afl") if engine == "both" else (engine,)
    if variant in APART:
        if engine == "afl":
            raise Failure("VARIANT=%s is libFuzzer's: leave ENGINE=afl out" % variant)
        wanted = ("libfuzzer",)
    engines = available(wanted)
    build("fuzz") # libFuzzer's build also merges and minimises
    for name in engines:
        if variant_of(name, variant) != variant:
            print("%-10s has no build of VARIANT=%s: plain" % (name, variant))
        build_engine(name, variant_of(name, variant))
    build("release", "witness")
    build_finders()
    crashes = sum(fuzz_apart(name, variant, seconds, jobs) if variant in APART else
                  fuzz(name, engines, variant, seconds, jobs) for name in names)
    print("%d crashes" % crashes)
    if crashes:
        print("keep one as a test with: make regress TARGET=... INPUT=build/findings/... NAME=...")
        return 1
    return 3 if len(engines) < len(wanted) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("fuzz: %s" % failure, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print("fuzz: %s; findings so far are in build/findings" % error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("fuzz: interrupted; findings so far are in build/findings", file=sys.stderr)
        sys.exit(130)
