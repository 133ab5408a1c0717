"""The report's part on pauses: how long one operation may take, and how much it moves.

Made from pauses.csv and pauses_work.csv (pass_pause.py) alone. A time is printed only where
it stands above that of the harness alone, at the same place in its own distribution.
"""
import collections

import charts_pause
from figures import table_order
from pass_pause import read
from report_text import DASH, count, figure, table

FLOOR = "peer/null"  # the harness alone: clock, loop and platform
ABOVE = 1.1          # what stands above the floor exceeds it by this factor
BEYOND = 100         # samples that must lie beyond a percentile for it to be printed
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "p9999": 0.9999,
          "p99999": 0.99999}
MET = ("p50", "p99", "p999")  # beyond, as met, the machine's pauses drown the table's
NAMES = {"p50": "p50", "p99": "p99", "p999": "p99.9", "p9999": "p99.99"}

# One table in one cell: its times by (what, kind), as {column: number}; moved: {entries: steps}
Pause = collections.namedtuple("Pause", "times moved")


def load(results):
    """{cell: {table: Pause}}, in the order of the file."""
    cells = {}
    for row in read(results, "pauses.csv"):
        found = cells.setdefault(row["cell"], {}).setdefault(row["arm"], Pause({}, {}))
        found.times[row["what"], row["kind"]] = {
            k: int(v) for k, v in row.items() if k not in ("cell", "arm", "what", "kind")}
    for row in read(results, "pauses_work.csv"):
        if row["arm"] in cells.get(row["cell"], {}):
            cells[row["cell"]][row["arm"]].moved[int(row["moved"])] = int(row["steps"])
    return cells


def duration(ns):
    """Nanoseconds in units a person reads: 45 ns, 1.35 us, 2.86 ms."""
    for unit, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if ns >= unit * 0.9995:
            return "%s %s" % (figure(ns / unit), name)
    return "%s ns" % figure(ns)


def standing(pause, floor, key, column):
    """A time in words, or a dash where it does not stand above the floor or too few
    samples lie beyond it."""
    mine, its = pause.times.get(key), floor.times.get(key)
    if not mine or not its or mine[column] <= ABOVE * its[column]:
        return DASH
    if column in SHARES and mine["count"] * (1 - SHARES[column]) < BEYOND - 0.5:
        return DASH
    return duration(mine[column])


HEADS = ["table"] + list(NAMES.values()) + ["longest", "longest hundred", "steps that moved",
                                            "most moved by a step"]


def own_row(name, pause, floor):
    """The words of one table, in the order of HEADS."""
    moving = sum(steps for moved, steps in pause.moved.items() if moved)
    return [name] + [standing(pause, floor, ("step", "own"), c) for c in NAMES] + [
        standing(pause, floor, ("step", "own"), "most"),
        standing(pause, floor, ("slice", "own"), "most"),
        count(moving) if pause.moved else DASH,
        count(max(pause.moved)) if pause.moved else DASH]


def floor_rows(floor):
    """The harness alone, as met and at its least."""
    rows = []
    for kind, words in (("own", "the least of the replays"), ("met", "as met")):
        times = floor.times.get(("step", kind))
        if times:
            rows.append(["harness alone, " + words] + [duration(times[c]) for c in MET] +
                        [duration(times["most"]), duration(floor.times["slice", kind]["most"])])
    return rows


def met_row(name, pause, floor):
    """The times of all replays. What is rarer than their last column depends on how long the
    machine was watched, so it is told of the harness alone."""
    return [name] + [standing(pause, floor, ("step", "met"), c) for c in MET] + [DASH, DASH]


def cell_part(cell, pauses, look):
    """(lines, {path: SVG}) of one cell."""
    workload, n = cell.rsplit("/", 1)
    floor = pauses.get(FLOOR)
    if not floor:
        return ["### `%s`, n = %s" % (workload, count(int(n))), "",
                "Without `%s` there is no floor, and no time is printed." % FLOOR, ""], {}
    names = sorted((t for t in pauses if t != FLOOR), key=table_order)
    lines = ["### `%s`, n = %s" % (workload, count(int(n))), ""]
    lines += table(HEADS, [own_row(name, pauses[name], floor) for name in names])
    path = "charts/pauses-%s-%s.svg" % (workload, n)
    drawn = charts_pause.pause_chart(
        "Pauses, %s, n = %s" % (workload, count(int(n))),
        {name: pauses[name].times["step", "own"] for name in names},
        floor.times["step", "own"], look)
    lines += ["![How long one operation takes, %s](%s)" % (workload, path), ""]
    lines += ["<details><summary>As met: all replays, the machine's own pauses among them"
              "</summary>", ""]
    lines += table(["table"] + [NAMES[c] for c in MET] + ["longest", "longest hundred"],
                   [met_row(name, pauses[name], floor) for name in names] + floor_rows(floor))
    return lines + ["</details>", ""], {path: drawn}


def part(results, look):
    """(lines of Markdown, {path: SVG}); ([], {}) where the run measured none of it."""
    cells, files = load(results), {}
    if not cells:
        return [], {}
    lines = ["## How long one operation may take", "",
             "Every operation timed by itself, in a pass of its own, memory fresh from the kernel;"
             " what an operation frees is freed within it. The same trace was replayed several"
             " times, and a step's time is the least of them: it does the same work each time, so"
             " the rest was the machine's. A dash: not above the harness alone (`%s`) by %d %%, or"
             " fewer than %d operations beyond it. The entries moved are exact." % (
                 FLOOR, round(100 * (ABOVE - 1)), BEYOND), ""]
    for cell, pauses in cells.items():
        found, drawn = cell_part(cell, pauses, look)
        lines += found
        files.update(drawn)
    return lines, files
