"""Every headline and control with its interval and the processes behind it, as SVG text.

The axis is logarithmic in the ratio. A dot is one process; the bar is the interval, the stroke
in it the estimate; the shaded band is the margin within which times count as equal: the picture
says so. Controls come first, on an axis of their own, since what they must show is small. A pure
function of its arguments.
"""
import math

from charts import COLOURS, LEFT, WIDTH, line, nice_step, number, picture, text
from report_text import count
from report_verdicts import kind_of, place_of, signed, size_of

ROW, TOP, RIGHT, NAMES = 34, 62, 150, 250  # pixels: a row, the title, the figures, the names
LEGEND = "CPU time beside the base's. Dot: one process; bar: 95 % interval; stroke: estimate; shaded: counts as equal"
VERDICT = {"faster": COLOURS[3], "slower": COLOURS[2], "equivalent": COLOURS[1]}
OTHER = COLOURS[6]
LEAST = 0.02  # half of the axis at least, as a log-ratio


class Axis:
    """Where a log-ratio lies."""

    def __init__(self, logs):
        self.low, self.high = min(min(logs), -LEAST), max(max(logs), LEAST)
        room = (self.high - self.low) * 0.04
        self.low, self.high = self.low - room, self.high + room

    def x(self, log):
        """Of a log-ratio, in pixels."""
        start, end = LEFT - 58 + NAMES, WIDTH - RIGHT
        return start + (end - start) * (log - self.low) / (self.high - self.low)

    def ticks(self):
        """Differences in percent, as log-ratios."""
        step = nice_step(100 * (math.expm1(self.high) - math.expm1(self.low)), 6)
        first = math.ceil(100 * math.expm1(self.low) / step)
        last = math.floor(100 * math.expm1(self.high) / step)
        return [(math.log1p(i * step / 100), "%+g %%" % (i * step) if i else "0")
                for i in range(first, last + 1) if i * step > -100]


def row(axis, y, name, result, colour, told):
    """One pair: its name, its processes, its interval, and its figures."""
    found, centre = result.estimate, y + ROW / 2
    body = [text(LEFT - 58, centre + 4, name)]
    for i, one in enumerate(result.ones):
        value = one.value if one.expected is None else one.value - one.expected
        lift = (i * 7 % 5 - 2) * 3  # so that dots in one place are told apart
        body.append('<circle cx="%s" cy="%s" r="2" fill="%s" opacity="0.45"/>' % (
            number(axis.x(value)), number(centre + lift), colour))
    if found.low is not None:
        body.append(line(axis.x(found.low), centre, axis.x(found.high), centre, colour, 3))
    body.append(line(axis.x(found.estimate), centre - 8, axis.x(found.estimate), centre + 8, colour,
                     2))
    body.append(text(WIDTH - RIGHT + 12, centre + 4, told))
    return body


def panel(top, title, rows, margin):
    """(SVG elements, the height) of some rows on an axis of their own."""
    logs = [o.value - (o.expected or 0) for _, r, _, _ in rows for o in r.ones]
    logs += [v for _, r, _, _ in rows for v in (r.estimate.low, r.estimate.high) if v is not None]
    axis, bottom = Axis(logs), top + 22 + ROW * len(rows)
    inside = math.log1p(margin)
    body = [text(LEFT - 58, top + 12, title, weight="bold"),
            '<rect x="%s" y="%s" width="%s" height="%s" fill="#d9d4c5" opacity="0.6"/>' % (
                number(axis.x(-inside)), number(top + 20),
                number(axis.x(inside) - axis.x(-inside)), number(bottom - top - 20))]
    for log, words in axis.ticks():
        body += [line(axis.x(log), top + 20, axis.x(log), bottom, "#dcdcd8"),
                 text(axis.x(log), bottom + 15, words, "middle", "#555")]
    body.append(line(axis.x(0), top + 20, axis.x(0), bottom, "#888"))
    for i, (name, result, colour, told) in enumerate(rows):
        body += row(axis, top + 22 + ROW * i, name, result, colour, told)
    return body, bottom - top + 34


def chart(pairs):
    """The text of the file, or None without pairs."""
    controls = [("%s, %s" % (kind_of(c), place_of(c).replace("`", "")), c,
                 OTHER if c.good else VERDICT["slower"],
                 signed(c.estimate.estimate) + ("" if c.good else ", failed"))
                for c in pairs.controls if c.estimate]
    heads = [("%s on %s" % (h.pair.b, h.pair.cell.split("/")[0]), h,
              VERDICT.get(h.verdict, "#555"),
              "%s %s" % (signed(h.estimate.estimate, 1), h.verdict)) for h in pairs.headlines]
    body, at = [text(LEFT - 58, TOP - 18, LEGEND, colour="#555")], TOP
    for title, rows in (("Controls: the answer is known", controls),
                        ("Headlines: time beside the base", heads)):
        if rows:
            drawn, height = panel(at, title, rows, pairs.margin)
            body, at = body + drawn, at + height
    sizes = sorted({size_of(r.pair) for r in pairs.controls + pairs.headlines})
    return picture(at, "What each process says, and all together; n = %s" % ", ".join(map(count, sizes)),
                   body) if controls or heads else None
