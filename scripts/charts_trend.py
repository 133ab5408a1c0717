"""How headlines moved from run to run, as SVG text: a row for each headline, a point with its
interval for each run, from the oldest on the left. The shaded band is the margin that was
fixed before the runs. A pure function of its arguments.
"""
import math

from charts import LEFT, WIDTH, line, nice_step, number, picture, text
from charts_verdicts import VERDICT
from report_verdicts import signed

ROW, GAP, TOP, NAMES = 74, 16, 44, 190  # pixels: a row, between two, the title, the names
OTHER = "#555"
LEAST = 0.02  # half of an axis at least, as a log-ratio


def by_headline(runs):
    """{headline's words: [(number of the run, pairs.Result)]} in the order of the last run."""
    found = {}
    for run in reversed(runs):
        for result in run.pairs.headlines:
            found.setdefault("%s on %s" % (result.pair.b, result.pair.cell), [])
    for i, run in enumerate(runs):
        for result in run.pairs.headlines:
            found["%s on %s" % (result.pair.b, result.pair.cell)].append((i, result))
    return found


class Axis:
    """Where a log-ratio lies in a row that begins at `top`."""

    def __init__(self, results, top):
        values = [v for r in results for v in (r.estimate.low, r.estimate.high, r.estimate.estimate)
                  if v is not None]
        self.low, self.high = min(values + [-LEAST]), max(values + [LEAST])
        self.top = top

    def y(self, log):
        return self.top + ROW * (self.high - log) / (self.high - self.low)

    def ticks(self):
        step = nice_step(100 * (math.expm1(self.high) - math.expm1(self.low)), 3)
        first = math.ceil(100 * math.expm1(self.low) / step)
        last = math.floor(100 * math.expm1(self.high) / step)
        return [(math.log1p(i * step / 100), "%+g %%" % (i * step) if i else "0")
                for i in range(first, last + 1) if i * step > -100]


def row(top, words, points, places, margin):
    """SVG elements of one headline."""
    axis = Axis([result for _, result in points], top)
    start, end, inside = LEFT + NAMES, WIDTH - 24, math.log1p(margin)
    body = [text(LEFT - 58, top + 14, words.split(" on ")[0], weight="bold"),
            text(LEFT - 58, top + 30, "on " + words.split(" on ")[1], colour="#555"),
            '<rect x="%s" y="%s" width="%s" height="%s" fill="#d9d4c5" opacity="0.6"/>' % (
                number(start), number(axis.y(inside)), number(end - start),
                number(axis.y(-inside) - axis.y(inside)))]
    for log, told in axis.ticks():
        body += [line(start, axis.y(log), end, axis.y(log), "#dcdcd8"),
                 text(start - 6, axis.y(log) + 4, told, "end", "#555")]
    ends = [(places[i], axis.y(result.estimate.estimate)) for i, result in points]
    body += [line(x1, y1, x2, y2, "#999") for (x1, y1), (x2, y2) in zip(ends, ends[1:])]
    for (x, y), (_, result) in zip(ends, points):
        colour, found = VERDICT.get(result.verdict, OTHER), result.estimate
        if found.low is not None:
            body.append(line(x, axis.y(found.low), x, axis.y(found.high), colour, 3))
        body.append('<circle cx="%s" cy="%s" r="4" fill="%s"><title>%s: %s</title></circle>' % (
            number(x), number(y), colour, result.verdict, signed(found.estimate)))
    return body


def chart(runs):
    """The text of the file; None where no run has a headline. runs: [figures.Results], the oldest
    first."""
    found = by_headline(runs)
    if not found:
        return None
    start, end = LEFT + NAMES + 30, WIDTH - 54
    places = [start + (end - start) * (i + 0.5) / len(runs) for i in range(len(runs))]
    body, at = [], TOP
    for words, points in found.items():
        body += row(at, words, points, places, runs[-1].pairs.margin)
        at += ROW + GAP
    for place, run in zip(places, runs):
        body += [text(place, at + 4, run.env.get("commit", "unknown")[:7], "middle", "#555"),
                 text(place, at + 20, run.env.get("started", "")[:10], "middle", "#555")]
    return picture(at + 34, "Time beside the base, run by run", body)
