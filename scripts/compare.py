#!/usr/bin/env python3
"""Compares two results folders, or two commits built side by side: make compare OLD= NEW=

usage: compare.py OLD NEW [anyway]

Folders: the exact figures, which are the same on every machine; then, if both were measured
on one machine (or TIME=anyway is set), how the headlines moved. Commits: both are built and
measured in turn, process by process (scripts/compare_commits.py).

The exit status is 0 if the exact figures are equal and no headline became slower, 1 if not, 2 if
nothing could be compared.
"""
import math
import os
import sys

import compare_commits
import stats
from figures import Results, cell_name
from outside import Failure
from report_text import count, figure, table
from report_verdicts import pair_words, signed

EXACT = ("steps", "live", "live_peak", "bytes", "peak", "byte_steps", "moved", "moved_most",
         "rebuilds", "allocations", "slots", "dead", "visited", "bound")
SHOWN = 40  # differences printed at most


# ---- exact figures ------------------------------------------------------------------


def exact(old, new):
    """(how many arms both have, [(cell, table, figure, old, new)] of those that differ)."""
    both, different = 0, []
    for cell in sorted(set(old.rows) & set(new.rows), key=cell_name):
        for name in sorted(set(old.rows[cell]) & set(new.rows[cell])):
            both += 1
            mine, other = old.rows[cell][name], new.rows[cell][name]
            different += [(cell_name(cell), name, what, mine.counts[what], other.counts[what])
                          for what in EXACT if mine.counts[what] != other.counts[what]]
    return both, different


def exact_lines(old, new):
    both, different = exact(old, new)
    lines = ["## Exact figures", "",
             "%s arms are in both runs; %s figures of them differ." %
             (count(both), count(len(different))), ""]
    rows = [["`%s`" % cell, "`%s`" % name, what, count(a), count(b),
             "%+.3g %%" % (100 * (b / a - 1)) if a and b is not None else ""]
            for cell, name, what, a, b in different[:SHOWN]]
    if rows:
        lines += table(["cell", "table", "figure", "old", "new", "by"], rows, left=3)
    if len(different) > SHOWN:
        lines += ["... and %s more." % count(len(different) - SHOWN), ""]
    return lines, bool(different)


# ---- times -----------------------------------------------------------------------


def moved(old, new, margin, claims, alpha=stats.ALPHA):
    """(estimate, low, high, verdict) of how one headline's ratio moved; intervals hold together."""
    found, low, high = stats.shift([o.value for o in old.ones], [o.value for o in new.ones],
                                   alpha / claims)
    inside = math.log1p(margin)
    if low is None:
        return found, low, high, stats.INCONCLUSIVE
    if -inside < low and high < inside:
        return found, low, high, stats.EQUIVALENT
    if low > inside or high < -inside:  # two runs differ in more than their processes do
        return found, low, high, stats.SLOWER if found > 0 else stats.FASTER
    return found, low, high, stats.INCONCLUSIVE


def time_lines(old, new):
    """How each headline's ratio moved; nothing is claimed if a control of either run failed."""
    names = {h.pair.name: h for h in new.pairs.headlines}
    both = [(h, other) for h in old.pairs.headlines for other in [names.get(h.pair.name)]
            if other and (other.pair.cell, other.pair.estimand) == (h.pair.cell, h.pair.estimand)]
    lines, slower = ["## Headlines", ""], False
    good = old.pairs.good and new.pairs.good
    if not good:
        lines += ["> **A control failed in %s run: nothing is claimed.**" %
                  ("the old" if new.pairs.good else "the new" if old.pairs.good else "either"), ""]
    if not both:
        return lines + ["No headline is in both runs.", ""], False
    rows = []
    for a, b in both:
        found, low, high, said = moved(a, b, new.pairs.margin, len(both))
        said = said if good else stats.INCONCLUSIVE
        slower |= said == stats.SLOWER
        rows.append([pair_words(a.pair), "**%s**" % said, signed(found),
                     "%s to %s" % (signed(low), signed(high)) if low is not None else "\u2013",
                     signed(a.estimate.estimate), signed(b.estimate.estimate)])
    lines += ["How the ratio moved from the old run to the new. The intervals hold all together with"
              " %s %%, as far as processes of two runs differ no more than those of one: hence a"
              " verdict needs the whole interval beyond \u00b1%s %%." % (
                  figure(100 * (1 - stats.ALPHA)), figure(100 * new.pairs.margin)), ""]
    return lines + table(["", "verdict", "moved by", "interval", "old", "new"], rows,
                         left=2), slower


def folders(old_path, new_path, anyway):
    old, new = Results(old_path), Results(new_path)
    lines = ["# %s beside %s" % (os.path.basename(new_path.rstrip("/")),
                                 os.path.basename(old_path.rstrip("/"))), ""]
    told, worse = exact_lines(old, new)
    lines += told
    machines = [r.env.get("machine") for r in (old, new)]
    models = [(r.env.get("cpu") or {}).get("model") for r in (old, new)]
    if (machines[0], models[0]) == (machines[1], models[1]) or anyway:
        told, slower = time_lines(old, new)
        worse |= slower
        if machines[0] != machines[1] or models[0] != models[1]:
            told[1:1] = ["", "> **Different machines:** %s (%s) and %s (%s)." % (
                machines[0], models[0], machines[1], models[1])]
        lines += told
    else:
        lines += ["## Headlines", "",
                  "Times are not compared: the old run is of %s (%s), the new one of %s (%s)."
                  " TIME=anyway compares them all the same." % (machines[0], models[0], machines[1],
                                                               models[1]), ""]
    return "\n".join(lines).rstrip(), 1 if worse else 0


def main(arguments):
    if len(arguments) not in (2, 3) or arguments[2:] not in ([], ["anyway"]):
        print("usage: make compare OLD=FOLDER NEW=FOLDER [TIME=anyway], or two commits",
              file=sys.stderr)
        return 2
    old, new = arguments[:2]
    try:
        if os.path.isdir(old) and os.path.isdir(new):
            text, status = folders(old, new, len(arguments) == 3)
        elif os.path.isdir(old) or os.path.isdir(new):
            raise Failure("%s is a folder and %s is not; two folders, or two commits" %
                          ((old, new) if os.path.isdir(old) else (new, old)))
        else:
            text, status = compare_commits.compare(old, new)
    except Failure as failure:
        print("compare: %s" % failure, file=sys.stderr)
        return failure.status
    except OSError as error:
        print("compare: %s: %s" % (error.filename or "results", error.strerror), file=sys.stderr)
        return 2
    print(text)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
