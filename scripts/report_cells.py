"""The tables of a report: every cell measured, as an ablation and as a comparison."""
import math

from figures import PEER, engine_of, is_reference, is_trap, strategy_of, table_order
from report_text import (DASH, cell_title, count, figure, per_live, percent, ratio, size, table,
                         without_empty)

# Workloads whose figures stand in the report itself; those of the others follow in details.md.
HEADLINES = ("fill_drain", "purge", "refill", "fifo", "churn", "sawtooth", "spike", "real")


def is_headline(workload):
    """Whether a workload, in any of its forms, stands in the report itself."""
    return workload.split(".")[0] in HEADLINES


def about(results, workload):
    """[summary, hurts] as a paragraph; a recorded trace has none."""
    summary, hurts = results.workloads.get(workload, ("", ""))
    if not summary and workload.startswith("real."):
        summary = "the steps of a real program, as recorded in `corpus/traces`"
    text = ". ".join(s if s.startswith("n ") else s[0].upper() + s[1:]  # n is a number's name
                     for s in (summary, hurts) if s)
    return [text + ".", ""] if text else []


def reference_name(strategy):
    """A strategy as its row is named: the reference rows in words."""
    return {"=same": "fresh, as many slots", "=fit": "fresh, fit slots"}.get(strategy, strategy)


# ---- ablations ------------------------------------------------------------------


ABLATION = ("strategy", "ns/step", "× tombstone", "95 %, verdict", "least to most", "ns after", "B/live at end",
            "held at end", "peak", "B/live, whole run", "held/promised", "moved/step",
            "most moved by a step", "rebuilds", "faults")


def ablation_row(results, cell, name):
    """The words of one table in one cell, in the order of ABLATION."""
    row = results.rows[cell][name]
    spread = DASH
    if row.rounds * row.processes > 1 and row.ns_least is not None and row.ns_most is not None:
        spread = "%s to %s" % (figure(row.ns_least), figure(row.ns_most))
    return [reference_name(strategy_of(name)), figure(row.ns_per_step),
            ratio(results.ratio(cell, name)), judgement(results, cell, name), spread, figure(row.ns_after),
            per_live(row.bytes_per_live), size(row.bytes), size(row.peak), per_live(row.area),
            percent(row.bound_used), figure(row.moved_per_step), count(row.moved_most),
            count(row.rebuilds), count(row.faults) if cell.cold else DASH]


def judgement(results, cell, name):
    """The interval of the ratio over processes and its verdict, where there are enough."""
    found = results.judgement(cell, name)
    if not found:
        return DASH
    return "%s to %s, %s" % (ratio(math.exp(found.estimate.low)),
                             ratio(math.exp(found.estimate.high)), found.verdict)


def rounds_of(rows):
    """"one round" or "3 rounds in each of 8 processes"."""
    most, processes = max(row.rounds for row in rows), max(row.processes for row in rows)
    told = "one round" if most == 1 else "%d rounds" % most
    return told if processes == 1 else "%s in each of %d processes" % (told, processes)


def ablations(results, cell):
    """One table for each engine: its strategies in one cell, and the reference rows."""
    lines = []
    for engine in results.engines():
        names = sorted((t for t in results.rows[cell] if engine_of(t) == engine), key=table_order)
        if not names:
            continue
        heads, rows = without_empty(list(ABLATION),
                                    [ablation_row(results, cell, name) for name in names])
        lines += ["**%s**, %s" % (engine, rounds_of([results.rows[cell][t] for t in names])), ""]
        lines += table(heads, rows)
    return lines


def charts_of(results, workload, charts):
    """Image lines for the charts of a workload. charts: {(workload, n): path in the folder}."""
    lines = []
    for memory in results.memory:
        path = charts.get((memory.workload, memory.n))
        if memory.workload == workload and path:
            lines += ["![%s: bytes held over the steps, n = %s](%s)" %
                      (workload, count(memory.n), path), ""]
    return lines


def is_compared(results, cell):
    """Whether a cell stands in a comparison of all tables."""
    return cell == results.largest(cell.workload) and not is_trap(cell.workload)


def in_report(results, cell):
    """Whether a cell's ablation stands in report.md rather than details.md."""
    return is_headline(cell.workload) and cell == results.largest(cell.workload)


def workload_section(results, workload, cells, charts, peers):
    """A workload's heading, words, charts, and the ablations of the cells given.

    peers: whether the peers' figures follow, for cells that no comparison shows.
    """
    lines = ["### %s" % workload, ""] + about(results, workload)
    lines += charts_of(results, workload, charts)
    for cell in cells:
        lines += ["#### " + cell_title(cell), ""] + ablations(results, cell)
        names = [t for t in results.rows[cell] if engine_of(t) == PEER]
        if peers and names and not is_compared(results, cell):
            lines += ["**peers**, of which everything differs", ""] + \
                comparison(results, cell, names)
    return lines


def sorted_cells(results, workload):
    """A workload's cells, warm before cold, the largest first."""
    return sorted((c for c in results.rows if c.workload == workload),
                  key=lambda c: (c.cold, c.keys, -(c.n or 0)))


# ---- comparisons ----------------------------------------------------------------


COMPARISON = ("table", "ns/step", "ns after", "B/live at end", "held at end", "peak",
              "B/live, whole run", "most moved by a step", "allocations")


def table_name(results, name):
    """The name of a table; that of the harness's own cost says so, and one whose bytes are not
    counted."""
    if results.silent(name):
        return "%s: harness alone" % name
    return "%s: bytes estimated" % name if results.estimated(name) else name


def comparison_row(results, cell, name):
    """The words of one table in one cell, in the order of COMPARISON."""
    row = results.rows[cell][name]
    if results.silent(name):
        return [table_name(results, name), figure(row.ns_per_step), figure(row.ns_after)] + \
            [DASH] * 6
    return [table_name(results, name), figure(row.ns_per_step), figure(row.ns_after),
            per_live(row.bytes_per_live), size(row.bytes), size(row.peak), per_live(row.area),
            count(row.moved_most), count(row.allocations)]


def comparison(results, cell, names):
    """The tables named in one cell, the quickest first, the harness alone at the end."""
    names = sorted((t for t in names if not is_reference(t)),
                   key=lambda t: (results.silent(t), results.rows[cell][t].ns_per_step or 0, t))
    heads, rows = without_empty(list(COMPARISON),
                                [comparison_row(results, cell, name) for name in names])
    return table(heads, rows)


def overview(results, cells):
    """Times of every table over some cells, each at its largest size: one Markdown table."""
    heads = ["table, ns/step"] + ["`%s`" % c.workload for c in cells]
    rows = []
    for name in results.comparable():
        found = [results.row(c, name) for c in cells]
        if any(found):
            rows.append([table_name(results, name)] +
                        [figure(r.ns_per_step) if r else DASH for r in found])
    return table(heads, rows)


def folded(title, lines):
    """A block that the reader opens."""
    return ["<details><summary>%s</summary>" % title, ""] + lines + ["</details>", ""]


def comparisons(results, workloads):
    """The overview and, folded, one table for each workload at its largest size."""
    cells = [c for c in map(results.largest, workloads) if c]
    if not cells:
        return []
    lines = overview(results, cells)
    for cell in cells:
        title = cell_title(cell).replace("`%s`" % cell.workload, "<code>%s</code>" % cell.workload)
        lines += folded(title, comparison(results, cell, results.rows[cell]))
    return lines


# ---- traps ----------------------------------------------------------------------


def trap(results, cell):
    """One table: what each table held and did in a trap, strategies down, engines across."""
    rows = []
    for name in results.comparable():
        row = results.row(cell, name)
        if not row or results.silent(name):
            continue
        rows.append([table_name(results, name), size(row.bytes), per_live(row.bytes_per_live),
                     size(row.peak), figure(row.ns_per_step), figure(row.ns_after),
                     ratio(results.ratio(cell, name)) if engine_of(name) != PEER else DASH,
                     figure(row.moved_per_step), count(row.rebuilds),
                     figure(row.visited / row.steps) if row.visited and row.steps else DASH])
    heads = ["table", "held at end", "B/live at end", "peak", "ns/step", "ns after",
             "× tombstone", "moved/step", "rebuilds", "slots visited by scans/step"]
    return table(*without_empty(heads, rows))


def traps(results):
    """A section for each trap at its largest size."""
    lines = []
    for workload in (w for w in results.names() if is_trap(w)):
        cell = results.largest(workload)
        if cell:
            lines += ["### %s" % workload, ""] + about(results, workload)
            lines += ["n = %s" % count(cell.n), ""] + trap(results, cell)
    return lines
