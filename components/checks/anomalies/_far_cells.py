"""The cells that lie far beyond the others of their column, by itself enough to flag a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib import features
from components.checks._lib.features import FloatArray
from components.checks.anomalies._far_values import (
    NUMBERS_APART,
    TIMES_APART,
    Reach,
    codes_of,
    reach_of,
)
from components.core.judgement.row_evidence import BoolArray

if TYPE_CHECKING:
    import pandas as pd


MOSTLY, ALONE = 0.9, 1 - 1e-9
"""What is nearly all of a distance; and all of it, rounding left aside."""


@dataclass(frozen=True, slots=True)
class FarCell:
    """A cell far beyond the others; ``surprise`` is -log of the chance of such a value."""

    row_id: int
    column: str
    surprise: float


@dataclass(frozen=True, slots=True)
class Usual:
    """How the values of a column lie that are neither far nor codes.

    Attributes
    ----------
    middle
        The median.
    low, high
        What holds 99 % of them.
    codes
        Repeated values apart from them, ascending, such as -1; they are left out.
    code_share
        Share of the rows that hold one.
    """

    middle: float
    low: float | datetime
    high: float | datetime
    codes: tuple[float | datetime, ...] = ()
    code_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FarCells:
    """Where the far values of each column begin, and how the others lie, learnt from a sample."""

    reach: dict[str, Reach]
    usual: dict[str, Usual]

    def surprise(self, frame: pd.DataFrame) -> tuple[tuple[str, ...], FloatArray]:
        """Return the columns and -log of the chance of each far cell, shape (n, columns).

        It is 0 where a cell is not far.
        """
        names = tuple(self.reach)
        found = np.zeros((len(frame), len(names)))
        for j, name in enumerate(names):
            found[:, j] = self.reach[name].surprise(measured(frame[name]))
        return names, found


@dataclass(frozen=True, slots=True, kw_only=True)
class OneColumn:
    """What to do about rows whose distance comes from one number or time alone.

    A heavy tail makes distances, too; such a row must lie beyond the tail of its column.

    Attributes
    ----------
    origin
        The column of each standardised number.
    far
        Far cells with a chance that is not shared among the columns.
    mostly
        Share of the squares of a row's standardised numbers that is nearly all of its distance.
    """

    origin: tuple[str, ...]
    far: FarCells
    mostly: float = MOSTLY

    def supports(self, frame: pd.DataFrame, z: FloatArray) -> BoolArray:
        """Return which rows stay outliers, shape (n,); ``z`` has a column per ``origin``."""
        names, far = self.far.surprise(frame)
        whole = (z**2).sum(axis=1)
        stays = np.ones(len(frame), dtype=np.bool_)
        for j, name in enumerate(names):
            own = (z[:, [o == name for o in self.origin]] ** 2).sum(axis=1)
            stays &= (own < self.mostly * whole) | (far[:, j] > 0)
        return stays


def measured(series: pd.Series) -> FloatArray:
    """Return the numbers of a column, or its times as days; missing is NaN, shape (n,)."""
    if series.dtype.kind == "M":
        return np.asarray(features.time_values(series)[:, 0])
    return features.number_values(series)


def measured_names(frame: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """Return those of the columns that have an order and distances, codes as numbers, too."""
    return tuple(name for name in names if frame[name].dtype.kind in "iufM")


def learn(frame: pd.DataFrame, names: Sequence[str], *, chance: float, seen: float) -> FarCells:
    """Learn from a sample where the far values of the columns ``names`` begin.

    Parameters
    ----------
    chance
        Of finding any far cell at one end of a column where none is.
    seen
        Share of the rows of the table that are in ``frame``, in (0, 1].
    """
    reach, usual = {}, {}
    for name in names:
        values, is_time = measured(frame[name]), frame[name].dtype.kind == "M"
        apart = TIMES_APART if is_time else NUMBERS_APART
        found = reach_of(values, chance=chance, seen=seen, apart=apart)
        if found is not None:
            reach[name] = found
            usual[name] = _usual(values, found, is_time=is_time)
    return FarCells(reach=reach, usual=usual)


def _usual(values: FloatArray, reach: Reach, *, is_time: bool) -> Usual:
    present = values[~np.isnan(values)]
    others = np.sort(present[(present > -reach.low.value) & (present < reach.high.value)])
    below, above = codes_of(-others[::-1]), codes_of(others)
    codes = np.concatenate([others[:below], others[len(others) - above :]])
    if len(codes) > len(others) / 2:  # what most rows hold is the usual
        below = above = 0
        codes = codes[:0]
    others = others[below : len(others) - above]
    low, high = np.quantile(others, [0.005, 0.995], method="nearest")
    return Usual(
        middle=float(np.median(others)),
        low=_plain(float(low), is_time=is_time),
        high=_plain(float(high), is_time=is_time),
        codes=tuple(_plain(float(v), is_time=is_time) for v in np.unique(codes)),
        code_share=len(codes) / len(values),
    )


def _plain(value: float, *, is_time: bool) -> float | datetime:
    if not is_time:
        return value
    return datetime(1970, 1, 1) + timedelta(days=value)  # noqa: DTZ001 - times have no zone here
