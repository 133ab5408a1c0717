"""Markdown as the report writes it, turned into HTML: headings, paragraphs, quotes, lists,
tables, pictures, code and folded blocks. Not a general converter: what the report does not
write is not understood, and is shown as it is.
"""
import html
import re

FIGURE = re.compile(r"^!\[([^\]]*)\]\(([^)]+)\)$")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)]+)\)")
TO_CODE = re.compile(r"\[(`[^`\]]+`)\]\([^):]+\)") # a name in code finds its own place
STRONG, WEAK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?!\w)")


def slug(words, taken):
    """An anchor for a heading, unlike those taken, to which it is added."""
    base = re.sub(r"[^a-z0-9]+", "-", plain(words).lower()).strip("-") or "part"
    name, i = base, 1
    while name in taken:
        i += 1
        name = "%s-%d" % (base, i)
    taken.add(name)
    return name


def plain(words):
    """Words without their marks."""
    return LINK.sub(r"\1", words).replace("`", "").replace("*", "")


def tone(quote):
    """What a quoted line is: good news, or a warning."""
    return "note" if " hold:" in quote else "warning"


class Converter:
    """Converts lines to HTML.

    pictures: {path: SVG text}, drawn in place; anchors: {name: anchor} of names in code that
    lead somewhere. `headings` collects (level, words, anchor).
    """

    def __init__(self, pictures, anchors=None):
        self.pictures, self.anchors = pictures, anchors or {}
        self.headings, self.taken, self.caption = [], set(), ""

    # ---- inside a line -----------------------------------------------------------

    def code(self, words):
        """A name, as a link where it leads somewhere."""
        text = "<code>%s</code>" % html.escape(words, quote=False)
        anchor = self.anchors.get(words)
        return '<a href="#%s">%s</a>' % (anchor, text) if anchor else text

    @staticmethod
    def link(found):
        """A link to another place; a file beside the report is only named, since the page
        stands by itself."""
        words, target = found.groups()
        leads = "://" in target or target.startswith("#")
        return '<a href="%s">%s</a>' % (target, words) if leads else words

    def inline(self, words, links=True):
        """Code first, since nothing within it is a mark."""
        parts = re.split(r"`([^`]+)`", TO_CODE.sub(r"\1", words))
        out = []
        for i, part in enumerate(parts):
            if i % 2:
                out.append(self.code(part) if links else "<code>%s</code>" % html.escape(
                    part, quote=False))
                continue
            part = html.escape(part, quote=False)
            part = STRONG.sub(r"<b>\1</b>", part)
            part = WEAK.sub(r"<i>\1</i>", part)
            out.append(LINK.sub(self.link, part))
        text = "".join(out)
        return STRONG.sub(r"<b>\1</b>", text)  # bold around code

    # ---- blocks --------------------------------------------------------------------

    def heading(self, line):
        """<h1> to <h6>, with an anchor that can be linked to."""
        level = len(line) - len(line.lstrip("#"))
        words = line[level:].strip()
        anchor = slug(words, self.taken)
        self.headings.append((level, plain(words), anchor))
        self.caption = plain(words)
        return '<h%d id="%s">%s <a class="to" href="#%s" aria-label="Link to %s">#</a></h%d>' % (
            level, anchor, self.inline(words, False), anchor, html.escape(plain(words)), level)

    def figure(self, alt, path):
        """A picture drawn in place, in a box that scrolls where the page is narrow."""
        svg = self.pictures.get(path)
        if svg is None:
            return '<p data-chart="%s" data-words="%s">%s: drawn in %s, beside this page.</p>' % (
                html.escape(path), html.escape(alt), html.escape(alt), html.escape(path))
        return ('<figure class="wide" tabindex="0" role="group" aria-label="%s">%s</figure>' % (
            html.escape(alt), svg.strip()))

    def table(self, lines):
        """Its first column names the rows."""
        rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]
        rows = [[c.strip("| ") for c in row] for row in rows]
        left = sum(1 for mark in lines[1].strip("|").split("|") if not mark.endswith("-:"))
        head = "".join('<th scope="col">%s</th>' % self.inline(c) if c else "<td></td>"
                       for c in rows[0])
        if not any(rows[0]):
            head = ""
        body = []
        for row in rows[2:]:
            cells = ['<th scope="row">%s</th>' % self.inline(row[0])]
            cells += ["<td>%s</td>" % self.inline(c) for c in row[1:]]
            body.append("<tr>%s</tr>" % "".join(cells))
        return ('<div class="wide" tabindex="0" role="group" aria-label="Table: %s">'
                '<table class="l%d">%s<tbody>%s</tbody></table></div>' % (
                    html.escape(self.caption), min(left, 9),
                    "<thead><tr>%s</tr></thead>" % head if head else "", "\n".join(body)))

    def block(self, lines):
        """One block of lines that belong together."""
        first = lines[0]
        picture = FIGURE.match(first)
        if picture and len(lines) == 1:
            return self.figure(*picture.groups())
        if first.startswith("|"):
            return self.table(lines)
        if first.startswith(">"):
            words = " ".join(line.lstrip("> ") for line in lines if line.strip("> "))
            return '<p class="%s">%s</p>' % (tone(words), self.inline(words))
        if first.startswith("- "):
            items = re.split(r"\n- ", "\n".join(lines)[2:])
            return "<ul>%s</ul>" % "".join("<li>%s</li>" % self.inline(i) for i in items)
        if first.startswith("<"):
            return "\n".join(self.raw(line) for line in lines)
        return "<p>%s</p>" % self.inline(" ".join(lines))

    def raw(self, line):
        """<details> and its summary as they are; marks in the summary are converted."""
        opened = re.match(r"^<details><summary>(.*)</summary>$", line)
        if opened:
            self.caption = re.sub("<[^>]+>", "", plain(opened.group(1)))
            return "<details><summary>%s</summary>" % opened.group(1)
        return line

    def convert(self, lines):
        """HTML of all lines."""
        out, block, fenced = [], [], None

        def flush():
            if block:
                out.append(self.block(block[:]))
                block.clear()

        for line in lines:
            if fenced is not None:
                if line.startswith("```"):
                    out.append('<pre class="wide" tabindex="0">%s</pre>' % html.escape(
                        "\n".join(fenced), quote=False))
                    fenced = None
                else:
                    fenced.append(line)
            elif line.startswith("```"):
                flush()
                fenced = []
            elif line.startswith("#"):
                flush()
                out.append(self.heading(line))
            elif not line.strip():
                flush()
            else:
                if block and line.startswith("<") != block[0].startswith("<"):
                    flush()
                block.append(line)
        flush()
        return "\n".join(out)
