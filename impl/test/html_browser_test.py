#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""report.html in Debian's Chromium, headless: it loads without a request or a word on the
console, keeps its layout from 400 to 1600 pixels, sorts, hides, shows ratios and logarithms,
and says the same with scripts off.

usage: html_browser_test.py BUILD_FOLDER [REPORT.html]

By default a made-up report; skipped where there is no chromium. With AXE=path/to/axe.min.js
(npm's axe-core) the page's accessibility is checked too, in light and in dark.
"""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import html_test
from report_test import check

import html_report  # found by the path that report_test adds
import report

WIDTHS = (400, 1000, 1600)
SKIPPED = 77
# What a page's own state is, as JSON in an element that --dump-dom shows.
TELL = """<script>
const tell = (what) => { const pre = document.createElement("pre"); pre.id = "told";
  pre.textContent = JSON.stringify(what); document.body.append(pre); };
const box = (name) => document.querySelector(`#view input[data-name="${name}"]`);
const set = (name, on) => { if (box(name).checked !== on) box(name).click(); };
</script>"""
TRY = TELL + """<script>
const later = document.querySelector("[data-chart]"); // packed charts are drawn a little later
(later ? new Promise((done) => document.addEventListener("charts", done)) : Promise.resolve()).then(() => {
const first = (table) => [...table.tBodies[0].rows].map((r) => r.cells[1].textContent);
const table = [...document.querySelectorAll("main table")].find((t) => t.tHead &&
  !t.closest("section").querySelector("#at-one-size") &&
  t.tHead.textContent.includes("ns/step") && t.tBodies[0].rows.length > 3);
const said = {requests: performance.getEntriesByType("resource").length,
  drawn: [...document.querySelectorAll("figure svg")].every((s) => s.querySelectorAll("path, circle").length > 0),
  charts: document.querySelectorAll("figure svg").length, before: first(table)};
const button = table.tHead.rows[0].cells[1].querySelector("button");
button.click(); said.up = first(table); said.order = button.closest("th").getAttribute("aria-sort");
button.click(); said.down = first(table);
const row = () => [...table.tBodies[0].rows].find((r) => r.cells[0].textContent === "shrink");
const line = document.querySelector('[data-t="shrink"]');
set("shrink", false); said.hidden = [getComputedStyle(row()).display, getComputedStyle(line).display];
said.address = location.search;
set("shrink", true); said.shown = [getComputedStyle(row()).display, getComputedStyle(line).display];
const own = row().cells[1].textContent;
set("as ratios to tombstone", true); said.ratio = row().cells[1].textContent;
set("as ratios to tombstone", false); said.absolute = row().cells[1].textContent === own;
const path = document.querySelector('g[data-x] path[fill="none"]'), linear = path.getAttribute("d");
set("logarithmic bytes in charts", true); said.logarithmic = path.getAttribute("d") !== linear;
said.ticks = document.querySelectorAll("g[data-x] .log").length;
set("logarithmic bytes in charts", false); said.linear = path.getAttribute("d") === linear;
const [workload, entries] = document.querySelectorAll("#at-one-size ~ p select");
const sized = document.querySelector("#at-one-size ~ .wide table");
const figures = () => [...sized.tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent));
said.sizes = [...entries.options].map((o) => o.value); said.large = figures();
entries.value = said.sizes[0]; entries.dispatchEvent(new Event("change")); said.small = figures();
said.at = new URLSearchParams(location.search).get("at");
const paper = () => getComputedStyle(document.body).backgroundColor;
set("dark", true); const night = paper(); set("dark", false); said.themes = night !== paper();
const panel = document.querySelector("g[data-x]"), at = panel.getBoundingClientRect();
panel.closest("svg").dispatchEvent(new PointerEvent("pointermove", {bubbles: true,
  clientX: at.left + at.width / 2, clientY: at.top + at.height / 2}));
said.tip = document.getElementById("tip").textContent;
dispatchEvent(new Event("beforeprint"));
said.unfolded = document.querySelectorAll("details:not([open])").length;
dispatchEvent(new Event("afterprint"));
tell(said);
});
</script>"""
FRAME = """<!DOCTYPE html><body style="margin:0"><script>
const frame = document.createElement("iframe");
frame.style.cssText = "border:0;width:%dpx;height:900px";
frame.onload = () => { const d = frame.contentDocument.documentElement;
  const pre = document.createElement("pre"); pre.id = "told";
  const wide = [...frame.contentDocument.querySelectorAll("main *, header *")].filter((e) =>
    !e.closest(".wide") && e.getBoundingClientRect().right > d.clientWidth + 1).slice(0, 3);
  pre.textContent = JSON.stringify({width: d.clientWidth, content: d.scrollWidth,
    wide: wide.map((e) => e.outerHTML.slice(0, 80))});
  document.body.append(pre); };
frame.src = "%s"; document.body.append(frame);
</script></body>"""
STILL = """<!DOCTYPE html><body><script>
const frame = document.createElement("iframe");
frame.setAttribute("sandbox", "allow-same-origin");
frame.style.cssText = "border:0;width:1000px;height:900px";
frame.onload = () => { const d = frame.contentDocument, pre = document.createElement("pre");
  pre.id = "told";
  pre.textContent = JSON.stringify({class: d.documentElement.className,
    view: frame.contentWindow.getComputedStyle(d.getElementById("view")).display,
    height: d.documentElement.scrollHeight,
    counts: Object.fromEntries(["table", "svg", "h2", "h3", "tr", "button"].map((t) =>
      [t, d.querySelectorAll(t).length]))});
  document.body.append(pre); };
frame.src = "%s"; document.body.append(frame);
</script></body>"""
LINK = """<!DOCTYPE html><body><script>
const frame = document.createElement("iframe");
const look = () => { const d = frame.contentDocument, pre = document.createElement("pre");
  pre.id = "told";
  pre.textContent = JSON.stringify({theme: d.documentElement.dataset.theme,
    boxes: [...d.querySelectorAll("#view input")].filter((b) => b.checked).map((b) => b.dataset.name),
    ratios: d.querySelectorAll("td[data-text]").length, log: d.querySelectorAll("g[data-x] .log").length,
    entries: d.querySelectorAll("#at-one-size ~ p select")[1].value});
  document.body.append(pre); };
frame.onload = () => { const d = frame.contentDocument;
  if (d.querySelector("[data-chart]")) d.addEventListener("charts", look); else look(); };
frame.src = "%s?hide=shrink&ratios=on&log=on&theme=dark&at=%s"; document.body.append(frame);
</script></body>"""
AXE = TELL + """<script>%s</script><script>
axe.run(document, {resultTypes: ["violations"]}).then((r) => tell(r.violations.map((v) =>
  [v.impact, v.id, v.nodes.length, v.nodes[0].target.join(" "), v.nodes[0].failureSummary])));
</script>"""


class Browser:
    """Chromium, headless, with a profile of its own."""

    def __init__(self, place):
        self.place = place

    def dump(self, path, *flags):
        """(the page's elements once its scripts have run, what it said on the console)."""
        done = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
             "--virtual-time-budget=20000", "--allow-file-access-from-files",
             "--enable-logging=stderr", "--user-data-dir=%s" % (self.place / "profile"),
             *flags, path.as_uri()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=180, check=False)
        said = [line for line in done.stderr.split("\n") if "CONSOLE" in line]
        check(done.stdout, "chromium ended with status %d: %s" % (
            done.returncode, done.stderr[-300:]))
        return done.stdout, said

    def told(self, text, name):
        """What the scripts of a page found out, and the console."""
        path = self.place / name
        path.write_text(text, encoding="utf-8")
        dom, said = self.dump(path)
        found = re.search('<pre id="told">(.*?)</pre>', dom, re.S)
        check(found, "%s: the page did not finish: %s" % (name, said))
        return json.loads(html.unescape(found.group(1))), said


def with_script(text, script):
    """The page with one more script at its end."""
    return text.replace("</body>", script + "</body>")


def numbers(cells):
    return [float(c.replace(",", "")) for c in cells if c[0].isdigit()]


def behaviour(browser, text):
    """Everything the controls do, and nothing on the console."""
    told, said = browser.told(with_script(text, TRY), "try.html")
    check(not said, "the console says: %s" % said)
    check(told["requests"] == 0, "%d requests" % told["requests"])
    check(told["charts"] > 0 and told["drawn"], "a chart is empty")
    check(told["order"] == "ascending", "the sorted column does not say so")
    check(numbers(told["up"]) == sorted(numbers(told["before"])), "not sorted: %s" % told["up"])
    check(numbers(told["down"]) == sorted(numbers(told["before"]), reverse=True), "not down")
    check(told["hidden"] == ["none", "none"] and "none" not in told["shown"],
          "hiding: %s, %s" % (told["hidden"], told["shown"]))
    check(told["address"] == "?hide=shrink", "the address says %s" % told["address"])
    check(re.fullmatch(r"[\d.]+ ×", told["ratio"]) and told["absolute"], "ratios: %s" % told)
    check(told["logarithmic"] and told["ticks"] > 4 and told["linear"], "logarithms")
    check(told["themes"], "light and dark are the same")
    check(re.search(r"^step [\d,]+\n.*tombstone", told["tip"], re.S), "values: %s" % told["tip"])
    check(told["unfolded"] == 0, "paper shows folds")
    check(len(told["sizes"]) > 1 and told["small"] != told["large"] and
          len(told["small"][0]) == 7, "sizes: %s" % told["sizes"])
    return told["at"]


def deep_link(browser, path, at):
    """A link shows what its address names: the hidden, ratios, logarithms, colours, size."""
    told, _ = browser.told(LINK % (path.as_uri(), at), "link.html")
    check(told["theme"] == "dark" and "shrink" not in told["boxes"] and told["ratios"] > 0 and
          told["log"] > 0 and told["entries"] == at.split(":")[1], "a link shows %s" % told)
    check({"dark", "as ratios to tombstone", "logarithmic bytes in charts"} <= set(told["boxes"]),
          "a link's controls: %s" % told["boxes"])


def packed(browser, folder):
    """A page that must be shorter draws the same charts."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    html_report.MOST_BYTES = len(text.encode()) - 50000
    report.write(folder)
    shorter = (folder / "report.html").read_text(encoding="utf-8")
    check(shorter.count("<svg") < text.count("<svg"), "no chart was packed")
    behaviour(browser, shorter)
    dom, _ = browser.dump(folder / "report.html")
    check(dom.count("<svg") == text.count("<svg"), "charts: %d drawn, %d without packing" % (
        dom.count("<svg"), text.count("<svg")))


def layout(browser, path):
    """Nothing but what scrolls by itself is wider than the page."""
    for width in WIDTHS:
        told, _ = browser.told(FRAME % (width, path.as_uri()), "frame-%d.html" % width)
        check(told["content"] <= told["width"] and not told["wide"],
              "at %d pixels: %s" % (width, told))


def scripts_off(browser, path):
    """All is there, and no control that would do nothing. A sandbox switches scripts off."""
    told, _ = browser.told(STILL % path.as_uri(), "still.html")
    text = path.read_text(encoding="utf-8")
    for tag, count in told["counts"].items():
        check(count == len(re.findall("<%s[ >]" % tag, text)), "<%s> with scripts off" % tag)
    check(told["view"] == "none" and told["class"] == "", "controls with scripts off: %s" % told)
    check(told["height"] > 5000, "the page is empty")


def accessible(browser, text, axe):
    """No finding of axe-core that is serious or worse."""
    source = pathlib.Path(axe).read_text(encoding="utf-8").replace("</script", "<\\/script")
    for theme in ("light", "dark"):
        page = text.replace('<html lang="en">', '<html lang="en" data-theme="%s">' % theme)
        told, _ = browser.told(with_script(page, AXE.replace("%s", source)), "axe.html")
        for finding in told:
            print("axe, %s: %s" % (theme, finding))
        check(not [f for f in told if f[0] in ("serious", "critical")], "axe has findings")
        print("axe-core, %s: %d findings, none serious" % (theme, len(told)))


def main():
    if not shutil.which("chromium"):
        print("skipped: chromium is not installed")
        return SKIPPED
    place = pathlib.Path(tempfile.mkdtemp(prefix="html-browser-"))
    try:
        if len(sys.argv) > 2:
            path = pathlib.Path(sys.argv[2]).resolve()
        else:
            path = html_test.make(place / "run") / "report.html"
            report.write(path.parent)
        text, browser = path.read_text(encoding="utf-8"), Browser(place)
        at = behaviour(browser, text)
        deep_link(browser, path, at)
        layout(browser, path)
        scripts_off(browser, path)
        if len(sys.argv) == 2:
            packed(browser, path.parent)
        if os.environ.get("AXE"):
            accessible(browser, text, os.environ["AXE"])
    except AssertionError as error:
        print("html_browser_test: %s" % error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
