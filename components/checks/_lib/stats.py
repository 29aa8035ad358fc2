"""Intervals, tests and effect sizes from counts and moments; pure functions, no data frames.

Only the functions that need a distribution import scipy, when they are called.
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


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Return the two-sided normal quantile, 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion; (0, 1) when ``n`` is 0.

    References
    ----------
    Wilson 1927, JASA 22; recommended by Brown, Cai, DasGupta 2001, Statistical Science 16.
    """
    if n == 0:
        return 0.0, 1.0
    z = normal_quantile(confidence)
    p = successes / n
    scale = 1.0 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


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
    if n1 == 0 or n2 == 0:
        raise ValueError("an empty group has no proportion")
    p1, p2 = x1 / n1, x2 / n2
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    difference = p1 - p2
    low = difference - math.hypot(p1 - low1, high2 - p2)
    high = difference + math.hypot(high1 - p1, p2 - low2)
    return max(-1.0, low), min(1.0, high)


def ratio_interval(
    x1: int, n1: int, x2: int, n2: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the interval of the ratio ``(x1 / n1) / (x2 / n2)`` on the log scale.

    Half a row is added to each count, so that empty cells have an interval too.

    Raises
    ------
    ValueError
        When one of the groups is empty.

    References
    ----------
    Katz et al. 1978, Biometrics 34; the half is Walter's (1975, Biometrika 62).
    """
    if n1 == 0 or n2 == 0:
        raise ValueError("an empty group has no proportion")
    a, b = x1 + 0.5, x2 + 0.5
    m1, m2 = n1 + 0.5, n2 + 0.5
    log_ratio = math.log(a / m1) - math.log(b / m2)
    half = normal_quantile(confidence) * math.sqrt(
        max(0.0, 1 / a - 1 / m1) + max(0.0, 1 / b - 1 / m2)
    )
    return math.exp(log_ratio - half), math.exp(log_ratio + half)


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

    va, vb = a.sd**2 / a.n, b.sd**2 / b.n
    if not va + vb > 0:
        return 1.0 if a.mean == b.mean else 0.0
    t = (a.mean - b.mean) / math.sqrt(va + vb)
    df = (va + vb) ** 2 / (va**2 / (a.n - 1) + vb**2 / (b.n - 1))
    return float(2.0 * stats.t.sf(abs(t), df))


def two_proportions_p(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the two-sided p value for equal proportions; 1 when a group is empty.

    Fisher's exact test up to 1,000 rows, the chi-squared test without correction above.
    """
    if n1 == 0 or n2 == 0 or x1 + x2 in {0, n1 + n2}:
        return 1.0
    from scipy import stats

    counts = np.array([[x1, n1 - x1], [x2, n2 - x2]])
    if n1 + n2 <= 1000:  # noqa: PLR2004 - above, both tests agree
        return float(stats.fisher_exact(counts).pvalue)
    return float(stats.chi2_contingency(counts, correction=False).pvalue)


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
    raw = np.asarray(p, dtype=np.float64)
    m = len(raw)
    order = np.argsort(raw, kind="stable")
    scaled = raw[order] * m / np.arange(1, m + 1)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted


def contingency(counts: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Return Cramér's V and the p value of a table of counts.

    Rows and columns without counts are left out. V is corrected for bias, so that it is near 0
    for unrelated columns of any size. P is exact (Fisher) for two by two tables up to 1,000 rows.

    Returns
    -------
        (V in [0, 1], p); (0, 1) when fewer than two rows or columns have counts.

    References
    ----------
    Bergsma 2013, J. Korean Statistical Society 42 (the correction).
    """
    table = np.asarray(counts, dtype=np.float64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape, default=0) < 2:  # noqa: PLR2004 - nothing to compare
        return 0.0, 1.0
    from scipy import stats

    n = float(table.sum())
    chi2 = stats.chi2_contingency(table, correction=False)
    exact = table.shape == (2, 2) and n <= 1000  # noqa: PLR2004 - above, both tests agree
    p = stats.fisher_exact(table).pvalue if exact else chi2.pvalue
    return _corrected_v(float(chi2.statistic) / n, n, table.shape), float(p)


def _corrected_v(phi2: float, n: float, shape: tuple[int, ...]) -> float:
    if n < 2:  # noqa: PLR2004 - the correction divides by n - 1
        return 0.0
    r, k = shape[0], shape[1]
    phi2 = max(0.0, phi2 - (r - 1) * (k - 1) / (n - 1))
    r_corrected = r - (r - 1) ** 2 / (n - 1)
    k_corrected = k - (k - 1) ** 2 / (n - 1)
    room = min(r_corrected, k_corrected) - 1.0
    return min(1.0, math.sqrt(phi2 / room)) if room > 0 else 0.0
