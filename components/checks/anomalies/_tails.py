"""Where the tail of a score ends and outliers begin; “nowhere” is a legal answer.

The upper tail of -log density falls about exponentially for a wide class of distributions, and the
logarithm of the distance to near rows follows -log density. So the body of the log distances says
how far a clean table would reach, and a row counts as an outlier only if it lies beyond that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import benjamini_hochberg

LOW, HIGH = 0.5, 0.9
"""Quantiles that set the slope of the tail: outliers up to a tenth of the rows leave it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where outliers begin.

    Attributes
    ----------
    value
        The lowest score of an outlier; infinite when there are none.
    last
        The highest score below it.
    scale
        Mean excess of the tail; 0 when the scores hardly differ.
    """

    value: float
    last: float
    scale: float


def find_cut(scores: FloatArray, *, false_share: float, gap: float, gap_p: float) -> Cut:
    """Look for scores beyond an exponential tail, and for a gap that the tail does not have.

    Parameters
    ----------
    scores
        Log distances or the like, shape (n,); high is unusual.
    false_share
        Expected share of ordinary rows among the outliers beyond the tail, in (0, 1).
    gap
        Least width of a gap, in units of ``scores``.
    gap_p
        Chance of finding a gap where there is none, over all places, in (0, 1).

    Notes
    -----
    Spacings of an exponential sample, multiplied by their rank from the top, are independent
    exponentials of the same mean (Rényi). A gap is looked for in the top tenth, first: rows above
    it are out before the false discovery rate of the others is counted.
    """
    n = len(scores)
    start, high = np.quantile(scores, [LOW, HIGH])
    scale = float(high - start) / math.log((1 - LOW) / (1 - HIGH)) * (1 + 1 / math.sqrt(n / 2))
    top = float(scores.max())
    if not scale > 0:
        return Cut(value=math.inf, last=top, scale=0.0)
    edge = _edge(scores, scale, gap, gap_p)
    rest = scores[scores < edge]
    beyond = np.maximum(0.0, rest - start) / scale
    adjusted = benjamini_hochberg(np.where(beyond > 0, (1 - LOW) * np.exp(-beyond), 1.0))
    far = rest[adjusted <= false_share]
    value = float(far.min(initial=edge))
    below = scores[scores < value]
    return Cut(value=value, last=float(below.max(initial=-math.inf)), scale=scale)


def cut_of_alike(scores: FloatArray) -> Cut:
    """Return the cut where nearly all rows are equal: all that are farther are outliers."""
    last = float(np.median(scores))
    beyond = scores[scores > last]
    return Cut(value=float(beyond.min(initial=math.inf)), last=last, scale=0.0)


def _edge(scores: FloatArray, scale: float, gap: float, gap_p: float) -> float:
    """Return the lowest score above a gap; infinite when there is none.

    The clearest gap first; then again without the rows above it, which must not add to the rank
    of a gap further in.
    """
    places = max(1, int(len(scores) * (1 - HIGH)))
    ordered = np.sort(scores)[::-1]
    width = ordered[:places] - ordered[1 : places + 1]
    above = 0
    while above < places:
        p = np.exp(-np.arange(1, places - above + 1) * width[above:] / scale)
        clear = (width[above:] >= gap) & (p * places <= gap_p)
        if not clear.any():
            break
        above += int(np.where(clear, p, 2.0).argmin()) + 1
    return float(ordered[above - 1]) if above else math.inf
