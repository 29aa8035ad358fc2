"""How often a model tells two rows with different labels apart, with an interval.

Of two rows with different labels, the model is right when it gives the two labels to the two rows
the right way round. Guessing gets half of the pairs, however rare a class is. For two classes this
is the area under the ROC curve; for numbers, the share of pairs in the right order; for more
classes, the generalised discrimination score of Mason and Weigel (2009).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.core.judgement.evidence import Measure, Unit

IntArray = NDArray[np.int64]
CHUNK = 250
NORMAL = 1.96


@dataclass(frozen=True, slots=True)
class PairShare:
    """The share of pairs told apart, in [0, 1], its standard error and 95 % interval."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return max(0.0, self.value - NORMAL * self.error)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return min(1.0, self.value + NORMAL * self.error)

    def measure(self, name: str, n: int) -> Measure:
        """Return it as evidence from ``n`` rows."""
        return Measure(
            name=name,
            value=self.value,
            unit=Unit.SHARE,
            n=n,
            ci_low=self.low,
            ci_high=self.high,
        )


def pairs_right(scores: FloatArray, label: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return for each row the pairs told apart (a tie counts half) and all pairs, shape (n,).

    Parameters
    ----------
    scores
        Per row and class, shape (n, k); one column where the label is a number.
    label
        Class numbers 0..k-1, or the numbers themselves, shape (n,).
    """
    n = len(label)
    right, every = np.zeros(n), np.zeros(n)
    classes = scores.shape[1] > 1
    code = label.astype(np.intp) if classes else np.zeros(n, dtype=np.intp)
    own = scores[np.arange(n), code]
    for start in range(0, n, CHUNK):
        part = slice(start, min(n, start + CHUNK))
        differ = label[part, None] != label[None, :]
        if classes:
            crossed = scores[part][:, code] + scores[:, code[part]].T
            lead = own[part, None] + own[None, :] - crossed
            lead = np.where(np.abs(lead) < 1e-12, 0.0, lead)  # noqa: PLR2004 - rounding
        else:
            apart = own[part, None] - own[None, :]
            lead = apart * np.sign(label[part, None] - label[None, :])
        right[part] = (((np.sign(lead) + 1.0) / 2.0) * differ).sum(axis=1)
        every[part] = differ.sum(axis=1)
    return right, every


def share_right(scores: FloatArray, label: FloatArray) -> float:
    """Return the share of pairs told apart; one half where no two labels differ."""
    right, every = pairs_right(scores, label)
    return float(right.sum() / every.sum()) if every.sum() else 0.5


def with_interval(
    scores: FloatArray, label: FloatArray, sets: NDArray[np.uint64], folds: int
) -> PairShare:
    """Return the share with its interval.

    The variance is that of a U-statistic, summed over sets of rows that belong together, and times
    1 + folds * (test rows / training rows) for the overlap of the training parts.

    References
    ----------
    Nadeau, Bengio 2003, Machine Learning 52, 239-281. DeLong, DeLong, Clarke-Pearson 1988,
    Biometrics 44, 837-845.
    """
    right, every = pairs_right(scores, label)
    total = float(every.sum())
    if not total:
        return PairShare(0.5, 0.5)
    value = float(right.sum()) / total
    pull = 2.0 * (right - value * every) / total
    _, code = np.unique(sets, return_inverse=True)
    variance = float((np.bincount(code, weights=pull) ** 2).sum())
    return PairShare(value, math.sqrt(variance * (1.0 + folds / max(1, folds - 1))))
