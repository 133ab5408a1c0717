"""The figures of every table at every size, for the page that lets a reader pick one
(html_sizes.js). A pure function of the results.
"""
from report_cells import is_headline


def short(value, digits=4):
    """A figure in few bytes, whole where it can be; None where it was not measured."""
    if value is None:
        return None
    value = float("%.*g" % (digits, value))
    return int(value) if value == int(value) else value


def data(results):
    """{"tables": [name], "workloads": {workload: {n: {"live": entries at the end, "rows":
    [[number of the table, ns per step, bytes held, peak bytes, bytes per live entry over the
    whole run]]}}}} of the headline workloads measured at two sizes or more; warm pages and the
    default keys. Tables as in a comparison, without the harness alone."""
    tables = [t for t in results.comparable() if not results.silent(t)]
    found = {}
    for cell in results.plain():
        rows, live = [], None
        for number, name in enumerate(tables):
            row = results.row(cell, name)
            if row and not row.error:
                live = row.live
                rows.append([number, short(row.ns_per_step), row.bytes, row.peak, short(row.area)])
        if rows and cell.n and is_headline(cell.workload):
            found.setdefault(cell.workload, {})[cell.n] = {"live": live, "rows": rows}
    return {"tables": tables, "workloads": {name: sizes for name, sizes in sorted(found.items())
                                            if len(sizes) > 1}}
