"""The report's part on our fastest tables beside Boost's flat map.

Made from beside.tsv (pass_beside.py).
"""
import math

from pass_beside import PHASES, read
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


def part(results, _look):
    """(lines of Markdown, {}); ([], {}) where the run measured none of it."""
    tables, why = read(results.folder)
    if not tables and not why:
        return [], {}
    lines = ["## Beside Boost's flat map", ""]
    failed = ["Not complete: %s." % why, ""] if why else []
    if not tables:
        return lines + failed, {}
    base, others = next(iter(tables)), list(tables)[1:]
    sizes = tables[base]
    rows = [[TITLES[phase], figure(mean([s.phases[phase][0] for s in sizes]))] +
            [times(tables[name], phase) for name in others] for phase in PHASES]
    for title, held in (("bytes an entry, full", "full"), ("bytes an entry, 1 % left", "left")):
        rows.append([title] + [span([getattr(s, held) for s in tables[name]]) for name in tables])
    lines += ["What people would use who want no memory back, and ours: `%s` in ns a step, the others"
              " as its time taken so often. All tables in turn in one process, at %s entries; the"
              " geometric mean over these sizes, which are spread over one doubling, with the least and"
              " the most of them, since every table is fast where it has just grown. No interval, and"
              " no verdict. Pages come fresh from the kernel and go back to it: what is given back and"
              " asked for again is in the time." % (base, ", ".join(count(s.n) for s in sizes)), ""]
    return lines + table(["phase", "`%s`, ns" % base] + ["`%s`, times" % name for name in others],
                         rows) + failed, {}
