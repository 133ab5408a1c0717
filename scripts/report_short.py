"""The first screen of report.md: for each use what to choose, what it gives and what it costs.

Over all engines at once; report_choice has the same engine by engine.
"""
import collections

import report_resident
from figures import BASE
from report_cells import is_headline
from report_choice import DASH, USES, between, candidates, certainty, telling, winners
from report_text import ratio, table

USE = "for which use"  # the heading that report.html finds the table by
MOST_NAMED = 2 # strategies named in one line


def verdicts(results, use):
    """{engine: (its Candidates, those that win)} of engines with more than one strategy."""
    found = {engine: candidates(results, engine, use) for engine in results.engines()}
    return {e: (all_of, winners(results, all_of, use)) for e, all_of in found.items() if len(all_of) > 1}


def chosen(told):
    """The strategies that win on the most engines; the base, the simplest, where none beats it on
    half of them."""
    wins = collections.Counter(c.strategy for _, won in told.values() for c in won)
    if 2 * wins[BASE] >= len(told):
        return [BASE]
    best = max(wins.values())
    return sorted(s for s, n in wins.items() if n == best)


def values(told, strategies, name):
    """What the strategies show on every engine."""
    return [v for found, _ in told.values() for c in found if c.strategy in strategies
            for v in [getattr(c, name)] if v is not None]


def by_engine(told, strategies, name, write):
    """The least of them and the most, each with its engine: 17.1 (`group`) to 48.7 (`dict`)."""
    found = sorted((v, engine) for engine, (of_engine, _) in told.items() for c in of_engine
                   if c.strategy in strategies for v in [getattr(c, name)] if v is not None)
    if not found or write(found[0][0]) == write(found[-1][0]):
        return between([v for v, _ in found], write)
    return " to ".join("%s (`%s`)" % (write(v), engine) for v, engine in (found[0], found[-1]))


def worst(results, strategies):
    """The workload where the choice costs most, over all engines."""
    found = [told[-1] for s in strategies for told in [telling(results, s)] if told and told[-1][0] > 1]
    if not found:
        return "nobody, beyond the noise"
    cost, workload, engine = max(found)
    return "`%s` takes %s on %s" % (workload, ratio(cost), engine)


def least(results, use, strategies):
    """The table of a design of its own (one strategy alone) that does better than the choice, or ""."""
    alone = [(c.value, "%s/%s" % (engine, c.strategy)) for engine in results.engines()
             for found in [candidates(results, engine, use)] if len(found) == 1 for c in found]
    there = values(verdicts(results, use), strategies, "value")
    if not alone or not there or min(alone)[0] >= min(there):
        return ""
    return "; `%s` less: %s" % (min(alone)[1], use.write(min(alone)[0]))


def evidence(results, use):
    """Links to the sections of the use's workloads."""
    names = [n for n in results.names() if n.split(".")[0] in use.workloads]
    return ", ".join("[`%s`](%s#%s)" % (n, "" if is_headline(n) else "details.md", n.replace(".", ""))
                     for n in names)


def row(results, use):
    """One line, or None if nothing was measured."""
    told = verdicts(results, use)
    if not told:
        return None
    names = chosen(told)
    links = evidence(results, use)
    if names == [BASE]:
        beaten = [e for e, (_, won) in told.items() if BASE not in [c.strategy for c in won]]
        return [use.title, "**`%s`**, the simplest: none is better%s" % (
            BASE, ", but on " + ", ".join(beaten) if beaten else ""), use.words + ": " +
                by_engine(told, names, "value", use.write) + least(results, use, names), DASH, DASH, links]
    held = "%s: %s%s" % (use.words, by_engine(told, names, "value", use.write),
                         least(results, use, names))
    base = values(told, [BASE], "value")
    times = values(told, names, "time")
    shown = ", ".join("`%s`" % n for n in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown += " and %d more" % (len(names) - MOST_NAMED)
    return [use.title, "**%s**" % shown, held, between(base, use.write) if base else DASH,
            "%s; %s" % (between(times, ratio), worst(results, names)) if times else worst(results, names),
            links]


def screen(results):
    """A table of uses; nothing where none was measured."""
    rows = [r for r in (row(results, use) for use in USES) if r]
    if not rows:
        return []
    back = report_resident.choice(results)
    if back:
        rows.insert(1, back)
    heads = [USE, "choose", "what it gives", "where %s has" % BASE, "time beside it; whom it hurts",
             "evidence"]
    return [certainty(results), ""] + table(heads, rows, left=6)
