"""Small helpers for asking a table and reading its answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import numpy as np

from components.core.data.query import Agg, Condition, OneOf, Scalar
from components.core.data.table import Table

T = TypeVar("T")

MEASURES_AT_ONCE = 200
"""Measures per statement; wide tables are asked in several passes."""


def whole(value: Scalar) -> int:
    """Return a count of the engine as an ``int``; None is 0."""
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0


def real(value: Scalar) -> float:
    """Return a number of the engine as a ``float``; None is NaN."""
    return float(value) if isinstance(value, int | float) else math.nan


def cells(
    table: Table,
    column: str,
    values: tuple[str | int | float | bool | datetime, ...],
    *,
    limit: int,
) -> list[tuple[int, str]]:
    """Return the first rows of ``column`` that hold one of ``values``, with the value as text."""
    rows = table.row_ids(OneOf(column, values), limit=limit) if limit > 0 else np.empty(0, np.int64)
    if not len(rows):
        return []
    text_of = table.version.column(column).text_of
    if len(values) == 1:
        return [(row, text_of(values[0])) for row in rows.tolist()]
    found = table.rows(rows, columns=[column])[column]
    return list(zip(rows.tolist(), map(text_of, found.tolist()), strict=True))


def chunks(items: Sequence[T], size: int = MEASURES_AT_ONCE) -> Iterator[Sequence[T]]:
    """Yield ``items`` in parts of ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def aggregate_all(
    table: Table, measures: Mapping[str, Agg], *, where: Condition | None = None
) -> dict[str, Scalar]:
    """Return what :meth:`Table.aggregate` returns, however many measures there are."""
    answer: dict[str, Scalar] = {}
    for part in chunks(list(measures.items())):
        answer |= table.aggregate(dict(part), where=where)
    return answer
