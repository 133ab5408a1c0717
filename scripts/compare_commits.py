"""Two commits, built side by side and measured in turn, process by process.

Each commit is checked out into build/compare/COMMIT and built there. The processes follow each
other as old new new old, each couple of one link order and one order of arms, so that a
drift of the machine meets both alike. Compared are the times of every table of a headline;
the control is the old commit against itself, from the two ends of each four.
"""
import collections
import math
import os
import subprocess
import tempfile

import folder
import pairs
import processes
import progress
import stats
from outside import ROOT, Failure
from report_text import table
from report_verdicts import interval

COUPLES = 16  # of processes
SWEEPS = 4
OLD, NEW = 0, 1


def output(*command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def built(name):
    """The build folder of a commit; it is kept, so that a second comparison is quick."""
    commit = output("git", "rev-parse", "--verify", "--quiet", name + "^{commit}")
    if not commit:
        raise Failure("%s is neither a results folder nor a commit" % name)
    tree = os.path.join(ROOT, "build", "compare", commit[:12])
    if not os.path.isdir(tree):
        archive = subprocess.run(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE,
                                 check=True).stdout
        os.makedirs(tree)
        subprocess.run(["tar", "-x", "-C", tree], input=archive, check=True)
    build = os.path.join(tree, "build", "release")
    for command in (["cmake", "--preset", "bench"], ["cmake", "--build", "--preset", "bench"]):
        done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode:
            raise Failure("%s does not build:\n%s" % (name, done.stdout[-2000:]))
    if not os.path.isdir(os.path.join(build, "layout")):
        raise Failure("%s cannot measure pairs: it is older than they are" % name)
    return build


def times(program, order, place):
    """{(pair, arm): log of the time} of one process, headlines alone."""
    path = os.path.join(place, "slices")
    done = subprocess.run([program, "--silent", "--sweeps", str(SWEEPS), "--order", str(order),
                           "--slices", path], check=False)
    if done.returncode:
        raise Failure("%s ended with status %d" % (program, done.returncode))
    listed = {p["pair"]: p for p in processes.listed(program, "list-pairs", [])}
    found = collections.defaultdict(list)
    for w in folder.lines(path):
        if listed[w["pair"]]["truth"] or int(listed[w["pair"]]["injected_ns"]):
            continue
        alike = listed[w["pair"]]["estimand"] == "alike"
        ns = int(w["ns"]) - (int(w["head_ns"]) if alike else 0)
        found[w["pair"], w["arm"]].append((0 if alike else int(w["slice"]), ns))
    return {key: math.log(pairs.sum_of_places(times)) for key, times in found.items()}


def measured(builds):
    """[[old, new]] of what `times` says, in couples; the first of a four is old new, the
    second new old."""
    couples = []
    with tempfile.TemporaryDirectory() as place:
        for couple in range(COUPLES):
            turn = [OLD, NEW] if couple % 2 == 0 else [NEW, OLD]
            found = [None, None]
            for which in turn:
                progress.show(2 * couple + 1, 2 * COUPLES, "old" if which == OLD else "new")
                orders = processes.programs(builds[which])
                found[which] = times(orders[couple % len(orders)], couple, place)
            couples.append(found)
    progress.clear()
    return couples


def compare(old, new):
    """(Markdown, exit status)."""
    couples = measured([built(old), built(new)])
    keys = [k for k in couples[0][OLD] if k in couples[0][NEW]]
    found = [stats.estimate([c[NEW][k] - c[OLD][k] for c in couples]) for k in keys]
    nulls = [stats.estimate([b[OLD][k] - a[OLD][k] for a, b in zip(couples[::2], couples[1::2])])
             for k in keys]
    good = all(stats.verdict(n, p) in (stats.EQUIVALENT, stats.INCONCLUSIVE)
               for n, p in zip(nulls, stats.holm([n.p for n in nulls])))
    rows, worse = [], False
    for (name, arm), f, p, null in zip(keys, found, stats.holm([f.p for f in found]), nulls):
        said = stats.verdict(f, p) if good else stats.INCONCLUSIVE
        worse |= said == stats.SLOWER
        rows.append(["`%s`" % name, arm, "**%s**" % said, interval(f), interval(null)])
    lines = ["# %s beside %s" % (new, old), "",
             "%d couples of processes, in turn. Arm a is the base of a pair, b the table beside it."
             % len(couples), ""]
    if not good:
        lines += ["> **The control failed** (the old commit against itself): nothing is claimed.", ""]
    return "\n".join(lines + table(["pair", "arm", "verdict", "time, new beside old",
                                    "old beside itself"], rows, left=3)).rstrip(), 1 if worse else 0

