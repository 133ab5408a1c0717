#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes reports of small made-up results folders, and looks at what they say.

usage: report_test.py BUILD_FOLDER (which it does not need: reports are made from files alone)
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
sys.dont_write_bytecode = True
sys.path.insert(0, str(SCRIPTS))
import folder as results_folder  # noqa: E402  (found by the path above)
import figures  # noqa: E402
import pairs  # noqa: E402
import report  # noqa: E402

ENGINES = ("dict", "linear")
STRATEGIES = ("compact_copy", "drain_release", "novel", "shrink", "tombstone")
WORKLOADS = ("blink", "churn", "fifo", "fill_drain.random", "many_small", "purge", "spike",
             "trap_hollow")
SIZES = (1000, 10000)
EMPTY_AT_END = ("blink", "fill_drain.random", "spike")
RECORDED, RECORDED_LIVE = "real.tiny", 700
PEERS = ("peer/null", "peer/other")
ENV = {"machine": "made-up", "cpu": {"model": "Model 1", "cpus": 2, "hypervisor": True},
       "build": {"compiler": "cc 1", "flags": "-O3"}, "commit": "0123456789", "dirty": False,
       "seed": 1, "options": {"QUICK": "1"}, "started": "2026-01-02T03:04:05+00:00",
       "load_before": [0.5, 0.5, 0.5], "load_after": [0.5, 0.5, 0.5], "seconds": 3.0}


# ---- a folder ---------------------------------------------------------------------


def bench(workload, table, n, serial, rounds=3):
    """One line of gbench.json.gz; `serial` makes its times unlike all others."""
    steps, live = 4 * (n or RECORDED_LIVE), 0 if workload in EMPTY_AT_END else n or RECORDED_LIVE
    slots = 2 * (n or RECORDED_LIVE)
    held = 8 * 17 if "shrink" in table or "release" in table else 17 * slots
    name = "/".join([workload, table] + ([str(n)] if n else []) +
                    ["iterations:%d" % rounds, "manual_time"])
    line = {"name": name, "run_type": "iteration", "iterations": rounds, "steps": steps,
            "after_steps": steps // 4, "live": live, "live_peak": n or RECORDED_LIVE,
            "bytes": held, "ns_after": 3 + serial / 8}
    if "/=" not in table:
        line.update({"ns_per_step": 10 + serial / 8, "ns_least": 9 + serial / 8,
                     "ns_most": 11 + serial / 8, "peak": 2 * held, "byte_steps": held * steps,
                     "live_steps": steps * (n or RECORDED_LIVE) / 2, "bound": held,
                     "bound_used": 1.0, "moved": steps // 3, "moved_most": n or RECORDED_LIVE,
                     "rebuilds": 7, "allocations": 9, "faults": 0, "slots": slots, "dead": 0,
                     "visited": 0})
    return line


def benches():
    tables = ["%s/%s" % (e, s) for e in ENGINES for s in STRATEGIES + ("=same", "=fit")]
    lines = [bench(w, t, n, 0) for w in WORKLOADS for t in tables + list(PEERS) for n in SIZES]
    lines += [bench(RECORDED, t, None, 0) for t in tables + list(PEERS) if "/=" not in t]
    return [bench(*split(line["name"]), serial) for serial, line in enumerate(lines)]


def split(name):
    words = name.split("/")
    return words[0], "/".join(words[1:3]), int(words[3]) if words[3].isdigit() else None


def memory():
    """memory.csv: every table grows to n's bytes; only some give back."""
    lines = ["cell,arm,step,live,held,peak,bound"]
    for cell in ["%s/%d" % (w, SIZES[-1]) for w in WORKLOADS] + [
            "%s/%d" % (RECORDED, RECORDED_LIVE)]:
        lines += ["%s,live,%d,%d,,," % (cell, 500 * i, 100 * i) for i in range(1, 9)]
        for table in ["%s/%s" % (e, s) for e in ENGINES for s in STRATEGIES] + ["peer/other"]:
            end = 136 if "shrink" in table else 34000
            lines += ["%s,%s,500,,17000,17000,17000" % (cell, table),
                      "%s,%s,2000,,34000,51000,34000" % (cell, table),
                      "%s,%s,4000,,%d,34000," % (cell, table, end)]
    return "\n".join(lines) + "\n"


# (name, cell, estimand, truth, injected_ns): headlines, and controls by what must show
PAIRS = (("purge:linear/shrink", "purge/100000", "places", "", 0),
         ("hit:linear/shrink", "hit/100000", "alike", "", 0),
         ("same:hit", "hit/100000", "alike", "1", 0),
         ("twin:hit", "hit/100000", "alike", "1", 0),
         ("one_percent:hit", "hit/100000", "alike", "1.01", 0),
         ("pause:purge", "purge/100000", "places", "", 30000000))
PROCESSES, ROUNDS, SLICES, STEPS, SLICE_NS = 16, 2, 12, 32768, 500000
WHOLE = {"purge:linear/shrink": 1.25, "hit:linear/shrink": 1.0, "same:hit": 1.0,
         "twin:hit": 1.0, "one_percent:hit": 1.01, "pause:purge": 1.0}


def made_slices(ratios, noise=0.0005):
    """slices.csv: arm b takes ratios[pair] of a's time, a process more or less by `noise`."""
    lines = ["process,pair,arm,round,turn,slice,steps,head_ns,ns,switches"]
    for name, _, _, _, injected in PAIRS:
        for process in range(PROCESSES if name in ratios else 0):
            share = ratios[name] * (1 + noise * ((process * 7 + 3) % PROCESSES - 7.5))
            for turn in range(ROUNDS * SLICES * 2):
                place, arm = turn // 2 % SLICES, "abba"[turn % 4]
                ns = SLICE_NS * (share if arm == "b" else 1)
                ns += injected if arm == "b" and place == 1 else 0
                lines.append("%d,%s,%s,%d,%d,%d,%d,%d,%d,0" % (
                    process, name, arm, turn // (2 * SLICES), turn % (2 * SLICES), place, STEPS,
                    SLICE_NS * (share if arm == "b" else 1) / 8, ns))
    return "\n".join(lines) + "\n"


def made_pairs(ratios):
    """The files of the pairs, {name: text}."""
    text = {"slices.csv": made_slices(ratios),
            "pairs.csv": "pair,cell,a,b,estimand,truth,injected_ns\n" + "".join(
                "%s,%s,linear/tombstone,%s,%s,%s,%d\n" % (
                    name, cell, name.split(":")[1] if "/" in name else "linear/tombstone", estimand,
                    truth, injected) for name, cell, estimand, truth, injected in PAIRS)}
    text["processes.csv"] = "process,job,layout,pad,started,load,wall_ns,cpu_ns,switches\n" + "".join(
        "%d,pairs,%d,0,0.5,1.0,1000000000,990000000,1\n" % (i, i) for i in range(PROCESSES))
    text["overhead.csv"] = "process,clock_ns,edge_ns,loop_ns,steps,step_ns,reference_ns\n" + "".join(
        "%d,190,380,2,%d,0.012,3500000\n" % (i, STEPS) for i in range(PROCESSES))
    return text


def made_rounds(lines, processes):
    """rounds.csv: every cell in so many processes, always with the same times."""
    text = ["process,cell,arm,round,place,copies,ns,after_ns,switches"]
    for line in lines:
        if "steps" not in line or "ns_per_step" not in line:
            continue
        workload, table, n = split(line["name"])
        cell = workload + ("/%d" % n if n else "")
        text += ["%d,%s,%s,0,0,1,%d,0,0" % (p, cell, table,
                                            line["ns_per_step"] * line["steps"] * (1 + p / 1e4))
                 for p in range(processes)]
    return "\n".join(text) + "\n"


def make(folder, lines=None, env=None, csv=None, ratios=None, replicates=1):
    """Writes a results folder; what is not given is the full made-up one."""
    folder.mkdir()
    lines = benches() if lines is None else lines
    text = {
        "gbench.json": json.dumps({"context": {}, "benchmarks": lines}),
        "memory.csv": memory() if csv is None else csv,
        "env.json": json.dumps(dict(ENV, **(env or {}))),
        "tables.tsv": "".join("%s/%s\tsummary of %s\tleaves-dead-slots\tpromise\n" % (e, s, s)
                              for e in ENGINES for s in STRATEGIES) +
                      "peer/null\tdoes nothing\tordered,answers-nothing\tnone\n"
                      "peer/other\tanother\tbytes-estimated\tnone\n"
                      "# linear/cpython does not exist: the reason\n",
        "workloads.tsv": "".join("%s\tsummary of it\thurts some\n" % w for w in WORKLOADS),
        "article.tsv": "new\t240\nfilled\t41943144\n\n" + "".join(
            "%s/%s new\t0\n%s/%s filled\t35651584\n" % (e, s, e, s)
            for e in ENGINES for s in STRATEGIES)}
    text.update(made_pairs(WHOLE if ratios is None else ratios))
    text["rounds.csv"] = made_rounds(lines, replicates)
    for name, content in text.items():
        (folder / name).write_text(content, encoding="utf-8")
    for name in ("gbench.json", "rounds.csv"):
        results_folder.compress(str(folder / name))
    pairs.keep_slices(str(folder))
    results_folder.seal(folder, figures.FILES)
    return folder


def written(folder):
    """{path: text} of what the report wrote."""
    paths = [folder / "report.md", folder / "details.md"] + sorted((folder / "charts").iterdir())
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in paths}


def three_digits(value):
    return "%.3g" % value if value >= 100 else "%.*f" % (1 if value >= 10 else 2, value)


# ---- what is looked at ------------------------------------------------------------------


def check(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def anchors(path):
    """Those that the headings of a Markdown file get on a code-hosting site."""
    return {re.sub(r"[^\w -]", "", words.lower()).replace(" ", "-")
            for words in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)}


def sound(folder, told):
    """What holds of every report: files that parse, whole links, no number that is none."""
    files = written(folder)
    lines = told.split("\n")
    check(len(lines) <= 40 and max(map(len, lines)) <= 100, "the terminal's table is too large")
    for path, text in files.items():
        check(not re.search(r"\b(nan|inf|None)\b", text), "%s has a number that is none" % path)
        if path.endswith(".svg"):
            xml.etree.ElementTree.fromstring(text)
            sizes = [float(s) for s in re.findall(r'font-size="([\d.]+)"', text)]
            check(min(sizes) >= 11, "%s has text under 11 px" % path)
        else:
            for link in re.findall(r"\]\(([^)]+)\)", text):
                file, _, anchor = link.partition("#")
                target = folder / (file or path)
                check(target.is_file() and (not anchor or anchor in anchors(target)),
                      "%s links to %s, which is not there" %
                      (path, link))
    return files


def whole(place):
    """A full folder: everything in it is told, twice the same."""
    folder = make(place / "whole")
    told = report.write(folder)
    files = sound(folder, told)
    check(report.write(folder) == told and written(folder) == files, "two reports differ")
    text = files["report.md"]
    for name in ("novel", "peer/other: bytes estimated", "harness alone", "trap_hollow", RECORDED, "does not exist",
                 "make bench QUICK=1", "0123456789"):
        check(name in text, "report.md does not name %s" % name)
    first = text[:text.index("## Can this run be trusted?")]
    chosen = re.search(r"\| most entries deleted, few stay \| ([^|]*) \|", first)
    check(chosen and "`shrink`" in chosen.group(1), "the first screen chooses %s for a purge" %
          (chosen and chosen.group(1)))
    check("- **novel** (summary of novel): holds" in text, "a new strategy has no sentence")
    check("novel" in files["charts/purge-%d.svg" % SIZES[-1]], "a new strategy is not in a chart")
    check("dict/novel" in files["charts/time-memory-%d.svg" % SIZES[-1]],
          "a new strategy is not in the scatter")
    check("Failed" not in text and "Busy" not in text, "warnings without reason")
    drained = text[text.index("#### `fill_drain.random`"):].split("####")[1]
    check("B/live at end" not in drained, "bytes per live entry where nothing lives")
    purged = text[text.index("#### `purge`"):].split("####")[1]
    check("| fresh, fit slots | – | – |" in purged, "a reference row without dashes")


def mixed_live(place):
    """Where one table of a cell has nothing live, it alone has a dash."""
    lines = [b for b in benches() if b["name"].startswith("purge/")]
    for line in lines:
        if "/dict/novel/" in line["name"]:
            line["live"] = 0
    folder = make(place / "mixed", lines)
    text = sound(folder, report.write(folder))["report.md"]
    row = re.search(r"\| novel \|[^\n]*", text[text.index("#### `purge`"):]).group()
    check(row.split("|")[6].strip() == "–", "no dash at zero live: " + row)


def without_base(place):
    """No ratio without its base, but every time there is."""
    lines = [b for b in benches() if "tombstone" not in b["name"] and "/=" not in b["name"]]
    folder = make(place / "baseless", lines)
    files = sound(folder, report.write(folder))
    both = files["report.md"] + files["details.md"]
    for line in lines:
        check("| %s |" % three_digits(line["ns_per_step"]) in both,
              "the time of %s is missing" % line["name"])


def one_workload(place):
    lines = [b for b in benches() if b["name"].startswith("churn/linear/")]
    folder = make(place / "one", lines, csv=memory().split("\n", 1)[0] + "\n")
    text = sound(folder, report.write(folder))["report.md"]
    check("#### `churn`" in text and "Not measured" in text, "one workload alone")


def nothing(place):
    folder = make(place / "nothing", [])
    told = report.write(folder)
    check("nothing was measured" in told and
          "Nothing was measured" in sound(folder, told)["report.md"], "an empty run says nothing")


def troubled(place):
    """What went wrong stands in the first lines."""
    lines = benches()
    lines[5] = {"name": lines[5]["name"], "run_type": "iteration", "iterations": 0,
                "error_occurred": True, "error_message": "wrong answers in steps 1 to 2"}
    folder = make(place / "troubled", lines, {"dirty": True, "load_before": [4.0, 1.0, 1.0]})
    told = report.write(folder)
    first = sound(folder, told)["report.md"].split("\n")[:14]
    for word in ("wrong answers in steps 1 to 2", "not committed", "Busy machine"):
        check(any(word in line for line in first), "not in the first lines: " + word)
    check(told.startswith("FAILED: "), "the terminal's table hides a failed cell")


def refused(place):
    """A folder that is not whole, or not what was measured, is refused in one line that names the
    file."""
    for name in sorted(figures.FILES) + [results_folder.MANIFEST]:
        folder = make(place / ("without-" + name))
        (folder / name).unlink()
        refuse(folder, name)
    for name in sorted(figures.FILES):
        folder = make(place / ("edited-" + name))
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        refuse(folder, name, "SHA-256")
    folder = make(place / "cut")
    content = (folder / "gbench.json.gz").read_bytes()
    (folder / "gbench.json.gz").write_bytes(content[:len(content) // 2])
    resealed(folder)
    refuse(folder, "gbench.json.gz", "not complete")
    manifest(make(place / "version"), schema=1)
    refuse(place / "version", results_folder.MANIFEST, "schema version 1")
    changed = manifest(make(place / "file-version"))
    changed["slices.csv.xz"]["schema"] = "slices/9"
    manifest(place / "file-version", files=changed)
    refuse(place / "file-version", "slices.csv.xz", "slices/9")
    resealed(make(place / "cut-csv", csv=memory()[:200]))
    refuse(place / "cut-csv", "memory.csv")
    folder = make(place / "cut-line")
    (folder / "pairs.csv").write_text((folder / "pairs.csv").read_text()[:-3])
    refuse(resealed(folder), "pairs.csv", "cut short")
    refuse(place / "absent", "absent")


def manifest(folder, **changes):
    """Changes the manifest; returns its files."""
    path = folder / results_folder.MANIFEST
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(data, **changes)), encoding="utf-8")
    return data["files"]


def resealed(folder):
    results_folder.seal(folder, figures.FILES)
    return folder


def refuse(folder, name, why=""):
    done = subprocess.run([SCRIPTS / "report", folder], capture_output=True, text=True,
                          env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"), check=False)
    check(done.returncode == 2, "%s: exit status %d" % (name, done.returncode))
    check(done.stderr.count("\n") == 1 and name in done.stderr and why in done.stderr,
          "%s: %r" % (name, done.stderr))
    check(not (folder / "report.md").exists(), "%s: a report in spite of it" % name)


def by_variable(place):
    folder = make(place / "variable")
    done = subprocess.run([SCRIPTS / "report"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, RUN=str(folder), PYTHONDONTWRITEBYTECODE="1"))
    check(done.returncode == 0 and (folder / "report.md").is_file(), "RUN=: " + done.stderr)


def main():
    place = pathlib.Path(tempfile.mkdtemp(prefix="report-test-"))
    try:
        for test in (whole, mixed_live, without_base, one_workload, nothing, troubled, refused,
                     by_variable):
            try:
                test(place)
            except AssertionError as error:
                print("report_test: %s: %s" % (test.__name__, error), file=sys.stderr)
                return 1
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
