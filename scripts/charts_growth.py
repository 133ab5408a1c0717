"""Time and bytes against the number of entries, as SVG text: a row for each engine, time on the
left, bytes on the right, both axes logarithmic. A pure function of its arguments.
"""
import math

from charts import (GUTTER, LEFT, LINE, WIDTH, line, log_ticks, named, number, picture, spread,
                    text, wrapped)
from report_text import short_count

HEIGHT, GAP = 170, 62  # pixels: of a panel; between the two of a row
ALIKE = 1.04           # lines within this factor of each other everywhere are one


class Scale:
    """Values on a logarithmic axis of so many pixels, growing from `start` by `sign`."""

    def __init__(self, values, start, length, room=1.08):
        self.low, self.high = min(values) / room, max(values) * room
        self.start, self.length = start, length

    def at(self, value):
        """Pixels of a value."""
        return self.start + self.length * math.log(value / self.low) / math.log(
            self.high / self.low)


def grouped(lines, names):
    """[(names, [(n, time, bytes)])]: tables that lie on each other everywhere share a line."""
    groups = []
    for name in names:
        for group in groups:
            if len(group[1]) == len(lines[name]) and all(
                    a[0] == b[0] and 1 / ALIKE < a[1] / b[1] < ALIKE and
                    1 / ALIKE < a[2] / b[2] < ALIKE for a, b in zip(group[1], lines[name])):
                group[0].append(name)
                break
        else:
            groups.append(([name], lines[name]))
    return groups


def panel(left, top, width, sizes, values, caches, last):
    """(x Scale, y Scale, elements) of one half of a row."""
    x = Scale(sizes, left, width)
    y = Scale(values, top + HEIGHT, -HEIGHT)
    body, bottom = [], top + HEIGHT
    for tick in log_ticks(y.low, y.high):
        body += [line(left, y.at(tick), left + width, y.at(tick), "#dcdcd8"),
                 text(left - 6, y.at(tick) + 4, "%.3g" % tick, "end")]
    for size in sizes:
        body.append(line(x.at(size), bottom, x.at(size), bottom + 4, "#888"))
        if last:
            body.append(text(x.at(size), bottom + 17, short_count(size), "middle"))
    for name, entries in caches:
        if x.low < entries < x.high:
            body += [line(x.at(entries), top, x.at(entries), bottom, "#888", 1, 0.6),
                     text(x.at(entries) + 3, top + 11, name, colour="#555")]
    body.append(line(left, bottom, left + width, bottom, "#888"))
    return x, y, body


def path(points, x, y, at):
    """A line through (n, value number `at`)."""
    return "M" + "L".join("%s %s" % (number(x.at(p[0])), number(y.at(p[at]))) for p in points)


def row(engine, lines, order, look, top, caches, last):
    """One engine: both halves, the lines, and their names at the right."""
    width = (WIDTH - LEFT - GUTTER - GAP) / 2
    sizes = sorted({p[0] for points in lines.values() for p in points})
    body = [text(LEFT, top - 7, engine, weight="bold"),
            text(LEFT + width, top - 7, "ns per step", "end", "#555"),
            text(WIDTH - GUTTER, top - 7, "bytes per live entry", "end", "#555")]
    halves = []
    for i, left in ((1, LEFT), (2, LEFT + width + GAP)):
        x, y, drawn = panel(left, top, width, sizes,
                            [p[i] for points in lines.values() for p in points], caches, last)
        body += drawn
        halves.append((x, y, i))
    groups = grouped(lines, order)
    ends = []
    for names, points in groups:
        colour, dash = look.colour(names[0]), look.dash(names[0])
        body += named(names, ['<path d="%s" fill="none" stroke="%s" stroke-width="2"%s/>' % (
            path(points, x, y, i), colour, ' stroke-dasharray="%s"' % dash if dash else "")
            for x, y, i in halves], "%s: %s" % (", ".join(names), ", ".join(
                "n = %s: %.3g ns, %.3g B" % (short_count(n), ns, held)
                for n, ns, held in points)))
        ends.append((halves[1][1].at(points[-1][2]), names, "%.3g B" % points[-1][2], colour))
    ends.sort(key=lambda e: e[0])
    labels = [wrapped(names, words) for _, names, words, _ in ends]
    places = spread([(y, LINE * len(label) + 2) for (y, *_), label in zip(ends, labels)],
                    top - LINE, top + HEIGHT + LINE)
    right = WIDTH - GUTTER
    for (y, names, _, colour), label, at in zip(ends, labels, places):
        body += named(names, [line(right + 1, y, right + 16, at + LINE * len(label) / 2, colour,
                                   1, 0.6)] + [
            text(right + 20, at + LINE * (i + 1) - 3, words, colour=colour)
            for i, words in enumerate(label)])
    return body


def growth_chart(title, engines, caches, look):
    """The text of the chart.

    engines: {engine: ({strategy: [(n, ns per step, bytes per live entry)]}, order)};
    caches: {engine: [(name, the entries that fill it)]}
    """
    body, top = [text(LEFT - 58, 44, "against the number of entries; means over the whole run; "
                      "upright lines: where the table fills a cache", colour="#555")], 82
    for engine, (lines, order) in engines.items():
        body += row(engine, lines, order, look, top, caches.get(engine, []),
                    engine == list(engines)[-1])
        top += HEIGHT + 42
    return picture(top, title, body)
