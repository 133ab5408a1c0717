#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Verdicts and controls of made-up runs whose truth is known.

usage: verdict_test.py BUILD_FOLDER (which it does not need)
"""
import math
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import report_test  # noqa: E402  (found by the path above; finds scripts/ itself)
from report_test import WHOLE, check, make  # noqa: E402
import charts_resident  # noqa: E402
import figures  # noqa: E402
import pairs  # noqa: E402
import replicates  # noqa: E402
import report  # noqa: E402
import report_resident  # noqa: E402
import stats  # noqa: E402


def near(log, share, within=1e-4):
    return abs(math.exp(log) - share) <= within


def by_name(results):
    return {r.pair.name: r for r in results}


def truths(place):
    """Each pair says what was put in."""
    read = pairs.Pairs(str(make(place / "truths")))
    heads, controls = by_name(read.headlines), by_name(read.controls)
    check(read.good, [c for c in read.controls if not c.good])
    check(near(heads["purge:linear/shrink"].estimate.estimate, 1.25, 1e-3), "1.25 put in")
    check(heads["purge:linear/shrink"].verdict == stats.SLOWER, "1.25 is slower")
    check(heads["hit:linear/shrink"].verdict == stats.EQUIVALENT, "1.0 is equivalent")
    check(near(controls["one_percent:hit"].estimate.estimate, 1.01), "1.01 put in")
    check(near(controls["pause:purge"].estimate.estimate, 1.0, 1e-3), "the pause at its share")
    pause = controls["pause:purge"].ones[0]
    base = report_test.SLICES * report_test.SLICE_NS
    check(near(pause.expected, 1 + 30e6 / base, 1e-9), "the share of the pause")
    check(pairs.one_process(controls["pause:purge"].pair._replace(estimand="alike"), 0,
                            read_slices(place / "truths", "pause:purge")[0]).value < 0.01,
          "a median of slices must not see the pause, or this test shows nothing")
    faster = pairs.Pairs(str(make(place / "faster", ratios=dict(WHOLE, **{
        "purge:linear/shrink": 0.9}))))
    check(by_name(faster.headlines)["purge:linear/shrink"].verdict == stats.FASTER, "0.9 is faster")


def place_of_code(place):
    """What a twin shows is not claimed of a headline; far more of it is a failed control."""
    ratios = {"twin:hit": 1.02, "purge:linear/shrink": 1.015, "hit:linear/shrink": 1.25}
    read = pairs.Pairs(str(make(place / "place", ratios=dict(WHOLE, **ratios))))
    heads = by_name(read.headlines)
    check(read.good and 0.018 < read.place < 0.03, read.place)
    check(heads["purge:linear/shrink"].verdict == stats.INCONCLUSIVE, "1.5 % beside a twin's 2 %")
    near_one = stats.Estimate(0.001, -0.002, 0.004, (-0.001, 0.003), 0.5, 16)
    check(pairs.claim(near_one, 1.0, 0.005) == stats.EQUIVALENT, "within 1 %, where place makes half")
    check(pairs.claim(near_one, 1.0, read.place) == stats.INCONCLUSIVE, "... where it makes 2 %")
    check(heads["hit:linear/shrink"].verdict == stats.SLOWER, "25 % beside a twin's 2 %")
    read = pairs.Pairs(str(make(place / "far", ratios=dict(WHOLE, **{"twin:hit": 1.05}))))
    check(not read.good, "a twin 5 % slower")


def read_slices(folder, name):
    return pairs.read_slices(str(folder / pairs.CONTROL_SLICES))[name]


def failed_controls(place):
    """A failed control downgrades every verdict, and is told first."""
    for name, ratio, why in (("same:hit", 1.05, "where there is none"),
                             ("one_percent:hit", 1.0, "not found"),
                             ("one_percent:hit", 1.2, "another size"),
                             ("pause:purge", 1.2, "where there is none")):
        folder = make(place / ("%s-%s" % (name.replace(":", "-"), ratio)),
                      ratios=dict(WHOLE, **{name: ratio}), replicates=8)
        read = pairs.Pairs(str(folder))
        check(not read.good, (name, ratio))
        check({h.verdict for h in read.headlines} == {stats.INCONCLUSIVE}, (name, ratio))
        told = report.write(str(folder))
        text = (folder / "report.md").read_text(encoding="utf-8")
        check("A control failed" in "\n".join(text.split("\n")[:8]) and why in text, (name, ratio))
        check("A control failed" in told, "the terminal hides it")
        check("**slower**" not in text and ", slower |" not in text and ", faster |" not in text,
              "a claim in spite of it")


def few_processes(place):
    """Five processes have no interval, and nothing is claimed."""
    folder = make(place / "few")
    keep = [line for line in report_test.made_slices(WHOLE).splitlines()
            if not line[:1].isdigit() or int(line.split(",")[0]) < 5]
    (folder / "slices.csv").write_text("\n".join(keep) + "\n", encoding="utf-8")
    pairs.keep_slices(str(folder))
    report_test.resealed(folder)
    read = pairs.Pairs(str(folder))
    check({h.verdict for h in read.headlines} == {stats.INCONCLUSIVE}, "five are too few")
    report.write(str(folder))
    check("Too few processes" in (folder / "report.md").read_text(encoding="utf-8"), "told")


def the_matrix(place):
    """Replicated cells have intervals and verdicts; others have none."""
    folder = make(place / "matrix", replicates=8)
    many = replicates.Replicates(str(folder), True)
    found = many.ratios(lambda t: t.split("/")[0] + "/tombstone" if "peer" not in t else None)
    check(found and all(r.estimate.n == 8 for r in found.values()), "eight processes")
    lines = {b["name"]: b for b in report_test.benches() if "ns_per_step" in b}
    (cell, arm), ratio = sorted(found.items())[0]
    base = arm.split("/")[0] + "/tombstone"
    expected = [next(b["ns_per_step"] for n, b in lines.items()
                     if report_test.split(n) == (cell.split("/")[0], t, int(cell.split("/")[1])))
                for t in (arm, base)]
    check(near(ratio.estimate.estimate, expected[0] / expected[1], 1e-3), (cell, arm))
    read = figures.Results(str(folder))
    cells = {figures.cell_name(cell): cell for cell in read.rows}
    for (name, table), judged in found.items():
        told = read.ratio(cells[name], table)
        check(near(math.log(told), math.exp(judged.estimate.estimate), 1e-9), "the ratio that its interval is of")
    report.write(str(folder))
    check("95 %, verdict" in (folder / "report.md").read_text(encoding="utf-8"), "a column")
    once = make(place / "once")
    report.write(str(once))
    check("95 %, verdict" not in (once / "report.md").read_text(encoding="utf-8"),
          "an interval from one process")


def first_lines(place):
    """The controls stand before any figure."""
    folder = make(place / "first")
    report.write(str(folder))
    text = (folder / "report.md").read_text(encoding="utf-8")
    check(text.index("The controls hold") < text.index("|"), "controls first")
    check("ns a step" in text and "0.3 ns and 0.5 %" in text, "the harness's own cost")


def alike():
    """Lines are one only where all of them look the same; the label has what each holds."""
    def curve(peak, left):
        return [(0.5, peak, ""), (1.0, left, "drained"), (None, left, "trimmed")]
    lines = {"a": curve(50e6, 4100), "b": curve(50e6, 400e3), "c": curve(90e6, 4100)}
    stages = charts_resident.stages_of(lines)
    groups = charts_resident.grouped(lines, list("abc"), stages, 90e6)
    check([names for names, _ in groups] == [["a", "b"], ["c"]], groups)
    check(charts_resident.shown(lines, ["a", "b"]) == "4.10 kB to 400 kB", "what both hold")
    check(charts_resident.shown(lines, ["c"]) == "4.10 kB", "what one holds")


def back_to_the_system():
    """What to choose where every allocator gives back, and where none does."""
    def row(arm, allocator, left):
        return dict({mark: "" for mark in report_resident.LAST}, cell="purge/1000", arm=arm,
                    allocator=allocator, after_0=str(left), trimmed=str(left), peak="100000")
    def chosen(*rows):
        report_resident.read = lambda results, name: list(rows)
        return report_resident.choice(None)
    told = chosen(row("dict/shrink", "glibc", 10), row("dict/tombstone", "glibc", 90000))
    check(told[1] == "**`shrink`** under glibc" and "none" not in told[2], told)
    told = chosen(row("dict/shrink", "glibc", 10), row("dict/shrink", "jemalloc", 90000))
    check(told[2].endswith("; under jemalloc: none"), told)
    told = chosen(row("dict/shrink", "glibc", 90000))
    check(told[1] == "none unasked", told)
    check(chosen() is None, "not measured")


def main():
    alike()
    back_to_the_system()
    place = pathlib.Path(tempfile.mkdtemp(prefix="verdict-test-"))
    try:
        for test in (truths, failed_controls, place_of_code, few_processes, the_matrix, first_lines):
            try:
                test(place)
            except AssertionError as error:
                print("verdict_test: %s: %s" % (test.__name__, error), file=sys.stderr)
                return 1
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
