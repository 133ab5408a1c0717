"""The table that `make bench` prints: one row for each table, at most 100 columns."""
from figures import BASE, PEER, engine_of, strategy_of
from report_text import cell_title, count, figure, per_live, size

ROWS = 34            # more tables than these are left to the report
FAILED = 4           # failed cells named
WIDTH = 100          # columns of a terminal

# (workload, figure, two lines of heading, how it is written)
COLUMNS = (
    ("fill_drain.random", "bytes", ("drained", "holds"), size),
    ("purge", "ns_per_step", ("purge", "ns/step"), figure),
    ("purge", "bytes_per_live", ("purge", "B/live"), per_live),
    ("purge", "peak", ("purge", "peak"), size),
    ("purge", "moved_most", ("purge", "moved"), count),
    ("fifo", "ns_per_step", ("fifo", "ns/step"), figure),
    ("sawtooth.half", "ns_per_step", ("sawtooth", "ns/step"), figure),
    ("spike", "bytes", ("cleared", "holds"), size),
)
# What is shown of a workload when none of those above was measured.
ANY = (("ns_per_step", "ns/step", figure), ("bytes_per_live", "B/live", per_live),
       ("bytes", "holds", size), ("peak", "peak", size), ("moved_most", "moved", count))


def columns(results):
    """The columns whose workloads were measured; else all figures of the first workload."""
    found = [c for c in COLUMNS if results.largest(c[0])]
    if len({c[0] for c in found}) >= 2 or any(c[0] == "purge" for c in found):
        return found
    first = [w for w in results.names() if results.largest(w)][:1]
    return [(w, name, (w[:12], words), write) for w in first for name, words, write in ANY]


def row(results, chosen, name):
    """The words of one table: its strategy (its name, if it is the only one of its engine), the
    figures, the time ratio."""
    alone = len([t for t in results.comparable() if engine_of(t) == engine_of(name)]) == 1
    words = ["harness alone" if results.silent(name) else name if alone else "  " + strategy_of(name)]
    for workload, wanted, _, write in chosen:
        value = results.figure(workload, name, wanted)
        hidden = results.silent(name) and wanted != "ns_per_step"
        words.append("-" if value is None or hidden else write(value))
    ratio = None if engine_of(name) == PEER else results.time_ratio(name)
    return words + ["-" if ratio is None else "%.2f x" % ratio]


def failures(results):
    """The first failed cells, a line each."""
    lines = ["FAILED: %s in %s: %s" % (name, cell_title(cell).replace("`", ""), message)
             for cell, name, message in results.failures[:FAILED]]
    if len(results.failures) > FAILED:
        lines.append("... and %d more failed" % (len(results.failures) - FAILED))
    return [line if len(line) <= WIDTH else line[:WIDTH - 3] + "..." for line in lines]


def aligned(heads, rows):
    """Lines of columns; a row of one word stands alone. Columns beyond WIDTH are left out."""
    full = heads + [r for r in rows if len(r) > 1]
    widths = [max(len(r[i]) for r in full) for i in range(len(heads[0]))]
    shown = [i for i in range(1, len(widths))
             if widths[0] + sum(w + 2 for w in widths[1:i + 1]) <= WIDTH]
    return ["  ".join([r[0].ljust(widths[0])] + [r[i].rjust(widths[i]) for i in shown
                                                 if len(r) > 1]).rstrip() for r in heads + rows]


def summary(results):
    """The whole table as text, without a newline at its end."""
    lines = failures(results)
    chosen = columns(results) if results.rows else []
    if not chosen:
        return "\n".join(lines + ["nothing was measured with warm pages and the default keys"
                                  if results.rows else "nothing was measured"])
    names = results.comparable()
    rows, engine = [], None
    for name in names[:ROWS]:
        told = row(results, chosen, name)
        if engine_of(name) != engine and told[0].startswith(" "):
            rows.append([engine_of(name)])
        engine = engine_of(name)
        rows.append(told)
    heads = [[""] + [c[2][0] for c in chosen] + ["time/"],
             ["table"] + [c[2][1] for c in chosen] + [BASE]]
    lines += aligned(heads, rows)
    if len(names) > ROWS:
        lines.append("... and %d more tables in the report" % (len(names) - ROWS))
    sizes = sorted({results.largest(c[0]).n or 0 for c in chosen} - {0})
    size_words = "n = %s; " % ", ".join(count(n) for n in sizes) if sizes else ""
    lines.append(size_words + "moved: the most entries by one step; time/%s: over all workloads"
                 " but traps" % BASE)
    return "\n".join(lines)
