"""The report of a hunt: a table of bugs, who saw them, and survival curves."""
import collections
import math
import os
import statistics

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 360, 60, 30, 50
COLOURS = {"libfuzzer": "#1f77b4", "afl": "#d62728"}
LABELS = {"libfuzzer": "libFuzzer", "afl": "AFL++"}
LEAST = 0.01 # CPU seconds: the left end of the curves


def survival(trials, seconds):
    """[(CPU seconds, share of the trials that have not found their bug yet)]. All that find
    nothing are cut off at the same time, so that the Kaplan-Meier estimate is a plain share."""
    times = sorted(max(t.cpu_seconds, LEAST) for t in trials if t.found)
    points = [(LEAST, 1.0)]
    for i, at in enumerate(times, 1):
        points += [(at, points[-1][1]), (at, 1 - i / len(trials))]
    return points + [(seconds, points[-1][1])]


def x_of(at, seconds):
    span = math.log(max(seconds, 2 * LEAST) / LEAST)
    return LEFT + (WIDTH - LEFT - 20) * math.log(min(max(at, LEAST), seconds) / LEAST) / span


def y_of(share):
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def curves(by_engine, seconds):
    """The survival curves as SVG."""
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">'
           % (WIDTH, HEIGHT), '<rect width="100%" height="100%" fill="white"/>',
           '<text x="%d" y="18">Share of the trials that have not found their bug yet</text>' % LEFT]
    for share in (0, 0.25, 0.5, 0.75, 1):
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/>'
                   % (LEFT, WIDTH - 20, y_of(share), y_of(share)))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%d %%</text>' % (LEFT - 6, y_of(share) + 4, 100 * share))
    at = LEAST
    while at <= seconds:
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%g</text>' % (x_of(at, seconds), HEIGHT - 28, at))
        at *= 10
    out.append('<text x="%d" y="%d" text-anchor="middle">seconds of CPU</text>' % ((WIDTH + LEFT) / 2, HEIGHT - 10))
    for number, (engine, trials) in enumerate(sorted(by_engine.items())):
        points = " ".join("%.1f,%.1f" % (x_of(at, seconds), y_of(share)) for at, share in survival(trials, seconds))
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (COLOURS[engine], points))
        out.append('<text x="%d" y="%d" fill="%s">%s</text>' % (WIDTH - 100, 44 + 16 * number, COLOURS[engine],
                                                               LABELS[engine]))
    return "\n".join(out + ["</svg>"]) + "\n"


def median(values):
    return statistics.median(values) if values else 0


def row(bug, trials, engines):
    """One bug: for each engine how often, after how much; and which oracles saw it."""
    cells = [bug.name, bug.target]
    for engine in engines:
        mine = [t for t in trials if t.engine == engine]
        found = [t for t in mine if t.found]
        cells.append("%d of %d, %d executions, %.2f s" % (
            len(found), len(mine), median([t.executions for t in found]),
            median([t.cpu_seconds for t in found])) if found else "0 of %d" % len(mine))
    seen = collections.Counter(t.oracle for t in trials if t.found)
    cells.append(", ".join("%s" % name for name, _ in seen.most_common()) or "nobody")
    cells += [bug.text, bug.reported if bug.reported != "-" else ""]
    return "| " + " | ".join(cells) + " |"


def summary(bugs, by_bug, engines):
    """Sentences: how many each engine found always, and who alone saw what."""
    lines, always = [], {}
    for engine in engines:
        mine = {bug.name: [t for t in by_bug[bug.name] if t.engine == engine] for bug in bugs}
        always[engine] = {name for name, trials in mine.items() if trials and all(t.found for t in trials)}
        ever = {name for name, trials in mine.items() if any(t.found for t in trials)}
        lines.append("%s found %d of %d bugs, %d of them in every trial." % (
            LABELS[engine], len(ever), len(bugs), len(always[engine])))
    lines.append("%d bugs were found in every trial by at least one engine, %d by both." % (
        len(set().union(*always.values())), len(set.intersection(*always.values()))))
    alone = collections.Counter()
    for bug in bugs:
        oracles = {t.oracle for t in by_bug[bug.name] if t.found}
        if len(oracles) == 1:
            alone[oracles.pop()] += 1
    lines.append("Seen by one oracle alone, in all trials: " + ", ".join(
        "%d by %s" % (count, name) for name, count in alone.most_common()) + ".")
    return lines


def by_seeds_alone(bugs, by_bug, seeds):
    """A sentence: for how many bugs the frozen inputs suffice. libFuzzer counts its runs of them,
    and of an empty input, before it searches; AFL++ does not count them."""
    quick = [bug for bug in bugs
             if all(t.executions <= seeds[bug.target] + 1
                    for t in by_bug[bug.name] if t.engine == "libfuzzer" and t.found)
             and any(t.engine == "libfuzzer" and t.found for t in by_bug[bug.name])]
    return "%d bugs show when libFuzzer first runs the frozen seeds (%s), which are older than the bugs; " \
        "the other %d took a search." % (len(quick), ", ".join(
            "%d of %s" % (count, name) for name, count in sorted(seeds.items())), len(bugs) - len(quick))


def write_report(folder, bugs, trials, seconds, seeds):
    """hunt.md and survival.svg; returns the names of the bugs that nobody found.

    seeds: {target: how many frozen inputs every trial starts from}; empty: from one of one step
    """
    os.makedirs(folder, exist_ok=True)
    engines = sorted({t.engine for t in trials}, reverse=True)
    by_bug = {bug.name: [t for t in trials if t.bug == bug.name] for bug in bugs}
    by_engine = {engine: [t for t in trials if t.engine == engine] for engine in engines}
    count = max(sum(1 for t in by_bug[bug.name] if t.engine == engines[0]) for bug in bugs)
    lines = summary(bugs, by_bug, engines)
    if "libfuzzer" in engines and seeds:
        lines.append(by_seeds_alone(bugs, by_bug, seeds))
    with open(os.path.join(folder, "survival.svg"), "w", encoding="utf-8") as file:
        file.write(curves(by_engine, seconds))
    with open(os.path.join(folder, "hunt.md"), "w", encoding="utf-8") as file:
        file.write("# The hunt for planted bugs\n\n%d bugs, %d trials of each engine, at most %d seconds of CPU "
                   "each, from %s.\n`%s` makes this page; trials.csv has every trial. "
                   "Figures are medians over the trials that found the bug.\n\n" % (
                       len(bugs), count, seconds, "the frozen seeds" if seeds else "one input of one step",
                       "make hunt" if seeds else "make hunt SEEDS=none"))
        file.write("\n".join("- " + line for line in lines) + "\n\n![Survival](survival.svg)\n\n")
        heads = ["bug", "target"] + [LABELS[engine] for engine in engines] + ["seen by", "what is wrong", "reported"]
        file.write("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads) + "\n")
        file.write("\n".join(row(bug, by_bug[bug.name], engines) for bug in bugs) + "\n")
    missed = [bug.name for bug in bugs if not any(t.found for t in by_bug[bug.name])]
    print("\n".join(lines))
    print("report: " + os.path.join(folder, "hunt.md"))
    if missed:
        print("found by nobody: " + " ".join(missed))
    return missed
