"""Predictive power: how much one column alone tells about another, on rows left out.

The error of a guess is squared. A number is guessed by the mean of its rank, a category by the
shares of its classes, each per value (or bin) of the other column; the guess is learnt on four
fifths of the rows and tested on the last fifth, five times. The power is the share of the error of
the best constant guess that this saves: 0 says nothing, 1 says all. For numbers that is the
out-of-sample R² of ranks (a few huge values do not decide), for categories the out-of-sample tau of
Goodman and Kruskal, which is also the skill of the Brier score.

::

    power = max(0, 1 - sum (y - guess)^2 / sum (y - constant)^2)

It is asymmetric: a city tells the country, and a country hardly the city. The idea of one
asymmetric score for all kinds is that of the Predictive Power Score, which uses a tree, the
absolute error and the F1 score; a tree per pair costs hundreds of times as much (measured at
100,000 rows: 324 ms against 0.5 ms), and the F1 score is blind to probabilities.

References
----------
Wetschoreck, Krabel, Krishnamurthy 2020, ppscore, doi:10.5281/zenodo.4091345. Goodman, Kruskal
1954, J. Am. Statistical Association 49. Brier 1950, Monthly Weather Review 78.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.profiling.associations_columns import Codes, Flags, Floats, Prepared, sums_by

FOLDS = 5
"""Parts of the rows; each is left out once. The usual number (Hastie, Tibshirani, Friedman 2009,
section 7.10)."""

MIN_ROWS = 20
"""Rows with both values that are needed: four in each part."""

MAX_BINS = 32
"""Bins of a number that predicts; 32 equal ones lose a thousandth of a straight line."""

PRIOR = 1.0
"""Rows that the constant guess counts for in the guess of a value: one, so that a value that was
never seen gets the constant guess, and a rare one stays near it."""

MAX_CLASSES = 50
"""Classes that are told apart in what is predicted; the rarer ones count as one."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A column as what predicts and as what is predicted; small, for hundreds are in memory.

    Attributes
    ----------
    cells
        ``fold + FOLDS * bin`` per row, shape (n,); bin 0 is missing.
    n_bins
        Bins with the one for missing.
    classes
        Class per row, 0 for missing, shape (n,); None for numbers.
    n_classes
        Classes with the one for missing.
    ranks
        Rank per row in [-1, 1], 0 for missing, shape (n,); None for categories.
    present
        Whether each row has a value, shape (n,); None for categories.
    """

    cells: NDArray[np.int16]
    n_bins: int
    classes: NDArray[np.int8] | None
    n_classes: int
    ranks: NDArray[np.float32] | None
    present: Flags | None


def folds(n: int, seed: int) -> NDArray[np.int64]:
    """Return the part of each row, shape (n,): as many rows in each, drawn by ``seed``."""
    return np.random.default_rng(seed).permutation(n) % FOLDS


def sides(column: Prepared, fold: NDArray[np.int64]) -> Sides:
    """Return what is needed to predict with a column, and to predict it."""
    bins, n_bins = _bins(column)
    classes, n_classes = (None, 0) if column.is_numeric else _classes(column)
    return Sides(
        cells=(bins * FOLDS + fold).astype(np.int16),
        n_bins=n_bins,
        classes=None if classes is None else classes.astype(np.int8),
        n_classes=n_classes,
        ranks=_ranks(column).astype(np.float32) if column.is_numeric else None,
        present=column.present if column.is_numeric else None,
    )


def power(source: Sides, target: Sides) -> float | None:
    """Return how much ``source`` tells about ``target``, in [0, 1]; None with too few rows."""
    return (_number if target.classes is None else _category)(source, target)


def _bins(column: Prepared) -> tuple[Codes, int]:
    """Return bins of about as many rows; each value of a category is one."""
    if not column.is_numeric:
        return column.codes, column.n_levels + 1
    counts = column.counts[1:]
    n = int(counts.sum())
    wanted = max(2, min(MAX_BINS, round(2 * n ** (1 / 3))))
    middle = np.cumsum(counts) - counts / 2.0
    place = np.zeros(column.n_levels + 1, dtype=np.int32)
    _, number = np.unique((middle * wanted / max(n, 1)).astype(int), return_inverse=True)
    place[1:] = number + 1
    return place[column.codes], int(place.max()) + 1


def _classes(column: Prepared) -> tuple[Codes, int]:
    if column.n_levels <= MAX_CLASSES:
        return column.codes, column.n_levels + 1
    order = np.argsort(-column.counts[1:], kind="stable")
    place = np.zeros(column.n_levels + 1, dtype=np.int32)
    place[1 + order] = np.minimum(np.arange(column.n_levels), MAX_CLASSES) + 1
    return place[column.codes], MAX_CLASSES + 2


def _ranks(column: Prepared) -> Floats:
    """Return the rank of each row in [-1, 1], ties in the middle; 0 for missing."""
    counts = column.counts.copy()
    counts[0] = 0
    n = max(int(counts.sum()), 1)
    ranks = (2.0 * np.cumsum(counts) - counts - n) / n
    ranks[0] = 0.0
    return np.asarray(ranks[column.codes], dtype=np.float64)


def _number(source: Sides, target: Sides) -> float | None:
    if target.ranks is None or target.present is None:
        return None
    size = source.n_bins * FOLDS
    n = sums_by(source.cells, target.present, size).reshape(-1, FOLDS)[1:]
    sums = sums_by(source.cells, target.ranks, size).reshape(-1, FOLDS)[1:]
    if n.sum() < MIN_ROWS:
        return None
    inside = target.ranks[source.cells >= FOLDS].astype(np.float64)
    squares = float(inside @ inside)
    left_n, left_sums = _others(n), _others(sums)
    constant = left_sums.sum(axis=0) / np.maximum(left_n.sum(axis=0), 1.0)
    guess = (left_sums + PRIOR * constant) / (left_n + PRIOR)
    best = squares - float(np.sum(2 * constant * sums - constant**2 * n))
    error = squares - float(np.sum(2 * guess * sums - guess**2 * n))
    return _saved(error, best)


def _category(source: Sides, target: Sides) -> float | None:
    if target.classes is None:
        return None
    k = target.n_classes
    place = source.cells.astype(np.int64) * k + target.classes
    cells = np.bincount(place, minlength=source.n_bins * FOLDS * k)
    table = cells.reshape(-1, FOLDS, k)[1:, :, 1:].astype(np.float64)
    if table.sum() < MIN_ROWS:
        return None
    left = _others(table)
    n, left_n = table.sum(axis=2), left.sum(axis=2)
    overall = left.sum(axis=0)
    constant = overall / np.maximum(overall.sum(axis=1, keepdims=True), 1.0)
    guess = (left + PRIOR * constant) / (left_n + PRIOR)[:, :, None]
    return _saved(_brier(table, n, guess), _brier(table, n, constant[None]))


def _brier(table: Floats, n: Floats, guess: Floats) -> float:
    """Return the sum of the squared errors of class shares over all rows."""
    right = np.sum(table * guess)
    return float(n.sum() - 2 * right + np.sum(n * np.sum(guess * guess, axis=2)))


def _others(parts: Floats) -> Floats:
    """Return the sums over the other parts, along the second axis."""
    return np.asarray(parts.sum(axis=1, keepdims=True) - parts, dtype=np.float64)


def _saved(error: float, best: float) -> float | None:
    return min(1.0, max(0.0, 1.0 - error / best)) if best > 1e-9 else None  # noqa: PLR2004 - rounding
