"""The report's part on resident memory: does it come back to the system, with which
strategy, under which allocator?

Made from resident.csv and resident_samples.csv.gz (pass_resident.py) alone.
"""
import charts_resident
from figures import BASE
from html_markdown import slug
from pass_resident import read
from report_text import DASH, count, listed, size, table

TITLE = "Does the memory come back to the system?"
LAST = ("after_5000", "after_1000", "after_100", "after_0")  # the last mark there is counts
BACK = 0.1       # it came back: at most this share of the peak is left
UNASKED = "of itself"
PROGRAM = "python"
WORDS = {"after_5000": "5 s", "after_1000": "1 s", "after_100": "0.1 s", "after_0": "0 s"}


def number(row, name):
    """A figure, or None where it was not measured."""
    return int(row[name]) if row.get(name) else None


def last_mark(rows):
    """The last moment before any further work at which every process was read."""
    return next(m for m in LAST if all(row[m] for row in rows))


def cells_of(rows):
    """[(cell, engine)] in the order they were measured; programs stand beside the first."""
    return list(dict.fromkeys((r["cell"], r["arm"].split("/")[0]) for r in rows
                              if not r["arm"].startswith(PROGRAM)))


def short(arm):
    """A strategy by its name, a program by its whole one."""
    return arm if arm.startswith(PROGRAM) else arm.split("/")[1]


def comes_back(rows, allocator, mark):
    """{how: [names]}: with what memory came back under an allocator."""
    found = {UNASKED: [], "only after a trim": [], "not at all": []}
    for row in rows:
        if row["allocator"] != allocator:
            continue
        left, trimmed, most = (number(row, n) for n in (mark, "trimmed", "peak"))
        how = (UNASKED if left <= BACK * most else
               "only after a trim" if trimmed <= BACK * most else "not at all")
        found[how].append("`%s`" % short(row["arm"]))
    return {how: names for how, names in found.items() if names}


def words(found):
    """of itself with `a` and `b`; not at all with `c`."""
    return "; ".join("%s with %s" % (how, listed(names)) for how, names in found.items())


def verdicts(rows, allocators, mark):
    """A sentence for each allocator: with which strategies memory came back."""
    return ["- **%s**: memory comes back %s." % (a, words(comes_back(rows, a, mark)))
            for a in allocators] + [""]


def choice(results):
    """A line of what to choose (report_short.py), from the engine measured first; None without any:
    the strategies with which memory comes back unasked under the most allocators."""
    rows = read(results, "resident.csv")
    if not rows:
        return None
    cell, engine = cells_of(rows)[0]
    rows = [r for r in rows if r["cell"] == cell and r["arm"].split("/")[0] == engine]
    mark, allocators = last_mark(rows), list(dict.fromkeys(r["allocator"] for r in rows))
    found = {a: comes_back(rows, a, mark) for a in allocators}
    under = {}
    for allocator, told in found.items():
        for name in told.get(UNASKED, []):
            under.setdefault(name, []).append(allocator)
    most = max(map(len, under.values()), default=0)
    pick = "; ".join("**%s** under %s" % (name, listed(places)) for name, places in under.items()
                     if len(places) == most) or "none unasked"
    nothing = [a for a, told in found.items() if UNASKED not in told]
    gives = ["under %s: %s" % (a, listed(told[UNASKED])) for a, told in found.items() if UNASKED in told]
    if nothing:
        gives.append("under %s: none" % listed(nothing))
    base = [number(r, mark) for r in rows if r["arm"].endswith("/" + BASE)]
    return ["memory back to the system, on %s" % engine, pick,
            "comes back unasked " + "; ".join(gives),
            "%s to %s left" % (size(min(base)), size(max(base))) if base else DASH, DASH,
            "[resident memory](#%s)" % slug(TITLE, set())]


def matrix(rows, allocators, mark):
    """Strategies down, allocators across: MB after the wait, and after a trim."""
    by = {(r["arm"], r["allocator"]): r for r in rows}
    arms = list(dict.fromkeys(r["arm"] for r in rows))
    heads = ["strategy", "held by the table"] + list(allocators)
    lines = []
    for arm in arms:
        held = next((number(by[arm, a], "held") for a in allocators if (arm, a) in by), None)
        line = [short(arm), size(held) if held is not None else DASH]
        for allocator in allocators:
            row = by.get((arm, allocator))
            line.append("%s → %s" % (size(number(row, mark)), size(number(row, "trimmed")))
                        if row else DASH)
        lines.append(line)
    return table(heads, lines)


LAYERS = ("arm", "allocator", "held", "requested", "requested, peak", "usable, peak",
          "resident, peak", "resident, drained", "resident, trimmed", "page faults")


def layers(rows):
    """Every figure of the three layers, for the reader who doubts the matrix."""
    figures = ("held", "requested", "requested_peak", "usable_peak", "peak", "after_0", "trimmed")
    lines = []
    for row in rows:
        line = [row["arm"], row["allocator"]] + [size(number(row, f)) for f in figures]
        lines.append(line + [count(number(row, "faults"))])
    return ["<details><summary>The three layers: what the table holds, what the allocator was"
            " asked for and gave, what the process kept</summary>", ""] + \
        table(list(LAYERS), lines, left=2) + ["</details>", ""]


def samples_of(results):
    """{(cell, arm, allocator): [(progress or None, bytes, mark)]}."""
    found = {}
    for row in read(results, "resident_samples.csv.gz"):
        found.setdefault((row["cell"], row["arm"], row["allocator"]), []).append(
            (int(row["step"]), int(row["ms"]), int(row["resident"]), row["mark"]))
    for key, taken in found.items():
        drained = next((s for s in taken if s[3] == "drained"), taken[-1])
        steps, ms = drained[0], max(drained[1], 1)
        past = taken.index(drained)
        found[key] = [((step / steps if steps else at / ms) if i <= past else None, held, mark)
                      for i, (step, at, held, mark) in enumerate(taken)]
    return found


def chart(rows, samples, title, look):
    """SVG of one cell and engine, or "" without samples."""
    lines = {}
    for row in rows:
        taken = samples.get((row["cell"], row["arm"], row["allocator"]))
        if taken:
            lines.setdefault(row["allocator"], {})[short(row["arm"])] = taken
    if not lines:
        return ""
    names = list(dict.fromkeys(short(r["arm"]) for r in rows))
    known = [n for n in names if n in look.at]
    extra = [n for n in names if n not in look.at]
    colours = {n: (look.colour(n), look.dash(n)) for n in known}
    colours.update({n: ("#777777", ("4 4", "1 3", "8 3 1 3")[i % 3]) for i, n in enumerate(extra)})
    return charts_resident.resident_chart(title, lines, names, colours)


def part(results, look):
    """(lines of Markdown, {path: SVG}); ([], {}) where the run measured none of it."""
    rows, files, lines = read(results, "resident.csv"), {}, []
    if not rows:
        return [], {}
    samples = samples_of(results)
    first = cells_of(rows)[:1]
    for cell, engine in cells_of(rows):
        chosen = [r for r in rows if r["cell"] == cell and (
            r["arm"].split("/")[0] == engine or
            r["arm"].startswith(PROGRAM) and (cell, engine) in first)]
        allocators = list(dict.fromkeys(r["allocator"] for r in chosen))
        mark = last_mark(chosen)
        workload, n = cell.rsplit("/", 1)
        lines += ["### `%s`, n = %s, on %s" % (workload, count(int(n)), engine), "",
                  "Resident memory %s after the drain → after the allocator was asked to give"
                  " back." % WORDS[mark], ""]
        lines += matrix(chosen, allocators, mark) + verdicts(chosen, allocators, mark)
        drawn = chart(chosen, samples, "Resident memory, %s on %s, n = %s" % (
            workload, engine, count(int(n))), look)
        if drawn:
            path = "charts/resident-%s-%s-%s.svg" % (workload, engine, n)
            files[path] = drawn
            lines += ["![Resident memory over time, %s on %s](%s)" % (workload, engine, path), ""]
        lines += layers(chosen)
    head = ["## " + TITLE, "",
            "What a table frees, its allocator may keep. Each process below filled and emptied one"
            " table; its memory was read from outside. *Comes back* means that at most %d %% of the"
            " peak is left." % (100 * BACK), ""]
    return head + lines, files
