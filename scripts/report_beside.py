"""The report's part on our fastest tables beside Boost's flat map.

Made from beside.tsv (pass_beside.py).
"""
import math

from pass_beside import FILES, PHASES, read
from report_text import count, figure, per_live, table

TITLES = {"insert": "insert", "hit": "hit", "miss": "miss", "fifo": "erase the oldest, insert",
          "churn": "erase any, insert", "after_churn": "miss, after that",
          "erase": "erase 99 %", "refill": "insert again"}


def mean(values):
    """Of ratios: geometric."""
    return math.exp(sum(map(math.log, values)) / len(values))


def times(sizes, phase):
    """The mean of the ratios at all sizes, and the least and most of them."""
    ratios = [s.phases[phase][1] for s in sizes]
    return "%.2f (%.2f to %.2f)" % (mean(ratios), min(ratios), max(ratios))


def span(values):
    return per_live(min(values)) if len(values) == 1 else "%s to %s" % (
        per_live(min(values)), per_live(max(values)))


def summary(tables):
    """Phases down, tables across: the means over a doubling, with the least and the most."""
    base, others = next(iter(tables)), list(tables)[1:]
    rows = [[TITLES[phase], figure(mean([s.phases[phase][0] for s in tables[base]]))] +
            [times(tables[name], phase) for name in others] for phase in PHASES]
    for title, held in (("bytes an entry, full", "full"), ("bytes an entry, 1 % left", "left")):
        rows.append([title] + [span([getattr(s, held) for s in tables[name]]) for name in tables])
    return table(["phase", "`%s`, ns" % base] + ["`%s`, times" % name for name in others], rows)


def each_size(tables):
    """Every size by itself, since a mean over a doubling hides where a table is at its worst."""
    rows = []
    for sizes in zip(*tables.values()):
        for name, s in zip(tables, sizes):
            rows.append([count(s.n), "`%s`" % name] +
                        ["%s" % figure(s.phases[p][0]) for p in PHASES] +
                        [per_live(s.full), per_live(s.left)])
    heads = ["entries", "ns"] + [TITLES[p] for p in PHASES] + ["B full", "B, 1 % left"]
    return ["<details><summary>Each size by itself</summary>", ""] + table(heads, rows, left=2) + \
        ["</details>", ""]


def part(results, _look):
    """(lines of Markdown, {}); ([], {}) where the run measured none of it."""
    if "beside.tsv" in results.files and results.files["beside.tsv"]["schema"] != FILES["beside.tsv"]:
        return [], {}  # of a tree that told no rounds
    doublings, why = read(results.folder)
    if not doublings and not why:
        return [], {}
    lines = ["## Beside Boost's flat map", ""]
    failed = ["Not complete: %s." % why, ""] if why else []
    if not doublings:
        return lines + failed, {}
    base = next(iter(doublings[0]))
    lines += ["What people would use who want no memory back, and ours: `%s` in ns a step, the others"
              " as its time taken so often. It has the hash that all tables have here; with its own, as"
              " people use it, it stands beside. All tables in turn in one process: medians of rounds,"
              " and of them the geometric mean over sizes that are spread over one doubling, with the"
              " least and the most of these, since every table is fast where it has just grown. No"
              " interval, and no verdict: of few rounds a single size may be off by a third. Pages come"
              " fresh from the kernel and go back to it: what is given back and asked for again is in"
              " the time, which hurts who gives back." % base, ""]
    for tables in doublings:
        sizes = tables[base]
        lines += ["**%s entries**, %d rounds" % (", ".join(count(s.n) for s in sizes), sizes[0].rounds), ""]
        lines += summary(tables) + each_size(tables)
    return lines + failed, {}
