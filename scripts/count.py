#!/usr/bin/env python3
"""Compares the exact figures of every table with the golden ones; scripts/count calls it.

usage: count.py TIMED_BUILD CHECKED_BUILD     all figures
       count.py BUILD                         without instructions; slots probed if it counts them

Two golden files, since two kinds of figures are exact in two senses:
  results/counts.csv             what tables and allocator count: the same everywhere
  results/instructions/KEY.csv   instructions in the run loop under callgrind: the same for
                                 one compiler and C library, which KEY names
A row that is new is told and does not fail: one file adds a table or a workload.
"""
import collections
import concurrent.futures
import csv
import glob
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.environ.get("RESULTS") or os.path.join(ROOT, "results")
KEYS = ("workload", "n", "table")
UNDER = os.environ.get("UNDER", "").split()  # what runs the program: an emulator
TOLD = 30                 # differences told one by one
CALLGRIND_N = 1000        # entries; under callgrind a step takes some 50 times as long
# memset and memcpy choose their code by the processor; these choices are pinned to what
# every x86-64 processor has, and the size from which they bypass the caches to a constant.
TUNABLES = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS,-FSRM:glibc.cpu.x86_non_temporal_threshold=0xc0000"

Change = collections.namedtuple("Change", "row name was now")


class Failure(Exception):
    """One line for the user."""


# ---- counting ------------------------------------------------------------------------


def run(command, **options):
    """What a command prints; Failure with its own words if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, **options)
    if done.returncode:
        raise Failure("`%s` ended with status %d: %s" % (
            " ".join(map(os.path.basename, command[:3])), done.returncode,
            done.stderr.strip()[-300:]))
    return done.stdout


def read_rows(text, name):
    """{(workload, n, table): {figure: number}} of CSV text."""
    rows = {}
    for line in csv.DictReader(io.StringIO(text)):
        if None in line or None in line.values():
            raise Failure("%s: a line is cut short" % name)
        key = tuple(line.pop(k) for k in KEYS)
        rows[key] = {figure: int(value) for figure, value in line.items()}
    return rows


def counted(ebb):
    """The tables' and the allocator's own figures."""
    return read_rows(run(UNDER + [ebb, "count"]), "ebb count")


def tables(ebb):
    """Our tables by name: peers are not counted."""
    names = [line.split("\t")[0] for line in run([ebb, "tables"]).splitlines()]
    return [n for n in names if n and not n.startswith(("#", "peer/"))]


def marked(command):
    """{words of a mark: instructions} of what a program marks for callgrind (tool/mark.h)."""
    folder = tempfile.mkdtemp(prefix="ebb-count-")
    try:
        run(["valgrind", "--tool=callgrind", "--quiet", "--collect-atstart=no",
             "--callgrind-out-file=" + os.path.join(folder, "out.%p")] + command,
            env={"PATH": os.environ["PATH"], "LD_BIND_NOW": "1", "GLIBC_TUNABLES": TUNABLES})
        found = {}
        for path in glob.glob(os.path.join(folder, "out.*.*")):
            with open(path, encoding="utf-8") as file:
                text = file.read(2000)  # what it says of itself comes first
            title = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
            total = re.search(r"^summary: (\d+)$", text, re.M)
            if not title or not total:
                raise Failure("callgrind wrote a file without title or sum for %s" % command[0])
            found[tuple(title.group(1).split(","))] = int(total.group(1))
        if not found:
            raise Failure("callgrind counted nothing for %s" % " ".join(command))
        return found
    finally:
        shutil.rmtree(folder)


def callgrind(ebb, table):
    """{(workload, n, table): {"steps": ..., "instructions": ...}} of one table."""
    found = marked([ebb, "count", "--instructions", "--n", str(CALLGRIND_N), "--table", table])
    return {(workload, n, name): {"steps": int(steps), "instructions": instructions}
            for (workload, n, name, steps), instructions in found.items()}


def instructions(ebb):
    """Instructions of every table, as many tables at a time as there are CPUs."""
    rows = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda table: callgrind(ebb, table), tables(ebb)):
            rows.update(found)
    return rows


def key_of(build):
    """Compiler, C library and processor kind: what instruction counts depend on."""
    found = {}
    for path in glob.glob(os.path.join(build, "CMakeFiles", "*", "CMakeCCompiler.cmake")):
        with open(path, encoding="utf-8") as file:
            found.update(re.findall(r'^set\(CMAKE_C_COMPILER_(ID|VERSION) "(.*)"\)$', file.read(),
                                    re.M))
    return "-".join([found.get("ID", "unknown").lower(), found.get("VERSION", "0"),
                     "-".join(platform.libc_ver()), platform.machine()])


# ---- comparing ------------------------------------------------------------------------


def load(path):
    """The golden rows, or None if there are none yet."""
    try:
        with open(path, encoding="utf-8") as file:
            return read_rows(file.read(), os.path.relpath(path))
    except FileNotFoundError:
        return None
    except (KeyError, ValueError) as error:
        raise Failure("%s: not a file of counts: %s" % (os.path.relpath(path), error)) from error


def save(path, rows):
    """Writes rows, sorted, so that a change shows as the lines that changed."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    figures = list(next(iter(rows.values())))
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(list(KEYS) + figures)
        for key in sorted(rows, key=lambda k: (k[0], int(k[1]), k[2])):
            out.writerow(list(key) + [rows[key][f] for f in figures])


def changes(golden, now):
    """Every figure that both have and that differs, by how much it differs most first."""
    found = [Change(row, name, golden[row][name], now[row][name]) for row in golden
             if row in now for name in golden[row]
             if name in now[row] and golden[row][name] != now[row][name]]
    return sorted(found, key=lambda c: (-abs(c.now - c.was) / max(c.was, 1), c.row, c.name))


def tell_changes(found):
    """The differences in words: one line each, then a line for each figure."""
    for change in found[:TOLD]:
        workload, n, table = change.row
        by = " (%+.2f %%)" % (100 * (change.now / change.was - 1)) if change.was else ""
        print("  %s, n = %s, %s: %s %d, was %d%s" % (workload, n, table, change.name, change.now,
                                                    change.was, by))
    if len(found) > TOLD:
        print("  and %d more" % (len(found) - TOLD))
    for name in sorted({c.name for c in found}):
        same = [c for c in found if c.name == name]
        more = sum(c.now > c.was for c in same)
        print("  %s: %d rows differ, %d rose, %d fell" % (name, len(same), more, len(same) - more))


def compare(what, path, now, accept):
    """Tells how `now` differs from the golden rows; returns whether it is equal."""
    shown = os.path.relpath(path, ROOT)
    if accept:
        save(path, now)
        print("%s: %s now holds %d rows" % (what, shown, len(now)))
        return True
    golden = load(path)
    if golden is None:
        print("%s: no golden counts in %s; `make count ACCEPT=1` writes them" % (what, shown))
        return True
    new, gone, found = set(now) - set(golden), set(golden) - set(now), changes(golden, now)
    for rows, word in ((new, "new"), (gone, "gone")):
        if rows:
            print("%s: %d rows are %s, e.g. %s" % (what, len(rows), word, ", ".join(min(rows))))
    if found:
        print("%s: %d figures differ from %s:" % (what, len(found), shown))
        tell_changes(found)
        return False
    print("%s: %d rows equal %s" % (what, len(set(now) & set(golden)), shown))
    return not gone


def repeated(what, count, times):
    """Counts `times` times; Failure if two passes differ."""
    first = count()
    for i in range(1, times):
        found = changes(first, count())
        if found:
            tell_changes(found)
            raise Failure("%s: pass %d differs from the first" % (what, i + 1))
    if times > 1:
        print("%s: %d passes, all equal" % (what, times))
    return first


def main(arguments):
    """Compares both kinds of figures; the exit status says whether all are equal."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        print("usage: count.py TIMED_BUILD [CHECKED_BUILD]", file=sys.stderr)
        return 2
    accept, times = os.environ.get("ACCEPT", "0") not in ("", "0"), int(
        os.environ.get("REPEAT") or 1)
    ebb = os.path.join(arguments[-1], "ebb")
    equal = compare("counts", os.path.join(RESULTS, "counts.csv"),
                    repeated("counts", lambda: counted(ebb), times), accept)
    if len(arguments) == 2 and not shutil.which("valgrind"):
        print("instructions: skipped, valgrind is not installed")
    elif len(arguments) == 2:
        ebb = os.path.join(arguments[0], "ebb")
        path = os.path.join(RESULTS, "instructions", key_of(arguments[0]) + ".csv")
        equal &= compare("instructions", path,
                         repeated("instructions", lambda: instructions(ebb), times), accept)
    if not equal:
        print("to take these as golden, in a commit of its own that says why: make count ACCEPT=1")
    return 0 if equal else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Failure, OSError) as failure:
        print("count: %s" % failure, file=sys.stderr)
        sys.exit(2)
