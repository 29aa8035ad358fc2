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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.profiling.pair_measures.codes import Codes, Flags, Floats, Prepared, sums_by
from components.profiling.pair_measures.ranks import level_ranks

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

AT_ONCE = 200_000
"""Sums that are made into guesses together; they take 2 MB, and some times as much on the way."""


_OTHERS = 1.0 - np.eye(FOLDS)
"""What adds up all parts but one, by a product with the parts."""


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
    squares
        The sum of the squared ranks; 0 for categories.
    present
        Whether each row has a value, shape (n,); None for categories, and where all have one.
    """

    cells: NDArray[np.int16]
    n_bins: int
    classes: NDArray[np.int8] | None
    n_classes: int
    ranks: NDArray[np.float32] | None
    squares: float
    present: Flags | None


def folds(n: int, seed: int) -> NDArray[np.int64]:
    """Return the part of each row, shape (n,): as many rows in each, drawn by ``seed``."""
    return np.random.default_rng(seed).permutation(n) % FOLDS


def sides(column: Prepared, fold: NDArray[np.int64]) -> Sides:
    """Return what is needed to predict with a column, and to predict it."""
    bins, n_bins = _bins(column)
    classes, n_classes = (None, 0) if column.is_numeric else _classes(column)
    ranks = _ranks(column).astype(np.float32) if column.is_numeric else None
    return Sides(
        cells=(bins * FOLDS + fold).astype(np.int16),
        n_bins=n_bins,
        classes=None if classes is None else classes.astype(np.int8),
        n_classes=n_classes,
        ranks=ranks,
        squares=0.0 if ranks is None else _squares(ranks),
        present=column.present if column.is_numeric and column.n_missing else None,
    )


def powers(source: Sides, targets: Sequence[Sides]) -> list[float | None]:
    """Return how much ``source`` tells about each target, in [0, 1]; None with too few rows."""
    predicting = _Predicting(source)
    numbers = [i for i, target in enumerate(targets) if target.classes is None]
    categories = [i for i, target in enumerate(targets) if target.classes is not None]
    found: dict[int, float | None] = {}
    for some, compute, width in ((numbers, _numbers, 1), (categories, _categories, MAX_CLASSES)):
        size = max(1, AT_ONCE // (predicting.size * width))
        for start in range(0, len(some), size):
            batch = some[start : start + size]
            told = compute(predicting, [targets[i] for i in batch])
            found.update(zip(batch, told, strict=True))
    return [found[i] for i in range(len(targets))]


def _bins(column: Prepared) -> tuple[Codes, int]:
    """Return bins of about as many rows; each value of a category is one."""
    if not column.is_numeric:
        return column.codes, column.n_levels + 1
    counts = column.counts[1:]
    n = int(counts.sum())
    wanted = max(2, min(MAX_BINS, round(2 * n ** (1 / 3))))
    middle = np.cumsum(counts) - counts / 2.0
    wider = np.diff((middle * wanted / max(n, 1)).astype(int)) > 0
    place = np.zeros(column.n_levels + 1, dtype=np.int32)
    place[1] = 1
    place[2:] = np.cumsum(wider) + 1
    return place.take(column.codes), int(place[-1]) + 1


def _classes(column: Prepared) -> tuple[Codes, int]:
    if column.n_levels <= MAX_CLASSES:
        return column.codes, column.n_levels + 1
    order = np.argsort(-column.counts[1:], kind="stable")
    place = np.zeros(column.n_levels + 1, dtype=np.int32)
    place[1 + order] = np.minimum(np.arange(column.n_levels), MAX_CLASSES) + 1
    return place.take(column.codes), MAX_CLASSES + 2


def _ranks(column: Prepared) -> Floats:
    """Return the rank of each row in [-1, 1], ties in the middle; 0 for missing."""
    counts = column.counts.copy()
    counts[0] = 0
    ranks = 2.0 * level_ranks(counts) / max(int(counts.sum()), 1)
    ranks[0] = 0.0
    return ranks.take(column.codes)


class _Predicting:
    """A column that predicts: what is the same for all that it predicts.

    Attributes
    ----------
    cells
        As in :class:`Sides`, in the type that is counted fastest.
    size
        Cells, those of missing values included.
    outside
        The rows without a value, None where there are none.
    counts
        Rows per value and part, shape (n_bins - 1, FOLDS).
    """

    def __init__(self, source: Sides) -> None:
        self.cells = source.cells.astype(np.intp)
        self.size = source.n_bins * FOLDS
        rows = np.bincount(self.cells, minlength=self.size)
        self.counts = self.shaped(rows.astype(np.float64))
        is_whole = not rows[:FOLDS].any()
        self.outside = None if is_whole else np.flatnonzero(self.cells < FOLDS)

    def sums(self, weights: NDArray[np.generic]) -> Floats:
        """Return the sum of the weights per value and part, as :attr:`counts`."""
        return self.shaped(sums_by(self.cells, weights, self.size))

    def squares(self, target: Sides) -> float:
        """Return the sum of the squared ranks of a target in the rows with a value."""
        if self.outside is None or target.ranks is None:
            return target.squares
        return target.squares - _squares(target.ranks.take(self.outside))

    def shaped(self, totals: Floats) -> Floats:
        """Return totals per cell by value and part, without those of missing values."""
        return totals.reshape(-1, FOLDS)[1:]


def _numbers(source: _Predicting, targets: Sequence[Sides]) -> list[float | None]:
    ranks = [target.ranks for target in targets if target.ranks is not None]
    gaps = [target.present for target in targets]
    n = np.stack([source.counts if there is None else source.sums(there) for there in gaps])
    sums = np.stack([source.sums(rank) for rank in ranks])
    squares = np.array([source.squares(target) for target in targets])
    left_n, left_sums = _others(n), _others(sums)
    constant = left_sums.sum(axis=1) / np.maximum(left_n.sum(axis=1), 1.0)
    guess = (left_sums + PRIOR * constant[:, None]) / (left_n + PRIOR)
    best = squares - np.sum(2 * constant * sums.sum(axis=1) - constant**2 * n.sum(axis=1), axis=1)
    error = squares - np.sum(2 * guess * sums - guess**2 * n, axis=(1, 2))
    return _saved(error, best, n.sum(axis=(1, 2)))


def _squares(ranks: NDArray[np.float32]) -> float:
    chosen = ranks.astype(np.float64)
    return float(chosen @ chosen)


def _categories(source: _Predicting, targets: Sequence[Sides]) -> list[float | None]:
    """Classes of all targets lie below each other: ``starts`` is where those of each begin."""
    tables = [_counted(source, t.classes, t.n_classes) for t in targets if t.classes is not None]
    table, sizes = np.concatenate(tables), [len(part) for part in tables]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(tables)), sizes)
    left, totals = _others(table), np.einsum("kbf->kf", table)
    overall = _others(totals)
    constant = overall / np.maximum(np.add.reduceat(overall, starts), 1.0)[owner]
    n = np.add.reduceat(table, starts)
    weight = 1.0 / (_others(n) + PRIOR)
    guess = left + PRIOR * constant[:, None]  # times weight, which is the same for all classes
    right, squares = (np.add.reduceat(guess * part, starts) for part in (table, guess))
    error = np.sum(weight * (n * weight * squares - 2 * right), axis=(1, 2))
    best = np.add.reduceat(constant * (constant * n.sum(axis=1)[owner] - 2 * totals), starts)
    rows = n.sum(axis=(1, 2))
    return _saved(rows + error, rows + best.sum(axis=1), rows)


def _counted(source: _Predicting, classes: NDArray[np.int8], k: int) -> Floats:
    """Return the rows per class, value and part, shape (k - 1, n_bins - 1, FOLDS)."""
    cells = np.multiply(classes, source.size, dtype=np.intp) + source.cells
    counts = np.bincount(cells, minlength=k * source.size)
    table: Floats = counts.reshape(k, -1, FOLDS)[1:, 1:].astype(np.float64)
    return table


def _others(parts: Floats) -> Floats:
    """Return the sums over the other parts, along the last axis."""
    return np.asarray(parts @ _OTHERS, dtype=np.float64)


def _saved(error: Floats, best: Floats, n: Floats) -> list[float | None]:
    known = (n >= MIN_ROWS) & (best > 1e-9)  # noqa: PLR2004 - rounding
    saved = np.clip(1.0 - error / np.where(known, best, 1.0), 0.0, 1.0)
    return [value if there else None for value, there in zip(saved.tolist(), known, strict=True)]
