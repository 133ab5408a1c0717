#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The headlines and the margin that are measured are those that DESIGN.md names in advance.

And the two tables of a headline do not do the same: where their times over whole traces are compared,
what is counted of them differs, or a verdict would be on nothing.

usage: headlines.py BUILD_FOLDER   (build/release, with ebb-bench and ebb)
"""
import csv
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import run_bench  # noqa: E402  (found by the path above)
import stats  # noqa: E402


def output(*command):
    """What a program that was built prints."""
    return subprocess.run([os.path.join(sys.argv[1], command[0])] + list(command[1:]),
                          stdout=subprocess.PIPE, check=True).stdout


def headlines(*options):
    """The headlines as {column: text}, the controls left out."""
    listed = output("ebb-bench", "--list-pairs", *options).decode()
    return [p for p in csv.DictReader(listed.splitlines())
            if not p["truth"] and p["injected_ns"] == "0"]


def counted(table, trace):
    """What a replay counts of a table: bytes, rebuilds, moves; no time."""
    told = subprocess.run([os.path.join(sys.argv[1], "ebb"), "replay", "--check", "blocks", "--table", table, "-"],
                          input=trace, stdout=subprocess.PIPE, check=True).stdout.decode()
    return told.splitlines()[-1].split()[1:]


def check_work(pairs):
    """Different work in every pair that is compared by places."""
    for p in pairs:
        workload, n = p["cell"].split("/")
        trace = output("ebb", "gen", workload, "--n", n, "--output", "-")
        assert p["estimand"] == "alike" or counted(p["a"], trace) != counted(p["b"], trace), p


def main():
    pairs = headlines()
    measured = [(p["cell"].split("/")[0], p["b"], p["a"], p["estimand"]) for p in pairs]
    check_work(pairs)
    check_work(headlines("--quick"))
    with open(os.path.join(ROOT, "DESIGN.md"), encoding="utf-8") as file:
        text = file.read()
    named = re.findall(r"^\| `([\w.]+)` \| `([\w/]+)` \| `([\w/]+)` \| (alike|places) \|", text, re.M)
    assert named == measured, (named, measured)
    assert 1 <= len(named) <= 8, "at most eight, or Holm leaves no power"
    text = " ".join(text.split())
    assert "margin is ±%g %%" % (100 * stats.MARGIN) in text, "the margin"
    for mode, words in (("quick", "QUICK=1"), ("default", "by default"), ("full", "FULL=1")):
        wanted = "%d processes %s" % (run_bench.MODES[mode].pairs, words) if mode == "default" \
            else "%d with %s" % (run_bench.MODES[mode].pairs, words)
        assert wanted in text, wanted
    return 0


if __name__ == "__main__":
    sys.exit(main())
