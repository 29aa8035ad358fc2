"""How well one column tells the class of rows that were left out."""

from __future__ import annotations

import math
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
from components.checks._lib.column_scores.time_order import TimeOrder, beside_changes, least
from components.checks._lib.features import FloatArray
from components.checks._lib.stats import wilson
from components.core.data.dataset import Column
from components.core.data.table import IntArray

if TYPE_CHECKING:
    import pandas as pd

LEAVES = 32
"""Leaves of the tree of a number, more where the label has more than half as many classes."""


@dataclass(frozen=True, slots=True)
class Classes:
    """What is to be told of each row.

    Attributes
    ----------
    y
        The number of its class, from 0 to ``k`` - 1, shape (n,).
    fold
        The part that it is left out with, shape (n,).
    orders
        The rows by time.
    """

    y: IntArray
    k: int
    fold: IntArray
    orders: list[TimeOrder]


def class_score(series: pd.Series, column: Column, classes: Classes) -> ColumnScore:
    """Return how well a column tells the classes, each counting alike."""
    y, k, fold = classes.y, classes.k, classes.fold
    credit = np.full(len(y), 1.0 / k)
    present = series.notna().to_numpy()
    numeric = numbers_of(series, column)
    codes, uniques = series.factorize(sort=False)
    splits = splits_of(column, numeric, fold, present)
    for train, test in splits:
        if len(np.unique(y[train])) < 2 or not test.any():  # noqa: PLR2004 - nothing learnt
            continue
        credit[test] = (
            _rates_credit(codes, y, k, train, test)
            if numeric is None
            else _tree_credit(numeric, y, k, train, test)
        )
    low, score, high = _over_guessing(credit, y, k, ~present | tested(splits))
    few = numeric is None or len(uniques) <= FEW_VALUES
    return ColumnScore(
        column=column.name,
        score=max(0.0, score),
        low=max(0.0, low),
        high=min(1.0, max(0.0, high)),
        n_levels=len(uniques) if few else 0,
        is_entity=score >= ENTITY_FROM
        and is_repeated(codes)
        and (numeric is None or _new_values_score(numeric, codes, y, k) < score / 2),
        along_time=None
        if is_time(column)
        else least([beside_changes(credit, numeric, y, k, order) for order in classes.orders]),
    )


def _over_guessing(
    credit: FloatArray, y: IntArray, k: int, counted: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return the low end, the score and the high end: balanced accuracy over guessing.

    The limits of the classes are those of Wilson, put together by MOVER (Zou, Donner 2008,
    Statistics in Medicine 27): all right in ten rows is not sure to be right always.
    """
    shares, ends = [], []
    for c in range(k):
        own = credit[counted & (y == c)]
        hits = float(own.sum()) if len(own) else 1.0 / k
        shares.append(hits / max(1, len(own)))
        ends.append(wilson(hits, max(1, len(own))))
    p, limits = np.array(shares), np.array(ends)
    mean = float(p.mean())
    low = mean - math.sqrt(float(np.square(p - limits[:, 0]).sum())) / k
    high = mean + math.sqrt(float(np.square(limits[:, 1] - p).sum())) / k
    return (low - 1 / k) / (1 - 1 / k), (mean - 1 / k) / (1 - 1 / k), (high - 1 / k) / (1 - 1 / k)


def _new_values_score(x: FloatArray, codes: NDArray[np.intp], y: IntArray, k: int) -> float:
    """Return the score of a number where all rows of a value are left out together."""
    credit, present = np.full(len(y), 1.0 / k), codes >= 0
    for number in range(5):
        train, test = present & (codes % 5 != number), present & (codes % 5 == number)
        if len(np.unique(y[train])) > 1 and test.any():
            credit[test] = _tree_credit(x, y, k, train, test)
    return _over_guessing(credit, y, k, present)[1]


def _rates_credit(
    codes: NDArray[np.intp], y: IntArray, k: int, train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> FloatArray:
    """Predict the class whose share of the value is largest; ties and new values share."""
    n_levels = int(codes.max()) + 1
    counts = np.bincount(codes[train] * k + y[train], minlength=n_levels * k).reshape(n_levels, k)
    shares = counts / np.maximum(1, np.bincount(y[train], minlength=k))
    own = shares[codes[test]]
    best = np.isclose(own, own.max(axis=1, keepdims=True))
    return np.asarray(best[np.arange(len(best)), y[test]] / best.sum(axis=1))


def _tree_credit(
    x: FloatArray, y: IntArray, k: int, train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> FloatArray:
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_leaf_nodes=max(LEAVES, 2 * k),
        min_samples_leaf=5,
        class_weight="balanced",
        random_state=0,
    )
    tree.fit(x[train, None], y[train])
    return np.asarray(tree.predict(x[test, None]) == y[test], dtype=np.float64)
