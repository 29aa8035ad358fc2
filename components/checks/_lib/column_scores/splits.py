"""Rows to learn from and rows to test, and the numbers of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features
from components.checks._lib.features import FloatArray
from components.core.data.dataset import Column, Kind, Role, Storage
from components.core.data.table import IntArray

if TYPE_CHECKING:
    import pandas as pd

TIME_BLOCKS = 5
"""Stretches of time of equal size; each but the first is told from those before it."""
FEW_VALUES = 50
"""Different values of a number up to which it is a code; more is a scale."""
Splits = list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]


def splits_of(
    column: Column, numeric: FloatArray | None, fold: IntArray, present: NDArray[np.bool_]
) -> Splits:
    """Return the rows to learn from and those to test, several times.

    A time is learnt from the rows before it only: neighbours in time are alike, so with folds at
    random every trend would give its label away.
    """
    if numeric is None or not is_time(column) or not present.any():
        return [((fold != f) & present, (fold == f) & present) for f in np.unique(fold)]
    cuts = np.quantile(numeric[present], np.linspace(0, 1, TIME_BLOCKS + 1)[1:-1])
    block = np.searchsorted(cuts, numeric, side="right")
    return [((block < b) & present, (block == b) & present) for b in range(1, TIME_BLOCKS)]


def tested(splits: Splits) -> NDArray[np.bool_]:
    """Return which rows are tested, shape (n,)."""
    return np.asarray(np.logical_or.reduce([test for _, test in splits]))


def is_time(column: Column) -> bool:
    """Whether a column says when something was."""
    return column.kind is Kind.DATETIME or column.role is Role.TIME


def numbers_of(series: pd.Series, column: Column) -> FloatArray | None:
    """Return the values of a number or a time, NaN where there is none; None for other columns."""
    if column.kind is Kind.DATETIME and column.storage is Storage.DATETIME:
        return np.asarray(features.time_values(series)[:, 0])
    if column.is_number:
        return features.number_values(series)
    return None
