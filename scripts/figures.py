"""The figures of a results folder: read, named and derived; nothing is written here.

A measurement is a Row: one table in one cell. A Cell says which workload, how many
entries, which keys and whether its pages were cold. Bytes are bytes, times are
nanoseconds of the thread's CPU time, and what was not measured is None.
"""
import collections
import csv
import math
import os

import folder as results_folder
import pairs
import replicates
import stats
from folder import read_json, refused

FILES = dict({"env.json": "env/1", "gbench.json.gz": "gbench/2", "memory.csv": "memory/1",
              "tables.tsv": "tables/1", "workloads.tsv": "workloads/1", "article.tsv": "article/1"},
             **pairs.FILES, **replicates.FILES)
PEER = "peer"               # the engine name of tables that are not ours
BASE = "tombstone"          # the strategy that ratios are taken to
SILENT = "answers-nothing"  # the trait of a table that shows the harness's own cost
ESTIMATED = "bytes-estimated"  # the trait of one whose bytes its runtime says
UNFIT = "this table cannot replay the trace"  # an absent cell, not a failed one
COUNTERS = ("ns_per_step", "ns_least", "ns_most", "ns_after", "steps", "after_steps", "live",
            "live_peak", "bytes", "peak", "bound", "bound_used", "moved_most", "rebuilds",
            "allocations", "faults", "slots", "dead", "visited")

# n is None for a recorded trace; keys is "" for the default kind.
Cell = collections.namedtuple("Cell", "workload n keys cold")
Table = collections.namedtuple("Table", "summary traits promise")
# arms: table -> [(step, held bytes, peak bytes since the last slice, bound or None)]
# live: [(step, live entries)]; n as in the file, so the peak of live for a recorded trace
Memory = collections.namedtuple("Memory", "workload n live arms")

# Times the usual noise: what is beyond is a finding if other work was counted; if not.
TELLING, STRANGE = 2, 3

# groups: how many groups of equal work; median, usual: the share of 1 by which the slowest
# exceeds the quickest, in half and in nine tenths of them; strange: those beyond STRANGE
# times the usual, [(share, slowest table, quickest table, Cell)], the strangest first
Noise = collections.namedtuple("Noise", "groups median usual strange")


def quotient(a, b):
    """a / b, or None where either is missing or b is zero."""
    return None if a is None or not b else a / b


def geometric_mean(values):
    """Of those values that are there and positive; None if none is."""
    logs = [math.log(v) for v in values if v is not None and v > 0]
    return math.exp(sum(logs) / len(logs)) if logs else None


def mean(values):
    """Of those values that are there; None if none is."""
    there = [v for v in values if v is not None]
    return sum(there) / len(there) if there else None


class Row:
    """What one table did in one cell: the counters by name, and what follows from them.

    counts: all that was written, by name; None where it was not.
    """

    def __init__(self, bench):
        for name in COUNTERS:
            setattr(self, name, bench.get(name))
        self.counts = collections.defaultdict(lambda: None, bench)
        self.rounds, self.processes = bench.get("iterations", 1), 1
        self.error = bench.get("error_message", "failed") if bench.get("error_occurred") else None
        self.bytes_per_live = quotient(self.bytes, self.live)
        self.area = quotient(bench.get("byte_steps"), bench.get("live_steps"))
        self.moved_per_step = quotient(bench.get("moved"), self.steps)
        # Two tables of one engine with the same work did the same in every step.
        self.work = tuple(bench.get(name) for name in (
            "bytes", "peak", "byte_steps", "moved", "moved_most", "rebuilds", "allocations",
            "slots", "dead", "visited"))


class Results:
    """A folder's figures.

    files: the manifest's; pairs: pairs.Pairs; judged: replicates.Ratio by (cell's name, table);
    rows: Cell -> table name -> Row; failures: [(cell, table, message)]; memory: [Memory];
    tables: name -> Table; notes: what `ebb tables` says of pairs that do not exist;
    workloads: name -> (summary, hurts); article: table -> [(label, bytes)].
    """

    def __init__(self, folder):
        self.folder = folder
        self.files = results_folder.verify(folder, FILES)
        self.env = read_json(os.path.join(folder, "env.json"))
        self.rows, self.failures = read_rows(os.path.join(folder, "gbench.json.gz"))
        self.tables, self.notes = read_tables(os.path.join(folder, "tables.tsv"))
        self.workloads = {words[0]: (words[1:] + ["", ""])[:2] for words in
                          read_tsv(os.path.join(folder, "workloads.tsv"))}
        self.article = read_article(os.path.join(folder, "article.tsv"))
        self.memory = read_memory(os.path.join(folder, "memory.csv"))
        self.measured = sorted({t for rows in self.rows.values() for t in rows}
                               | {t for _, t, _ in self.failures}, key=table_order)
        margin = (self.env.get("plan") or {}).get("margin", stats.MARGIN)
        self.pairs = pairs.Pairs(folder, margin)
        self.replicates = replicates.Replicates(folder, self.pairs.good, margin)
        self.judged = self.replicates.ratios(self.base_of)
        self.take_processes()
        self.noise = {name: self.find_noise(name) for name in ("ns_per_step", "ns_after")}

    def take_processes(self):
        """A time is that of all processes that measured it, not of the first alone."""
        for cell, rows in self.rows.items():
            for name, row in rows.items():
                middle = self.replicates.middle(cell_name(cell), name)
                if not middle:
                    continue
                row.processes = len(self.replicates.times[cell_name(cell), name])
                if row.ns_per_step is not None:
                    row.ns_per_step = middle[0] / row.steps
                    row.ns_least, row.ns_most = (
                        ns / row.steps for ns in self.replicates.extremes[cell_name(cell), name])
                if row.ns_after is not None:
                    row.ns_after = middle[1] / row.after_steps

    # ---- which tables --------------------------------------------------------

    def engines(self):
        """Our engines that were measured, in the order of the alphabet."""
        return sorted({engine_of(t) for t in self.measured} - {PEER})

    def strategies(self, engine=None):
        """Strategies measured (on one engine), the base first; no reference rows."""
        found = {strategy_of(t) for t in self.measured
                 if engine_of(t) != PEER and not is_reference(t)
                 and engine in (None, engine_of(t))}
        return sorted(found, key=strategy_order)

    def silent(self, table):
        """Whether the table does nothing and shows the harness alone."""
        return table in self.tables and SILENT in self.tables[table].traits

    def estimated(self, table):
        """Whether the bytes of a table are what its runtime says rather than counted blocks."""
        return table in self.tables and ESTIMATED in self.tables[table].traits

    def comparable(self):
        """Every table measured but reference rows, peers last, the harness alone at the end."""
        return sorted((t for t in self.measured if not is_reference(t)),
                      key=lambda t: (self.silent(t), table_order(t)))

    # ---- which cells ---------------------------------------------------------

    def names(self):
        """Workloads measured, in the order of the alphabet, recorded traces last."""
        return sorted({c.workload for c in self.rows}, key=lambda w: (w.startswith("real."), w))

    def plain(self):
        """Cells with warm pages and the default keys, sorted."""
        return sorted((c for c in self.rows if not c.keys and not c.cold), key=cell_order)

    def common(self):
        """The plain cells that say what a table costs in general: no trap among them."""
        return [c for c in self.plain() if not is_trap(c.workload)]

    def largest(self, workload):
        """The plain cell of a workload with the most entries, or None."""
        found = [c for c in self.plain() if c.workload == workload]
        return found[-1] if found else None

    def row(self, cell, table):
        """The Row, or None where the cell is None or the table was not measured in it."""
        return self.rows.get(cell, {}).get(table) if cell else None

    def figure(self, workload, table, name):
        """One figure of a table in a workload at its largest size, or None."""
        row = self.row(self.largest(workload), table)
        return getattr(row, name) if row else None

    # ---- what follows --------------------------------------------------------

    def base_of(self, table):
        """The table that this one is compared with: the same engine, the base strategy."""
        return None if engine_of(table) == PEER else engine_of(table) + "/" + BASE

    def ratio(self, cell, table, name="ns_per_step"):
        """A figure of the table over that of its base in the same cell, or None; a time as the
        processes have it, each with both tables."""
        if name == "ns_per_step":
            found = self.replicates.ratio(cell_name(cell), table, self.base_of(table)) if cell else None
            if found is not None:
                return found
        row, base = self.row(cell, table), self.row(cell, self.base_of(table))
        return quotient(getattr(row, name), getattr(base, name)) if row and base else None

    def judgement(self, cell, table):
        """The replicates.Ratio of the table to its base over processes, or None."""
        return self.judged.get((cell_name(cell), table))

    def ratios(self, table):
        """[(time ratio to the base, Cell)] over the common cells of both, lowest first."""
        pairs = [(self.ratio(c, table), c) for c in self.common()]
        return sorted((p for p in pairs if p[0] is not None),
                      key=lambda p: (p[0], cell_order(p[1])))

    def telling(self, table):
        """Those of `ratios` that are findings: beyond noise, and other work than the base's."""
        usual = self.noise["ns_per_step"].usual
        base = self.base_of(table)
        return [(r, c) for r, c in self.ratios(table)
                if abs(math.log(r)) > math.log(1 + TELLING * usual)
                and self.row(c, table).work != self.row(c, base).work]

    def time_ratio(self, table):
        """The geometric mean of `ratios`, or None."""
        return geometric_mean([r for r, _ in self.ratios(table)])

    def find_noise(self, name):
        """What times of equal work differ by, as a Noise.

        Tables of one engine whose counted figures are equal in a cell should take the
        same time; what they differ by is noise, the place of their code, and work that
        is not counted.
        """
        spreads = []
        for cell in self.plain():
            groups = collections.defaultdict(list)
            for table, row in sorted(self.rows[cell].items()):
                time = getattr(row, name)
                if time and engine_of(table) != PEER and not is_reference(table):
                    groups[(engine_of(table), row.work)].append((time, table))
            for group in groups.values():
                if len(group) > 1:
                    low, high = min(group), max(group)
                    spreads.append((high[0] / low[0] - 1, high[1], low[1], cell))
        spreads.sort(key=lambda s: (s[0], cell_order(s[3]), s[1]))
        if not spreads:
            return Noise(0, 0.0, 0.0, [])
        usual = spreads[len(spreads) * 9 // 10][0]
        return Noise(len(spreads), spreads[len(spreads) // 2][0], usual,
                     [s for s in reversed(spreads) if s[0] > STRANGE * usual])


# ---- names and orders -------------------------------------------------------------


def engine_of(table):
    """"linear" of "linear/shrink"."""
    return table.split("/", 1)[0]


def strategy_of(table):
    """"shrink" of "linear/shrink"."""
    return table.split("/", 1)[1]


def is_reference(table):
    """A fresh table beside the base: "ENGINE/=same" or "ENGINE/=fit"."""
    return strategy_of(table).startswith("=")


def is_trap(workload):
    """Whether a workload is made to show one known defect."""
    return workload.startswith("trap_")


def strategy_order(strategy):
    """The base, then the others, then the reference rows: =same before =fit."""
    return (strategy.startswith("="), strategy != BASE, strategy == "=fit", strategy)


def table_order(table):
    """Sorts by engine, peers last; within an engine by strategy."""
    return (engine_of(table) == PEER, engine_of(table), strategy_order(strategy_of(table)))


def cell_name(cell):
    """WORKLOAD/N[/KEYS][/cold] or real.NAME, as the files have it."""
    words = [cell.workload] + [str(cell.n)] * (cell.n is not None) + [cell.keys] * bool(cell.keys)
    return "/".join(words + ["cold"] * cell.cold)


def cell_order(cell):
    """Sorts by workload, then warm before cold, then by size."""
    return (cell.workload, cell.cold, cell.keys, cell.n or 0)


# ---- the files ------------------------------------------------------------------------


def read_tsv(path):
    """The lines that are neither empty nor a remark, split at tabs."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if line.strip() and not line.startswith("#")]


def read_tables(path):
    """({name: Table}, [remark])."""
    tables = {}
    for words in read_tsv(path):
        name, summary, traits, promise = (words + [""] * 3)[:4]
        tables[name] = Table(summary, tuple(traits.split(",")), promise)
    with open(path, encoding="utf-8") as file:
        notes = [line[1:].strip() for line in file if line.startswith("#")]
    return tables, sorted(notes)


def read_cell(name):
    """(Cell, table) of WORKLOAD/ENGINE/STRATEGY[/N][/KEYS][/cold], from a benchmark's name."""
    words = [w for w in name.split("/") if ":" not in w and not w.endswith("_time")]
    n, keys, cold = None, "", False
    for word in words[3:]:
        if word.isdigit():
            n = int(word)
        elif word == "cold":
            cold = True
        else:
            keys = word
    return Cell(words[0], n, keys, cold), "/".join(words[1:3])


def read_rows(path):
    """({Cell: {table: Row}}, [(Cell, table, message)])."""
    rows, failures = collections.defaultdict(dict), []
    data = read_json(path)
    if not isinstance(data, dict) or "benchmarks" not in data:
        raise refused(path, "not complete: it has no benchmarks")
    for bench in data["benchmarks"]:
        if bench.get("run_type") == "aggregate" or bench.get("error_message") == UNFIT:
            continue
        cell, table = read_cell(bench["name"])
        row = Row(bench)
        if row.error:
            failures.append((cell, table, row.error))
        else:
            rows[cell][table] = row
    return dict(rows), sorted(failures, key=lambda f: (cell_order(f[0]), f[1]))


def read_article(path):
    """{table: [(label, bytes)]}; the first block has no table's name: it is CPython's."""
    article = collections.defaultdict(list)
    for label, value in (words[:2] for words in read_tsv(path)):
        table, _, rest = label.partition(" ")
        if "/" in table and rest:
            article[table].append((rest, int(value)))
        else:
            article["dict/cpython"].append((label, int(value)))
    return dict(article)


def read_memory(path):
    """[Memory], sorted by workload and n."""
    found = {}
    with open(path, encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if None in line.values() or "" in (line["cell"], line["step"]):
                raise refused(path, "not complete: a line is cut short")
            workload, _, n = line["cell"].rpartition("/")
            key = (workload, int(n))
            memory = found.setdefault(key, Memory(workload, int(n), [], {}))
            if line["arm"] == "live":
                memory.live.append((int(line["step"]), int(line["live"])))
            else:
                memory.arms.setdefault(line["arm"], []).append(
                    (int(line["step"]), int(line["held"]), int(line["peak"]),
                     int(line["bound"]) if line["bound"] else None))
    return [found[key] for key in sorted(found)]
