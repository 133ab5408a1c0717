"""The time of one operation by its place among all, as SVG text: a panel for each engine.

Both axes are logarithmic: to the right ever rarer operations, upwards ever longer ones. A
pure function of its arguments.
"""
import math

from charts import (GUTTER, LEFT, LINE, WIDTH, line, named, number, picture, spread, text,
                    wrapped)
from figures import PEER, engine_of, strategy_of, strategy_order

COLUMNS = (("p50", "50 %"), ("p90", "90 %"), ("p99", "99 %"), ("p999", "99.9 %"),
           ("p9999", "99.99 %"), ("p99999", "99.999 %"), ("most", "longest"))
HEIGHT = 170
ALIKE = 1.35  # lines that differ by less than this factor everywhere are drawn as one
UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns"))


def words(ns):
    """A time on an axis or a label: 10 ns, 2.9 ms."""
    unit, name = next(u for u in UNITS if ns >= u[0] or u[0] == 1)
    return "%.2g %s" % (ns / unit, name) if ns / unit < 100 else "%.0f %s" % (ns / unit, name)


def grouped(times, names):
    """[(names, times)]: tables whose lines lie on each other share one."""
    groups = []
    for name in names:
        for group in groups:
            if all(1 / ALIKE < (times[name][c] or 1) / (group[1][c] or 1) < ALIKE
                   for c, _ in COLUMNS):
                group[0].append(name)
                break
        else:
            groups.append(([name], times[name]))
    return groups


class Panel:
    """Where a percentile and a time lie."""

    def __init__(self, top, low, high):
        self.top, self.low, self.high = top, low, high

    def x(self, i):
        """The column of COLUMNS, in pixels."""
        return LEFT + (WIDTH - GUTTER - LEFT) * i / (len(COLUMNS) - 1)

    def y(self, ns):
        """A time, in pixels."""
        share = math.log(max(ns, 1) / self.low) / math.log(self.high / self.low)
        return self.top + HEIGHT * (1 - min(max(share, 0), 1))

    def path(self, times):
        """The line of one table."""
        return "M" + "L".join("%s %s" % (number(self.x(i)), number(self.y(times[c])))
                              for i, (c, _) in enumerate(COLUMNS))

    def axes(self, engine, floor, last):
        """Grid, labels, and the floor as a shaded area."""
        right, bottom, body = WIDTH - GUTTER, self.top + HEIGHT, []
        body.append('<path d="%sL%s %sL%s %sZ" fill="#d9d4c5" opacity="0.8"/>' % (
            self.path(floor), number(right), number(bottom), LEFT, number(bottom)))
        power = math.ceil(math.log10(self.low))
        while 10 ** power <= self.high:
            y = self.y(10 ** power)
            body += [line(LEFT, y, right, y, "#dcdcd8"),
                     text(LEFT - 6, y + 4, words(10 ** power), "end")]
            power += 1
        if last:
            body += [text(self.x(i), bottom + 17, label, "middle")
                     for i, (_, label) in enumerate(COLUMNS)]
        return body + [line(LEFT, bottom, right, bottom, "#888"),
                       text(LEFT, self.top - 7, engine, weight="bold")]

    def lines(self, groups, look):
        """The tables' lines and their labels at the right."""
        body, right = [], WIDTH - GUTTER
        for names, times in groups:
            dash = look.dash(names[0])
            body += named(names, ['<path d="%s" fill="none" stroke="%s" stroke-width="2"%s/>' % (
                self.path(times), look.colour(names[0]),
                ' stroke-dasharray="%s"' % dash if dash else "")],
                "%s: %s" % (", ".join(names), ", ".join(
                    "%s %s" % (label, words(times[c])) for c, label in COLUMNS)))
        ends = sorted(((self.y(times["most"]), names, times["most"]) for names, times in groups),
                      key=lambda e: e[0])
        labels = [wrapped(names, words(most)) for _, names, most in ends]
        places = spread([(y, LINE * len(label) + 2) for (y, _, _), label in zip(ends, labels)],
                        self.top - LINE, self.top + HEIGHT + LINE)
        for (y, names, _), label, at in zip(ends, labels, places):
            colour = look.colour(names[0])
            body += named(names, [
                line(right + 1, y, right + 16, at + LINE * len(label) / 2, colour, 1, 0.6)] + [
                text(right + 20, at + LINE * (i + 1) - 3, part, colour=colour)
                for i, part in enumerate(label)])
        return body


def pause_chart(title, tables, floor, look):
    """The text of the chart. tables: {name: {column: ns}}; floor: {column: ns}."""
    engines = sorted({engine_of(t) for t in tables}, key=lambda e: (e == PEER, e))
    high = max(t["most"] for t in tables.values()) * 1.5
    low = min(floor["p50"], *(t["p50"] for t in tables.values())) / 1.5
    body = [text(LEFT - 58, 44, "so many of all operations take at most so long; shaded: the "
                 "harness alone; both axes logarithmic", colour="#555")]
    top = 82
    for engine in engines:
        times = {strategy_of(t): v for t, v in tables.items() if engine_of(t) == engine}
        panel = Panel(top, max(low, 1), high)
        body += panel.axes(engine, floor, engine == engines[-1])
        body += panel.lines(grouped(times, sorted(times, key=strategy_order)), look)
        top += HEIGHT + 42
    return picture(top, title, body)
