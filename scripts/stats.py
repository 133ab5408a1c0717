"""Statistics of a comparison: exact, distribution-free, and nothing else.

The values are logarithms of ratios, one for each process, which are independent. Wilcoxon's
signed ranks assume that they lie symmetrically around their middle, as differences of two
arms that take turns do.

Sources: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 1945;
Hodges and Lehmann, "Estimates of location based on rank tests", Ann. Math. Stat. 34(2), 1963;
Hollander and Wolfe, "Nonparametric Statistical Methods", sections 3.1 to 3.3 and 4.3; Holm, "A
simple sequentially rejective multiple test procedure", Scand. J. Stat. 6(2), 1979; Benjamini
and Hochberg, J. R. Stat. Soc. B 57(1), 1995; Clopper and Pearson, Biometrika 26(4), 1934.
"""
import collections
import functools
import math
import statistics

ALPHA = 0.05
MARGIN = 0.01  # the share by which two times may differ and still count as equal
LEAST = 6      # values below which no interval of 95 % exists: 2 / 2^5 > 0.05

FASTER, SLOWER, EQUIVALENT, INCONCLUSIVE = "faster", "slower", "equivalent", "inconclusive"

# estimate, low, high: logarithms of the ratio, with the interval of 1 - ALPHA (None if there are
# too few values); narrow: the interval of 1 - 2 ALPHA, for equivalence; p: two-sided, of
# no difference; n: how many values
Estimate = collections.namedtuple("Estimate", "estimate low high narrow p n")


# ---- one sample -------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def signed_rank_counts(n):
    """How many of the 2^n choices of signs give each sum of positive ranks, from 0 on."""
    counts = [1]
    for rank in range(1, n + 1):
        longer = counts + [0] * rank
        for total, ways in enumerate(counts):
            longer[total + rank] += ways
        counts = longer
    return tuple(counts)


def walsh(values):
    """The averages of all pairs, each value with itself too, sorted."""
    return sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])


def middle(values):
    """The Hodges-Lehmann estimate: the median of the Walsh averages."""
    return statistics.median(walsh(values))


def interval(values, alpha=ALPHA):
    """The exact Wilcoxon interval (low, high) of at least 1 - alpha, or None.

    The k-th lowest and k-th highest Walsh average, with the largest k for which fewer than alpha
    of all signs have a sum below k at either end.
    """
    counts, whole = signed_rank_counts(len(values)), 2 ** len(values)
    k, below = 0, 0
    while k < len(counts) and 2 * (below + counts[k]) <= alpha * whole:
        below += counts[k]
        k += 1
    if k == 0:
        return None
    averages = walsh(values)
    return averages[k - 1], averages[-k]


def signed_rank_p(values):
    """The exact two-sided probability of ranks at least so uneven, if the middle is 0.

    Equal sizes share their mean rank; zeros keep their rank and take no side (Pratt).
    """
    order = sorted(range(len(values)), key=lambda i: abs(values[i]))
    doubled, start = [0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and abs(values[order[end]]) == abs(values[order[start]]):
            end += 1
        for i in order[start:end]:
            doubled[i] = start + end + 1  # twice the mean of ranks start + 1 to end
        start = end
    ranks = [r for r, v in zip(doubled, values) if v]
    positive = sum(r for r, v in zip(doubled, values) if v > 0)
    ways = {0: 1}
    for rank in ranks:
        more = collections.Counter(ways)
        for total, count in ways.items():
            more[total + rank] += count
        ways = more
    extreme = min(positive, sum(ranks) - positive)
    return min(1.0, 2 * sum(c for t, c in ways.items() if t <= extreme) / 2 ** len(ranks))


def estimate(values, alpha=ALPHA):
    """The Hodges-Lehmann Estimate of the middle of the values."""
    if not values:
        return None
    wide, narrow = interval(values, alpha), interval(values, 2 * alpha)
    low, high = wide or (None, None)
    return Estimate(middle(values), low, high, narrow, signed_rank_p(values),
                    len(values))


# ---- two samples -------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def rank_sum_counts(m, n):
    """How many of the choices of m ranks out of m + n give each Mann-Whitney U, from 0 on."""
    if m == 0 or n == 0:
        return (1,)
    counts = [0] * (m * n + 1)
    for u, ways in enumerate(rank_sum_counts(m - 1, n)):  # the highest is one of the m
        counts[u + n] += ways
    for u, ways in enumerate(rank_sum_counts(m, n - 1)):
        counts[u] += ways
    return tuple(counts)


def shift(old, new, alpha=ALPHA):
    """(estimate, low, high) of how much `new` lies above `old`; the interval may be None."""
    differences = sorted(b - a for a in old for b in new)
    counts = rank_sum_counts(len(old), len(new))
    whole, k, below = sum(counts), 0, 0
    while k < len(counts) and 2 * (below + counts[k]) <= alpha * whole:
        below += counts[k]
        k += 1
    low, high = (differences[k - 1], differences[-k]) if k else (None, None)
    return statistics.median(differences), low, high


# ---- many claims -------------------------------------------------------------------


def holm(ps):
    """Adjusted probabilities: below alpha, all such claims hold together with 1 - alpha."""
    order, adjusted, most = sorted(range(len(ps)), key=lambda i: ps[i]), [0.0] * len(ps), 0.0
    for place, i in enumerate(order):
        most = max(most, min(1.0, (len(ps) - place) * ps[i]))
        adjusted[i] = most
    return adjusted


def benjamini_hochberg(ps):
    """Adjusted probabilities: of the claims below q, a share of at most q is expected wrong."""
    order, adjusted, least = sorted(range(len(ps)), key=lambda i: -ps[i]), [0.0] * len(ps), 1.0
    for place, i in enumerate(order):
        least = min(least, ps[i] * len(ps) / (len(ps) - place))
        adjusted[i] = least
    return adjusted


def verdict(found, adjusted_p, margin=MARGIN, alpha=ALPHA):
    """What an Estimate says of a ratio, with the probability adjusted for the other claims.

    equivalent: both one-sided tests against the margin reject; faster, slower: it differs from 1,
    and is not equivalent; inconclusive: neither is shown.
    """
    if found is None or found.n < LEAST:
        return INCONCLUSIVE
    inside = math.log1p(margin)
    if found.narrow and -inside < found.narrow[0] and found.narrow[1] < inside:
        return EQUIVALENT
    if adjusted_p <= alpha:
        return FASTER if found.estimate < 0 else SLOWER
    return INCONCLUSIVE


# ---- shares --------------------------------------------------------------------------


def upper_share(hits, trials, alpha=ALPHA):
    """The upper end of the one-sided exact (Clopper-Pearson) interval of a share."""
    if hits >= trials:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        at_most = sum(math.comb(trials, k) * middle ** k * (1 - middle) ** (trials - k)
                      for k in range(hits + 1))
        low, high = (middle, high) if at_most > alpha else (low, middle)
    return high
