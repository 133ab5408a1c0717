#!/usr/bin/env python3
"""A static site of every run in results/: make publish

usage: publish.py      RESULTS=FOLDER of the runs, SITE=FOLDER of the site (default: RESULTS/site)

SITE/index.html lists the runs, draws how the headlines moved from run to run on the same machine,
and says how many exact figures changed. SITE/RUN/ holds a copy of each run's measurements and the
report that this tree makes of them. The pages ask nothing of any other host and need no script.
The site is made aside and put in place of the last one when it is complete.
"""
import collections
import html
import os
import shutil
import sys
import tempfile

import charts_trend
import compare
import folder as results_folder
import report
from figures import FILES, Results
from html_markdown import Converter
from html_report import asset, themed
from report_text import DASH, count, table

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACE = os.path.abspath(os.environ.get("RESULTS") or os.path.join(ROOT, "results"))
SITE = os.path.abspath(os.environ.get("SITE") or os.path.join(PLACE, "site"))
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# What runs must share for their times to be set beside each other.
Kind = collections.namedtuple("Kind", "machine mode options")


class Page(Converter):
    """Links lead to the files beside the page."""

    @staticmethod
    def link(found):
        words, target = found.groups()
        return '<a href="%s">%s</a>' % (html.escape(target), words)


# ---- the runs -----------------------------------------------------------------------


def candidates():
    """The folders in PLACE that look like runs."""
    return [os.path.join(PLACE, name) for name in sorted(os.listdir(PLACE))
            if not name.startswith(".") and os.path.isfile(os.path.join(PLACE, name, "env.json"))]


def copy_run(folder, target):
    """Copies the files that the manifest lists, and the manifest; OSError if the folder is not
    what was measured."""
    os.makedirs(target)
    for name in list(results_folder.verify(folder, FILES)) + [results_folder.MANIFEST]:
        shutil.copyfile(os.path.join(folder, name), os.path.join(target, name))


def published(site):
    """([Results] from the oldest on, [(folder's name, why it was refused)])."""
    runs, refused = [], []
    for folder in candidates():
        name = os.path.basename(folder)
        target = os.path.join(site, name)
        try:
            copy_run(folder, target)
            report.write(target)
            runs.append(Results(target))
        except OSError as error:
            shutil.rmtree(target, ignore_errors=True)
            refused.append((name, "%s: %s" % (os.path.basename(error.filename or name),
                                              error.strerror)))
    return sorted(runs, key=lambda run: (run.env.get("started", ""), run.folder)), refused


def name_of(run):
    return os.path.basename(run.folder)


def kind_of(run):
    options = " ".join("%s=%s" % item for item in sorted((run.env.get("options") or {}).items()))
    return Kind(run.env.get("machine") or "unknown", run.env.get("mode") or "default", options)


# ---- the page -------------------------------------------------------------------------


def run_rows(runs):
    """A row for each run, the newest first."""
    rows = []
    for run in reversed(runs):
        kind = kind_of(run)
        controls = "failed" if not run.pairs.good else "hold" if run.pairs.controls else DASH
        rows.append(["[%s](%s/report.html)" % (run.env.get("started", "unknown")[:16].replace(
            "T", " "), name_of(run)),
                     "`%s`%s" % (run.env.get("commit", "unknown"),
                                 ", changed" if run.env.get("dirty") else ""),
                     kind.machine, kind.options or "the default", count(len(run.comparable())),
                     controls, "[data](%s/manifest.json)" % name_of(run)])
    return rows


def exact_rows(runs):
    """How many exact figures changed from each run to the next of the same options."""
    rows, last = [], {}
    for run in runs:
        before = last.get(kind_of(run).options)
        if before:
            both, different = compare.exact(before, run)
            rows.append(["`%s`" % before.env.get("commit"), "`%s`" % run.env.get("commit"),
                         count(both), count(len(different))])
        last[kind_of(run).options] = run
    return rows


def trends(runs):
    """(lines, {path: SVG}) of how the headlines moved, kind by kind."""
    kinds, lines, pictures = collections.defaultdict(list), [], {}
    for run in runs:
        kinds[kind_of(run)].append(run)
    for kind in sorted(kinds):
        lines += ["### %s, %s" % (kind.machine, kind.options or "the default run"), ""]
        if len(kinds[kind]) < 2:
            lines += ["One run so far: `%s`." % kinds[kind][0].env.get("commit"), ""]
            continue
        drawn = charts_trend.chart(kinds[kind])
        if drawn:
            path = "trend-%d.svg" % len(pictures)
            pictures[path] = themed(drawn)
            lines += ["![How the headlines moved](%s)" % path, ""]
    return lines, pictures


def page(runs, refused):
    """The text of index.html."""
    told, pictures = trends(runs)
    lines = ["# What deletion costs a hash table: every run", "",
             "%s. Times are compared between runs of one machine and the same options alone; bytes"
             " and counts between all of the same options, since they do not depend on the"
             " machine." % ("%s runs" % count(len(runs)) if len(runs) != 1 else "One run"), ""]
    lines += ["## Runs", ""] + table(["started", "commit", "machine", "options", "tables",
                                      "controls", ""], run_rows(runs), left=4)
    lines += ["## How the headlines moved", ""] + told
    rows = exact_rows(runs)
    if rows:
        lines += ["## Exact figures from run to run", ""] + table(
            ["from", "to", "arms in both", "figures that changed"], rows, left=2)
    if refused:
        lines += ["## Not shown", ""] + ["- `%s`: %s" % r for r in refused] + [""]
    converter = Page(pictures)
    body = converter.convert(lines)
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="%s">' % POLICY,
        '<link rel="icon" href="data:,">', "<title>ebb: every run</title>",
        "<style>\n%s</style>" % asset("html_report.css"), "</head>", "<body>",
        '<div class="page"><main id="main">', body, "</main></div>", "</body>", "</html>", ""])


def publish():
    """Makes the site; returns ([Results], [(folder, why it was refused)])."""
    os.makedirs(os.path.dirname(SITE), exist_ok=True)
    aside = tempfile.mkdtemp(prefix=".site-", dir=os.path.dirname(SITE))
    try:
        runs, refused = published(aside)
        with open(os.path.join(aside, "index.html"), "w", encoding="utf-8") as file:
            file.write(page(runs, refused))
        os.chmod(aside, 0o755)
        if os.path.isdir(SITE):
            shutil.rmtree(SITE)
        os.rename(aside, SITE)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return runs, refused


def main():
    try:
        runs, refused = publish()
    except OSError as error:
        print("publish: %s: %s" % (error.filename, error.strerror), file=sys.stderr)
        return 2
    for name, why in refused:
        print("publish: left out %s: %s" % (name, why))
    print("publish: %d runs: %s" % (len(runs), os.path.relpath(os.path.join(SITE, "index.html"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
