"""Time against memory, a panel for each phase of a life, as SVG text: a mark for each table, named
where no other is both faster and smaller. A pure function of its arguments.
"""
from charts import COLOURS, WIDTH, line, log_ticks, named, number, picture, text
from charts_growth import Scale
from figures import PEER, engine_of, strategy_of
from report_text import count, short_count

COLUMNS, PANEL, SPACE, TOP = 2, 210, 76, 66  # pixels: a panel's height, between them, above them
EDGE, GAP = 64, 70                           # pixels: the labels of an axis, between two panels
NEAR = 16                                    # pixels between marks that are named apart
OURS, THEIRS, HERO = COLOURS[1], COLOURS[2], COLOURS[0]


def mark(x, y, name, hero):
    """A dot: ours, a peer's, or the one that is looked for."""
    colour = HERO if name == hero else THEIRS if engine_of(name) == PEER else OURS
    return '<circle cx="%s" cy="%s" r="%d" fill="%s" opacity="0.85"/>' % (
        number(x), number(y), 6 if name == hero else 4, colour)


def labels(places, left, right, bottom, hero):
    """Names beside their marks, moved down until none covers another. Of marks that nearly cover
    each other one is named."""
    body, taken, marks = [], [], []
    for x, y, name in sorted(places, key=lambda p: (p[2] != hero, p[1], len(p[2]))):
        if any(abs(x - a) < NEAR and abs(y - b) < NEAR for a, b in marks):
            continue
        marks.append((x, y))
        words = strategy_of(name) if engine_of(name) == PEER else name
        wide = 6.2 * len(words)
        start = x + 8 if x + 8 + wide <= right else max(left + 2, x - 8 - wide)
        y += 4
        while any(abs(y - other) < 12 and start < end and begin < start + wide
                  for other, begin, end in taken):
            y += 12
        if y > bottom:
            continue
        taken.append((y, start, start + wide))
        body.append(text(start, y, words, colour="#333"))
    return body


def panel(left, top, width, title, points, front, hero):
    """One phase."""
    x = Scale([p.bytes for p in points.values()], left, width, 1.15)
    y = Scale([p.ns for p in points.values()], top + PANEL, -PANEL, 1.25)
    body = [text(left, top - 8, title, weight="bold")]
    ticks = log_ticks(x.low, x.high)
    for tick in [t for t in ticks if len(ticks) < 7 or str(t)[0] == "1"]:
        body += [line(x.at(tick), top, x.at(tick), top + PANEL, "#e2e2de"),
                 text(x.at(tick), top + PANEL + 16, short_count(tick), "middle")]
    for tick in log_ticks(y.low, y.high):
        body += [line(left, y.at(tick), left + width, y.at(tick), "#e2e2de"),
                 text(left - 6, y.at(tick) + 4, short_count(tick), "end")]
    body += [text(left + width / 2, top + PANEL + 31, "bytes a live entry, log", "middle", "#555"),
             text(left - 40, top + PANEL / 2, "ns a step, log", "middle", "#555", turn=True)]
    if hero in points:  # where a better one would lie
        at = points[hero]
        body.append('<rect x="%s" y="%s" width="%s" height="%s" fill="#d9d4c5" opacity="0.5"/>' % (
            number(left), number(y.at(at.ns)), number(x.at(at.bytes) - left),
            number(top + PANEL - y.at(at.ns))))
    body.append('<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#888"/>' % (
        left, top, width, PANEL))
    places = []
    for name, point in sorted(points.items(), key=lambda item: item[0] == hero):
        at = x.at(point.bytes), y.at(point.ns)
        body += named([strategy_of(name)], [mark(*at, name, hero)],
                      "%s: %.3g ns a step, %.4g B a live entry" % (name, point.ns, point.bytes))
        if name in front or name == hero:
            places.append(at + (name,))
    return body + labels(places, left, left + width, top + PANEL, hero)


def life_chart(n, phases, hero, _look):
    """phases: [(title, {table: Point}, [tables to be named])]."""
    width = (WIDTH - EDGE - 24 - GAP * (COLUMNS - 1)) / COLUMNS
    body = [text(16, 44, "lower and further left is better; shaded: both better than %s" % hero,
                 colour="#555")]
    for i, (colour, words) in enumerate(((HERO, hero), (OURS, "ours"), (THEIRS, "peers"))):
        body += ['<circle cx="%d" cy="20" r="5" fill="%s"/>' % (560 + 120 * i, colour),
                 text(570 + 120 * i, 24, words)]
    for i, (title, points, front) in enumerate(phases):
        body += panel(EDGE + (i % COLUMNS) * (width + GAP), TOP + 20 + i // COLUMNS * (PANEL + SPACE), width,
                      title, points, front, hero)
    rows = (len(phases) + COLUMNS - 1) // COLUMNS
    return picture(TOP + rows * (PANEL + SPACE), "A whole life, n = %s" % count(n), body)
