#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make compare on made-up folders: what moved, what may be compared, what is refused.

usage: compare_test.py BUILD_FOLDER (which it does not need)
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from report_test import SCRIPTS, WHOLE, benches, check, make  # noqa: E402  (found by the path above)


def compare(old, new, status, **more):
    done = subprocess.run([SCRIPTS / "compare"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, OLD=str(old), NEW=str(new),
                                   PYTHONDONTWRITEBYTECODE="1", **more))
    check(done.returncode == status, "status %d, not %d: %s%s" % (done.returncode, status,
                                                                 done.stdout, done.stderr))
    return done.stdout + done.stderr


def alike(place):
    text = compare(make(place / "one"), make(place / "two"), 0)
    check("0 figures of them differ" in text, text)
    check(text.count("**equivalent**") == 2 and "slower" not in text, text)


def counts_differ(place):
    lines = benches()
    changed = next(b for b in lines if b["name"].startswith("churn/linear/shrink/1000/"))
    changed["moved"] += 1
    text = compare(make(place / "before"), make(place / "after", lines), 1)
    check("1 figures of them differ" in text and "| `churn/1000` | `linear/shrink` | moved |" in text,
          text)


def slower(place):
    new = make(place / "slow", ratios=dict(WHOLE, **{"purge:linear/shrink": 1.5}))
    text = compare(make(place / "quick"), new, 1)
    check("**slower** | +20." in text and text.count("**equivalent**") == 1, text)
    text = compare(new, place / "quick", 0)
    check("**faster** | \u221216." in text, text)


def failed_control(place):
    new = make(place / "unsound", ratios=dict(WHOLE, **{"purge:linear/shrink": 1.5,
                                                       "same:hit": 1.1}))
    text = compare(make(place / "sound"), new, 0)
    check("A control failed in the new run" in text and "**slower**" not in text, text)


def machines(place):
    old, new = make(place / "here"), make(place / "there", env={"machine": "another"})
    text = compare(old, new, 0)
    check("0 figures of them differ" in text, "exact figures are the same everywhere")
    check("Times are not compared" in text and "**equivalent**" not in text, text)
    text = compare(old, new, 0, TIME="anyway")
    check("Different machines" in text and "**equivalent**" in text, text)


def refused(place):
    whole = make(place / "whole")
    edited = make(place / "edited")
    with open(edited / "gbench.json.gz", "ab") as file:
        file.write(b" ")
    check("gbench.json.gz" in compare(whole, edited, 2), "edited by hand")
    check("two folders, or two commits" in compare(whole, "HEAD", 2), "one of each")
    check("set OLD= and NEW=" in compare(whole, "", 2), "nothing")


def main():
    place = pathlib.Path(tempfile.mkdtemp(prefix="compare-test-"))
    try:
        for test in (alike, counts_differ, slower, failed_control, machines, refused):
            try:
                test(place)
            except AssertionError as error:
                print("compare_test: %s: %s" % (test.__name__, error), file=sys.stderr)
                return 1
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
