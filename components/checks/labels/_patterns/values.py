"""The values by which doubted labels can heap up, for the rows that models were trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib.features import time_values, value_names
from components.checks.labels._fair.people import NO_GROUP, People
from components.core.data.dataset import Column, Kind, Role, Storage
from components.core.data.table import IntArray, Table
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

MAX_VALUES = 50
"""Different values up to which those of a column are looked at one by one."""
PERIODS = 10
"""Stretches of time with as many rows each."""
NO_VALUE = NO_GROUP


@dataclass(frozen=True, slots=True, eq=False)
class ColumnValues:
    """One column, and which of its values each row has.

    Attributes
    ----------
    of_row
        Place in ``names``, ``NO_VALUE`` for none; shape (n,).
    """

    column: str
    role: Role
    names: tuple[str, ...]
    of_row: IntArray


def values_of(
    table: Table, run: RunContext, people: Sequence[People], row_id: IntArray
) -> Iterator[ColumnValues]:
    """Yield the columns whose values are looked at: classes, groups, sources, times; no numbers.

    Columns that no model reads are among them: who labelled a row may stand in one.
    """
    groups = {one.attribute.name: one for one in people}
    columns = [c for c in table.version.columns if c.name not in groups and _is_asked(c, run)]
    frame = table.rows(row_id, columns=[c.name for c in columns]) if columns else None
    for column in table.version.columns:
        if column.name in groups:
            one = groups[column.name]
            names = tuple(group.name for group in one.attribute.groups)
            yield ColumnValues(column.name, column.role, names, one.of_row[row_id])
        elif frame is not None and column.name in frame:
            yield _periods(frame, column) if _is_time(column) else _levels(frame, column)


def _is_time(column: Column) -> bool:
    return column.storage is Storage.DATETIME


def _is_asked(column: Column, run: RunContext) -> bool:
    if column.role in {Role.LABEL, Role.ANNOTATOR} or column.kind in {Kind.EMPTY, Kind.CONSTANT}:
        return False
    if _is_time(column):
        return True
    is_level = column.storage in {Storage.TEXT, Storage.BOOLEAN, Storage.INTEGER}
    return is_level and run.profile.column(column.name).n_distinct <= MAX_VALUES


def _levels(frame: pd.DataFrame, column: Column) -> ColumnValues:
    codes, names = value_names(frame[column.name], column.spelling).factorize(sort=True)
    return ColumnValues(
        column.name, column.role, tuple(str(name) for name in names), codes.astype(np.int64)
    )


def _periods(frame: pd.DataFrame, column: Column) -> ColumnValues:
    """Cut time into stretches with as many rows each; rows without a time have none."""
    days = time_values(frame[column.name])[:, 0]
    there = ~np.isnan(days)
    if not there.any():
        return ColumnValues(column.name, column.role, (), np.full(len(days), NO_VALUE))
    cuts = np.unique(np.quantile(days[there], np.linspace(0, 1, PERIODS + 1)[1:-1]))
    code = np.where(there, np.searchsorted(cuts, days, side="right"), NO_VALUE).astype(np.int64)
    times = frame[column.name].to_numpy(dtype="datetime64[D]")
    names = []
    for number in range(len(cuts) + 1):
        own = times[code == number]
        names.append(f"{own.min()} to {own.max()}" if len(own) else "")
    return ColumnValues(column.name, column.role, tuple(names), code)
