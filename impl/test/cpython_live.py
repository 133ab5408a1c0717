#!/usr/bin/env python3
"""Compares dict/cpython with the running interpreter's dict, size by size.

Random sequences of put, del, pop, clear, copy and dict(d) go to a real dict and,
as a trace, to `ebb replay --sizes`; sys.getsizeof must agree after every step.

usage: cpython_live.py BUILD_FOLDER [SEQUENCES]
"""
import os
import random
import subprocess
import sys
import tempfile


def random_steps(rng, length):
    """Steps with a drifting balance of puts and dels, so that dicts fill and drain."""
    steps, live, fresh = [], [], 0
    grow = 0.5
    for _ in range(length):
        if rng.random() < 0.02:
            grow = rng.choice([0.05, 0.3, 0.5, 0.7, 0.95])
        choice = rng.random()
        if choice < 0.004:
            steps.append(("clear", None))
            live = []
        elif choice < 0.012:
            steps.append((rng.choice(["copy", "rebuild_copy"]), None))
        elif choice < 0.05:
            steps.append(("pop", None))
            if live:
                live.pop()
        elif rng.random() < grow or not live:
            key = rng.choice(live) if live and rng.random() < 0.1 else fresh
            fresh += key == fresh
            steps.append(("put", key))
            if key == fresh - 1 and (not live or live[-1] != key):
                live.append(key)
        else:
            steps.append(("del", live.pop(rng.randrange(len(live)))))
    return steps


def sizes_here(steps):
    """What the running interpreter reports after each step."""
    d, sizes = {}, []
    for index, (kind, key) in enumerate(steps):
        if kind == "put":
            d[key] = index
        elif kind == "del":
            del d[key]
        elif kind == "pop":
            if d:
                d.popitem()
        elif kind == "clear":
            d.clear()
        elif kind == "copy":
            d = d.copy()
        else:
            d = dict(d)
        sizes.append(sys.getsizeof(d))
    return sizes


def sizes_of_ebb(ebb, steps, version):
    with tempfile.NamedTemporaryFile("w", suffix=".trace") as trace:
        for kind, key in steps:
            trace.write(kind if key is None else "%s %d" % (kind, key))
            trace.write("\n")
        trace.flush()
        out = subprocess.run([ebb, "replay", "--sizes", "--cpython", version, trace.name],
                             stdout=subprocess.PIPE, check=True).stdout
    return [int(line.split(b"\t")[1]) for line in out.splitlines()]


def main():
    ebb = os.path.join(sys.argv[1], "ebb")
    sequences = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    version = "%d.%d.%d" % sys.version_info[:3]
    if sys.version_info >= (3, 14) or sys.maxsize < 2**32:
        print("skipped: this interpreter (%s) is not one that is modelled" % version)
        return 77
    compared = 0
    for seed in range(sequences):
        rng = random.Random(seed)
        steps = random_steps(rng, rng.choice([50, 500, 5000, 20000]))
        here, ours = sizes_here(steps), sizes_of_ebb(ebb, steps, version)
        for index, (a, b) in enumerate(zip(here, ours)):
            if a != b:
                print("seed %d, step %d %s: Python %s reports %d, ebb %d"
                      % (seed, index, steps[index], version, a, b))
                return 1
        assert len(here) == len(ours)
        compared += len(here)
    print("%d sizes agree with Python %s" % (compared, version))
    return 0


if __name__ == "__main__":
    sys.exit(main())
