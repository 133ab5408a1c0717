"""The table that `make bench` prints: one row for each table, at most 100 columns."""
from figures import PEER, engine_of
from report_text import cell_title, count, figure, per_live, size

ROWS = 32  # more rows than this are left to the report

# (workload, figure, two lines of heading, how it is written)
COLUMNS = (
    ("fill_drain.random", "bytes", ("drained", "holds"), size),
    ("purge", "ns_per_step", ("purge", "ns/step"), figure),
    ("purge", "bytes_per_live", ("purge", "B/live"), per_live),
    ("purge", "peak", ("purge", "peak"), size),
    ("purge", "moved_most", ("purge", "most moved"), count),
    ("fifo", "ns_per_step", ("fifo", "ns/step"), figure),
    ("sawtooth.half", "ns_per_step", ("sawtooth", "ns/step"), figure),
    ("spike", "bytes", ("cleared", "holds"), size),
)
# What is shown of a workload when none of those above was measured.
ANY = (("ns_per_step", "ns/step", figure), ("bytes_per_live", "B/live", per_live),
       ("bytes", "holds", size), ("peak", "peak", size), ("moved_most", "most moved", count))


def columns(results):
    """The columns whose workloads were measured; else all figures of the first workload."""
    found = [c for c in COLUMNS if results.largest(c[0])]
    if len({c[0] for c in found}) >= 2 or any(c[0] == "purge" for c in found):
        return found
    first = [w for w in results.names() if results.largest(w)][:1]
    return [(w, name, (w[:12], words), write) for w in first for name, words, write in ANY]


def row(results, chosen, name):
    """The words of one table: its name, the figures, the time ratio."""
    words = ["harness alone" if results.silent(name) else name]
    for workload, wanted, _, write in chosen:
        value = results.figure(workload, name, wanted)
        hidden = results.silent(name) and wanted not in ("ns_per_step", "ns_after")
        words.append("-" if value is None or hidden else write(value))
    ratio = None if engine_of(name) == PEER else results.time_ratio(name)
    return words + ["-" if ratio is None else "%.2f x" % ratio]


def summary(results):
    """The whole table as text, without a newline at its end."""
    lines = ["FAILED: %s in %s: %s" % (name, cell_title(cell).replace("`", ""), message)
             for cell, name, message in results.failures[:4]]
    if len(results.failures) > len(lines):
        lines.append("... and %d more failed" % (len(results.failures) - len(lines)))
    lines = [line if len(line) <= 100 else line[:97] + "..." for line in lines]
    chosen = columns(results) if results.rows else []
    if not chosen:
        return "\n".join(lines + ["nothing was measured with warm pages and default keys"
                                  if results.rows else "nothing was measured"])
    sizes = sorted({results.largest(c[0]).n or 0 for c in chosen} - {0})
    if sizes:
        lines.append("n = %s" % ", ".join(count(n) for n in sizes))
    names = results.comparable()
    heads = [[""] + [c[2][0] for c in chosen] + ["all: time"],
             ["table"] + [c[2][1] for c in chosen] + ["/ tombstone"]]
    rows, engine = [], None
    for name in names[:ROWS]:
        if engine not in (None, engine_of(name)) and len(names) < ROWS - 4:
            rows.append(None)
        engine = engine_of(name)
        rows.append(row(results, chosen, name))
    texts = heads + [r for r in rows if r]
    widths = [max(len(r[i]) for r in texts) for i in range(len(heads[0]))]
    for r in heads + rows:
        lines.append("" if r is None else "  ".join(
            [r[0].ljust(widths[0])] + [w.rjust(n) for w, n in zip(r[1:], widths[1:])]).rstrip())
    if len(names) > ROWS:
        lines.append("... and %d more tables in the report" % (len(names) - ROWS))
    return "\n".join(lines)
