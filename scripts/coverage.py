#!/usr/bin/env python3
"""What the corpus reaches of impl/; scripts/coverage calls it.

An engine is compiled once for every strategy, and a strategy once for every engine. A
branch counts as reached if any of these copies took it, and so does a condition of
MC/DC. What a compile-time constant decides is no branch.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "coverage")
IMPL = os.path.join(ROOT, "impl")
REASONS = os.path.join(ROOT, "scripts", "coverage_reasons")

# Every branch of these must be reached; those of check(), and of what it calls under a name
# that begins so, also by impl/test/corrupt_*.c, since a right table never takes its returns.
DEMANDED = ("engine/", "layout/", "strategy/", "table.h", "requests.h", "gradual.h", "policy.h", "shrinking.h", "on_request.h")
ON_PURPOSE = ("test/test_corrupt_*", "test/test_geometry")

BRANCH_KINDS = (4, 6)  # of llvm-cov: a branch, and one that is a condition of MC/DC


def run(command, profile):
    environment = dict(os.environ, LLVM_PROFILE_FILE=os.path.join(BUILD, "raw", profile + "-%p.raw"))
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit("coverage: %s: %s" % (" ".join(command), done.stderr.decode(errors="replace")[-2000:]))


def programs(*patterns):
    return sorted(path for pattern in patterns
                  for path in glob.glob(os.path.join(BUILD, pattern)) if os.access(path, os.X_OK))


def replay_corpus():
    """Every input on every table, and every fuzz target on its own inputs."""
    run([os.path.join(BUILD, "ebb"), "digest", "corpus"], "corpus")
    for program in programs("fuzz_*"):
        seeds = os.path.join("corpus", "seed", os.path.basename(program)[len("fuzz_"):])
        if os.path.isdir(os.path.join(ROOT, seeds)):
            run([program, seeds], "corpus")


def merge(name, *profiles):
    data = os.path.join(BUILD, name + ".data")
    raw = [path for profile in profiles for path in glob.glob(os.path.join(BUILD, "raw", profile + "-*.raw"))]
    subprocess.run(["llvm-profdata-19", "merge", "-sparse", "-o", data] + raw, check=True)
    return data


def objects():
    found = programs("ebb", "fuzz_*", *ON_PURPOSE)
    return [found[0]] + [word for path in found[1:] for word in ("-object", path)]


class Source:
    """What is known of one file of impl/: by place, whether it was reached."""

    def __init__(self):
        self.lines = {}
        self.branches = {}    # (line, column, taken or not, inside a check) -> reached
        self.conditions = {}  # (line, column, inside a check) -> [reached, there are]


def read_function(sources, function):
    """Adds a compiled copy of a function to what is known of its file."""
    path = function["filenames"][0]
    if not path.startswith(IMPL + os.sep) or path.startswith(os.path.join(IMPL, "test")):
        return
    source = sources.setdefault(os.path.relpath(path, IMPL), Source())
    name = function["name"].split(":")[-1]
    check = path.endswith(".h") and (name == "core_check" or name.startswith("check"))
    branches = [b for b in function["branches"] if b[6] == 0 and b[8] in BRANCH_KINDS]
    for line, column, _, _, taken, not_taken, *_ in branches:
        for way, count in ((True, taken), (False, not_taken)):
            key = (line, column, way, check)
            source.branches[key] = source.branches.get(key, False) or count > 0
    for first, left, last, right, _, _, reached in function.get("mcdc_records", []):
        there = sum((first, left) <= (b[0], b[1]) and (b[2], b[3]) <= (last, right)
                    for b in branches if b[8] == 6)
        known = source.conditions.setdefault((first, left, check), [[False] * len(reached), 0])
        known[0] = [a or b for a, b in zip(known[0], reached)]
        known[1] = max(known[1], there)


def read(data):
    exported = subprocess.run(["llvm-cov-19", "export", "-instr-profile=" + data] + objects() + [IMPL],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    content = json.loads(exported)["data"][0]
    sources = {}
    for function in content["functions"]:
        read_function(sources, function)
    for file in content["files"]:
        name = os.path.relpath(file["filename"], IMPL)
        if name in sources:
            sources[name].lines = file["summary"]["lines"]
    return sources


def share(reached, there):
    return "%5d of %5d" % (reached, there) if there else "            -"


def branch_counts(source, check):
    ways = [reached for key, reached in source.branches.items() if key[3] == check]
    return sum(ways), len(ways)


def condition_counts(source, check):
    known = [value for key, value in source.conditions.items() if key[2] == check]
    return sum(sum(reached) for reached, _ in known), sum(there for _, there in known)


def table(sources):
    print("%-26s %15s %15s %15s" % ("impl/", "lines", "branches", "MC/DC"))
    total = [0] * 6
    for name in sorted(sources):
        source = sources[name]
        lines = source.lines or {"covered": 0, "count": 0}
        figures = [lines["covered"], lines["count"], *branch_counts(source, False),
                   *condition_counts(source, False)]
        total = [a + b for a, b in zip(total, figures)]
        print("%-26s %15s %15s %15s" % (name, share(*figures[0:2]), share(*figures[2:4]), share(*figures[4:6])))
    print("%-26s %15s %15s %15s" % ("all", share(*total[0:2]), share(*total[2:4]), share(*total[4:6])))


def text_of(name, line):
    with open(os.path.join(IMPL, name), encoding="utf-8") as file:
        return file.read().splitlines()[line - 1].strip()


def reasons():
    """(file, text of the line, way) -> why no input can take that way, and what does."""
    known = {}
    with open(REASONS, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, way, text, why = line.rstrip("\n").split("\t")
                known[(name, text, way == "true")] = why
    return known


def missed(sources, check):
    """(file, line, column, way) of every branch that was not taken."""
    return sorted((name, key[0], key[1], key[2]) for name in sources
                  for key, reached in sources[name].branches.items() if key[3] == check and not reached)


def list_missed(sources, checked):
    """Prints what is missed; returns how many are demanded and have no reason."""
    known, used, others, bad = reasons(), set(), {}, 0
    demanded = [(False, *place) for place in missed(sources, False)]
    for check, name, line, column, way in demanded + [(True, *place) for place in missed(checked, True)]:
        if not check and not name.startswith(DEMANDED):
            others.setdefault(name, []).append(line)
            continue
        text = text_of(name, line)
        key = (name, text, way)
        why = known.get(key)
        used.add(key)
        bad += not why
        print("%-8s impl/%s:%d:%d never %s%s: %s%s" % (
            "reason" if why else "MISSED", name, line, column, "true" if way else "false",
            ", not even by the tables corrupted on purpose" if check else "", text,
            "\n         " + why if why else ""))
    for name, lines in sorted(others.items()):
        print("missed   impl/%s, branches in lines %s" % (name, " ".join(map(str, sorted(set(lines))))))
    for key in sorted(set(known) - used):
        print("stale    scripts/coverage_reasons: impl/%s is reached, or gone: %s" % (key[0], key[1]))
        bad += 1
    return bad


def html(data):
    page = os.path.join(BUILD, "html")
    shutil.rmtree(page, ignore_errors=True)
    subprocess.run(["llvm-cov-19", "show", "-format=html", "-output-dir=" + page, "-instr-profile=" + data,
                    "-show-branches=count", "-show-mcdc", "-show-mcdc-summary", "-show-instantiations=false"]
                   + objects() + [IMPL], stderr=subprocess.DEVNULL, check=True)
    return os.path.relpath(os.path.join(page, "index.html"), ROOT)


def main():
    subprocess.run([os.path.join(ROOT, "scripts", "build"), "coverage"], check=True)
    raw = os.path.join(BUILD, "raw")
    shutil.rmtree(raw, ignore_errors=True)
    os.makedirs(raw)
    replay_corpus()
    for program in programs(*ON_PURPOSE):
        run([program], "corrupt")
    data = merge("corpus", "corpus")
    sources = read(data)
    table(sources)
    page = html(data)
    checked = read(merge("with_corrupt", "corpus", "corrupt"))
    bad = list_missed(sources, checked)
    ways = [branch_counts(source, True) for source in checked.values()]
    print("check() itself: %s branches, with the tables corrupted on purpose"
          % share(sum(r for r, _ in ways), sum(t for _, t in ways)).strip())
    print("page: " + page)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
