"""The report's part on a whole life: in each phase, which tables are faster, smaller, or both.

Made from life.tsv (pass_life.py).
"""
import charts_life
from pass_life import PHASES, read
from report_text import count, figure, per_live, table

SUBJECT = "segment/follow"  # the table that is to have no other both faster and smaller
TITLES = {"grow": "grows", "idle": "idles, full", "purge": "loses 99 %", "idle_small": "idles, small",
          "churn_small": "turns over, small", "regrow": "grows back", "churn": "turns over, full"}
MOST_NAMED = 6


def better(points, name):
    """Tables that are both faster and smaller than this one."""
    own = points[name]
    return sorted(t for t, p in points.items() if p.ns < own.ns and p.bytes < own.bytes)


def front(points):
    """Tables that no other beats in both, the smallest first."""
    return sorted((t for t in points if not better(points, t)), key=lambda t: (points[t].bytes, t))


def told(points, names):
    """Names with their figures, at most so many."""
    words = ["`%s` %s ns, %s B" % (t, figure(points[t].ns), per_live(points[t].bytes))
             for t in names[:MOST_NAMED]]
    return "; ".join(words + ["and %d more" % (len(names) - MOST_NAMED)] * (len(names) > MOST_NAMED))


def rows_of(phases):
    """A line for each phase."""
    rows = []
    for phase in PHASES:
        points = phases[phase]
        own = [figure(points[SUBJECT].ns), per_live(points[SUBJECT].bytes),
               told(points, better(points, SUBJECT)) or "none"] if SUBJECT in points else []
        rows.append([TITLES[phase]] + own + [told(points, front(points))])
    return rows


def life(n, found, failed, look):
    """(lines of Markdown, {path: SVG}) of one size."""
    why = ["- `%s`: %s" % item for item in sorted(failed.items())] + [""] * bool(failed)
    if not found:
        return ["### %s entries, a whole life" % count(n), ""] + why, {}
    phases = {phase: {t: lives[phase] for t, lives in found.items()} for phase in PHASES}
    path = "charts/life-%d.svg" % n
    heads = ["the table"] + (["`%s`, ns a step" % SUBJECT, "B a live entry", "faster and smaller"]
                             if SUBJECT in found else []) + ["none is both faster and smaller than"]
    lines = ["### %s entries, a whole life" % count(n), "",
             "![Time against memory over a whole life, %s entries](%s)" % (count(n), path), ""]
    lines += table(heads, rows_of(phases), left=len(heads)) + why
    return lines, {path: charts_life.life_chart(n, [(TITLES[p], phases[p], front(phases[p]))
                                                    for p in PHASES], SUBJECT, look)}


def part(results, look):
    """(lines of Markdown, {path: SVG}); ([], {}) where the run measured none of it."""
    sizes = read(results.folder)
    if not any(found for found, _ in sizes.values()):
        return [], {}
    lines, files = ["## A whole life", "",
                    "Entries come in, are looked up, 99 % of them go in random order, and so on; peers"
                    " take part. CPU time a step, the least of three lives, against the bytes held for a"
                    " live entry, in the middle of each phase; both axes logarithmic. No interval, and no"
                    " verdict. A flat table that doubles is fast and large where it has just done so, and"
                    " small where it is about to. It hurts who keeps memory or pays for giving it back:"
                    " four of the seven phases are of a table that has lost 99 %. Who never deletes reads"
                    " the first two.", ""], {}
    for n, (found, failed) in sizes.items():
        of_size, drawn = life(n, found, failed, look)
        lines += of_size
        files.update(drawn)
    return lines, files
