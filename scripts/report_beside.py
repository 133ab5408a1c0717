"""The report's part on our fastest tables beside Boost's flat map.

Made from beside.tsv (pass_beside.py).
"""
from pass_beside import PHASES, read
from report_text import count, figure, per_live, table

TITLES = {"insert": "insert", "hit": "hit", "miss": "miss", "fifo": "erase the oldest, insert",
          "churn": "erase any, insert", "after_churn": "miss, after that",
          "erase": "erase 99 %", "refill": "insert again"}


def cells(tables, base, phase):
    """What each table takes, and over the base."""
    return [figure(tables[name].phases[phase][0]) if name == base else
            "%s (%.2f)" % (figure(tables[name].phases[phase][0]), tables[name].phases[phase][1])
            for name in tables]


def part(results, _look):
    """(lines of Markdown, {}); ([], {}) where the run measured none of it."""
    n, tables = read(results.folder)
    if not tables:
        return [], {}
    base = next(iter(tables))
    rows = [[TITLES[phase]] + cells(tables, base, phase) for phase in PHASES]
    rows.append(["bytes an entry, full"] + [per_live(t.full) for t in tables.values()])
    rows.append(["bytes an entry, 1 % left"] + [per_live(t.left) for t in tables.values()])
    lines = ["## Beside the fastest table of today", "",
             "%s entries, all tables in turn in one process, the median of five rounds: CPU time a"
             " step in ns, and in brackets over that of `%s`, which never gives memory back. Pages"
             " come fresh from the kernel and go back to it, so what is given back and asked for"
             " again is in the time. Ratios hold on a machine where times do not." % (count(n), base), ""]
    return lines + table(["phase"] + ["`%s`" % name for name in tables], rows), {}
