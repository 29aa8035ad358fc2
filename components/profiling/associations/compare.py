"""Pairs of columns: each by the measure for its kinds, with its predictive power."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from components.core.facts.associations import AssociationMeasure, Pair
from components.core.progress import Progress, silent
from components.profiling.associations.matrix_order import DIGITS
from components.profiling.pair_measures import coefficients as measures
from components.profiling.pair_measures.codes import Floats, Prepared
from components.profiling.pair_measures.predictive_power import Sides, powers, sides


@dataclass(kw_only=True)
class Work:
    """The columns that are compared, and what is known about them so far.

    Attributes
    ----------
    fold
        The part of each row for predictive power, shape (n,).
    columns
        Those of which all pairs are compared, the label last.
    with_label
        Column -> its pair with the label.
    left_out
        Column -> why it is not compared.
    """

    fold: NDArray[np.int64]
    columns: list[Prepared] = field(default_factory=list)
    label: Prepared | None = None
    with_label: dict[str, Pair] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    _sides: dict[str, Sides] = field(default_factory=dict)

    @property
    def strengths(self) -> dict[str, float]:
        """Column -> its strength with the label."""
        return {name: pair.strength for name, pair in self.with_label.items()}

    def side(self, column: Prepared) -> Sides:
        """Return a column as what predicts and is predicted, made once."""
        if column.name not in self._sides:
            self._sides[column.name] = sides(column, self.fold)
        return self._sides[column.name]

    def keep(self, columns: Sequence[Prepared]) -> None:
        """Forget the sides of all other columns."""
        names = {column.name for column in columns}
        self._sides = {name: side for name, side in self._sides.items() if name in names}

    def add_with_label(self, column: Prepared, label: Prepared) -> None:
        """Compare a column with the label."""
        for pair in all_pairs([column, label], silent).pairs():
            here, there = self.side(column), self.side(label)
            first, second = powers(here, [there])[0], powers(there, [here])[0]
            self.with_label[column.name] = _powered(pair, first, second)


def strongest_first(pair: Pair) -> tuple[float, str, str]:
    """Return the key that sorts pairs."""
    return -pair.strength, pair.first, pair.second


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPairs:
    """All pairs of some columns; symmetric, shapes (p, p).

    Attributes
    ----------
    values
        The measure for the kinds of both; NaN where it is not defined.
    pearson
        Pearson's correlation; NaN where one is no number or does not vary.
    n
        Rows with both values.
    """

    columns: Sequence[Prepared]
    values: Floats
    pearson: Floats
    n: NDArray[np.int64]

    def pairs(self, most: int | None = None) -> list[Pair]:
        """Return the pairs that are defined, strongest first, at most so many."""
        i, j = self._defined()
        return self._strongest(i, j, most)

    def pairs_with(self, column: Prepared) -> list[Pair]:
        """Return the pairs of one column that are defined, strongest first."""
        i, j = self._defined()
        place = next((k for k, c in enumerate(self.columns) if c is column), -1)
        of_it = (i == place) | (j == place)
        return self._strongest(i[of_it], j[of_it], None)

    def _strongest(
        self, i: NDArray[np.int64], j: NDArray[np.int64], most: int | None
    ) -> list[Pair]:
        names = [column.name for column in self.columns]
        rank = {name: place for place, name in enumerate(sorted(names))}
        places = np.array([rank[name] for name in names], dtype=np.int64)
        order = np.lexsort((places[j], places[i], -np.abs(self.values[i, j])))[:most]
        return [self._pair(a, b) for a, b in zip(i[order].tolist(), j[order].tolist(), strict=True)]

    def rank_rows(self) -> NDArray[np.int64]:
        """Return the rows of each rank correlation."""
        is_number = np.array([column.is_numeric for column in self.columns], dtype=bool)
        i, j = self._defined()
        both = is_number[i] & is_number[j]
        rows: NDArray[np.int64] = self.n[i[both], j[both]]
        return rows

    def _defined(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        i, j = np.nonzero(~np.isnan(np.triu(self.values, 1)))
        return i[i < j], j[i < j]

    def _pair(self, i: int, j: int) -> Pair:
        first, second = self.columns[i], self.columns[j]
        pearson = float(self.pearson[i, j])
        return Pair(
            first=first.name,
            second=second.name,
            measure=_MEASURES[first.is_numeric + second.is_numeric],
            value=float(self.values[i, j]),
            n=int(self.n[i, j]),
            pearson=None if math.isnan(pearson) else pearson,
        )


_MEASURES = (
    AssociationMeasure.CRAMERS_V,
    AssociationMeasure.CORRELATION_RATIO,
    AssociationMeasure.SPEARMAN,
)
"""By how many of two columns are numbers."""


def all_pairs(columns: Sequence[Prepared], say: Progress) -> AllPairs:
    """Return how each two of the columns go together, figures rounded to :data:`DIGITS`."""
    p = len(columns)
    values, pearson, n = np.full((p, p), np.nan), np.full((p, p), np.nan), np.zeros((p, p), int)
    numbers = np.array([i for i, c in enumerate(columns) if c.is_numeric], dtype=np.int64)
    categories = np.array([i for i, c in enumerate(columns) if not c.is_numeric], dtype=np.int64)
    some_numbers, some_categories = [columns[i] for i in numbers], [columns[i] for i in categories]
    at = np.ix_(numbers, numbers)
    found = measures.correlations(some_numbers, lambda: say(0.4, "ranks"))
    values[at], pearson[at], n[at] = found.spearman, found.pearson, found.n
    at = np.ix_(numbers, categories)
    values[at], n[at] = measures.correlation_ratios(
        some_numbers, some_categories, lambda: say(0.6, "numbers and categories")
    )
    values.T[at], n.T[at] = values[at], n[at]
    at = np.ix_(categories, categories)
    values[at], n[at] = measures.all_cramers_v(some_categories, lambda: say(0.7, "categories"))
    return AllPairs(
        columns=columns,
        values=np.round(values, DIGITS) + 0.0,
        pearson=np.round(pearson, DIGITS) + 0.0,
        n=n,
    )


def with_power(work: Work, pairs: Collection[Pair], say: Progress) -> dict[Pair, Pair]:
    """Return each pair with its predictive power; the pairs with the label may know it already."""
    label = work.label.name if work.label else ""
    known = {
        p: work.with_label[p.first]
        for p in pairs
        if p.second == label and p.first in work.with_label
    }
    rest = [pair for pair in pairs if pair not in known]
    found = _powers(work, rest, say)
    both = ((p, found[p.first, p.second], found[p.second, p.first]) for p in rest)
    return known | {pair: _powered(pair, first, second) for pair, first, second in both}


def _powers(
    work: Work, pairs: Sequence[Pair], say: Progress
) -> dict[tuple[str, str], float | None]:
    """Return (column, other one) -> how much the column tells about the other one."""
    columns = {column.name: column for column in work.columns}
    asked: dict[str, list[str]] = {}
    for pair in pairs:
        asked.setdefault(pair.first, []).append(pair.second)
        asked.setdefault(pair.second, []).append(pair.first)
    found: dict[tuple[str, str], float | None] = {}
    for i, (name, others) in enumerate(asked.items()):
        say(0.8 + 0.18 * i / len(asked), "predictive power")
        values = powers(work.side(columns[name]), [work.side(columns[other]) for other in others])
        found |= {(name, other): value for other, value in zip(others, values, strict=True)}
    return found


def _powered(pair: Pair, first: float | None, second: float | None) -> Pair:
    return replace(pair, first_predicts=_rounded(first), second_predicts=_rounded(second))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
