"""What a column says of the label beyond what the order of time says.

Two columns that both merely change over time tell each other well in rows at random, since rows
near in time are alike (Granger, Newbold 1974, Spurious regressions in econometrics, Journal of
Econometrics 2; their remedy is to compare changes). So what changes from one row to the next is
looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.column_scores.splits import is_time, numbers_of
from components.checks._lib.features import FloatArray
from components.core.data.dataset import Column
from components.core.data.table import IntArray
from components.profiling.pair_measures.ranks import spearman

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
"""Rows at a change below which nothing is said of them."""
MOST_TIMES = 4
"""Columns of time that are looked at."""


@dataclass(frozen=True, slots=True)
class TimeOrder:
    """Rows that have a time, the earliest first.

    Attributes
    ----------
    rows
        Positions of rows, shape (n,).
    """

    column: str
    rows: IntArray


@dataclass(frozen=True, slots=True)
class AlongTime:
    """How much of what changes from one row to the next a column tells.

    Attributes
    ----------
    time
        The column by which the rows are ordered.
    told
        In [0, 1]. A number as label: the squared correlation of its steps with those of the
        prediction, or of the column itself. Classes: the share told right over guessing, in rows
        beside which another class stands; where these are few, 1 less ``drift``.
    n
        Steps, or rows beside another class.
    drift
        Where these are few: how far a number changes along time within the classes, the absolute
        rank correlation, mean over the classes by rows. A copy of the label changes with it only.
    """

    time: str
    told: float
    n: int
    drift: float | None = None


def orders(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[TimeOrder]:
    """Return the order of the rows by each of the first columns of time."""
    found: list[TimeOrder] = []
    for column in columns:
        times = numbers_of(frame[column.name], column) if is_time(column) else None
        if times is None or len(found) == MOST_TIMES:
            continue
        rows = np.flatnonzero(~np.isnan(times))
        found.append(TimeOrder(column.name, rows[np.argsort(times[rows], kind="stable")]))
    return found


def n_changes(y: IntArray, order: TimeOrder) -> int:
    """Return how often the class changes from one row to the next."""
    return int(np.count_nonzero(np.diff(y[order.rows])))


def beside_changes(
    credit: FloatArray, x: FloatArray | None, y: IntArray, k: int, order: TimeOrder
) -> AlongTime | None:
    """Return how well classes are told right where the next or the former row has another.

    Parameters
    ----------
    credit
        What each row counts, 1 where its class is told right, shape (n,).
    x
        The values of a number; None for other columns.
    """
    rows = order.rows if x is None else order.rows[~np.isnan(x[order.rows])]
    changes = np.flatnonzero(np.diff(y[rows]))
    beside = rows[np.union1d(changes, changes + 1)]
    if len(beside) < FEWEST:
        return None if x is None else _drifting(x[rows], y[rows], order, len(beside))
    right = float(credit[beside].mean())
    return AlongTime(order.column, max(0.0, (right - 1 / k) / (1 - 1 / k)), len(beside))


def _drifting(x: FloatArray, y: IntArray, order: TimeOrder, n: int) -> AlongTime:
    """Return how far a number changes along time within the classes, rows in their order."""
    drift = 0.0
    for c in np.unique(y):
        own = x[y == c]
        drift += len(own) / len(x) * abs(spearman(own, np.arange(len(own), dtype=np.float64)))
    return AlongTime(order.column, 1.0 - drift, n, drift=drift)


def of_steps(
    predicted: FloatArray, x: FloatArray, y: FloatArray, known: NDArray[np.bool_], order: TimeOrder
) -> AlongTime | None:
    """Return how much of the steps of a number is told.

    The prediction of a tree has steps of its own, so the column as it is counts, too.

    Parameters
    ----------
    predicted, x, y
        What is predicted of a row that was left out, the column, and the label; shape (n,).
    known
        Whether the row was tested and its column has a value.
    """
    rows = order.rows[known[order.rows] & ~np.isnan(x[order.rows])]
    if len(rows) <= FEWEST:
        return None
    steps = np.diff(y[rows])
    told = [_squared_correlation(np.diff(v[rows]), steps) for v in (predicted, x)]
    if not steps.any():
        return None
    return AlongTime(order.column, max(told), len(steps))


def _squared_correlation(one: FloatArray, other: FloatArray) -> float:
    spread = float(np.std(one) * np.std(other))
    if not spread > 0:
        return 0.0
    return min(1.0, float(np.mean((one - one.mean()) * (other - other.mean())) / spread) ** 2)


def least(found: list[AlongTime | None]) -> AlongTime | None:
    """Return where a column tells least: along one time it may only follow the others."""
    return min((a for a in found if a is not None), key=lambda a: a.told, default=None)
