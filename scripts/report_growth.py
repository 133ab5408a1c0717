"""The report's part on growth: what a step costs and what an entry holds against the number of
entries, where at least three sizes were measured.
"""
import charts_growth
from figures import BASE, PEER, engine_of, is_reference, strategy_of, table_order
from report_cells import HEADLINES

SIZES = 3  # sizes that make a curve
UNITS = {"K": 1 << 10, "M": 1 << 20}


def workloads(results):
    """One form of each headline workload: of the orders of deletion, the random one."""
    found = {}
    for name in results.names():
        family = name.split(".")[0]
        if family in HEADLINES and family != "real" and (
                family not in found or name.endswith(".random")):
            found[family] = name
    return [found[family] for family in HEADLINES if family in found]


def curve(results, workload, name):
    """[(n, ns per step, bytes per live entry)] of one table."""
    rows = [(c.n, results.row(c, name)) for c in results.plain() if c.workload == workload]
    return [(n, row.ns_per_step, row.area) for n, row in rows
            if n and row and row.ns_per_step and row.area]


def curves(results, workload):
    """{engine: ({strategy: curve}, order)} of all tables with enough sizes, peers last."""
    engines = {}
    for name in sorted((t for t in results.comparable() if not results.silent(t)),
                       key=table_order):
        points = curve(results, workload, name)
        if len(points) >= SIZES and not is_reference(name):
            lines, order = engines.setdefault(engine_of(name), ({}, []))
            lines[strategy_of(name)] = points
            order.append(strategy_of(name))
    return engines


def cache_bytes(env):
    """[(name, bytes)] of the machine's caches."""
    found = sorted(((env.get("cpu") or {}).get("caches") or {}).items())
    return [(name, int(size[:-1]) * UNITS[size[-1]]) for name, size in found
            if size and size[:-1].isdigit() and size[-1] in UNITS]


def fills(engines, caches):
    """{engine: [(cache, the entries whose bytes fill it)]}, by the engine's base."""
    found = {}
    for engine, (lines, order) in engines.items():
        points = lines[BASE if BASE in lines else order[0]]
        if engine != PEER:  # each peer fills a cache at another size
            found[engine] = [(name, size / points[len(points) // 2][2]) for name, size in caches]
    return found


def part(results, look):
    """(lines of Markdown, {path: SVG}); ([], {}) where no workload has enough sizes."""
    lines, files, caches = [], {}, cache_bytes(results.env)
    for workload in workloads(results):
        engines = curves(results, workload)
        if engines:
            path = "charts/growth-%s.svg" % workload
            files[path] = charts_growth.growth_chart(
                "%s: time and bytes against size" % workload, engines, fills(engines, caches),
                look)
            lines += ["![%s: time and bytes against size](%s)" % (workload, path), ""]
    return (["## Growth", "", "What a step costs, and what a live entry holds, at every size"
             " measured; lower is better.", ""] + lines, files) if lines else ([], {})
