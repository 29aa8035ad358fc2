"""Intervals, tests and effect sizes from counts and moments; pure functions, no data frames.

What has a home in statsmodels or SciPy is computed there. Both are imported by the functions that
need them, because the process that serves the pages imports this room, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95
"""Confidence of every interval that is printed."""

FEW_EXPECTED = 5.0
"""Expected count under which chi-squared is not trusted (Cochran 1954, Biometrics 10)."""
DRAWS = 9_999
"""Random tables of a Monte-Carlo test: its p value is a multiple of 1 / 10,000."""
LIKELY = 0.1
"""P value of chi-squared from which a sparse table is not worth random tables."""


def wilson(successes: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion; (0, 1) when ``n`` is 0.

    References
    ----------
    Wilson 1927, JASA 22; recommended by Brown, Cai, DasGupta 2001, Statistical Science 16.
    """
    if n == 0:
        return 0.0, 1.0
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1.0 - confidence, method="wilson")
    return (0.0 if successes == 0 else float(low)), (1.0 if successes == n else float(high))


def difference_interval(
    x1: int, n1: int, x2: int, n2: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return Newcombe's hybrid score interval of ``x1 / n1 - x2 / n2``.

    Raises
    ------
    ValueError
        When one of the groups is empty.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873-890, method 10.
    """
    _need_rows(n1, n2)
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        x1, n1, x2, n2, compare="diff", method="newcomb", alpha=1.0 - confidence
    )
    return max(-1.0, float(low)), min(1.0, float(high))


def ratio_interval(
    x1: int, n1: int, x2: int, n2: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the score interval of the ratio ``(x1 / n1) / (x2 / n2)``; it holds the ratio.

    The ratios that a score test does not reject. ``x1 = 0`` gives a low end of 0, ``x2 = 0`` a
    high end of infinity, and both together say nothing: (0, inf).

    Raises
    ------
    ValueError
        When one of the groups is empty.

    Notes
    -----
    The interval of ``statsmodels`` is the same, but its cubic equation breaks down where a group
    has no success, or nothing else: for 0 of 1 against 12 of 12 it returns (0.92, 0.92).

    References
    ----------
    Koopman 1984, Biometrics 40, 513-517. Miettinen, Nurminen 1985, Statistics in Medicine 4,
    213-226 (the variance of the test, with n / (n - 1)).
    """
    _need_rows(n1, n2)
    from scipy.optimize import brentq

    limit = normal_quantile(confidence) ** 2
    start = _log_ratio(x1, n1, x2, n2)

    def excess(log_ratio: float) -> float:
        tested = log_ratio != start  # the ratio itself is never rejected
        return (_ratio_score(math.exp(log_ratio), x1, n1, x2, n2) if tested else 0.0) - limit

    def end(step: float) -> float:
        near, far = start, start + step
        while excess(far) < 0.0:
            near, far = far, far + step
        return math.exp(brentq(excess, near, far, xtol=1e-12))

    return (end(-1.0) if x1 else 0.0), (end(1.0) if x2 else math.inf)


FAR = 40.0
"""The log of a ratio that no counts tell from infinity."""


def _log_ratio(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the log of the ratio; :data:`FAR` or less for infinity and 0."""
    if x1 and x2:
        return math.log(x1 / n1) - math.log(x2 / n2)
    return -FAR if x2 else FAR


def _ratio_score(ratio: float, x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the squared score statistic of the hypothesis that the ratio is ``ratio``.

    The proportions of the variance are the likeliest ones under the hypothesis, the smaller root
    of a quadratic equation (Miettinen, Nurminen 1985, appendix I).
    """
    n = n1 + n2
    b = n1 * ratio + x1 + n2 + x2 * ratio
    root = math.sqrt(max(0.0, b * b - 4.0 * n * ratio * (x1 + x2)))
    p2 = 2.0 * (x1 + x2) / (b + root)
    p1 = min(1.0, ratio * p2)
    variance = (p1 * (1.0 - p1) / n1 + ratio**2 * p2 * (1.0 - p2) / n2) * n / (n - 1)
    apart = x1 / n1 - ratio * x2 / n2
    if variance > 0.0:
        return apart * apart / variance
    return math.inf if apart else 0.0


def _need_rows(n1: int, n2: int) -> None:
    if n1 == 0 or n2 == 0:
        raise ValueError("an empty group has no proportion")


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Return the two-sided normal quantile, 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


def mean_interval(
    mean: float, sd: float, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return Student's interval of a mean; infinite when ``n`` is under 2."""
    if n < 2:  # noqa: PLR2004 - one value has no spread
        return -math.inf, math.inf
    from scipy import stats

    half = float(stats.t.ppf(0.5 + confidence / 2.0, n - 1)) * sd / math.sqrt(n)
    return mean - half, mean + half


@dataclass(frozen=True, slots=True)
class Moments:
    """Size, mean and standard deviation (n - 1) of a group."""

    n: int
    mean: float
    sd: float


def standardised_difference(a: Moments, b: Moments) -> tuple[float, float, float]:
    """Return Hedges' g of ``a`` against ``b`` with the ends of its 95 % interval.

    Returns
    -------
        (g, low, high); all NaN when a group has under 2 rows or nothing varies.

    References
    ----------
    Hedges, Olkin 1985, Statistical Methods for Meta-Analysis, chapter 5.
    """
    df = a.n + b.n - 2
    if a.n < 2 or b.n < 2:  # noqa: PLR2004 - one value has no spread
        return math.nan, math.nan, math.nan
    pooled = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / df)
    if not pooled > 0:
        return math.nan, math.nan, math.nan
    g = (a.mean - b.mean) / pooled * (1.0 - 3.0 / (4.0 * df - 1.0))
    half = normal_quantile() * math.sqrt((a.n + b.n) / (a.n * b.n) + g * g / (2.0 * (a.n + b.n)))
    return g, g - half, g + half


def welch_p(a: Moments, b: Moments) -> float:
    """Return the two-sided p value of Welch's t test; 1 when it cannot be computed."""
    if a.n < 2 or b.n < 2:  # noqa: PLR2004 - one value has no spread
        return 1.0
    from scipy import stats

    if not a.sd + b.sd > 0:
        return 1.0 if a.mean == b.mean else 0.0
    test = stats.ttest_ind_from_stats(a.mean, a.sd, a.n, b.mean, b.sd, b.n, equal_var=False)
    return float(test.pvalue)


def two_proportions_p(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the two-sided p value for equal proportions; 1 when a group is empty.

    Fisher's exact test, whatever the number of rows: beside a large group, a small one or a rare
    outcome has few expected counts, and chi-squared would find a difference far too often.
    """
    if n1 == 0 or n2 == 0 or x1 + x2 in {0, n1 + n2}:
        return 1.0
    from scipy import stats

    return float(stats.fisher_exact(np.array([[x1, n1 - x1], [x2, n2 - x2]])).pvalue)


def explained_interval(
    lost: FloatArray, spread: FloatArray, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """Return the low end, the value and the high end of a share of variance explained.

    By the delta method on the logarithm of what is left, so that the high end stays below 1 where
    anything is left. The low end is never over the Wilson limit of ``n`` rights in ``n`` rows: a
    row that was not seen may be missed as if the mean had been guessed.

    Parameters
    ----------
    lost, spread
        Squared error of each prediction, and squared distance of each value from the mean; shape
        (n,). Where no value varies, nothing is explained.
    """
    n, total = len(lost), float(np.sum(spread))
    if not n or total <= 0:
        return 0.0, 0.0, 0.0
    left, most = float(np.sum(lost)) / total, wilson(n, n, confidence)[0]
    if left <= 0:
        return most, 1.0, 1.0
    each = lost / lost.mean() - spread / spread.mean()
    half = normal_quantile(confidence) * float(each.std()) / math.sqrt(n)
    return min(most, 1.0 - left * math.exp(half)), 1.0 - left, 1.0 - left * math.exp(-half)


def benjamini_hochberg(p: Sequence[float] | FloatArray) -> FloatArray:
    """Return p values adjusted so that a cut at q holds the false discovery rate at q.

    Parameters
    ----------
    p
        P values of all tests that were made, shape (m,), in [0, 1].

    References
    ----------
    Benjamini, Hochberg 1995, JRSS B 57.
    """
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(np.asarray(p, dtype=np.float64), method="bh"))


def contingency(counts: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Return Cramér's V and the p value of a table of counts.

    Rows and columns without counts are left out. V is corrected for bias, so that it is near 0
    for unrelated columns of any size. P is exact (Fisher) for two by two tables. For larger ones
    it is that of chi-squared; where an expected count is under :data:`FEW_EXPECTED`, it is the
    share of :data:`DRAWS` random tables with the same sums, drawn with a fixed seed, whose
    chi-squared is at least as large.

    Returns
    -------
        (V in [0, 1], p); (0, 1) when fewer than two rows or columns have counts.

    References
    ----------
    Bergsma 2013, J. Korean Statistical Society 42 (the correction). Patefield 1981, Applied
    Statistics 30 (random tables).
    """
    table = np.asarray(counts, dtype=np.int64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape, default=0) < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0, 1.0
    from scipy import stats

    n = float(table.sum())
    chi2 = stats.chi2_contingency(table, correction=False)
    p = float(chi2.pvalue)
    if table.shape == (2, 2):
        p = float(stats.fisher_exact(table).pvalue)
    elif p < LIKELY and chi2.expected_freq.min() < FEW_EXPECTED:
        p = _random_tables_p(table, chi2.expected_freq)
    return _corrected_v(float(chi2.statistic) / n, n, table.shape), p


def cramers_v(counts: Sequence[Sequence[int]]) -> float:
    """Return Cramér's V of a table of counts in [0, 1], as :func:`contingency` corrects it."""
    table = np.asarray(counts, dtype=np.int64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape, default=0) < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0
    from scipy import stats

    n = float(table.sum())
    statistic = stats.chi2_contingency(table, correction=False).statistic
    return _corrected_v(float(statistic) / n, n, table.shape)


def _random_tables_p(table: NDArray[np.int64], expected: FloatArray) -> float:
    """Return the share of tables with the same sums that are as far from ``expected``."""
    from scipy import stats

    drawn = stats.random_table(table.sum(axis=1), table.sum(axis=0), seed=0)
    apart = (np.square(drawn.rvs(DRAWS) - expected) / expected).sum(axis=(1, 2))
    own = float((np.square(table - expected) / expected).sum())
    return float(np.count_nonzero(apart >= own - 1e-9) + 1) / (DRAWS + 1)


def _corrected_v(phi2: float, n: float, shape: tuple[int, ...]) -> float:
    if n < 2:  # noqa: PLR2004 - the correction divides by n - 1
        return 0.0
    r, k = shape[0], shape[1]
    phi2 = max(0.0, phi2 - (r - 1) * (k - 1) / (n - 1))
    r_corrected = r - (r - 1) ** 2 / (n - 1)
    k_corrected = k - (k - 1) ** 2 / (n - 1)
    room = min(r_corrected, k_corrected) - 1.0
    return min(1.0, math.sqrt(phi2 / room)) if room > 0 else 0.0
