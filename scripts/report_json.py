"""report.json: what the report says, for machines. A pure function of a results folder.

Ratios are plain quotients, not logarithms; times are nanoseconds, sizes bytes. `null` is what
was not measured. `cells` is a table: names of columns, and rows, as pandas' orient="split" has it.
"""
import json
import math

import pass_pause
import pass_resident
from figures import cell_name, is_reference

FORM = "ebb-report/2"
COUNTED = ("steps", "after_steps", "live", "live_peak", "bytes", "peak", "byte_steps", "live_steps",
           "bound", "bound_used", "moved", "moved_most", "rebuilds", "allocations", "slots", "dead",
           "visited", "faults")


ESTIMATE = ("ratio", "low", "high", "p", "processes")


def digits(value):
    """A whole number as such, another with at most 6 digits."""
    if value is None:
        return None
    return int(value) if value == int(value) else float("%.6g" % value)


def quotient(log):
    """A log-ratio as a ratio of at most 6 digits."""
    return None if log is None else float("%.6g" % math.exp(log))


def estimate(found):
    """An Estimate as an object."""
    if found is None:
        return None
    return {"ratio": quotient(found.estimate), "low": quotient(found.low),
            "high": quotient(found.high), "p": float("%.4g" % found.p), "processes": found.n}


def pair(result):
    """A headline or a control."""
    about = result.pair
    return {"pair": about.name, "cell": about.cell, "table": about.b, "base": about.a,
            "estimand": about.estimand, "time": estimate(result.estimate),
            "processes": [quotient(o.value) for o in result.ones]}


def headline(result):
    return dict(pair(result), verdict=result.verdict, p_adjusted=float("%.4g" % result.adjusted),
                by_totals=quotient(result.total))


def control(result):
    expected = [o.expected for o in result.ones if o.expected is not None]
    must = result.pair.truth if result.pair.truth is not None else \
        quotient(sum(expected) / len(expected)) if expected else None
    return dict(pair(result), must_show=must, good=result.good, why=result.why)


def row(results, cell, name):
    """One arm of a cell."""
    found, judged = results.rows[cell][name], results.judgement(cell, name)
    told = {"cell": cell_name(cell), "workload": cell.workload, "n": cell.n,
            "keys": cell.keys or "random", "cold": cell.cold, "table": name,
            "reference": is_reference(name), "ns_per_step": digits(found.ns_per_step),
            "ns_after": digits(found.ns_after)}
    told.update({what: digits(found.counts[what]) for what in COUNTED})
    beside = estimate(judged.estimate) if judged else dict.fromkeys(ESTIMATE)
    told.update({"beside_base." + what: value for what, value in beside.items()})
    told["beside_base.q"] = float("%.4g" % judged.q) if judged else None
    told["beside_base.verdict"] = judged.verdict if judged else None
    return told


def as_table(rows):
    """Objects of the same members as columns and rows."""
    columns = list(rows[0]) if rows else []
    return {"columns": columns, "rows": [[r[c] for c in columns] for r in rows]}


def measured(row):
    """A line of a CSV file: numbers as numbers, what is empty as null."""
    return {name: int(value) if value.isdigit() else value or None
            for name, value in row.items()}


def text(results):
    """The text of the file."""
    env, pairs = results.env, results.pairs
    data = {
        "form": FORM,
        "run": {name: env.get(name) for name in (
            "commit", "dirty", "started", "seconds", "machine", "cpu", "system", "kernel", "libc",
            "build", "mode", "options", "plan", "seed", "load_before", "load_after")},
        "controls_good": pairs.good,
        "controls": [control(c) for c in pairs.controls],
        "headlines": [headline(h) for h in pairs.headlines],
        "overhead": pairs.overhead,
        "tables": {name: {"summary": t.summary, "traits": list(t.traits), "promise": t.promise}
                   for name, t in sorted(results.tables.items())},
        "cells": as_table([row(results, cell, name)
                           for cell in sorted(results.rows, key=cell_name)
                           for name in sorted(results.rows[cell])]),
        "resident": [measured(r) for r in pass_resident.read(results, "resident.csv")],
        "pauses": [measured(r) for r in pass_pause.read(results, "pauses.csv")],
        "failures": [{"cell": cell_name(c), "table": t, "message": m}
                     for c, t, m in results.failures]}
    lines = ",\n".join("%s: %s" % (json.dumps(key), part(value)) for key, value in data.items())
    return "{\n%s\n}\n" % lines


def part(value):
    """JSON, a long list and a table's rows one entry a line."""
    if isinstance(value, dict) and set(value) == {"columns", "rows"}:
        return '{"columns": %s, "rows": %s}' % (json.dumps(value["columns"]), part(value["rows"]))
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n%s]" % ",\n".join(json.dumps(v, ensure_ascii=False, separators=(",", ":"))
                                      for v in value)
    return json.dumps(value, ensure_ascii=False)
