#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/stats.py against enumeration of all signs and ranks, and against published values.

usage: stats_test.py BUILD_FOLDER (which it does not need)
"""
import itertools
import math
import pathlib
import random
import statistics
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import stats  # noqa: E402  (found by the path above)


def check(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def near(a, b, within=1e-9):
    return abs(a - b) <= within


def ranks_of(values):
    """Mean ranks of the sizes, by counting."""
    sizes = [abs(v) for v in values]
    return [sum(s < x for s in sizes) + (sum(s == x for s in sizes) + 1) / 2 for x in sizes]


def enumerated_p(values):
    """All signs of the values that are not zero, each as likely."""
    ranks = [r for r, v in zip(ranks_of(values), values) if v]
    positive = sum(r for r, v in zip(ranks_of(values), values) if v > 0)
    sums = [sum(r for r, s in zip(ranks, signs) if s)
            for signs in itertools.product((0, 1), repeat=len(ranks))]
    low = sum(s <= positive + 1e-9 for s in sums) / len(sums)
    high = sum(s >= positive - 1e-9 for s in sums) / len(sums)
    return min(1.0, 2 * min(low, high))


def probability():
    draw = random.Random(7)
    for n in range(1, 11):
        for _ in range(8):
            values = [draw.gauss(0.3, 1) for _ in range(n)]
            check(near(stats.signed_rank_p(values), enumerated_p(values)), values)
            tied = [round(v) for v in values]
            check(near(stats.signed_rank_p(tied), enumerated_p(tied)), tied)
    for n in range(1, 11):
        sums = [sum(itertools.compress(range(1, n + 1), signs))
                for signs in itertools.product((0, 1), repeat=n)]
        counts = stats.signed_rank_counts(n)
        check(all(counts[t] == sums.count(t) for t in range(len(counts))), n)


def the_interval():
    """The interval is the set of middles that the test does not reject: by trying them."""
    draw = random.Random(3)
    for n in range(6, 11):
        values = [draw.gauss(1, 2) for _ in range(n)]
        for alpha in (0.05, 0.1):
            low, high = stats.interval(values, alpha)
            for middle, inside in ((low - 1e-6, False), (low + 1e-6, True), (high - 1e-6, True),
                                   (high + 1e-6, False)):
                shifted = [v - middle for v in values]
                check((enumerated_p(shifted) > alpha) == inside, (n, alpha, middle))
    check(stats.interval([1.0] * 5) is None, "five values have no interval of 95 %")
    check(stats.interval([1.0, 2, 3, 4, 5, 6]) == (1, 6), "six values: least and most")
    # The critical values of Wilcoxon and Wilcox, "Some rapid approximate statistical
    # procedures" (1964), two-sided 5 %: a sum of ranks of at most this many is significant.
    for n, critical in {6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 12: 13, 16: 29, 20: 52, 25: 89}.items():
        counts, whole = stats.signed_rank_counts(n), 2 ** n
        check(2 * sum(counts[:critical + 1]) <= 0.05 * whole < 2 * sum(counts[:critical + 2]), n)
    # Darwin's maize (The Effects of Cross and Self Fertilisation, 1876): crossed minus
    # selfed, in eighths of an inch; Fisher, The Design of Experiments, section 21, has t = 2.148
    # and 863 of 32,768 signs for the sum; by ranks it is 2 * P(W <= 24).
    maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    check(near(stats.signed_rank_p(maize), 0.041259765625), stats.signed_rank_p(maize))
    check(near(stats.signed_rank_p(maize), enumerated_p(maize)), "maize, enumerated")


def hodges_lehmann():
    values = [3.0, 1.0, 8.0, 2.0]
    pairs = [(a + b) / 2 for i, a in enumerate(values) for b in values[i:]]
    check(stats.estimate(values).estimate == statistics.median(pairs), "median of Walsh averages")
    check(stats.estimate([]) is None, "nothing has no estimate")
    draw = random.Random(5)
    values = [draw.gauss(0, 1) for _ in range(12)]
    up = stats.estimate([v + 5 for v in values])
    at = stats.estimate(values)
    check(near(up.estimate - at.estimate, 5) and near(up.low - at.low, 5), "moves with the values")
    flipped = stats.estimate([-v for v in values])
    check(near(flipped.low, -at.high) and near(flipped.estimate, -at.estimate), "symmetric")


def two_samples():
    for m, n in ((2, 3), (4, 4), (5, 3)):
        us = []
        for chosen in itertools.combinations(range(m + n), m):
            others = [i for i in range(m + n) if i not in chosen]
            us.append(sum(c > o for c in chosen for o in others))
        counts = stats.rank_sum_counts(m, n)
        check(all(counts[u] == us.count(u) for u in range(m * n + 1)), (m, n))
    # Mann and Whitney's table (Ann. Math. Stat. 18(1), 1947): n = m = 8, P(U <= 13) = .025
    counts = stats.rank_sum_counts(8, 8)
    check(round(sum(counts[:14]) / sum(counts), 3) == 0.025, "U of 8 and 8")
    middle, low, high = stats.shift([1, 2, 3, 4], [11, 12, 13, 14])
    check(middle == 10 and low == 7 and high == 13, (middle, low, high))


def adjusting():
    # Holm's own procedure by hand, and the fifteen of Benjamini and Hochberg, section 3.2: the
    # first four are claims at q = 0.05, three by Bonferroni.
    check(stats.holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06], stats.holm([0.01, 0.04, 0.03]))
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
          0.5719, 0.6528, 0.7590, 1.0]
    check(sum(q <= 0.05 for q in stats.benjamini_hochberg(ps)) == 4, "Benjamini and Hochberg")
    check(sum(q <= 0.05 for q in stats.holm(ps)) == 3, "Bonferroni and Holm")
    mixed = list(reversed(ps))
    check(stats.benjamini_hochberg(mixed) == list(reversed(stats.benjamini_hochberg(ps))), "order")


def verdicts():
    def said(values, p=None, margin=0.01):
        found = stats.estimate(values)
        return stats.verdict(found, found.p if p is None else p, margin)

    tight = [i / 1e5 for i in range(-8, 8)]
    check(said(tight) == stats.EQUIVALENT, "a hundredth of a percent is none")
    check(said([v + 0.005 for v in tight]) == stats.EQUIVALENT, "half of the margin")
    check(said([v + 0.02 for v in tight]) == stats.SLOWER, "two percent")
    check(said([v - 0.02 for v in tight]) == stats.FASTER, "less is faster")
    check(said([v + 0.02 for v in tight], p=0.2) == stats.INCONCLUSIVE, "one claim of many")
    check(said([0.02] * 5) == stats.INCONCLUSIVE, "five processes are too few")
    wild = [0.3 * (-1) ** i * i for i in range(16)]
    check(said(wild) == stats.INCONCLUSIVE, "noise")
    check(said([v + 0.005 for v in tight], margin=0.001) == stats.SLOWER, "a narrower margin")


def shares():
    # no hit in n trials: 1 - 0.05^(1/n), the "rule of three"
    check(near(stats.upper_share(0, 300), 1 - 0.05 ** (1 / 300), 1e-9), "none of 300")
    check(stats.upper_share(3, 3) == 1.0, "all")
    for hits, trials in ((1, 10), (8, 300)):
        bound = stats.upper_share(hits, trials)
        at_most = sum(math.comb(trials, k) * bound ** k * (1 - bound) ** (trials - k)
                      for k in range(hits + 1))
        check(near(at_most, 0.05, 1e-6), (hits, trials))


def main():
    for test in (probability, the_interval, hodges_lehmann, two_samples, adjusting, verdicts,
                 shares):
        test()
    return 0


if __name__ == "__main__":
    sys.exit(main())
