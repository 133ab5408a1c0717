#!/usr/bin/env python3
"""Writes the report of a results folder: report.md, details.md, report.json and charts/*.svg.

usage: report.py [FOLDER], or RUN=FOLDER; by default the newest folder in results/

The report is a pure function of the folder's measurements: the same files give the
same bytes. Every number in it comes from them.
"""
import json
import os
import shlex
import sys

import charts
import charts_verdicts
import html_report
import pass_confirm
import report_beside
import report_cells
import report_choice
import report_growth
import report_json
import report_keep
import report_life
import report_many
import report_pause
import report_resident
import report_short
import report_sizes
import report_terminal
import report_verdicts
import stats
from figures import BASE, Results, is_trap
from report_text import DASH, cell_title, count, figure, listed, percent, ratio, size, table

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOAD_PER_CPU, LOAD_SPARE = 0.5, 0.5  # a load above cpus * the one + the other disturbs a run
SWITCHES_A_SECOND, SHARE_LEAST = 20, 0.95  # of the processes that measure
VERDICTS = "charts/verdicts.svg"
STRANGE = 6                          # unexplained differences told at most


# ---- the head ---------------------------------------------------------------------


def machine_words(env):
    """The machine in a few words."""
    cpu = env.get("cpu") or {}
    words = [cpu.get("model") or env.get("machine") or "unknown machine",
             "%s CPUs" % cpu["cpus"] if cpu.get("cpus") else "",
             "virtual" if cpu.get("hypervisor") else ""]
    return ", ".join(w for w in words if w)


def warnings(results):
    """What a reader must know before any figure: failed cells, changed sources, a busy machine."""
    env, lines = results.env, []
    for cell, name, message in results.failures:
        lines.append("> **Failed:** `%s` in %s: %s" % (name, cell_title(cell), message))
    if env.get("dirty"):
        lines.append("> **Not reproducible from the commit alone:** the sources had changes that "
                     "were not committed.")
    busy = busy_words(results)
    if busy:
        lines.append("> **Busy machine:** %s; times are less certain, counts and bytes are not "
                     "affected." % busy)
    return [line for pair in ((w, ">") for w in lines) for line in pair][:-1] + ([""] if lines
                                                                               else [])


def busy_words(results):
    """What says that others used the machine during the run, or "": the load, and the involuntary
    switches to another program."""
    env, parts = results.env, []
    cpus = (env.get("cpu") or {}).get("cpus")
    loads = [float(p["load"]) for p in results.pairs.processes]
    most = LOAD_PER_CPU * cpus + LOAD_SPARE if cpus else None
    before = (env.get("load_before") or [None])[0]
    if most is not None and before is not None and before > most:
        parts.append("the load was %.2f on %d CPUs when the run began" % (before, cpus))
    if most is not None and loads and max(loads) > most + 1:  # the run itself is 1
        parts.append("it rose to %.2f while the run took place" % max(loads))
    switches = sum(int(p["switches"]) for p in results.pairs.processes)
    seconds = sum(int(p["wall_ns"]) for p in results.pairs.processes) / 1e9
    worked = sum(int(p["cpu_ns"]) for p in results.pairs.processes) / 1e9
    if seconds and switches / seconds > SWITCHES_A_SECOND:
        parts.append("the measuring processes had to make way %s times a second" %
                     figure(switches / seconds))
    if parts and worked < SHARE_LEAST * seconds:
        parts.append("they had %s of a processor" % percent(worked / seconds))
    return ", ".join(parts)


def head(results):
    """The title, what was measured where, and the warnings."""
    env = results.env
    measured = sum(len(rows) for rows in results.rows.values())
    lines = ["# What deletion costs a hash table, and which tables give memory back", "",
             "Measured on %s at commit `%s`, on %s: %s measurements of %s tables." % (
                 env.get("started", "an unknown date")[:10], env.get("commit", "unknown"),
                 machine_words(env), count(measured), count(len(results.comparable()))), ""]
    return lines + warnings(results) + [
        report_verdicts.verdict_line(results.pairs) +
        (" [More](#can-this-run-be-trusted)" if results.rows else ""), ""]


def choice(results, of_cell):
    """What to choose: in short, as a picture, and engine by engine."""
    return (["## What to choose", ""] + report_short.screen(results) +
            first_chart(of_cell) +
            report_choice.decision_table(results))


# ---- the article -------------------------------------------------------------------


def step_names(labels):
    """The article's labels, where a second new table comes in told from the first."""
    second = labels.index("new", 1) if "new" in labels[1:] else len(labels)
    return labels[:second] + ["another, new" if label == "new" else "that one, %s" % label
                              for label in labels[second:]]


def first_chart(of_cell):
    """The article's case as a picture, where it was measured."""
    drains = [(n, workload) for workload, n in of_cell if workload.startswith("fill_drain")]
    if not drains:
        return []
    n = max(n for n, _ in drains)
    workload = max(w for m, w in drains if m == n) # of the orders of deletion, the random one
    return ["![Bytes held while %s entries come and go](%s)" % (count(n), of_cell[workload, n]), ""]


def article(results):
    """The article's figures beside the same steps on every table; one Markdown table per engine."""
    lines = ["## The article's figures", "",
             "A dictionary is filled%s, drained and copied: the bytes it reports after each step."
             " A table of the same layout reports the headers of a Python dict as well; the"
             " others have none." % (
                 " with %s entries" % count(results.env["article_n"])
                 if results.env.get("article_n") else ""), ""]
    blocks = {}
    for engine in sorted({t.split("/")[0] for t in results.article} - {"peer"}):
        names = sorted((t for t in results.article if t.split("/")[0] == engine),
                       key=lambda t: (t != "dict/cpython", t.split("/")[1] != BASE, t))
        key = tuple((t.split("/")[1], tuple(results.article[t])) for t in names)
        blocks.setdefault(key, []).append(engine)
    for key, engines in blocks.items():
        if len(engines) > 1:
            lines += ["%s hold the same bytes:" % listed("`%s`" % e for e in engines), ""]
        heads = ["step"] + ["%s/%s" % (engines[0], s) if len(engines) == 1 else s for s, _ in key]
        rows = [[label] + [count(told[i][1]) if i < len(told) else DASH for _, told in key]
                for i, label in enumerate(step_names([label for label, _ in key[0][1]]))]
        lines += table(heads, rows)
    return lines


# ---- the foot ------------------------------------------------------------------------


def environment(results):
    """What the run was made of, as a table."""
    env, cpu, build = results.env, results.env.get("cpu") or {}, results.env.get("build") or {}
    caches = ", ".join("%s %s" % item for item in sorted((cpu.get("caches") or {}).items()))
    memory = env.get("memory_kib")
    facts = (("machine", env.get("machine")), ("processor", machine_words(env)),
             ("caches", caches), ("memory", size(memory * 1024) if memory else None),
             ("system", env.get("system")), ("kernel", env.get("kernel")),
             ("C library", env.get("libc")), ("huge pages", env.get("huge_pages")),
             ("compiler", build.get("compiler")), ("flags", build.get("flags")),
             ("Google Benchmark", env.get("google_benchmark")), ("commit", env.get("commit")),
             ("seed", env.get("seed")), ("started", env.get("started")),
             ("duration", "%s s" % figure(env["seconds"]) if env.get("seconds") else None),
             ("shards", env.get("shards")),
             ("processes", count(len(results.pairs.processes))),
             ("link orders", count(len({p["layout"] for p in results.pairs.processes}))),
             ("taken up after an interrupt", "yes" if env.get("interrupted") else None),
             ("load before", " ".join("%.2f" % v for v in env.get("load_before") or [])),
             ("load after", " ".join("%.2f" % v for v in env.get("load_after") or [])),
             ("CPU time stolen by other guests, in ticks", env.get("steal_ticks")))
    return table(["", ""], [[k, str(v)] for k, v in facts if v not in (None, "")], left=2)


def command(env):
    """How to make such a run."""
    chosen = env.get("options") or {}
    return " ".join(["make bench"] + ["%s=%s" % (name, shlex.quote(value))
                                     for name, value in sorted(chosen.items())])


# How two tables are compared that do not the same in all slices, by the estimand (pairs.py).
WHOLE_TRACE = {
    "places": "the ratio of the times of the whole trace, of each of its slices the median over"
              " the process's replays: a rebuild comes in each of them at the same place",
    "total": "the ratio of the CPU times of the whole trace, since a median would leave out the"
             " rebuilds"}


def times_seen(results, cell, name):
    """How often a cell was measured."""
    row = results.rows[cell][name]
    return "once" if row.rounds * row.processes == 1 else \
        report_cells.rounds_of([row])


def method(results):
    """How the figures came about, what limits them, and how to repeat them."""
    noise = results.noise["ns_per_step"]
    compared = results.pairs.headlines + results.pairs.controls
    lines = [
        "## How this was measured", "",
        "- **Headlines and controls**: two tables take turns by slices of one trace, in the order"
        " a b b a, in %s fresh processes of several link orders, each with its own addresses and"
        " environment. Where all slices are alike a process says the median of its couples'"
        " log-ratios, the heads of slices left out; where the table grows, shrinks or rebuilds"
        " %s. Over the processes: the Hodges-Lehmann estimate with Wilcoxon's exact interval. Every"
        " slice is kept in `slices.csv.xz` and `control_slices.csv.xz`; none is left out as an"
        " outlier." % (
            count(max([h.estimate.n for h in compared] or [0])),
            WHOLE_TRACE["total" if "total" in {h.pair.estimand for h in compared} else "places"]),
        "- **The matrix**: all tables of a workload replay the same trace, one after the other, in"
        " rounds, in one process or several; a time is the median over the rounds, and of those over the"
        " processes; a ratio is the middle (Hodges-Lehmann) of the processes' ratios, the same that its"
        " interval is of; least to most are those of all rounds. Where a cell was measured in at"
        " least %d processes, a ratio has an interval"
        " over them and a verdict adjusted by Benjamini and Hochberg; elsewhere it has none, and"
        " is no claim." % stats.LEAST,
        "- Times are CPU time of the thread. Answers are checked against a reference model's"
        " checksums in every slice and replay.",
        "- Bytes, peaks, moves, rebuilds and allocations are counted in the run that is timed. They"
        " are exact, and a run in which a replay differs from the first fails.",
        "- Bytes are those the table asked of the allocator. B/live over the whole run is the"
        " area under the bytes held over the steps, divided by that under the live entries.",
        "- The reference rows are fresh tables that hold what lived when the deletions were over:"
        " one with as many slots as tombstone's, one with fit slots. The first against tombstone"
        " shows what dead slots cost, the second against the first what spare room costs.",
        "- A ratio is within one engine and one cell; means of ratios are geometric, over warm"
        " pages and the default keys, the traps left out."]
    if noise.groups:
        lines.append(
            "- Tables of one engine whose exact figures in a cell are all equal show the noise: of"
            " %s such groups, in half the slowest took at most %s more than the quickest, in nine"
            " of ten at most %s. A difference of that order is not a finding." % (
                count(noise.groups), percent(noise.median), percent(noise.usual)))
    if noise.strange:
        lines.append(
            "- Some differ by far more although nothing that is counted does. Where that was seen in"
            " several processes it is work that is not counted; where once, it may be what else the"
            " machine did, and wants repeating: %s." % "; ".join(
                "`%s` takes %s of the time of `%s` in %s (%s)" % (
                    slow, ratio(1 + share), quick, cell_title(cell), times_seen(results, cell, slow))
                for share, slow, quick, cell in noise.strange[:STRANGE]))
    lines += ["- Limits: a shared machine; ratios of the matrix that have no interval may differ by a"
              " few percent by an accident of addresses; keys are 64-bit words and their hash is"
              " cheap; a peer that is a library of the distribution is compiled with that one's flags.", ""]
    lines += ["### Environment", ""] + environment(results)
    if results.notes:
        lines += ["### What was left out", ""] + ["- %s" % n for n in results.notes] + [""]
    lines += ["### To repeat it", "", "```", command(results.env), "```", ""]
    return lines


# ---- the whole ------------------------------------------------------------------------


def draw(results):
    """({(workload, n): path}, {n: path}, {path: SVG}) of every chart."""
    look, of_cell, of_size, files = charts.styles(results), {}, {}, {}
    for memory in results.memory:
        if memory.arms:
            path = "charts/%s-%d.svg" % (memory.workload, memory.n)
            of_cell[memory.workload, memory.n] = path
            files[path] = charts.memory_chart(memory, look, BASE)
    for n in sorted({c.n for c in results.plain() if c.n}):
        drawn = charts.scatter_chart(results, n, look)
        if drawn:
            of_size[n] = "charts/time-memory-%d.svg" % n
            files[of_size[n]] = drawn
    verdicts = charts_verdicts.chart(results.pairs)
    if verdicts:
        files[VERDICTS] = verdicts
    return of_cell, of_size, files


def report(results, of_cell, of_size, parts):
    """The lines of report.md; parts: those of the passes, between choice and tables."""
    lines = head(results)
    if not results.rows:
        return lines + ["Nothing was measured.", ""] + method(results)
    lines += choice(results, of_cell) + report_verdicts.controls(results.pairs)
    lines += report_verdicts.headlines(results, VERDICTS, pass_confirm.read(results.folder)) + article(results)
    lines += ["## What each strategy costs, and what it gives back", "",
              "Bytes: at the largest size of each workload, from the engine with the fewest to the"
              " one with the most. Time: beside %s on the same engine, the geometric mean over all"
              " workloads and sizes but traps." % BASE, ""]
    lines += report_choice.sentences(results)
    if of_size:
        lines += ["## Time against memory", ""]
        for n in sorted(of_size, reverse=True):
            lines += ["![Time against memory, n = %s](%s)" % (count(n), of_size[n]), ""]
    lines += parts
    lines += ["## Ablations: one engine, many strategies", "",
              "Within one table below everything but the strategy is the same. Smaller sizes,"
              " cold pages and the other workloads: [details.md](details.md).", ""]
    headlines = [w for w in results.names() if report_cells.is_headline(w)]
    for workload in headlines if results.engines() else []:
        cells = [c for c in report_cells.sorted_cells(results, workload)
                 if report_cells.in_report(results, c)]
        lines += report_cells.workload_section(results, workload, cells, of_cell, False)
    if not headlines or not results.engines():
        lines += ["None was measured in the headline workloads.", ""]
    lines += ["## Comparisons: many engines and peers", "",
              "Here everything differs: layout, probing, growth, and who wrote it. These figures"
              " say which table is quicker or smaller, not why.", ""]
    lines += report_cells.comparisons(
        results, headlines or [w for w in results.names() if not is_trap(w)])
    traps = report_cells.traps(results)
    if traps:
        lines += ["## Known traps", ""] + traps
    return lines + method(results)


def details(results, of_cell):
    """The lines of details.md: every cell that report.md leaves out."""
    lines = ["# Details", "", "The cells that [report.md](report.md) leaves out.", ""]
    others = [w for w in results.names() if not report_cells.is_headline(w)]
    for workload in results.names():
        cells = [c for c in report_cells.sorted_cells(results, workload)
                 if not report_cells.in_report(results, c)]
        if cells:
            lines += report_cells.workload_section(results, workload, cells,
                                                   of_cell if workload in others else {}, True)
    compared = [w for w in others if not is_trap(w)]
    if compared and len(others) < len(results.names()):
        lines += ["## Comparisons", "", "Here everything differs.", ""]
        lines += report_cells.comparisons(results, compared)
    return lines


def save(folder, files):
    """Writes {path in the folder: text}, and removes charts of an earlier report."""
    drawn = os.path.join(folder, "charts")
    os.makedirs(drawn, exist_ok=True)
    for name in sorted(os.listdir(drawn)):
        if name.endswith(".svg"):
            os.remove(os.path.join(drawn, name))
    for path in sorted(files):
        with open(os.path.join(folder, path), "w", encoding="utf-8", newline="\n") as file:
            file.write(files[path])


def write(folder):
    """Writes the report into the folder; returns a table for the terminal.

    Raises OSError, with the file's name, if a file is missing or incomplete.
    """
    results = Results(folder)
    of_cell, of_size, files = draw(results)
    look = charts.styles(results)
    parts = []
    for part in (report_life.part, report_growth.part, report_resident.part, report_pause.part,
                 report_beside.part, report_many.part, report_keep.part):
        told, drawn = part(results, look)
        parts += told
        files.update(drawn)
    lines = report(results, of_cell, of_size, parts)
    files["report.html"] = html_report.page(lines, files, look.at, report_sizes.data(results))
    files["report.md"] = "\n".join(lines).rstrip("\n") + "\n"
    files["details.md"] = "\n".join(details(results, of_cell)).rstrip("\n") + "\n"
    files["report.json"] = report_json.text(results)
    save(folder, files)
    return "\n".join([report_terminal.summary(results)] + report_verdicts.terminal(results.pairs))


def newest():
    """The folder in results/ whose run started last."""
    place = os.path.join(ROOT, "results")
    found = []
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
        path = os.path.join(place, name, "env.json")
        if not name.startswith(".") and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                try:
                    started = str(json.load(file).get("started", ""))
                except (ValueError, AttributeError):
                    started = ""  # such a folder is refused by name if it is the only one
            found.append((started, os.path.join(place, name)))
    return max(found)[1] if found else None


def main(arguments):
    """Writes one report; the exit status is 2 if there is nothing to write it from."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print("usage: report [FOLDER]", file=sys.stderr)
        return 2
    folder = arguments[0] if arguments else os.environ.get("RUN") or newest()
    if not folder:
        print("report: results: no results yet; `make bench` writes some", file=sys.stderr)
        return 2
    try:
        print(write(folder))
    except OSError as error:
        print("report: %s: %s" % (error.filename or folder, error.strerror), file=sys.stderr)
        return 2
    print("report: %s" % os.path.relpath(os.path.join(folder, "report.md")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
