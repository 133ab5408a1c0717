#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make publish: every run is listed and linked, trends are drawn, nothing is asked of another host.

usage: publish_test.py BUILD_FOLDER (which it does not need: the site is made from files alone)
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import report_test  # noqa: E402  (its made-up results folders)

SCRIPTS = report_test.SCRIPTS


def publish(results):
    done = subprocess.run([SCRIPTS / "publish"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, RESULTS=str(results), PYTHONDONTWRITEBYTECODE="1",
                                   SITE=str(results / "site")))
    assert done.returncode == 0, done.stderr
    return done.stdout


def all_files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def make_runs(results):
    results.mkdir()
    slower = dict(report_test.WHOLE, **{"purge:linear/shrink": 1.4})
    report_test.make(results / "old", env={"started": "2026-01-02T03:04:05+00:00",
                                          "commit": "aaaaaaaaaa"})
    lines = report_test.benches()
    lines[0]["bytes"] += 1
    report_test.make(results / "new", lines, ratios=slower, env={
        "started": "2026-02-03T04:05:06+00:00", "commit": "bbbbbbbbbb"})
    report_test.make(results / "elsewhere", env={"started": "2026-02-04T04:05:06+00:00",
                                                "commit": "cccccccccc", "machine": "another"})
    (report_test.make(results / "broken") / "memory.csv").write_text("edited\n")
    (results / "calibration").mkdir()


def main():
    place = pathlib.Path(tempfile.mkdtemp(prefix="publish-test-"))
    results, site = place / "results", place / "results" / "site"
    try:
        make_runs(results)
        before = all_files(results)
        said = publish(results)
        made = all_files(site)
        assert "3 runs" in said and "left out broken: memory.csv" in said, said
        assert {n: b for n, b in all_files(results).items() if not n.startswith("site/")} == before
        text = made["index.html"].decode()
        assert "<script" not in text and not re.search(r'(src|href)="(https?:)?//', text)
        for link in re.findall(r'href="([^"#:]+)"', text):
            assert link in made, link
        for name in ("old", "new", "elsewhere"):
            assert "%s/report.html" % name in text and "%s/slices.csv.xz" % name in made
        assert text.index('href="elsewhere/') < text.index('href="new/') < text.index('href="old/')
        assert "<code>broken</code>: memory.csv" in text, "what is not shown is named"
        assert text.count("<svg") == 1, "a trend for two runs of one machine, none for one"
        drawn = text[text.index("<svg"):text.index("</svg>")]
        for word in ("aaaaaaa", "bbbbbbb", "linear/shrink", "on purge/100000", "+25.00 %",
                     "+40.00 %"):
            assert word in drawn, word
        assert "cccccccccc" in text and "One run so far" in text
        changed = re.search(r"aaaaaaaaaa.*?bbbbbbbbbb.*?<td[^>]*>1</td>", text, re.S)
        assert changed, "one exact figure changed"
        publish(results)
        assert all_files(site) == made, "the same runs give the same bytes"
        shutil.rmtree(results / "old")
        publish(results)
        assert not (site / "old").exists(), "what is gone is gone"
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
