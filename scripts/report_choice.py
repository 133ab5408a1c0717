"""What the figures say of each strategy, and which one to choose: sentences from data.

Every number is a figure of the folder; the words follow from thresholds on figures.
"""
from figures import BASE, geometric_mean, mean, quotient
from report_text import DASH, count, figure, listed, percent, ratio, size, table

SAME = 0.02  # exact figures closer than this share are called the same in a sentence

# What one chooses for: (title, workloads whose names begin so, figure judged by, its words,
# how it is written). The lowest figure wins; equal figures are decided by time.
USES = (
    ("emptied for good", ("fill_drain",), "bytes", "bytes held once drained", size),
    ("most entries deleted, few stay", ("purge",), "bytes_per_live",
     "bytes per live entry after the purge", figure),
    ("constant size, entries come and go", ("fifo", "churn"), "ns_per_step", "ns per step", figure),
    ("one spike, then small", ("spike",), "ns_after", "ns per step after the spike", figure),
    ("many small tables", ("many_small",), "bytes", "bytes held by all at the end", size),
    ("one entry comes and goes", ("blink",), "ns_per_step", "ns per step", figure),
)
TIMES = ("ns_per_step", "ns_after")


# ---- one sentence for each strategy --------------------------------------------


def over_engines(results, strategy, figure_of):
    """[(engine, value)] where figure_of(table) is there, engines in order."""
    pairs = [(e, figure_of("%s/%s" % (e, strategy))) for e in results.engines()]
    return [(e, v) for e, v in pairs if v is not None]


def average(results, strategy, workload, name):
    """A figure of a workload at its largest size, averaged over the engines that have it."""
    return mean([v for _, v in over_engines(results, strategy,
                                            lambda t: results.figure(workload, t, name))])


def share_purged(results):
    """Which share of its peak a purge deletes, or None."""
    for name in results.comparable():
        row = results.row(results.largest("purge"), name)
        if row and row.live is not None and row.live_peak and not results.silent(name):
            return 1 - row.live / row.live_peak
    return None


def kept(results, strategy, workload, name="bytes"):
    """The strategy's bytes over the base's on the same engines, or None."""
    quotients = []
    for engine in results.engines():
        mine = results.figure(workload, "%s/%s" % (engine, strategy), name)
        quotients.append(quotient(mine, results.figure(workload, "%s/%s" % (engine, BASE), name)))
    return mean(quotients)


def held_words(results, strategy, workload):
    """"nothing", "147 B" or "37.7 MB, as tombstone does": what is held at a workload's end."""
    held = average(results, strategy, workload, "bytes")
    if held is None:
        return None
    if held == 0:
        return "nothing"
    share = kept(results, strategy, workload)
    same = strategy != BASE and share is not None and abs(share - 1) <= SAME
    return size(held) + (" as %s does" % BASE if same else "")


def purge_words(results, strategy):
    held = average(results, strategy, "purge", "bytes_per_live")
    if held is None:
        return None
    text = "%s B per live entry" % figure(held)
    share = kept(results, strategy, "purge", "bytes_per_live")
    if strategy == BASE or share is None:
        return text
    if abs(share - 1) <= SAME:
        return text + " as %s does" % BASE
    return text + " (%s of %s's)" % (percent(share), BASE)


def gives_back(results, strategy):
    """What it holds after a purge, a drain and a clear, or ""."""
    purged = share_purged(results)
    parts = [(purge_words(results, strategy), "after a purge of %s" % percent(purged)),
             (held_words(results, strategy, "fill_drain.random"), "once drained"),
             (held_words(results, strategy, "spike"), "once cleared")]
    said = ["%s %s" % (words, when) for words, when in parts if words]
    return "holds " + listed(said) if said else ""


def costs(results, strategy):
    """What it costs in time beside the base, or ""."""
    by_engine = over_engines(results, strategy, results.time_ratio)
    if strategy == BASE or not by_engine:
        return ""
    overall = geometric_mean([r for _, r in by_engine])
    if abs(overall - 1) <= results.noise["median"]:
        text = "its time is %s's within the noise (%s" % (BASE, ratio(overall))
    else:
        text = "it takes %s time than %s (%s" % ("more" if overall > 1 else "less", BASE,
                                                 ratio(overall))
    if len(by_engine) > 1:
        low, high = min(by_engine, key=lambda p: p[1]), max(by_engine, key=lambda p: p[1])
        text += "; %s on %s to %s on %s" % (ratio(low[1]), low[0], ratio(high[1]), high[0])
    return text + ")" + extremes(results, strategy)


def extremes(results, strategy):
    """Its best and its worst workload, where they stand out from the noise."""
    found = sorted((r, c.workload, c.n or 0, e) for e in results.engines()
                   for r, c in results.ratios("%s/%s" % (e, strategy)))
    margin = 1 + results.noise["most"]
    parts = []
    if found and found[0][0] < 1 / margin:
        parts.append("at best %s (`%s` on %s)" % (ratio(found[0][0]), found[0][1], found[0][3]))
    if found and found[-1][0] > margin:
        parts.append("at worst %s (`%s` on %s)" % (ratio(found[-1][0]), found[-1][1],
                                                   found[-1][3]))
    return ", " + " and ".join(parts) if parts else ""


def pause(results, strategy):
    """The most entries one step moved, over all common cells and engines, or ""."""
    def most(name):
        moved = [(row.moved_most, c.workload) for c in results.common()
                 for row in [results.rows[c].get(name)] if row and row.moved_most is not None]
        return max(moved) if moved else None
    mine = over_engines(results, strategy, most)
    if not mine:
        return ""
    (moved, workload), engine = max((v, e) for e, v in mine)
    return "its longest step moves %s entries (`%s` on %s)" % (count(moved), workload, engine)


def sentence(results, strategy):
    """One list item: what the strategy is, gives back and costs."""
    summaries = [results.tables[t].summary for t in results.comparable()
                 if t.endswith("/" + strategy) and t in results.tables]
    parts = [p for p in (gives_back(results, strategy), costs(results, strategy),
                         pause(results, strategy)) if p]
    text = "- **%s**" % strategy
    if summaries:
        text += " (%s)" % summaries[0]
    return text + " " + ("; ".join(parts) if parts else "was not measured in these workloads") + "."


def sentences(results):
    return [sentence(results, s) for s in results.strategies()] + [""]


# ---- what to choose --------------------------------------------------------------


def candidates(results, engine, use):
    """[(figure, time ratio or None, strategy)] of an engine, averaged over the use's workloads."""
    _, starts, name, _, _ = use
    cells = [c for c in map(results.largest, results.names())
             if c and c.workload.split(".")[0] in starts]
    found = []
    for strategy in results.strategies(engine):
        rows = [results.row(c, "%s/%s" % (engine, strategy)) for c in cells]
        values = [getattr(r, name) for r in rows if r]
        if not values or None in values or len(values) < len(cells):
            continue
        value = geometric_mean(values) if name in TIMES else mean(values)
        times = [results.ratio(c, "%s/%s" % (engine, strategy)) for c in cells]
        if value is not None:
            found.append((value, geometric_mean(times), strategy))
    return found


def winners(results, found, name):
    """Those of `found` that no other beats: least by the figure; among equals, by time."""
    margin = 1 + (results.noise["nine_tenths"] if name in TIMES else SAME)
    best = min(value for value, _, _ in found)
    equal = [f for f in found if f[0] <= best * margin]
    times = [t for _, t, _ in equal if t is not None]
    if name not in TIMES and times:
        limit = min(times) * (1 + results.noise["nine_tenths"])
        equal = [f for f in equal if f[1] is None or f[1] <= limit]
    return sorted(equal, key=lambda f: (f[0], f[2]))


def choice(results, engine, use):
    """A cell of the decision table, and its winners."""
    found = candidates(results, engine, use)
    if not found:
        return DASH, []
    won = winners(results, found, use[2])
    if len(won) == len(found) and len(found) > 1:
        return "no difference: %s" % use[4](won[0][0]), []
    write = use[4]
    low, high = won[0][0], max(f[0] for f in won)
    values = write(low) if write(low) == write(high) else "%s to %s" % (write(low), write(high))
    text = "%s: %s" % (", ".join("**%s**" % s for _, _, s in won), values)
    base = [f for f in found if f[2] == BASE]
    if base and BASE not in [s for _, _, s in won]:
        text += " (%s %s)" % (BASE, write(base[0][0]))
    times = [t for _, t, s in won if t is not None and s != BASE]
    if times:
        low, high = ratio(min(times)), ratio(max(times))
        text += ", at %s" % (low if low == high else "%s to %s" % (low.replace(" ×", ""), high))
    return text, [s for _, _, s in won]


def hurt(results, strategies):
    """Where the chosen strategies are slowest beside the base, over all engines."""
    parts = []
    for strategy in sorted(strategies):
        found = sorted((r, c.workload, e) for e in results.engines()
                       for r, c in results.ratios("%s/%s" % (e, strategy)))
        if strategy != BASE and found and found[-1][0] > 1 + results.noise["most"]:
            parts.append("%s: `%s` takes %s on %s" % (strategy, found[-1][1],
                                                      ratio(found[-1][0]), found[-1][2]))
    return "; ".join(parts) if parts else "nobody, beyond the noise"


def decision_table(results):
    """Rows: uses; columns: what is judged, the winner within each engine, whom it hurts."""
    rows, missing = [], []
    for use in USES:
        told = [choice(results, engine, use) for engine in results.engines()]
        if all(text == DASH for text, _ in told):
            missing.append("%s (%s)" % (use[0], listed("`%s`" % w for w in use[1])))
            continue
        names = {s for _, won in told for s in won}
        rows.append(["%s (%s)" % (use[0], listed("`%s`" % w for w in use[1])), use[3]] +
                    [text for text, _ in told] + [hurt(results, names) if names else DASH])
    if not rows:
        return ["Nothing to choose from: none of the workloads that decide was measured.", ""]
    lines = table(["use", "judged by"] + results.engines() + ["whom the winners hurt"], rows,
                  left=3 + len(results.engines()))
    if missing:
        lines += ["Not measured: %s." % "; ".join(missing), ""]
    return lines
