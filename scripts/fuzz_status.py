#!/usr/bin/env python3
"""results/fuzz/status.md and status.svg from slices.csv: executions, coverage and corpus
over time, findings, and the chance that the next input shows new behaviour.

Run by itself it writes both anew.
"""
import os
import sys

import fuzz_slices
from charts import COLOURS, LEFT, WIDTH, line, number, picture, text

RECENT = 3 # slices of a target that the chance is estimated from
PLOT, GAP, RIGHT = 150, 56, 150 # pixels: a panel's height, between panels, for names


def by_target(slices):
    """Slices of each target, in the order of their names."""
    groups = {}
    for one in slices:
        groups.setdefault(one.target, []).append(one)
    return sorted(groups.items())


def chance(slices):
    """(estimate, upper bound) that the next input shows something new to the engine, from
    the share of inputs that did in the last slices: new behaviour gets rarer, so it is no
    lower than what comes next. The bound is that of 95 %: (new + 2 sqrt(new) + 3) / n, which
    for none is the rule of three."""
    recent = slices[-RECENT:]
    tried = sum(s.executions for s in recent)
    new = sum(s.new for s in recent)
    if not tried:
        return 1.0, 1.0
    return new / tried, min(1.0, (new + 2 * new ** 0.5 + 3) / tried)


def speed(slices, engine, variant):
    """Executions per CPU second, or "" where there are none."""
    some = [s for s in slices if (s.engine, s.variant) == (engine, variant)]
    cpu = sum(s.cpu_seconds for s in some)
    return "{:,.0f}".format(sum(s.executions for s in some) / cpu) if cpu else ""


def table(slices):
    """The table of targets, as lines of Markdown."""
    lines = ["| target | hours | executions | libFuzzer /s | with ASan /s | AFL++ /s | cmplog /s | with ASan /s "
             "| edges | features | inputs | findings | next input new | at most |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for target, some in by_target(slices):
        last, (estimate, most) = some[-1], chance(some)
        speeds = [speed(some, "libfuzzer", "plain"), speed(some, "libfuzzer", "asan"),
                  speed(some, "afl", "plain"), speed(some, "afl", "cmplog"), speed(some, "afl", "asan")]
        lines.append("| %s | %.1f | %s | %s | %d | %d | %d | %d | %.1e | %.1e |" % (
            target, sum(s.seconds for s in some) / 3600, "{:,.0f}".format(sum(s.executions for s in some)),
            " | ".join(speeds), last.edges, last.features, last.inputs, last.findings, estimate, most))
    return lines


def curves(slices, value):
    """Points (hours so far, value) of each target."""
    hours, result = 0.0, {}
    for one in slices:
        hours += one.seconds / 3600
        result.setdefault(one.target, []).append((hours, value(one)))
    return result


def panel(top, title, points, hours, colours):
    """One panel: lines over the hours, each named at its end."""
    most = max((y for line_ in points.values() for _, y in line_), default=1) or 1
    width = WIDTH - LEFT - RIGHT
    body = [text(LEFT, top - 10, title, weight="bold")]
    for share in (0, 0.5, 1):
        y = top + PLOT * (1 - share)
        body.append(line(LEFT, y, LEFT + width, y))
        body.append(text(LEFT - 6, y + 4, "{:,.0f}".format(most * share), anchor="end"))
    for x, name in ((0, "0 h"), (1, "%.1f h" % hours)):
        body.append(text(LEFT + width * x, top + PLOT + 16, name, anchor="middle"))
    last_y = None
    ends = sorted(points.items(), key=lambda item: item[1][-1][1])
    for target, line_ in ends:
        drawn = " ".join("%s,%s" % (number(LEFT + width * x / hours), number(top + PLOT * (1 - y / most)))
                         for x, y in line_)
        body.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' %
                    (colours[target], drawn))
        y = top + PLOT * (1 - line_[-1][1] / most) + 4
        y = y if last_y is None else min(y, last_y - 13)
        last_y = y
        body.append(text(LEFT + width + 8, y, target, colour=colours[target]))
    return body


def chart(slices):
    """The whole picture."""
    total = {}

    def executions(one):
        total[one.target] = total.get(one.target, 0) + one.executions
        return total[one.target] / 1e6

    hours = sum(s.seconds for s in slices) / 3600
    names = [target for target, _ in by_target(slices)]
    colours = {name: COLOURS[1 + i % (len(COLOURS) - 1)] for i, name in enumerate(names)}
    body, top = [], 50
    for title, value in (("executions, million", executions), ("edges reached by the corpus", lambda s: s.edges),
                         ("inputs kept", lambda s: s.inputs)):
        body += panel(top, title, curves(slices, value), hours, colours)
        top += PLOT + GAP
    return picture(top - GAP + 30, "Fuzzing over time", body)


def write(slices):
    """Writes status.md and status.svg."""
    cpu = sum(s.cpu_seconds for s in slices)
    done = sum(s.executions for s in slices)
    words = ["# Fuzzing: how it stands", "",
             "%s executions in %s CPU seconds, %d slices since %s, %d open findings." % (
                 "{:,.0f}".format(done), "{:,.0f}".format(cpu), len(slices), slices[0].start,
                 sum(some[-1].findings for _, some in by_target(slices))), ""]
    words += table(slices)
    words += ["", "Executions per CPU second. The chance that the next input shows something new is the share of "
              "inputs that did in the last %d slices of a target, with the upper end of its 95 %% interval: new "
              "behaviour gets rarer, so it errs upwards. New is what the engine's own feedback calls so." % RECENT,
              "", "![executions, edges and inputs over time](status.svg)", "",
              "Written by `make fuzz-day` from slices.csv.", ""]
    for name, content in (("status.md", "\n".join(words)), ("status.svg", chart(slices))):
        path = os.path.join(fuzz_slices.FOLDER, name)
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(content)
        os.replace(path + ".part", path)


if __name__ == "__main__":
    recorded = fuzz_slices.read()
    if not recorded:
        print("fuzz-day: no slice is recorded yet; run make fuzz-day", file=sys.stderr)
        sys.exit(1)
    write(recorded)
