#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The headlines and the margin that are measured are those that DESIGN.md names in advance.

usage: headlines.py BUILD_FOLDER   (build/release, with ebb-bench)
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


def main():
    out = subprocess.run([os.path.join(sys.argv[1], "ebb-bench"), "--list-pairs"],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    measured = [(p["cell"].split("/")[0], p["b"], p["a"], p["estimand"])
                for p in csv.DictReader(out.splitlines())
                if not p["truth"] and p["injected_ns"] == "0"]
    with open(os.path.join(ROOT, "DESIGN.md"), encoding="utf-8") as file:
        text = file.read()
    named = re.findall(r"^\| `([\w.]+)` \| `([\w/]+)` \| `([\w/]+)` \| (alike|places) \|", text, re.M)
    assert named == measured, (named, measured)
    assert 1 <= len(named) <= 8, "at most eight, or Holm leaves no power"
    assert "margin is ±%g %%" % (100 * stats.MARGIN) in text, "the margin"
    for mode, words in (("quick", "QUICK=1"), ("default", "by default"), ("full", "FULL=1")):
        wanted = "%d processes %s" % (run_bench.MODES[mode].pairs, words) if mode == "default" \
            else "%d with %s" % (run_bench.MODES[mode].pairs, words)
        assert wanted in text, wanted
    return 0


if __name__ == "__main__":
    sys.exit(main())
