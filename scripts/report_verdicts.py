"""What the controls showed, what the headlines say, and what the harness itself costs."""
import math

import stats
from pairs import shard_of
from report_text import DASH, count, figure, listed, table

CONTROLS = {
    "same": "the same table in both arms: nothing to find",
    "twin": "one source compiled twice, at other addresses: what place alone makes, in either direction;"
            " no smaller difference is claimed",
    "one_percent": "one step in a hundred more: to be found, as large",
    "pause": "a pause of 30 ms each time the table grows: to show at its true share",
    "neighbour": "a table after slices of a larger one, against itself alone: what is left of the"
                 " cooled caches once the head of a slice is left out",
}
EDGE_MOST_NS, EDGE_MOST_SHARE = 0.3, 0.005  # what the harness may add: to a step, to a slice


def signed(value, digits=2):
    """A log-ratio as a difference in percent: +1.05 %."""
    if value is None:
        return DASH
    return ("%+.*f %%" % (digits, 100 * math.expm1(value))).replace("-", "\u2212")


def interval(found):
    """+0.1 % (−0.2 % to +0.4 %)."""
    if found is None:
        return DASH
    if found.low is None:
        return "%s (too few processes for an interval)" % signed(found.estimate)
    return "%s (%s to %s)" % (signed(found.estimate), signed(found.low), signed(found.high))


def kind_of(control):
    return control.pair.name.split(":")[0]


def place_of(control):
    """The workload, and of a merged run the shard whose machine it speaks for."""
    shard = shard_of(control.pair)
    return "`%s`" % control.pair.cell.split("/")[0] + (", shard %s" % shard if shard else "")


def pair_words(pair):
    """`linear/shrink` beside `linear/tombstone` on `purge`."""
    return "`%s` beside `%s` on `%s`" % (pair.b, pair.a, pair.cell.split("/")[0])


# ---- controls -------------------------------------------------------------------


def verdict_line(pairs):
    """The first line of a report: whether the controls showed what they must."""
    failed = [c for c in pairs.controls if not c.good]
    if failed:
        return "> **A control failed, so no difference in time is claimed here:** %s. Bytes and" \
            " counts are exact all the same." % "; ".join(
                "`%s` (%s): %s" % (c.pair.name, c.why, interval(c.estimate)) for c in failed)
    if not pairs.controls:
        return "> **No control was measured:** times are not to be relied on."
    told = []
    for kind, words in (("same", "the same code against itself"),
                        ("twin", "its twin at other addresses")):
        found = [c for c in pairs.controls if kind_of(c) == kind]
        if found:
            told.append("%s: %s" % (words, listed(signed(c.estimate.estimate) for c in found)))
    told += ["an injected +1 %%: %s" % signed(c.estimate.estimate) for c in pairs.controls
             if kind_of(c) == "one_percent"]
    few = any(c.estimate.low is None for c in pairs.controls)
    return "> %s %s." % ("Too few processes to judge the controls:" if few else
                         "**The controls hold:**", "; ".join(told))


def control_rows(pairs):
    rows = []
    for c in pairs.controls:
        must = DASH
        if c.pair.truth is not None:
            must = signed(math.log(c.pair.truth))
        elif c.ones and c.ones[0].expected is not None:
            must = signed(stats.estimate([o.expected for o in c.ones]).estimate)
        shown = c.estimate
        missed = interval(shown) if c.pair.truth is not None else \
            "off by %s" % interval(shown)
        rows.append([kind_of(c), place_of(c), must, missed,
                     signed(c.heads.estimate) if c.pair.estimand == "alike" else DASH,
                     "good" if c.good else "**failed**: " + c.why])
    return rows


def controls(pairs):
    """What the controls showed."""
    lines = ["## Can this run be trusted?", ""]
    if not pairs.controls:
        return lines + ["No control was measured.", ""]
    lines += ["Known answers, measured by the same means and in the same processes as the headlines"
              " (%d processes, each with its own addresses; 95 %% intervals):" %
              max(c.estimate.n for c in pairs.controls), ""]
    lines += table(["control", "workload", "must show", "shows", "in the heads of slices", ""],
                   control_rows(pairs), left=2)
    kinds = []
    for c in pairs.controls:
        if kind_of(c) not in kinds:
            kinds.append(kind_of(c))
    lines += ["- **%s**: %s." % (k, CONTROLS.get(k, k)) for k in kinds] + [""]
    return lines + overhead(pairs)


def overhead(pairs):
    """What the harness adds to a step and to a slice."""
    o = pairs.overhead
    lines = ["The harness: one slice edge costs %s ns, one turn of Google Benchmark's loop %s ns;"
             " in a slice of %s steps that is %.3f ns a step" %
             (figure(o["edge_ns"]), figure(o["loop_ns"]), count(o["steps"]), o["step_ns"])]
    share = o["edge_ns"] / pairs.slice_ns[1] if pairs.slice_ns else None
    if share is not None:
        lines[0] += ", %.3f %% of a slice" % (100 * share)
        lines[0] += " (slices take %s to %s \u00b5s, in the middle %s)" % tuple(
            figure(pairs.slice_ns[i] / 1e3) for i in (0, 2, 1))
    over = o["step_ns"] > EDGE_MOST_NS or (share or 0) > EDGE_MOST_SHARE
    lines[0] += "; **more than the %s ns or the %s %% that are allowed**." % (
        EDGE_MOST_NS, 100 * EDGE_MOST_SHARE) if over else \
        "; allowed are %s ns and %s %%." % (EDGE_MOST_NS, 100 * EDGE_MOST_SHARE)
    lines[0] += " The loop over the trace stands in the tables as `peer/null`."
    return lines + [""]


# ---- headlines --------------------------------------------------------------------


COMPARED = {"alike": "median of slices", "places": "whole trace, median of its replays",
            "total": "whole trace"}


def confirmed(headline, second):
    """What a second build (pass_confirm.Second, or None) says of it."""
    if second is None:
        return DASH
    said = "confirmed" if second.verdict == headline.verdict else "**%s**" % second.verdict
    return "%s: %s" % (said, interval(second.estimate))


def headlines(pairs, drawn, second):
    """The section of the claims that were named before anything was measured; drawn: the path
    of their chart; second: what pass_confirm.read gives."""
    if not pairs.headlines:
        return []
    most = max(h.estimate.n for h in pairs.headlines)
    lines = ["## The headlines", "",
             "Named in DESIGN.md before the run; %d processes, of several link orders. A verdict needs"
             " its Holm-adjusted probability below %s; *equivalent* means that the difference is"
             " shown to be within \u00b1%s %%; *inconclusive* that neither is shown, or that it may be"
             " no more than the place of code makes (here %s %%)." %
             (most, stats.ALPHA, figure(100 * pairs.margin), figure(100 * math.expm1(pairs.place))), ""]
    compiler, found = second
    if compiler is None:
        lines[2] += " No second build confirmed them: FULL=1 does, where clang-19 is installed."
    rows = []
    for h in pairs.headlines:
        rows.append([pair_words(h.pair), "**%s**" % h.verdict, interval(h.estimate),
                     "%.2g" % h.adjusted,
                     signed(h.total) if h.pair.estimand == "places" else DASH,
                     COMPARED[h.pair.estimand]] +
                    ([confirmed(h, found.get(h.pair.name))] if compiler else []))
    lines += table(["", "verdict", "time (95 % interval)", "p, adjusted",
                    "all replays together", "what is compared"] +
                   (["compiled by %s" % compiler] if compiler else []), rows, left=2)
    return lines + ["![Headlines and controls: each process, and all together](%s)" % drawn, ""]


def terminal(pairs):
    """Lines for the terminal: the controls, then one for each headline."""
    line = verdict_line(pairs)[2:].replace("**", "").replace("`", "")
    lines = []
    while line:  # folded at 100 columns
        cut = line if len(line) <= 100 else line[:101].rsplit(" ", 1)[0]
        lines.append(cut)
        line = line[len(cut):].lstrip()
    for h in pairs.headlines:
        lines.append("%-12s  %-52s %s" % (h.verdict, "%s / %s on %s" % (
            h.pair.b, h.pair.a.split("/")[1], h.pair.cell.split("/")[0]), interval(h.estimate)))
    return [line[:100] for line in lines]
