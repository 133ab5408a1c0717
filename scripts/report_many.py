"""The report's part on lookups of many keys at once.

Made from many.tsv (pass_many.py).
"""
from pass_many import read
from report_text import DASH, count, figure, table

HEADS = ["the table", "a hit, ns", "of 32 at once", "times", "a miss, ns", "of 32 at once", "times"]


def lookup(told):
    """The words of hits or misses: one at a time, at once, and the second over the first."""
    if told.many is None:
        return [figure(told.one), DASH, DASH]
    return [figure(told.one), figure(told.many), "%.2f" % (told.many / told.one)]


def by_best(row):
    """What finds a key fastest comes first, in whichever way."""
    name, (hit, _) = row
    return (min(hit.one, hit.one if hit.many is None else hit.many), name)


def part(results, _look):
    """(lines of Markdown, {}); ([], {}) where the run measured none of it."""
    n, found, failed = read(results.folder)
    if not found and not failed:
        return [], {}
    lines = ["## Many lookups at once", "",
             "%s entries, random keys. A lookup that misses the caches waits for memory twice, and"
             " keys that are known together can wait together: `get_many` of 32 keys, beside the same"
             " keys one after another, in turn in one process. One table stands for each engine;"
             " a dash: it has no such lookup. In the caches there is nothing to wait for, and it costs"
             " more than it gains: who looks up one key at a time reads the first column alone. The"
             " order is that of a hit, in whichever way is faster." % count(n), ""]
    lines += table(HEADS, [["`%s`" % name] + lookup(hit) + lookup(miss)
                           for name, (hit, miss) in sorted(found.items(), key=by_best)])
    return lines + ["- `%s`: %s" % item for item in sorted(failed.items())] + [""] * bool(failed), {}
