#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""report.html of a made-up folder: whole, small, in need of nothing; and the report's parts on
resident memory and pauses.

usage: html_test.py BUILD_FOLDER (which it does not need). What needs a browser is in
html_browser_test.py.
"""
import base64
import gzip
import html.parser
import json
import pathlib
import re
import shutil
import sys
import tempfile
import zlib

import report_test
from report_test import check

# Found by the path that report_test adds.
import figures
import folder as results_folder
import html_report
import pass_pause
import pass_resident
import report

MOST_BYTES = 1000000
VOID = {"meta", "link", "input", "br"}
ALLOCATORS = ("glibc", "jemalloc")
CELL = "fill_drain.random/1000000"


# ---- what the passes would have measured ------------------------------------------------


def resident_files(folder):
    """shrink comes back of itself under glibc, after a trim under jemalloc; tombstone never."""
    lines = ["cell,arm,allocator,steps,live,held,requested,requested_peak,usable,usable_peak,"
             "byte_steps,allocations,frees,faults,cpu_ns,base,peak,kernel_peak,after_0,after_100,"
             "after_1000,after_5000,nudged,trimmed,lazy"]
    samples = ["cell,arm,allocator,ms,step,resident,lazy,mark"]
    for allocator in ALLOCATORS:
        for arm in ("dict/shrink", "dict/tombstone"):
            left = 40000000 if arm == "dict/tombstone" or allocator == "jemalloc" else 100000
            trimmed = 40000000 if arm == "dict/tombstone" else 4096
            lines.append("%s,%s,%s,2000,0,168,320,999,320,999,1,2,3,4567,5,6,45000000,46000000,"
                         "%d,%d,%d,,%d,%d,0" % (CELL, arm, allocator, left, left, left, left,
                                               trimmed))
            samples += ["%s,%s,%s,%d,%d,%d,0,%s" % (CELL, arm, allocator, ms, step, held, mark)
                        for ms, step, held, mark in (
                            (5, 500, 20000000, ""), (10, 1500, 45000000, ""),
                            (20, 2000, left, "drained"), (1020, 2000, left, "1 s"),
                            (1021, 2000, trimmed, "trimmed"))]
    lines.append("%s,python3.11/deleted,glibc,,,,,,,,,,,,,7,85000000,85000000,44000000,,,,"
                 "44000000,44000000,0" % CELL)
    samples += ["%s,python3.11/deleted,glibc,%d,0,%d,0,%s" % ((CELL,) + sample) for sample in (
        (50, 85000000, ""), (90, 44000000, "drained"), (91, 44000000, "trimmed"))]
    (folder / "resident.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with gzip.open(folder / "resident_samples.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(samples) + "\n")


def pause_files(folder):
    """One table whose p50 stands above the floor, and whose p99 does not."""
    lines = ["cell,arm,what,kind,count,p50,p90,p99,p999,p9999,p99999,most"]
    for what, count in (("step", 200000), ("slice", 2000)):
        for kind in ("met", "own"):
            lines += ["%s,dict/shrink,%s,%s,%d,71,72,73,740,7500,76000,7700000" % (
                CELL, what, kind, count),
                "%s,peer/null,%s,%s,%d,20,25,70,71,72,73,740" % (CELL, what, kind, count)]
    (folder / "pauses.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "pauses_work.csv").write_text(
        "cell,arm,moved,steps\n%s,dict/shrink,0,199998\n%s,dict/shrink,87381,2\n" % (CELL, CELL),
        encoding="utf-8")


def make(folder):
    """A whole folder, with the passes."""
    report_test.make(folder)
    resident_files(folder)
    pause_files(folder)
    results_folder.seal(folder, dict(figures.FILES, **pass_pause.FILES, **pass_resident.FILES))
    return folder


# ---- what is looked at ------------------------------------------------------------------------


class Reader(html.parser.HTMLParser):
    """Tags close in order; anchors are unique; collects links and headings."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.levels = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in attrs:
            check(attrs["id"] not in self.ids, "two elements are called %s" % attrs["id"])
            self.ids.add(attrs["id"])
        check("src" not in attrs, "<%s> would fetch something" % tag)
        if "href" in attrs:
            check(tag == "a" or attrs["href"] == "data:,", "<%s> would fetch something" % tag)
            self.links.append(attrs["href"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        check(self.open and self.open[-1] == tag, "</%s> where <%s> is open" % (
            tag, self.open[-1:] or "nothing"))
        self.open.pop()


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    check(not reader.open, "not closed: %s" % reader.open)
    return reader


def sound(text):
    """What holds of every page."""
    reader = read(text)
    check(len(text.encode()) <= MOST_BYTES, "%d bytes" % len(text.encode()))
    for link in reader.links:
        check(link == "data:," or "://" in link or link.startswith("#") and link[1:] in reader.ids,
              "a link to %s" % link)
    check("default-src 'none'" in text, "nothing forbids requests")
    check(not re.search('(fill|stroke)="#', text), "a chart's colour does not follow the page's")
    check("url(" not in text and "@import" not in text, "a style would fetch something")
    check(reader.levels[0] == 1 and reader.levels.count(1) == 1, "not one first heading")
    for above, below in zip(reader.levels, reader.levels[1:]):
        check(below <= above + 1, "a heading of level %d follows one of %d" % (below, above))


def whole(place):
    folder = make(place / "whole")
    report.write(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    sound(text)
    report.write(folder)
    check((folder / "report.html").read_text(encoding="utf-8") == text, "two pages differ")
    first = re.findall("<h2[^>]*>([^<]*)", text)[0].strip()
    check(first == "What to choose", "the first section is %s" % first)
    told = (folder / "report.md").read_text(encoding="utf-8")
    words = re.sub(r"[`*]", "", told)
    for number in set(re.findall(r"\| ([\d,.]+) (?=\|)", words)):
        check(number in text, "%s is in report.md alone" % number)
    check(text.count("<svg") == told.count("](charts/"), "a chart is missing")
    names = re.search(r'id="names">(\[.*?\])', text).group(1)
    check("novel" in names and "shrink" in names, "strategies that cannot be hidden: " + names)


def parts(place):
    folder = make(place / "parts")
    report.write(folder)
    text = (folder / "report.md").read_text(encoding="utf-8")
    for words in ("| shrink | 168 B | 100 kB → 4.10 kB | 40.0 MB → 4.10 kB |",
                  "**glibc**: memory comes back of itself with `shrink`; not at all with "
                  "`tombstone` and `python3.11/deleted`.",
                  "**jemalloc**: memory comes back only after a trim with `shrink`; not at all"):
        check(words in text, "report.md does not say: " + words)
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    check(told["resident"][0]["trimmed"] == 4096 and told["resident"][-1]["requested"] is None and
          told["pauses"][0]["p50"] == 71, "report.json lacks the passes")
    columns, rows = told["cells"]["columns"], told["cells"]["rows"]
    check(rows and all(len(row) == len(columns) for row in rows) and
          "beside_base.verdict" in columns and
          any(row[columns.index("ns_per_step")] for row in rows), "report.json's cells are no table")
    row = next(line for line in text.split("\n") if line.startswith("| dict/shrink | 71.0 ns"))
    check(row == "| dict/shrink | 71.0 ns | – | 740 ns | – | 7.70 ms | 7.70 ms | 2 | 87,381 |", row)
    chart = (folder / "charts" / "resident-fill_drain.random-dict-1000000.svg").read_text(
        encoding="utf-8")
    check("jemalloc" in chart and "python3.11/deleted" in chart, "the chart lacks a line")


NO_SIZES = {"tables": [], "workloads": {}}


def many(place):
    """Too many pictures for the page: the last ones are packed and named, the first stay."""
    lines = ["# Title", ""] + [line for i in range(40) for line in (
        "![picture %d](charts/%d.svg)" % (i, i), "")]
    svg = '<svg width="8" height="8" viewBox="0 0 8 8"><title>t</title>%s</svg>'
    pictures = {"charts/%d.svg" % i: svg % ("<g></g>" * 6000) for i in range(40)}
    text = html_report.page(lines, pictures, ["shrink"], NO_SIZES)
    sound(text)
    check(0 < text.count("<svg") < 40 and len(text) > MOST_BYTES * 0.9, "pictures left out")
    check("picture 39: drawn in charts/39.svg" in text, "the last picture is not named")
    packed = json.loads(re.search('id="packed">(.*)</script>', text)[1])["charts/39.svg"]
    check(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS).decode() ==
          html_report.themed(pictures["charts/39.svg"]), "a packed picture is another")
    fold = ["", "| a | b |", "|:--|--:|"] + ["| %d | 1 |" % i for i in range(9000)] + [""]
    lines = ["# Title", ""] + sum(([["<details><summary>fold %d</summary>" % i] + fold +
                                    ["</details>", ""]][0] for i in range(8)), [])
    text = html_report.page(lines, {}, ["shrink"], NO_SIZES)
    sound(text)
    check("<p>fold 7: in report.md" in text and "<summary>fold 0" in text, "folds left out")


def refused(place):
    """A pass's file of another version, or one edited by hand, is refused by its name."""
    folder = make(place / "edited")
    path = folder / "pauses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("7700000", "7700001"),
                    encoding="utf-8")
    report_test.refuse(folder, "pauses.csv")
    folder = make(place / "version")
    known = dict(figures.FILES, **pass_pause.FILES, **pass_resident.FILES)
    results_folder.seal(folder, dict(known, **{"resident.csv": "resident/9"}))
    report_test.refuse(folder, "resident.csv", "resident/9")
    folder = make(place / "unlisted")
    results_folder.seal(folder, figures.FILES)
    report.write(folder)
    text = (folder / "report.md").read_text(encoding="utf-8")
    check("come back to the system" not in text, "a file is read that the manifest does not list")


def growth(place):
    """Three sizes make a curve for every table of an engine; two, as elsewhere here, do not."""
    names = ["%s/%s" % (e, s) for e in report_test.ENGINES for s in report_test.STRATEGIES]
    lines = report_test.benches() + [report_test.bench("purge", name, 100, serial)
                                     for serial, name in enumerate(names)]
    folder = report_test.make(place / "growth", lines)
    report.write(folder)
    drawn = sorted(p.name for p in (folder / "charts").glob("growth-*"))
    check(drawn == ["growth-purge.svg"], "drawn: %s" % drawn)
    chart = (folder / "charts" / "growth-purge.svg").read_text(encoding="utf-8")
    for word in ("dict", "linear", "novel", "shrink", "n = 100:", "n = 10 k:"):
        check(word in chart, "the curve lacks " + word)
    sound((folder / "report.html").read_text(encoding="utf-8"))


def without(place):
    """A run without the passes has neither part, nor mentions them."""
    folder = report_test.make(place / "without")
    report.write(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    sound(text)
    check("come back to the system" not in text and "may take" not in text, "an empty part")
    folder = report_test.make(place / "empty", [])
    report.write(folder)
    sound((folder / "report.html").read_text(encoding="utf-8"))


def hostile(place):
    """Names from outside are shown, not obeyed."""
    lines = report_test.benches()
    lines[0] = dict(lines[0], error_occurred=True, error_message="<script>alert(1)</script>")
    folder = report_test.make(place / "hostile", lines)
    report.write(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    sound(text)
    check("<script>alert" not in text and "&lt;script&gt;alert" in text, "a name is obeyed")


def main():
    place = pathlib.Path(tempfile.mkdtemp(prefix="html-test-"))
    try:
        for test in (whole, parts, refused, many, growth, without, hostile):
            try:
                test(place)
            except AssertionError as error:
                print("html_test: %s: %s" % (test.__name__, error), file=sys.stderr)
                return 1
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
