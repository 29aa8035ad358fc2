"""Pairs of columns: each by the measure for its kinds, with its predictive power."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from components.core.associations import Measure, Pair
from components.core.progress import Progress
from components.profiling import associations_pairs as measures
from components.profiling.associations_columns import Floats, Prepared
from components.profiling.associations_order import DIGITS
from components.profiling.associations_power import Sides, power, sides


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

    def add_with_label(self, column: Prepared, label: Prepared) -> None:
        """Compare a column with the label."""
        pair = pair_of(column, label)
        if pair is not None:
            here = sides(column, self.fold)
            self.with_label[column.name] = _powered(pair, here, self.side(label))


def strongest_first(pair: Pair) -> tuple[float, str, str]:
    """Return the key that sorts pairs."""
    return -pair.strength, pair.first, pair.second


def pair_of(first: Prepared, second: Prepared) -> Pair | None:
    """Return the pair of two columns; None where its measure is not defined."""
    if first.is_numeric and second.is_numeric:
        found = measures.correlations([first, second], _nothing)
        return _numbers(first, second, found, (0, 1))
    if first.is_numeric or second.is_numeric:
        number, category = (first, second) if first.is_numeric else (second, first)
        ratios, rows = measures.correlation_ratios([number], [category], _nothing)
        value, n = float(ratios[0, 0]), int(rows[0, 0])
        return _pair(first, second, Measure.CORRELATION_RATIO, value, n)
    value, n = measures.cramers_v(first, second)
    return _pair(first, second, Measure.CRAMERS_V, value, n)


def all_pairs(work: Work, say: Progress) -> tuple[Floats, list[Pair]]:
    """Return the matrix of all pairs (NaN where not defined) and the pairs, without power."""
    columns = work.columns
    numbers = [i for i, column in enumerate(columns) if column.is_numeric]
    categories = [i for i, column in enumerate(columns) if not column.is_numeric]
    pairs: list[Pair | None] = []
    found = measures.correlations([columns[i] for i in numbers], lambda: say(0.4, "ranks"))
    for a, b in combinations(range(len(numbers)), 2):
        pairs.append(_numbers(columns[numbers[a]], columns[numbers[b]], found, (a, b)))
    ratios, rows = measures.correlation_ratios(
        [columns[i] for i in numbers],
        [columns[i] for i in categories],
        lambda: say(0.6, "numbers and categories"),
    )
    for (a, i), (b, j) in product(enumerate(numbers), enumerate(categories)):
        one, other = columns[min(i, j)], columns[max(i, j)]
        value, n = float(ratios[a, b]), int(rows[a, b])
        pairs.append(_pair(one, other, Measure.CORRELATION_RATIO, value, n))
    for i, j in combinations(categories, 2):
        say(0.7, "categories")
        value, n = measures.cramers_v(columns[i], columns[j])
        pairs.append(_pair(columns[i], columns[j], Measure.CRAMERS_V, value, n))
    defined = [pair for pair in pairs if pair is not None]
    return _values(columns, defined), defined


def with_power(work: Work, pairs: Sequence[Pair], say: Progress) -> tuple[Pair, ...]:
    """Return the pairs with their predictive power."""
    columns = {column.name: column for column in work.columns}
    label = work.label.name if work.label else ""
    found = []
    for i, pair in enumerate(pairs):
        say(0.8 + 0.18 * i / len(pairs), "predictive power")
        if pair.second == label:
            found.append(work.with_label[pair.first])
        else:
            one, other = work.side(columns[pair.first]), work.side(columns[pair.second])
            found.append(_powered(pair, one, other))
    return tuple(found)


def _powered(pair: Pair, one: Sides, other: Sides) -> Pair:
    return replace(
        pair,
        first_predicts=_rounded(power(one, other)),
        second_predicts=_rounded(power(other, one)),
    )


def _values(columns: Sequence[Prepared], pairs: Sequence[Pair]) -> Floats:
    place = {column.name: i for i, column in enumerate(columns)}
    values = np.full((len(columns), len(columns)), np.nan)
    for pair in pairs:
        i, j = place[pair.first], place[pair.second]
        values[i, j] = values[j, i] = pair.value
    return values


def _numbers(
    first: Prepared, second: Prepared, found: measures.Correlations, at: tuple[int, int]
) -> Pair | None:
    pearson = float(found.pearson[at])
    pair = _pair(first, second, Measure.SPEARMAN, float(found.spearman[at]), int(found.n[at]))
    if pair is None or math.isnan(pearson):
        return pair
    return replace(pair, pearson=round(pearson, DIGITS))


def _pair(first: Prepared, second: Prepared, measure: Measure, value: float, n: int) -> Pair | None:
    if math.isnan(value):
        return None
    return Pair(
        first=first.name, second=second.name, measure=measure, value=round(value, DIGITS) + 0.0, n=n
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _nothing() -> None:
    """Tell nobody."""
