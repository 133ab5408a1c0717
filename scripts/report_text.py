"""How a report writes numbers, names and tables. Nothing here knows what is measured."""
import math

DASH = "–"


def count(value):
    """A whole number with thousands separators."""
    return DASH if value is None else f"{round(value):,}"


def figure(value):
    """Three significant digits, thousands separators."""
    if value is None:
        return DASH
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(value)))
    value = round(value, places)
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(places, 0)}f}"


def size(value):
    """Bytes in units a person reads: 168 B, 590 kB, 41.9 MB (powers of ten)."""
    if value is None:
        return DASH
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= unit * 0.9995:
            return figure(value / unit) + " " + name
    return figure(value) + " B" if value % 1 else "%d B" % value


def per_live(value):
    """Bytes per live entry: 59.0, 4,194."""
    return count(value) if value is not None and value >= 99.95 else figure(value)


def ratio(value):
    """A quotient: 1.08 ×."""
    if value is None:
        return DASH
    return ("%.2f" % value if value < 99.5 else figure(value)) + " ×"


def percent(share):
    """A share of 1."""
    if share is None:
        return DASH
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    return ("%.0f" % value if value >= 10 or value == 0 else "%.1f" % value) + " %"


def short_count(value):
    """A whole number for an axis: 0, 500 k, 1.5 M."""
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= unit:
            return ("%.4g" % (value / unit)) + name
    return "%.4g" % value


def listed(words):
    """a, b and c."""
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def cell_title(cell):
    """`purge`, 1,000,000 entries, cold pages: what a Cell is, in words."""
    text = "`%s`" % cell.workload
    text += ", recorded" if cell.n is None else ", n = %s" % count(cell.n)
    if cell.keys:
        text += ", %s keys" % cell.keys
    return text + (", cold pages" if cell.cold else "")


def table(heads, rows, left=1):
    """A Markdown table; the first `left` columns are aligned left, the others right."""
    lines = ["| " + " | ".join(heads) + " |",
             "|" + "|".join([":--"] * left + ["--:"] * (len(heads) - left)) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return lines + [""]


def without_empty(heads, rows, keep=1):
    """Heads and rows without the columns that hold nothing but dashes; the first `keep` stay."""
    kept = [i for i in range(len(heads))
            if i < keep or any(row[i] != DASH for row in rows)]
    return [heads[i] for i in kept], [[row[i] for i in kept] for row in rows]
