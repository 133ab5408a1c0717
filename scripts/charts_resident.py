"""Resident memory over time as SVG text: one panel for each allocator.

To the left of the mark the trace is replayed, by its progress; to the right stand the
moments at which the drained process was read. A pure function of its arguments.
"""
from charts import (GUTTER, LEFT, LINE, WIDTH, line, named, nice_step, number, picture,
                    size_tick, spread, text, wrapped)
from report_text import size

HEIGHT, REPLAY = 150, 0.55  # pixels of a panel; the share of its width where the trace runs
STAGES = (("drained", "0 s"), ("0.1 s", "0.1 s"), ("1 s", "1 s"), ("5 s", "5 s"),
          ("nudged", "some work"), ("trimmed", "trim"))
VISIBLE = 1 / 200  # of the top: a change that can be seen
ALIKE = 0.02  # lines whose heights differ by no more than this share of the top are one: what the eye
              # cannot tell apart. Their label has all that they show.


def stages_of(lines):
    """The moments that any line has, in order: [(mark, label)]."""
    seen = {mark for found in lines.values() for _, _, mark in found}
    return [stage for stage in STAGES if stage[0] in seen]


def outline(found, stages, most):
    """[(share of the width, bytes)] of [(progress, bytes, mark)]: a sample holds until the
    next, since those that changed nothing were not kept. What cannot be seen is left out."""
    points, after = [], {mark: held for _, held, mark in found if mark}
    for progress, held, mark in found:
        if progress is not None and (mark or not points or
                                     abs(held - points[-1][1]) > VISIBLE * most):
            if points:
                points.append((REPLAY * progress, points[-1][1]))
            points.append((REPLAY * progress, held))
    width = (1 - REPLAY) / max(len(stages), 1)
    for i, (mark, _) in enumerate(stages):
        if mark in after:
            points += [(REPLAY + width * i, after[mark]), (REPLAY + width * (i + 1), after[mark])]
    return points


def alike(a, b, stages, most):
    """Whether two lines show the same at every moment after the drain, and the same peak."""
    one, other = (dict({m: h for _, h, m in found if m}, peak=max(h for _, h, _ in found))
                  for found in (a, b))
    return all(abs(one.get(m, 0) - other.get(m, 0)) <= ALIKE * most
               for m in ["peak"] + [m for m, _ in stages])


def shown(lines, names):
    """The label of a line: what its names hold at last, from the least to the most."""
    last = sorted(lines[name][-1][1] for name in names)
    low, high = size(last[0]), size(last[-1])
    return low if low == high else "%s to %s" % (low, high)


def grouped(lines, names, stages, most):
    """[(names, lines' points)]: those that are alike share one line."""
    groups = []
    for name in names:
        if name not in lines:
            continue
        for group in groups:
            if alike(lines[group[0][0]], lines[name], stages, most):
                group[0].append(name)
                break
        else:
            groups.append(([name], lines[name]))
    return groups


def axes(top, most, stages, allocator, last):
    """Grid, labels and the allocator's name."""
    right, bottom, body = WIDTH - GUTTER, top + HEIGHT, []
    step = nice_step(most, 3)
    for i in range(int(most / step) + 1):
        y = top + HEIGHT * (1 - i * step / most)
        body += [line(LEFT, y, right, y, "#dcdcd8"),
                 text(LEFT - 6, y + 4, size_tick(i * step), "end")]
    mark = LEFT + (right - LEFT) * REPLAY
    body += [line(LEFT, bottom, right, bottom, "#888"), line(mark, top, mark, bottom, "#888"),
             text(LEFT, top - 7, allocator, weight="bold")]
    if last:
        body += [text(LEFT + (mark - LEFT) / 2, bottom + 17, "filled, then emptied", "middle")]
        width = (right - mark) / max(len(stages), 1)
        body += [text(mark + width * (i + 0.5), bottom + 17, label, "middle")
                 for i, (_, label) in enumerate(stages)]
    return body


def tokens(names):
    """Names as one word each: a program's without its variant."""
    return [n.split("/")[0] for n in names]


def curves(lines, order, top, most, stages, colours):
    """The lines of a panel and their labels at the right."""
    right, body, ends = WIDTH - GUTTER, [], []
    for names, found in grouped(lines, order, stages, most):
        points = outline(found, stages, most)
        path = "M" + "L".join("%s %s" % (number(LEFT + (right - LEFT) * x),
                                         number(top + HEIGHT * (1 - held / most)))
                              for x, held in points)
        colour, dash = colours[names[0]]
        body += named(tokens(names), [
            '<path d="%s" fill="none" stroke="%s" stroke-width="2"%s/>' % (
                path, colour, ' stroke-dasharray="%s"' % dash if dash else "")],
            "; ".join("%s: %s" % (name, ", ".join(
                "%s %s" % (label, size(held)) for mark, label in stages
                for _, held, m in lines[name] if m == mark)) for name in names))
        ends.append((top + HEIGHT * (1 - points[-1][1] / most), names, shown(lines, names), colour,
                     LEFT + (right - LEFT) * points[-1][0]))
    ends.sort(key=lambda e: e[0])
    labels = [wrapped(names, held) for _, names, held, _, _ in ends]
    places = spread([(y, LINE * len(label) + 2) for (y, *_), label in zip(ends, labels)],
                    top - LINE, top + HEIGHT + LINE)
    for (y, _, _, colour, x), label, at in zip(ends, labels, places):
        body += named(tokens(names), [
            line(x + 1, y, right + 16, at + LINE * len(label) / 2, colour, 1, 0.6)] + [
            text(right + 20, at + LINE * (i + 1) - 3, words, colour=colour)
            for i, words in enumerate(label)])
    return body


def resident_chart(title, allocators, names, colours):
    """The text of the chart.

    allocators: {allocator: {name: [(progress from 0 to 1 or None, bytes, mark)]}};
    names: their order; colours: {name: (colour, dash)}
    """
    most = max(held for lines in allocators.values() for found in lines.values()
               for _, held, _ in found) or 1
    body, top, last = [text(LEFT - 58, 44, "anonymous resident memory of the whole process, above "
                            "what it had before; labels: after a trim", colour="#555")], 82, None
    for allocator, lines in allocators.items():
        stages, last = stages_of(lines), allocator == list(allocators)[-1]
        body += axes(top, most, stages, allocator, last)
        body += curves(lines, names, top, most, stages, colours)
        top += HEIGHT + 42
    return picture(top, title, body)
