"""report.html: the report as one file that needs nothing else.

Made from the lines of report.md and the charts, so that both say the same; what to choose
comes first. A small script sorts, hides and measures; without it nothing is missing. A pure
function of its arguments.
"""
import base64
import html
import json
import os
import re
import zlib

import charts
import report_short
from figures import BASE
from html_markdown import Converter, plain, tone
from report_text import DASH

PLACE = os.path.dirname(os.path.abspath(__file__))
CHOICE = "What to choose"
MOST_BYTES = 1000000
SCRIPTS = ("html_address.js", "html_sizes.js", "html_report.js", "html_packed.js")
FOLDED = "<details><summary>"
# The charts' own colours, by the names that html_report.css gives them for light and dark.
COLOURS = {"#fbfbf9": "chart", "#c9c9c4": "edge", "#333": "ink", "#555": "soft",
           "#dcdcd8": "grid", "#e2e2de": "grid", "#ccc": "grid", "#888": "axis",
           "#d9d4c5": "shade", "#777777": "other"}
COLOURS.update({colour: "s%d" % i for i, colour in enumerate(charts.COLOURS)})
# Nothing may be fetched: a page that tries is stopped by the browser.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def asset(name):
    """The text of a file beside this one."""
    with open(os.path.join(PLACE, name), encoding="utf-8") as file:
        return file.read()


def themed(svg):
    """A chart whose colours follow the page's, and whose width its place's."""
    svg = re.sub(r'(fill|stroke)="(#[0-9a-f]+)"',
                 lambda m: '%s="var(--%s)"' % (m[1], COLOURS[m[2]]) if m[2] in COLOURS else m[0],
                 svg)
    return re.sub(r'^<svg ([^>]*?)width="\d+" height="\d+" ', r"<svg \1", svg)


# ---- the order of things -------------------------------------------------------------


def sections(lines):
    """[(title or "", lines)]: what comes before the first "## ", then each such section."""
    found = [("", [])]
    for line in lines:
        if line.startswith("## "):
            found.append((line[3:], []))
        found[-1][1].append(line)
    return found


def choice_first(parts):
    """The sections in the order of the page."""
    head, rest = parts[0], parts[1:]
    return [head] + sorted(rest, key=lambda part: part[0] != CHOICE)


def anchors_of(parts):
    """{name: anchor} of the workloads that have a section; a family leads to its first."""
    found = {}
    probe = Converter({})
    for _, lines in parts:
        for line in lines:
            if line.startswith("#"):
                probe.heading(line)
    for level, words, anchor in probe.headings:
        if level == 2:
            found[words] = anchor
        elif level == 3:
            name = words.split(",")[0]
            found.setdefault(name, anchor)
            found.setdefault(name.split(".")[0], anchor)
    return found


# ---- what to choose -------------------------------------------------------------------


def cells_of(line):
    """The cells of one line of a Markdown table."""
    return [c.strip() for c in line.strip().strip("|").split(" | ")]


def cards(lines, converter):
    """The short table as a list of cards: for which use, what, why, and whom it hurts; [] without it,
    as where one strategy alone was measured."""
    start = next((i for i, line in enumerate(lines) if line.startswith("| %s |" % report_short.USE)), len(lines))
    end = next((i for i in range(start, len(lines)) if not lines[i].startswith("|")), len(lines))
    out = []
    for row in map(cells_of, lines[start + 2:end]):
        use, pick, gives, base, cost, evidence = row
        words = [converter.inline(gives)]
        words += ["%s: %s" % (BASE, converter.inline(base))] if base != DASH else []
        words += ["time beside it: " + converter.inline(cost)] if cost != DASH else []
        out.append('<li><h3>%s</h3><p class="pick">%s</p>%s<p>Evidence: %s</p></li>' % (
            html.escape(use[0].upper() + use[1:]), html.escape(re.sub("[*`]", "", pick)),
            "".join("<p>%s</p>" % w for w in words), converter.inline(evidence)))
    return out


# ---- the page ----------------------------------------------------------------------------


def contents(headings):
    """Links to the sections and, below them, to their parts."""
    out, deep = [], False
    for level, words, anchor in headings:
        if level not in (2, 3):
            continue
        if level == 3 and not deep:
            out.append("<ul>")
        elif level == 2:
            out.append("</ul></li>" if deep else "</li>" if out else "")
        deep = level == 3 or (deep and level == 3)
        link = '<a href="#%s">%s</a>' % (anchor, html.escape(words))
        out.append("<li>%s" % link + ("</li>" if level == 3 else ""))
    out.append("</ul></li>" if deep else "</li>" if out else "")
    return "<ul>%s</ul>" % "".join(out)


def alarms(parts, converter):
    """Warnings that stand in a section, for the first screen too."""
    found = [(name, line) for name, lines in parts if name for line in lines
             if line.startswith("> **")]
    return "".join('<p class="%s">%s <a href="#%s">More</a></p>' % (
        tone(line), converter.inline(line[2:]), converter.anchors.get(name, "main"))
        for name, line in found)


def page(lines, pictures, names, sizes):
    """The whole file, of at most MOST_BYTES: where the pictures are too many, the last ones
    are compressed for a script to draw (without it, they are named), and then what is folded is
    left to report.md.

    lines: of report.md; pictures: {path: SVG}; names: strategies and peers, in order;
    sizes: report_sizes.data
    """
    drawn = {path: themed(svg) for path, svg in pictures.items() if path.endswith(".svg")}
    known, packed = script("names", list(names)) + script("sizes", sizes), {}
    text = whole(lines, drawn, known + script("packed", packed))
    placed = [path for path in re.findall(r"^!\[[^\]]*\]\(([^)]+)\)$", "\n".join(lines), re.M)
              if path in drawn]
    while len(text.encode()) > MOST_BYTES and placed:
        over = len(text.encode()) - MOST_BYTES
        while placed:
            path = placed.pop()
            packed[path] = compressed(drawn[path])
            over -= len(drawn.pop(path).encode()) - len(packed[path])
            if over < MOST_BYTES / 50: # about right: the rest one by one
                break
        text = whole(lines, drawn, known + script("packed", packed))
    while len(text.encode()) > MOST_BYTES and FOLDED in text:
        start = text.rindex(FOLDED) + len(FOLDED)
        end = text.index("</details>", start)
        title = text[start:text.index("</summary>", start)]
        text = "%s<p>%s: in report.md, beside this page.</p>%s" % (
            text[:start - len(FOLDED)], title, text[end + len("</details>"):])
    return text


def script(name, data):
    """Data for the page's scripts."""
    return '<script type="application/json" id="%s">%s</script>\n' % (
        name, json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def compressed(text):
    """Text as html_packed.js takes it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()


def whole(lines, pictures, scripts):
    """The whole file with these pictures, and the data of its scripts."""
    parts = choice_first(sections(lines))
    converter = Converter(pictures, anchors_of(parts))
    title = plain(parts[0][1][0].lstrip("# "))
    head = converter.convert(parts[0][1])
    body = []
    for name, part in parts[1:]:
        converted = converter.convert(part)
        told = cards(part, converter) if name == CHOICE else []
        if told:
            heading, _, rest = converted.partition("</h2>")
            lead = re.match(r"\s*(<p>.*?</p>)?", rest, re.S)[0]
            converted = '%s</h2>%s<ul class="choices">%s</ul><details><summary>Engine by engine, ' \
                "with time and bytes</summary>%s</details>" % (
                    heading, lead, "".join(told), rest[len(lead):])
        body.append("<section>%s</section>" % converted)
    # Pictures of the head stand behind what to choose: the first screen answers.
    figures = re.findall(r"<figure.*?</figure>", head, re.S)
    head = re.sub(r"<figure.*?</figure>\n?", "", head, flags=re.S) + alarms(parts, converter)
    at = 1 if parts[1:] and parts[1][0] == CHOICE else 0
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="%s">' % POLICY,
        '<link rel="icon" href="data:,">', "<title>%s</title>" % html.escape(title),
        "<style>\n%s</style>" % asset("html_report.css"), "</head>", "<body>",
        '<a class="skip" href="#main">Skip to the report</a>', '<div class="page">',
        "<header>%s<p class=\"to-contents\"><a href=\"#contents\">Contents</a></p></header>" % head,
        '<details id="view"><summary>View: tables, units, colours</summary></details>',
        '<nav id="contents" aria-label="Contents">%s</nav>' % contents(converter.headings),
        '<main id="main">'] + body[:at] + figures + body[at:] + [
        "</main>", "</div>", '<div id="tip" aria-hidden="true"></div>',
        scripts + "<script>\n%s</script>" % "".join(map(asset, SCRIPTS)), "</body>", "</html>", ""])
