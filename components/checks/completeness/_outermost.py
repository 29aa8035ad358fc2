"""The few smallest and largest different values of many columns, in one pass over the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask
from components.core.data.dataset import Column, Storage
from components.core.data.table import Table

if TYPE_CHECKING:
    import pandas as pd

OUTERMOST = 5
CELLS_AT_ONCE = 2_000_000
Plain = int | float | datetime
Seen = dict[str, list[tuple[Plain, int]]]
"""Outermost values with their rows, per end (``low``, ``high``), from the end inwards."""
Counted = tuple[NDArray[Any], NDArray[np.int64]]

_PLAIN = {
    Storage.INTEGER: np.dtype("int64"),
    Storage.NUMBER: np.dtype("float64"),
    Storage.DATETIME: np.dtype("datetime64[us]"),
}


def outermost(
    table: Table, columns: Sequence[Column], progress: Callable[[float], None]
) -> dict[str, Seen]:
    """Return both ends of each column of numbers or times; infinite values are left out.

    A query per column would open the file as many times as it has columns.
    """
    found: dict[str, Seen] = {}
    for part in ask.chunks(columns):
        progress(len(found) / len(columns))
        found |= _of_part(table, part, progress, (len(found), len(columns)))
    return found


def _of_part(
    table: Table,
    columns: Sequence[Column],
    progress: Callable[[float], None],
    before: tuple[int, int],
) -> dict[str, Seen]:
    """Return the ends of some columns; ``before`` is how many are done, of how many."""
    low: dict[str, Counted] = {}
    high: dict[str, Counted] = {}
    done = 0
    size = max(1_000, CELLS_AT_ONCE // len(columns))
    for batch in table.batches(columns=[c.name for c in columns], size=size):
        progress((before[0] + len(columns) * done / max(1, batch.n_total)) / before[1])
        done += len(batch.row_id)
        for column in columns:
            values, counts = np.unique(
                _present(batch.frame[column.name], column), return_counts=True
            )
            first, last = slice(OUTERMOST), slice(-OUTERMOST, None)
            low[column.name] = _merged(low.get(column.name), (values, counts), first)
            high[column.name] = _merged(high.get(column.name), (values, counts), last)
    return {name: {"low": _pairs(low[name]), "high": _pairs(high[name])[::-1]} for name in low}


def _present(series: pd.Series, column: Column) -> NDArray[Any]:
    values = series.dropna().to_numpy(dtype=_PLAIN[column.storage])
    return np.asarray(values[np.isfinite(values)])


def _merged(before: Counted | None, more: Counted, kept: slice) -> Counted:
    """Return the outermost values of both, with their rows added up."""
    more = more[0][kept], more[1][kept]
    if before is None:
        return more
    values, place = np.unique(np.concatenate([before[0], more[0]]), return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, place, np.concatenate([before[1], more[1]]))
    return values[kept], counts[kept]


def _pairs(counted: Counted) -> list[tuple[Plain, int]]:
    return list(zip(counted[0].tolist(), counted[1].tolist(), strict=True))
