"""Charts as SVG text: bytes over steps, and time against memory.

Each function returns the text of one file, a pure function of its arguments. Charts
carry their own light background, so that they read the same on any page; lines differ
by colour and dash, and are named beside their ends.
"""
import html
import math

from figures import (PEER, engine_of, geometric_mean, is_reference, is_trap, strategy_of,
                     strategy_order)
from report_text import count, short_count, size

ENTRY_BYTES = 16  # a key and a value of 64 bits each
# The two lists differ in length, so that colour and dash together repeat late. Each two colours are
# 20 apart in Lab for eyes without red or green cones too (Machado, Oliveira, Fernandes, 2009), and
# have a contrast of 4.5 with the ground.
COLOURS = ("#1a1a1a", "#0c6ddd", "#e90018", "#0b861e", "#650196", "#5d2500", "#147ba5", "#df1d65",
           "#1f6143", "#5f2f65")
DASHES = ("", "7 3", "2 3", "10 3 2 3", "14 4", "5 2 1 2 1 2", "3 1", "8 2 8 6")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "wedge", "ring")
WIDTH, LEFT, GUTTER = 880, 74, 222  # pixels: the page, the axis' labels, the lines' labels
PANEL, LINE = 150, 14               # pixels: the least height of a panel, a line of text
WRAP = 28                           # characters in a line of a label


class Styles:
    """Colour and dash of each strategy or peer, in the order they are first named."""

    def __init__(self, names):
        self.at = {name: i for i, name in enumerate(names)}

    def colour(self, name):
        """The colour of a strategy or peer."""
        return COLOURS[self.at[name] % len(COLOURS)]

    def dash(self, name):
        """The dash pattern of a strategy or peer; "" is solid."""
        return DASHES[self.at[name] % len(DASHES)]


def styles(results):
    """Styles for every table of the results: ours, then the peers."""
    tables = set(results.comparable()).union(*(m.arms for m in results.memory))
    ours = {strategy_of(t) for t in tables if engine_of(t) != PEER}
    peers = {strategy_of(t) for t in tables} - ours
    return Styles(sorted(ours, key=strategy_order) + sorted(peers))


# ---- pieces of SVG -----------------------------------------------------------------


def number(value):
    """A coordinate in pixels, to a tenth."""
    return ("%.1f" % value).rstrip("0").rstrip(".") if value % 1 else "%d" % value


def tick_of(value):
    """The attribute by which a page finds the grid of an axis; nothing for other marks."""
    return ' data-v="%s"' % number(value) if value is not None else ""


def text(x, y, words, anchor="start", colour="#333", weight="", large=False, turn=False,
         value=None):
    """Words with their base line at (x, y); turn: read upwards; value: of a tick."""
    extra = ' font-weight="%s"' % weight if weight else ""
    extra += tick_of(value)
    extra += ' font-size="14"' if large else ""
    extra += ' transform="rotate(-90 %s %s)"' % (number(x), number(y)) if turn else ""
    return '<text x="%s" y="%s" text-anchor="%s" fill="%s"%s>%s</text>' % (
        number(x), number(y), anchor, colour, extra, html.escape(words))


def line(x1, y1, x2, y2, colour="#ccc", width=1, opacity=1.0, value=None):
    """A straight line between two points in pixels; value: of a tick."""
    extra = ' opacity="%s"' % number(opacity) if opacity < 1 else ""
    extra += tick_of(value)
    return '<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"%s/>' % (
        number(x1), number(y1), number(x2), number(y2), colour, number(width), extra)


def named(names, body, says=""):
    """Elements that belong to these tables, so that a page can hide them or say what they are."""
    title = "<title>%s</title>" % html.escape(says) if says else ""
    return ['<g data-t="%s">%s' % (html.escape(" ".join(names)), title)] + body + ["</g>"]


def panelled(panel, body):
    """Elements of a Panel, with what a page needs to read values off it: pixels from the left,
    to the right, and the steps between; pixels from the top, height, and the bytes there."""
    return ['<g data-x="%s %s %s" data-y="%s %s %s">' % tuple(number(v) for v in (
        LEFT, WIDTH - GUTTER, panel.steps, panel.top, panel.height, panel.most))] + body + ["</g>"]


def picture(height, title, body):
    """A whole file: the frame, the title and the elements of `body`."""
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" '
        'font-family="Helvetica, Arial, sans-serif" font-size="12" role="img">' % (
            WIDTH, height, WIDTH, height),
        "<title>%s</title>" % html.escape(title),
        '<rect width="%d" height="%d" rx="6" fill="#fbfbf9" stroke="#c9c9c4"/>' % (WIDTH, height),
        text(LEFT - 58, 24, title, weight="bold", large=True)] + body + ["</svg>", ""])


def size_tick(value):
    """Bytes on an axis: 0, 25 MB."""
    words, unit = (size(value) + " ").split(" ")[:2]
    return ("%g" % float(words.replace(",", "")) + " " + unit) if value else "0"


def nice_step(top, wanted):
    """The 1, 2, 2.5 or 5 times a power of ten that divides `top` into about `wanted` parts."""
    raw = max(top, 1) / wanted
    power = 10 ** math.floor(math.log10(raw))
    for factor in (1, 2, 2.5, 5, 10):
        if factor * power >= raw:
            return factor * power
    return 10 * power


def spread(blocks, top, bottom):
    """The y of each (wanted y, height) so that none overlaps; in the order of y."""
    placed = []
    at = top
    for wanted, height in blocks:
        at = max(at, wanted - height / 2)
        placed.append(at)
        at += height
    limit = bottom
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit - blocks[i][1])
        limit = placed[i]
    return placed


# ---- bytes over steps -----------------------------------------------------------------


def wrapped(names, value):
    """Lines of a label: "a = b =", "c 41.9 MB"."""
    lines, current = [], ""
    words = [n + " =" for n in names[:-1]] + [names[-1] + "  " + value]
    if len(words[-1]) > WRAP:
        words[-1:] = [names[-1], value]
    for word in words:
        if current and len(current) + 1 + len(word) > WRAP:
            lines.append(current)
            current = word
        else:
            current = (current + " " + word).strip()
    return lines + [current]


def outline(points):
    """[(step, held)] where the bytes held change, and at the last step."""
    return [(p[0], p[1]) for i, p in enumerate(points)
            if i in (0, len(points) - 1) or p[1] != points[i - 1][1]]


def merged(memory, engine, look, base):
    """[(names, outline, {step: highest peak})] of an engine's tables, the base's first.

    Tables that hold the same bytes all along are one line.
    """
    groups = {}
    for arm in sorted(memory.arms):
        if engine_of(arm) == engine and not is_reference(arm):
            names, peaks = groups.setdefault(tuple(outline(memory.arms[arm])), ([], {}))
            names.append(strategy_of(arm))
            for step, held, peak, _ in memory.arms[arm]:
                if peak > held:
                    peaks[step] = max(peak, peaks.get(step, 0))
    found = [(sorted(names, key=lambda n: look.at[n]), list(key), peaks)
             for key, (names, peaks) in groups.items()]
    return sorted(found, key=lambda g: (base not in g[0], look.at[g[0][0]]))


class Panel:
    """A rectangle of the chart, and how steps and bytes map to it."""

    def __init__(self, top, height, steps, most):
        self.top, self.height = top, height
        self.steps, self.most = max(steps, 1), max(most, 1)

    def x(self, step):
        """Pixels from the left."""
        return LEFT + (WIDTH - LEFT - GUTTER) * step / self.steps

    def y(self, held):
        """Pixels from the top."""
        return self.top + self.height * (1 - held / self.most)

    def axes(self, engine, last):
        """Grid, labels of both axes, and the engine's name."""
        body, right, bottom = [], WIDTH - GUTTER, self.top + self.height
        step = nice_step(self.most, 4)
        for i in range(int(self.most / step) + 1):
            body.append(line(LEFT, self.y(i * step), right, self.y(i * step), "#dcdcd8",
                             value=i * step))
            body.append(text(LEFT - 6, self.y(i * step) + 4, size_tick(i * step), "end",
                             value=i * step))
        step = nice_step(self.steps, 5)
        for i in range(int(self.steps / step) + 1):
            body.append(line(self.x(i * step), bottom, self.x(i * step), bottom + 4, "#888"))
            if last:
                body.append(text(self.x(i * step), bottom + 17, short_count(i * step), "middle"))
        body.append(line(LEFT, bottom, right, bottom, "#888"))
        body.append(text(LEFT, self.top - 7, engine, weight="bold"))
        return body

    def payload(self, live):
        """The area of live entries times the bytes of an entry."""
        path = "M%s %s" % (number(self.x(0)), number(self.y(0)))
        for step, entries in live:
            path += "L%s %s" % (number(self.x(step)), number(self.y(entries * ENTRY_BYTES)))
        path += "L%s %sZ" % (number(self.x(live[-1][0])), number(self.y(0)))
        return '<path d="%s" fill="#d9d4c5" opacity="0.8"/>' % path

    def curve(self, points, peaks, colour, dash, width):
        """A step line, and thin marks up to the peaks within a slice."""
        path = "M%s %s" % (number(self.x(0)), number(self.y(0)))
        for step, held in points:
            path += "H%sV%s" % (number(self.x(step)), number(self.y(held)))
        held_at, marks, at = 0, "", 0
        for step in sorted(peaks):
            while at < len(points) and points[at][0] <= step:
                held_at, at = points[at][1], at + 1
            marks += "M%s %sV%s" % (number(self.x(step)), number(self.y(held_at)),
                                    number(self.y(peaks[step])))
        body = ['<path d="%s" fill="none" stroke="%s" stroke-width="%s"%s/>' % (
            path, colour, number(width), ' stroke-dasharray="%s"' % dash if dash else "")]
        if marks:
            body.insert(0, '<path d="%s" stroke="%s" stroke-width="1" opacity="0.45"/>' % (
                marks, colour))
        return body


def lines_of(panel, groups, look):
    """The lines of a panel, widest first so that those under others show, and their labels."""
    body, step = [], min(1.5, 6 / len(groups))
    for i, (names, points, peaks) in enumerate(groups):
        width = 1.8 + step * (len(groups) - 1 - i)
        body += named(names, panel.curve(points, peaks, look.colour(names[0]),
                                         look.dash(names[0]) if i else "", width),
                      "%s: %s at the end" % (", ".join(names), size(points[-1][1])))
    ends = sorted(((panel.y(points[-1][1]), names, points[-1]) for names, points, _ in groups),
                  key=lambda end: end[0])  # stable: the base stays above its equals
    labels = [wrapped(names, size(held)) for _, names, (_, held) in ends]
    places = spread([(y, LINE * len(label) + 2) for (y, _, _), label in zip(ends, labels)],
                    panel.top - LINE, panel.top + panel.height + LINE)
    for (y, names, (step, _)), label, at in zip(ends, labels, places):
        colour = look.colour(names[0])
        body += named(names, [line(panel.x(step) + 1, y, WIDTH - GUTTER + 16,
                                   at + LINE * len(label) / 2, colour)] +
                      [text(WIDTH - GUTTER + 20, at + LINE * (i + 1) - 3, words, colour=colour)
                       for i, words in enumerate(label)])
    return body


def memory_chart(memory, look, base):
    """Bytes over the steps of one cell: one panel for each engine, one line for each table.

    base: the strategy to be drawn first, widest and solid.
    """
    engines = sorted({engine_of(a) for a in memory.arms}, key=lambda e: (e == PEER, e))
    steps = max([s for s, _ in memory.live] +
                [p[0] for points in memory.arms.values() for p in points])
    most = max([p[2] for points in memory.arms.values() for p in points] +
               [p[1] for points in memory.arms.values() for p in points] +
               [entries * ENTRY_BYTES for _, entries in memory.live])
    body = [text(LEFT - 58, 44, "bytes held; thin marks: the peak within a slice of the steps; "
                 "shaded: live entries × %d B" % ENTRY_BYTES, colour="#555")]
    top = 82
    for engine in engines:
        groups = merged(memory, engine, look, base)
        needed = sum(LINE * len(wrapped(n, size(p[-1][1]))) + 2 for n, p, _ in groups)
        panel = Panel(top, max(PANEL, needed - 2 * LINE + 4), steps, most)
        drawn = [panel.payload(memory.live)] if memory.live else []
        drawn += panel.axes(engine, engine == engines[-1])
        body += panelled(panel, drawn + lines_of(panel, groups, look))
        top += panel.height + 42
    body.append(text((LEFT + WIDTH - GUTTER) / 2, top - 4, "steps", "middle", "#555"))
    body.append(text(15, (82 + top - 42) / 2, "bytes held", "middle", "#555", turn=True))
    recorded = memory.workload.startswith("real.")
    title = "%s, at most %s live" if recorded else "%s, n = %s"
    return picture(top + 10, title % (memory.workload, count(memory.n)), body)


# ---- time against memory ----------------------------------------------------------------


def points_at(results, cells):
    """[(B/live over the run, ns/step, table)]: geometric means over the cells all tables share."""
    names = [t for t in results.comparable() if not results.silent(t)]
    shared = [c for c in cells if all(
        results.row(c, t) and results.row(c, t).area and results.row(c, t).ns_per_step
        for t in names)]
    if not shared:
        return [], []
    return [(geometric_mean([results.row(c, t).area for c in shared]),
             geometric_mean([results.row(c, t).ns_per_step for c in shared]), t)
            for t in names], shared


def shape(kind, x, y, colour):
    """A mark of about 9 pixels."""
    if kind == "circle":
        return '<circle cx="%s" cy="%s" r="4.5" fill="%s"/>' % (number(x), number(y), colour)
    paths = {"square": "M-4-4H4V4H-4Z", "triangle": "M0-5L5 4H-5Z", "diamond": "M0-6L5 0L0 6L-5 0Z",
             "cross": "M-5-2H-2V-5H2V-2H5V2H2V5H-2V2H-5Z", "wedge": "M0 5L5-4H-5Z",
             "ring": "M-5-5H5V5H-5ZM-2-2V2H2V-2Z"}
    return '<path transform="translate(%s %s)" d="%s" fill="%s"/>' % (
        number(x), number(y), paths[kind], colour)


def log_ticks(low, high):
    """Round numbers within [low, high]: 1, 2, 5 times powers of ten, or evenly spaced ones."""
    ticks = [f * 10.0 ** p for p in range(math.floor(math.log10(low)),
                                          math.floor(math.log10(high)) + 1) for f in (1, 2, 5)]
    ticks = [t for t in ticks if low <= t <= high]
    if len(ticks) < 4:
        step = nice_step(high - low, 6)
        ticks = [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return ticks


def scatter_chart(results, n, look):
    """Time against memory at one size, one mark for each table; "" if there is nothing."""
    cells = [c for c in results.plain() if c.n == n and not is_trap(c.workload)]
    points, shared = points_at(results, cells)
    if not points:
        return ""
    gutter, top = GUTTER, 70
    height = max(300, (LINE + 1) * len(points))
    lows = [min(p[i] for p in points) / 1.08 for i in (0, 1)]
    highs = [max(p[i] for p in points) * 1.08 for i in (0, 1)]
    right = WIDTH - gutter

    def at(value, axis):
        """Pixels of a value on the axis 0 (bytes, from the left) or 1 (time, from the top)."""
        share = math.log(value / lows[axis]) / math.log(highs[axis] / lows[axis])
        return LEFT + (right - LEFT) * share if axis == 0 else top + height * (1 - share)

    body = [text(LEFT - 58, 44, "geometric means over %d workloads that all tables share; "
                 "lower and further left is better; log axes" % len(shared), colour="#555")]
    for tick in log_ticks(lows[0], highs[0]):
        body += [line(at(tick, 0), top, at(tick, 0), top + height, "#e2e2de"),
                 text(at(tick, 0), top + height + 17, "%.3g" % tick, "middle")]
    for tick in log_ticks(lows[1], highs[1]):
        body += [line(LEFT, at(tick, 1), right, at(tick, 1), "#e2e2de"),
                 text(LEFT - 6, at(tick, 1) + 4, "%.3g" % tick, "end")]
    body.append('<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#888"/>' % (
        LEFT, top, right - LEFT, height))
    kinds = {e: SHAPES[i % len(SHAPES)] for i, e in
             enumerate(sorted({engine_of(t) for _, _, t in points}))}
    points.sort(key=lambda p: (at(p[1], 1), -p[0], p[2]))
    places = spread([(at(ns, 1), LINE) for _, ns, _ in points], top - 4, top + height + 4)
    for (area, ns, name), place in zip(points, places):
        x, y, colour = at(area, 0), at(ns, 1), look.colour(strategy_of(name))
        body += named([strategy_of(name)], [
            line(x, y, right + 14, place + 8, colour, 1, 0.4),
            shape(kinds[engine_of(name)], x, y, colour),
            shape(kinds[engine_of(name)], right + 20, place + 8, colour),
            text(right + 29, place + 12, name, colour=colour)],
            "%s: %.3g B per live entry, %.3g ns per step" % (name, area, ns))
    bottom = top + height
    body += [text((LEFT + right) / 2, bottom + 36,
                  "bytes held per live entry, over the whole run (B)", "middle", "#555"),
             text(16, (top + bottom) / 2, "time per step (ns)", "middle", "#555", turn=True)]
    return picture(bottom + 50, "Time against memory, n = %s" % count(n), body)
