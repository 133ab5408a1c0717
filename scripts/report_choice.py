"""What the figures say of each strategy, and which one to choose: sentences from data.

Every number is a figure of the folder; the words follow from thresholds on figures.
"""
import collections

from figures import BASE, geometric_mean, mean, quotient
from report_text import DASH, count, figure, listed, per_live, percent, ratio, size, table

SAME = 0.02  # exact figures closer than this share are called the same in a sentence

# What one chooses for. workloads: the first parts of their names; figure: what is judged,
# the least wins and equals are decided by time; words, write: how it is told.
Use = collections.namedtuple("Use", "title workloads figure words write")
USES = (
    Use("emptied for good", ("fill_drain",), "bytes", "bytes held once drained", size),
    Use("most entries deleted, few stay", ("purge",), "bytes_per_live",
        "bytes per live entry after the purge", per_live),
    Use("constant size, entries come and go", ("fifo", "churn"), "ns_per_step", "ns per step",
        figure),
    Use("one spike, then small", ("spike",), "ns_after", "ns per step after the spike", figure),
    Use("many small tables", ("many_small",), "bytes", "bytes held by all at the end", size),
    Use("one entry comes and goes", ("blink",), "ns_per_step", "ns per step", figure),
)
# A strategy of one engine in a use: its figure, and its time and its bytes over the whole
# run, as ratios to the base's.
Candidate = collections.namedtuple("Candidate", "value time area strategy")
TIMES = ("ns_per_step", "ns_after")
AREA_MOST = 1.1  # bytes beside the base's that a winner by time may hold over the whole run


# ---- one sentence for each strategy --------------------------------------------


def between(values, write):
    """"1.00 to 1.02", or one number if both ends are written alike."""
    low, high = write(min(values)), write(max(values))
    return low if low == high else "%s to %s" % (low, high)


def over_engines(results, strategy, figure_of):
    """[(engine, value)] where figure_of(table) is there, engines in order."""
    pairs = [(e, figure_of("%s/%s" % (e, strategy))) for e in results.engines()]
    return [(e, v) for e, v in pairs if v is not None]


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


def gives_back(results, strategy):
    """What it holds after a purge, a drain and a clear, or ""."""
    parts = []
    for workload, name, write, when in (
            ("purge", "bytes_per_live", per_live,
             "B per live entry after a purge of %s" % percent(share_purged(results))),
            ("fill_drain.random", "bytes", size, "once drained"),
            ("spike", "bytes", size, "once cleared")):
        held = [v for _, v in over_engines(results, strategy,
                                           lambda t: results.figure(workload, t, name))]
        if not held:
            continue
        share = None if strategy == BASE else kept(results, strategy, workload, name)
        words = between(held, write) if any(held) else "nothing"
        text = "%s %s" % (words, when)
        if share is not None and abs(share - 1) <= SAME:
            text += " (as %s)" % BASE
        elif share is not None and any(held):
            text += " (%s of %s's)" % (percent(share), BASE)
        parts.append(text)
    return "holds " + listed(parts) if parts else ""


def costs(results, strategy):
    """What it costs in time beside the base, or ""."""
    by_engine = over_engines(results, strategy, results.time_ratio)
    if strategy == BASE or not by_engine:
        return ""
    overall = geometric_mean([r for _, r in by_engine])
    if abs(overall - 1) <= results.noise["ns_per_step"].median:
        text = "its time is %s's within the %s by which half of the tables that do equal work differ (%s" % (
            BASE, percent(results.noise["ns_per_step"].median), ratio(overall))
    else:
        text = "it takes %s time than %s (%s" % ("more" if overall > 1 else "less", BASE,
                                                 ratio(overall))
    if len(by_engine) > 1:
        low, high = min(by_engine, key=lambda p: p[1]), max(by_engine, key=lambda p: p[1])
        text += "; %s on %s to %s on %s" % (ratio(low[1]), low[0], ratio(high[1]), high[0])
    return text + ")" + extremes(results, strategy)


def extremes(results, strategy):
    """Its best and its worst workload, where they stand out from the noise."""
    found = telling(results, strategy)
    parts = []
    if found and found[0][0] < 1:
        parts.append("at best %s (`%s` on %s)" % (ratio(found[0][0]), found[0][1], found[0][2]))
    if found and found[-1][0] > 1:
        parts.append("at worst %s (`%s` on %s)" % (ratio(found[-1][0]), found[-1][1],
                                                   found[-1][2]))
    return ", " + " and ".join(parts) if parts else ""


def telling(results, strategy):
    """[(time ratio, workload, engine)] that stand out from the noise, lowest first."""
    return sorted((r, c.workload, e) for e in results.engines()
                  for r, c in results.telling("%s/%s" % (e, strategy)))


def whole_run(results, strategy):
    """Its bytes over whole runs beside the base's, over all common cells and engines, or ""."""
    shares = [results.ratio(c, "%s/%s" % (e, strategy), "area")
              for e in results.engines() for c in results.common()]
    share = geometric_mean(shares)
    if strategy == BASE or share is None:
        return ""
    if abs(share - 1) <= SAME:
        return "over whole runs it holds as much as %s (%s)" % (BASE, ratio(share))
    return "over whole runs it holds %s of what %s does" % (ratio(share), BASE)


def most_moved(results, strategy):
    """(entries, workload, engine) of the step that moved most over the common cells, or None."""
    found = [(row.moved_most, c.workload, e) for e in results.engines() for c in results.common()
             for row in [results.row(c, "%s/%s" % (e, strategy))]
             if row and row.moved_most is not None]
    return max(found) if found else None


def pause(results, strategy):
    """Its longest step, or ""."""
    mine, base = most_moved(results, strategy), most_moved(results, BASE)
    if not mine:
        return ""
    if strategy != BASE and base and mine[0] == base[0]:
        return "its longest step moves %s entries, as %s's does" % (count(mine[0]), BASE)
    return "its longest step moves %s entries (`%s` on %s)" % (count(mine[0]), mine[1], mine[2])


def sentence(results, strategy):
    """One list item: what the strategy is, gives back and costs."""
    summaries = [results.tables[t].summary for t in results.comparable()
                 if t.endswith("/" + strategy) and t in results.tables]
    parts = [p for p in (gives_back(results, strategy), whole_run(results, strategy),
                         costs(results, strategy), pause(results, strategy)) if p]
    text = "- **%s**" % strategy
    if summaries:
        text += " (%s)" % summaries[0]
    return text + ": " + ("; ".join(parts) if parts else "not measured in a plain cell") + "."


def sentences(results):
    """A list: one sentence for each strategy measured."""
    found = [sentence(results, s) for s in results.strategies()]
    return (found or ["None was measured."]) + [""]


# ---- what to choose --------------------------------------------------------------


def candidates(results, engine, use):
    """The Candidates of an engine, averaged over the use's workloads at their largest sizes."""
    cells = [c for c in map(results.largest, results.names())
             if c and c.workload.split(".")[0] in use.workloads]
    found = []
    for strategy in results.strategies(engine):
        name = "%s/%s" % (engine, strategy)
        values = [getattr(results.row(c, name), use.figure, None) for c in cells]
        if values and None not in values:
            found.append(Candidate(
                geometric_mean(values) if use.figure in TIMES else mean(values),
                geometric_mean([results.ratio(c, name) for c in cells]),
                geometric_mean([results.ratio(c, name, "area") for c in cells]), strategy))
    return [c for c in found if c.value is not None]


def winners(results, found, use):
    """Those of `found` that no other beats: least by the figure; among equals, by time.

    By time, only those are compared that hold no more than AREA_MOST of the base's bytes.
    """
    usual = 1 + results.noise["ns_per_step"].usual
    if use.figure in TIMES: # time that is paid for with memory wins nothing
        found = [c for c in found if c.area is None or c.area <= AREA_MOST] or found
    margin = 1 + (results.noise[use.figure].usual if use.figure in TIMES else SAME)
    best = min(c.value for c in found)
    equal = [c for c in found if c.value <= best * margin]
    times = [c.time for c in equal if c.time is not None]
    if use.figure not in TIMES and times:
        equal = [c for c in equal if c.time is None or c.time <= min(times) * usual]
    return sorted(equal, key=lambda c: (c.value, c.strategy))


def choice(results, engine, use):
    """A cell of the decision table, and the strategies that win."""
    found = candidates(results, engine, use)
    if not found:
        return DASH, []
    won = winners(results, found, use)
    values = between([c.value for c in won], use.write)
    if len(found) == 1:
        return "only %s: %s" % (found[0].strategy, values), []
    if len(won) == len(found):
        return "no difference: %s" % values, []
    text = "%s: %s" % (", ".join("**%s**" % c.strategy for c in won), values)
    base = [c for c in found if c.strategy == BASE]
    if base and base[0] not in won:
        text += ", %s %s" % (BASE, use.write(base[0].value))
    costs_of = [(what, [v for v in told if v is not None]) for what, told in
                (("time", [c.time for c in won]), ("bytes", [c.area for c in won]))]
    said = ["%s %s" % (what, between(told, ratio)) for what, told in costs_of if told]
    if base and said and won != base:
        text += " (%s)" % ", ".join(said)
    return text, [c.strategy for c in won]


def hurt(results, strategies):
    """Where the chosen strategies are slowest beside the base, over all engines."""
    parts = []
    if not any(results.ratios("%s/%s" % (e, s)) for e in results.engines() for s in strategies):
        return DASH
    for strategy in sorted(set(strategies) - {BASE}):
        found = telling(results, strategy)
        if found and found[-1][0] > 1:
            parts.append("%s: `%s` takes %s on %s" % (strategy, found[-1][1], ratio(found[-1][0]),
                                                      found[-1][2]))
    return "; ".join(parts) if parts else "nobody, beyond the noise"


def certainty(results):
    """How far the times of this section can be trusted."""
    cells = [c for c in map(results.largest, results.names()) if c and any(
        c.workload.split(".")[0] in use.workloads for use in USES)]
    processes = sorted({row.processes for c in cells for row in results.rows[c].values()})
    return "Bytes are exact. **Times are not**: each cell that decides was measured in %s, and of tables" \
        " that do equal work one in ten differs by more than %s. Only the headlines below, and cells" \
        " with an interval, are claims about time." % (
            "one process" if processes == [1] else
            "%s processes" % (between(processes, count)), percent(results.noise["ns_per_step"].usual))


def decision_table(results):
    """Rows: uses; columns: what is judged, the winner within each engine, whom it hurts."""
    rows, missing = [], []
    for use in USES:
        told = [choice(results, engine, use) for engine in results.engines()]
        title = "%s (%s)" % (use.title, listed("`%s`" % w for w in use.workloads))
        if all(text == DASH for text, _ in told):
            missing.append(title)
            continue
        names = {s for _, won in told for s in won}
        rows.append([title, use.words] + [text for text, _ in told] +
                    [hurt(results, names) if names else DASH])
    if not rows:
        return ["Nothing to choose from: none of the workloads that decide was measured.", ""]
    lines = ["Within each engine, the strategy that the figures favour; in brackets its time and"
             " its bytes over the whole run beside %s's. Strategies named together do not differ by"
             " more than the noise; one that is faster for clearly more memory does not count." % BASE, ""]
    lines += table(["use", "judged by"] + results.engines() + ["whom the winners hurt"], rows,
                  left=3 + len(results.engines()))
    if missing:
        lines += ["Not measured: %s." % "; ".join(missing), ""]
    return lines
