#!/usr/bin/env python3
"""A day of fuzzing in slices; scripts/fuzz-day calls it, and says how.

The next slice goes to the target and engine that had the least time so far; AFL++ takes
its variants in turn. An interrupt loses the slice that was running, not its findings.
"""
import datetime
import os
import sys
import time

import fuzz_slices
import fuzz_status
from fuzz_corpus import build_finders, explain, findings_folder, keep_witnesses, merge, start
from fuzz_engines import Failure, RUN, VARIANTS, build, build_engine
from run_fuzz import available, one_of, targets, whole


def now():
    """UTC, without a fraction of a second."""
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)


def today(slices, hours):
    """The day to go on with: the last one, unless its hours are full."""
    if slices:
        day = slices[-1].day
        done = sum(s.seconds for s in slices if s.day == day)
        if done < hours * 3600:
            return day, done
    return now().isoformat() + "Z", 0.0


def next_slice(slices, day, names, engines):
    """(target, engine, variant) that had the least time on this day."""
    def spent(target, engine):
        return sum(s.seconds for s in slices if (s.day, s.target, s.engine) == (day, target, engine))

    target, engine = min(((t, e) for t in names for e in engines), key=lambda pair: spent(*pair))
    turn = sum((s.day, s.target, s.engine) == (day, target, engine) for s in slices)
    return target, engine, VARIANTS[engine][turn % len(VARIANTS[engine])]


def run_slice(day, target, engine, variant, seconds, jobs):
    """Runs one slice and keeps what it found; returns its line."""
    begun, clock = now(), time.monotonic()
    corpus = start(target)
    findings = findings_folder(target)
    done = RUN[engine](target, variant, corpus, findings, seconds, jobs)
    _, kept, (edges, features) = merge(target, corpus)
    if target == "greed":
        keep_witnesses(corpus)
    found = len(explain(target))
    one = fuzz_slices.Slice(day, begun.isoformat() + "Z", target, engine, variant,
                            time.monotonic() - clock, done.executions, done.cpu_seconds, done.new,
                            edges, features, kept, found)
    fuzz_slices.append(one)
    return one


def main():
    hours, seconds, jobs = whole("HOURS", 24), whole("SLICE", 300), whole("JOBS", os.cpu_count() or 1)
    known = targets()
    names = [one_of("TARGET", known, None)] if os.environ.get("TARGET") else known
    engines = available(("libfuzzer", "afl"))
    slices = fuzz_slices.read()
    day, done = today(slices, hours)
    print("day %s: %.1f of %d hours done" % (day, done / 3600, hours), flush=True)
    build("fuzz")
    for engine in engines:
        for variant in VARIANTS[engine]:
            build_engine(engine, variant)
    build("release", "witness")
    build_finders()
    found = 0
    while done < hours * 3600:
        target, engine, variant = next_slice(slices, day, names, engines)
        one = run_slice(day, target, engine, variant, seconds, jobs)
        slices.append(one)
        done += one.seconds
        found = max(found, one.findings)
        fuzz_status.write(slices)
        print("%5.1f h  %-14s %-9s %-6s %11d executions, %6d new, %6d edges, %d findings" %
              (done / 3600, target, engine, variant, one.executions, one.new, one.edges, one.findings),
              flush=True)
    print("the day is full; results/fuzz/status.md says how it went")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failure, fuzz_slices.Broken) as failure:
        print("fuzz-day: %s" % failure, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print("fuzz-day: %s; findings so far are in build/findings" % error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("fuzz-day: interrupted; start it again to go on", file=sys.stderr)
        sys.exit(130)
