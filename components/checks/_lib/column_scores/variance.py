"""How much of the variance of a numeric label one column explains in rows that were left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.column_scores.repeated_values import ENTITY_FROM, is_repeated
from components.checks._lib.column_scores.score import ColumnScore
from components.checks._lib.column_scores.splits import (
    FEW_VALUES,
    is_time,
    numbers_of,
    splits_of,
    tested,
)
from components.checks._lib.column_scores.time_order import TimeOrder, least, of_steps
from components.checks._lib.features import FloatArray
from components.checks._lib.stats import explained_interval
from components.core.data.dataset import Column
from components.core.data.table import IntArray

if TYPE_CHECKING:
    import pandas as pd

LEAVES = 256
MIN_LEARNT = 10
"""Rows to learn from below which nothing is predicted."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is to be told of each row: a number.

    Attributes
    ----------
    fold
        The part that it is left out with, shape (n,).
    orders
        The rows by time.
    """

    y: FloatArray
    fold: IntArray
    orders: list[TimeOrder]


def variance_score(series: pd.Series, column: Column, label: Numbers) -> ColumnScore:
    """Return the share of the variance of the label that a column explains."""
    from sklearn.tree import DecisionTreeRegressor

    numeric = numbers_of(series, column)
    y, fold = label.y, label.fold
    codes, uniques = series.factorize(sort=False)
    x = numeric if numeric is not None else _by_mean(codes, y, fold)
    known = ~np.isnan(x)
    predicted = np.full(len(y), y.mean())
    splits = splits_of(column, numeric, fold, known)
    for train, test in splits:
        if train.sum() >= MIN_LEARNT and test.any():
            tree = DecisionTreeRegressor(max_leaf_nodes=LEAVES, min_samples_leaf=3, random_state=0)
            predicted[test] = tree.fit(x[train, None], y[train]).predict(x[test, None])
    counted = ~known | tested(splits)
    lost, own = (y - predicted)[counted] ** 2, y[counted]
    ends = explained_interval(lost, (own - own.mean()) ** 2)
    low, score, high = (min(1.0, max(0.0, v)) for v in ends)
    few = numeric is None or len(uniques) <= FEW_VALUES
    return ColumnScore(
        column=column.name,
        score=score,
        low=low,
        high=high,
        n_levels=len(uniques) if few else 0,
        is_entity=numeric is None and score >= ENTITY_FROM and is_repeated(codes),
        along_time=None
        if is_time(column)
        else least([of_steps(predicted, x, y, known, order) for order in label.orders]),
    )


def _by_mean(codes: NDArray[np.intp], y: FloatArray, fold: IntArray) -> FloatArray:
    """Return the mean label per value, made without the row's own fold; NaN for new values."""
    x = np.full(len(y), np.nan)
    for number in np.unique(fold):
        train, test = (fold != number) & (codes >= 0), (fold == number) & (codes >= 0)
        n = np.bincount(codes[train], minlength=int(codes.max(initial=0)) + 1)
        total = np.bincount(codes[train], weights=y[train], minlength=len(n))
        means = np.where(n > 0, total / np.maximum(1, n), np.nan)
        x[test] = means[codes[test]]
    return x
