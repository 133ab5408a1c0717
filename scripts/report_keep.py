"""The report's part on what each table keeps after deletion, and a page with every peer.

Made from keep.tsv (pass_keep.py), tables.tsv and the cells.
"""
import os

import report_cells
from figures import PEER, engine_of, is_trap
from pass_keep import read
from report_text import DASH, count, figure, per_live, size, table

HEADS = ["what you use", "B/entry, full", "99 % deleted", "one more insert", "given back", "by",
         "which takes, ms", "longest insert, ms", "longest erase, ms", "a miss, ns",
         "after churn", "bytes after churn"]
RESIDENT = ["what you use", "full", "99 % deleted", "one more insert", "given back"]
BY = {"own": "its own call", "refill": "a new table, filled from it"}


def per_entry(text):
    """Bytes a live entry, from the file."""
    return per_live(float(text))


def pause(text):
    """Milliseconds of the longest step; below 20 us steps are not told apart."""
    return figure(float(text)) if float(text) else "< 0.02"


def keep_row(results, name, told):
    """The words of one table, in the order of HEADS."""
    words = "`%s`%s" % (name, ": bytes estimated" if results.estimated(name) else "")
    if isinstance(told, str):
        return [words, told] + [DASH] * (len(HEADS) - 2)
    return [words, per_entry(told["full"]), per_entry(told["deleted"]),
            per_entry(told["insert"]), per_entry(told["back"]), BY[told["how"]],
            figure(float(told["back_ms"])), pause(told["grow_ms"]),
            pause(told["delete_ms"]), figure(float(told["miss"])),
            figure(float(told["miss_churned"])), "%.2f ×" % float(told["churn_bytes"])]


def resident_row(name, told):
    """The words of one table, in the order of RESIDENT."""
    return ["`%s`" % name] + [size(int(told[c + "_rss"]))
                              for c in ("full", "deleted", "insert", "back")]


def by_kept(row):
    """What keeps least comes first; what failed, last."""
    name, _, told = row
    return (isinstance(told, str), 0 if isinstance(told, str) else float(told["insert"]), name)


def described(folder):
    """{peer: (summary, traits)}, and the lines on peers that were skipped."""
    peers, skipped = {}, []
    with open(os.path.join(folder, "tables.tsv"), encoding="utf-8") as file:
        for line in file:
            words = line.rstrip("\n").split("\t")
            if line.startswith("# skipped "):
                skipped.append(line[len("# skipped "):].strip())
            elif words[0].startswith(PEER + "/") and len(words) > 2:
                peers[words[0]] = (words[1], words[2])
    return peers, skipped


def page(results, told):
    """The lines of peers.md: every peer by itself, in all cells at their largest size."""
    peers, skipped = described(results.folder)
    lines = ["# Peers, one by one", "", "Other people's tables. What each is, how it deletes and"
             " when it shrinks stands at the head of its file in `impl/peer`.", ""]
    workloads = [w for w in results.names() if not is_trap(w)]
    for name, (summary, traits) in sorted(peers.items()):
        rows = [[w] + report_cells.comparison_row(results, cell, name)[1:]
                for w, cell in ((w, results.largest(w)) for w in workloads)
                if cell and results.row(cell, name)]
        if not rows and name not in told:
            continue
        lines += ["## %s" % name, "", "%s. Traits: %s." % (summary, traits.replace(",", ", ")), ""]
        if name in told:
            lines += table(HEADS, [keep_row(results, name, told[name])])
            if not isinstance(told[name], str):
                lines += ["Resident memory at the same moments:", ""]
                lines += table(RESIDENT, [resident_row(name, told[name])])
        if rows:
            lines += table(["workload"] + list(report_cells.COMPARISON[1:]), rows)
    if skipped:
        lines += ["## Skipped", ""] + ["- %s" % s for s in skipped] + [""]
    return lines


def part(results, _look):
    """(lines of Markdown, {path: text}); ([], {}) where the run measured none of it."""
    found = read(results.folder)
    if not found:
        return [], {}
    n = found[0][1]
    good = [row for row in sorted(found, key=by_kept) if not isinstance(row[2], str)]
    lines = ["## What you use, and what it keeps after deletion", "",
             "%s entries go in, 99 %% of them go out in random order, one more comes in, and the"
             " table is asked to give back what it can: by its own call, or, where it has none,"
             " by filling a new table from it. Bytes an entry that is live then. A miss is"
             " timed before and after churn at %s entries (first in, first out, four times as"
             " many as live): what tombstones cost. Peers' bytes are those of malloc's blocks. It hurts"
             " tables that keep their slots; who fills a table again soon, or never empties it, loses"
             " nothing by theirs, and pays those that give back for it."
             % (count(n), count(min(n, 1000000))), ""]
    lines += table(HEADS, [keep_row(results, name, told) for name, _, told in sorted(found, key=by_kept)])
    lines += ["<details><summary>Resident memory at the same moments</summary>", ""]
    lines += table(RESIDENT, [resident_row(name, told) for name, _, told in good])
    lines += ["Above what the process had without a table; glibc's malloc, blocks of 128 KiB and"
              " more from the kernel and back to it.", "", "</details>", ""]
    files = {}
    if any(engine_of(name) == PEER for name, _, _ in found):
        files["peers.md"] = "\n".join(
            page(results, {name: told for name, _, told in found})).rstrip("\n") + "\n"
        lines += ["Every peer by itself: [peers.md](peers.md).", ""]
    return lines, files
