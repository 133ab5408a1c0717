"""Cells that were measured in several processes: intervals for the whole matrix.

Every replay of a whole trace is in rounds.csv.gz. Within a process an arm's time is the median
of its rounds; its ratio to the base is taken within the process; the processes give the
interval. Over the matrix, claims are adjusted as Benjamini and Hochberg have it.
"""
import collections
import math
import os
import statistics

import folder
import stats

FILES = {"rounds.csv.gz": "rounds/1"}

# estimate: stats.Estimate of log(arm / base); q: adjusted over the matrix; verdict
Ratio = collections.namedtuple("Ratio", "estimate q verdict")


class Replicates:
    """times: {(cell, arm): {process: (ns, after_ns)}}, a cell by its name; extremes: {(cell, arm):
    (least ns, most ns)} of all rounds of all processes."""

    def __init__(self, path, good, margin=stats.MARGIN):
        self.good, self.margin = good, margin
        found = collections.defaultdict(lambda: collections.defaultdict(list))
        for w in folder.lines(os.path.join(path, "rounds.csv.gz")):
            found[w["cell"], w["arm"]][int(w["process"])].append(
                (float(w["ns"]), float(w["after_ns"])))
        self.extremes = {key: (min(ns), max(ns)) for key, processes in found.items()
                         for ns in [[r[0] for rounds in processes.values() for r in rounds]]}
        self.times = {key: {process: tuple(statistics.median(r[i] for r in rounds) for i in (0, 1))
                            for process, rounds in processes.items()}
                      for key, processes in found.items()}

    def middle(self, cell, arm):
        """(ns, after_ns) of a replay: the medians over processes; None where it was not measured."""
        found = list(self.times.get((cell, arm), {}).values())
        return tuple(map(statistics.median, zip(*found))) if found else None

    def ratio(self, cell, arm, base):
        """The middle of the processes' ratios, the one that an interval is of; None without any."""
        logs = list(self.logs(cell, arm, base).values())
        return math.exp(stats.middle(logs)) if logs else None

    def logs(self, cell, arm, base):
        """{process: log(arm / base)} of the processes that have both."""
        mine, other = self.times.get((cell, arm), {}), self.times.get((cell, base), {})
        return {p: math.log(mine[p][0] / other[p][0]) for p in sorted(set(mine) & set(other))
                if mine[p][0] > 0 and other[p][0] > 0}

    def ratios(self, base_of):
        """{(cell, arm): Ratio} of every arm that has another base, adjusted together."""
        keys = [(cell, arm, base_of(arm)) for cell, arm in sorted(self.times)]
        keys = [k for k in keys if k[2] and k[2] != k[1]]
        found = [(cell, arm, stats.estimate(list(self.logs(cell, arm, base).values())))
                 for cell, arm, base in keys]
        found = [f for f in found if f[2] and f[2].n >= stats.LEAST]
        adjusted = stats.benjamini_hochberg([e.p for _, _, e in found])
        return {(cell, arm): Ratio(e, q, stats.verdict(e, q, self.margin) if self.good
                                   else stats.INCONCLUSIVE)
                for (cell, arm, e), q in zip(found, adjusted)}

    def mean(self, cells, arm, base):
        """The Estimate of the geometric mean over cells: each process's own mean, then over
        processes; None unless LEAST processes have every cell."""
        logs = [self.logs(cell, arm, base) for cell in cells]
        ordered = [list(found.values()) for found in logs if found]
        if not ordered:
            return None
        # The k-th process of one cell need not be that of another: replicates are matched.
        count = min(len(values) for values in ordered)
        means = [statistics.fmean(values[i] for values in ordered) for i in range(count)]
        return stats.estimate(means) if count >= stats.LEAST else None
