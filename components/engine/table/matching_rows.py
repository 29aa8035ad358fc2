"""Paging through the rows that match a filter: their number, one page, values to choose from.

A page deep inside ten million rows must not cost more than the first one. So the matching rows are
counted once per block of row ids; the block that holds a page is then read alone. Under an order
of values the engine keeps the rows up to the page, from whichever end is nearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.core.data.query import Condition, Scalar
from components.core.data.table import IntArray
from components.engine.connect import connect
from components.engine.sql.aggregates import count_if, only
from components.engine.sql.expressions import (
    condition,
    field,
    find,
    named,
    parquet,
    select,
    text_of,
)
from components.engine.table.open_table import SqlTable

_ASKED = "asked"
BLOCK = 65_536
"""Row ids per block; about half a row group of the stored table."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The rows that a file of scores flags, or (``wanted`` False) all others.

    Attributes
    ----------
    path
        A Parquet file with ``row_id`` and ``flagged``; a row may stand in it more than once.
    """

    path: Path
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Either:
    """The rows for which at least one of ``inner``, which is not empty, holds."""

    inner: tuple[One, ...]


One = Condition | Marks | Either
Wanted = tuple[One, ...]
"""All of them hold for the rows that are looked at."""


@dataclass(frozen=True, slots=True)
class Order:
    """By the values of a column; missing ones last, equal ones by row id."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the matching rows lie.

    Attributes
    ----------
    counts
        Matching rows per block of ``BLOCK`` row ids, shape (n_blocks,).
    """

    counts: IntArray

    @property
    def total(self) -> int:
        """Matching rows in all."""
        return int(self.counts.sum())


def spread(table: SqlTable, wanted: Wanted) -> Spread:
    """Count the rows that match, in one pass over the columns that are asked about."""
    n_rows = table.version.n_rows
    edges = np.arange(0, n_rows + BLOCK, BLOCK)
    counts = np.diff(np.minimum(edges, n_rows)).astype(np.int64)
    if not wanted:
        return Spread(counts)
    block = exp.IntDiv(this=field(ROW_ID), expression=exp.Literal.number(BLOCK))
    statement = _matching(table, [named(block, "block"), named(count_if(None), "rows")], wanted)
    counts[:] = 0
    for record in table.query(statement.group_by(exp.Literal.number(1))):
        counts[_whole(record["block"])] = _whole(record["rows"])
    return Spread(counts)


def page(
    table: SqlTable,
    wanted: Wanted,
    found: Spread,
    *,
    offset: int,
    limit: int,
    order: Order | None = None,
) -> IntArray:
    """Return the ids of the matching rows ``offset`` to ``offset + limit``, in order.

    Parameters
    ----------
    found
        The spread of the same ``wanted``.
    order
        None: by row id.
    """
    n = min(limit, found.total - offset)
    if n <= 0 or offset < 0:
        return np.empty(0, dtype=np.int64)
    if order is None:
        return _by_id(table, wanted, found, range(offset, offset + n))
    return _by_value(table, wanted, found.total, range(offset, offset + n), order)


def place(table: SqlTable, wanted: Wanted, found: Spread, row_id: int) -> int:
    """Return how many matching rows come before the row ``row_id``, by row id."""
    block = min(max(row_id, 0) // BLOCK, len(found.counts))
    before = int(found.counts[:block].sum())
    inside = _between(block * BLOCK, max(row_id, 0))
    statement = _matching(table, [named(count_if(None), "rows")], wanted).where(inside)
    return before + _whole(table.query(statement)[0]["rows"])


def values(table: SqlTable, column: str, wanted: Wanted, *, limit: int) -> list[tuple[Scalar, int]]:
    """Return the most frequent values of a column among the matching rows, with their rows.

    Missing ones are left out; equally frequent ones come in the order of the values.
    """
    one = field(find(table.version, column).field)
    statement = _matching(table, [named(one, "value"), named(count_if(None), "rows")], wanted)
    there = exp.not_(exp.Is(this=one.copy(), expression=exp.null()))
    grouped = statement.where(there).group_by(one.copy())
    by_count = exp.Ordered(this=field("rows"), desc=True, nulls_first=False)
    ordered = grouped.order_by(by_count, exp.Ordered(this=field("value"))).limit(limit)
    return [(r["value"], _whole(r["rows"])) for r in table.query(ordered)]


def extent(table: SqlTable, column: str) -> tuple[Scalar, Scalar]:
    """Return the smallest and the largest value of a column, None where it has none."""
    one = field(find(table.version, column).field)
    smallest, largest = exp.Min(this=one), exp.Max(this=one.copy())
    statement = select([named(only(smallest, None), "low"), named(only(largest, None), "high")])
    record = table.query(statement)[0]
    return record["low"], record["high"]


def lines(path: Path, row_ids: Sequence[int] | IntArray, fields: Sequence[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return ``fields`` of some rows of a Parquet file as an Arrow table, by row id.

    Rows that are not in the file are left out. A join with the ids is several times faster than a
    list of them: the engine then decodes only the pages that hold one.
    """
    import pyarrow as pa

    asked = select([field(ROW_ID)], _ASKED)
    statement = select([field(name) for name in fields], parquet(path))
    chosen = statement.where(field(ROW_ID).isin(asked)).order_by(field(ROW_ID))
    with connect() as connection:
        connection.register(_ASKED, pa.table({ROW_ID: np.unique(np.asarray(row_ids, np.int64))}))
        return connection.sql(text_of(chosen)).to_arrow_table()


def _matching(table: SqlTable, selected: list[exp.Expr], wanted: Wanted) -> exp.Select:
    statement = select(selected)
    return statement.where(*(_holds(table, one) for one in wanted)) if wanted else statement


def _holds(table: SqlTable, one: One) -> exp.Expr:
    if isinstance(one, Either):
        return exp.or_(*(_holds(table, inner) for inner in one.inner))
    if not isinstance(one, Marks):
        return condition(table.version, one)
    flagged = select([field(ROW_ID)], parquet(one.path)).where(field("flagged"))
    inside = field(ROW_ID).isin(flagged)
    return inside if one.wanted else exp.not_(inside)


def _by_id(table: SqlTable, wanted: Wanted, found: Spread, rows: range) -> IntArray:
    if not wanted:
        return np.array(rows, dtype=np.int64)
    ends = np.cumsum(found.counts)
    first = int(np.searchsorted(ends, rows.start, side="right"))
    last = int(np.searchsorted(ends, rows.stop, side="left"))
    skipped = rows.start - (int(ends[first - 1]) if first else 0)
    statement = _matching(table, [field(ROW_ID)], wanted)
    inside = statement.where(_between(first * BLOCK, (last + 1) * BLOCK))
    return _ids(table, inside.order_by(field(ROW_ID)).limit(len(rows)).offset(skipped))


def _by_value(table: SqlTable, wanted: Wanted, total: int, rows: range, order: Order) -> IntArray:
    after = total - rows.stop
    from_end = after < rows.start
    value = field(find(table.version, order.column).field)
    ordered = _matching(table, [field(ROW_ID)], wanted).order_by(
        exp.Ordered(this=value, desc=order.descending != from_end, nulls_first=from_end),
        exp.Ordered(this=field(ROW_ID), desc=from_end),
    )
    ids = _ids(table, ordered.limit(len(rows)).offset(after if from_end else rows.start))
    return ids[::-1] if from_end else ids


def _between(first: int, end: int) -> exp.Expr:
    low = exp.GTE(this=field(ROW_ID), expression=exp.Literal.number(first))
    high = exp.LT(this=field(ROW_ID), expression=exp.Literal.number(end))
    return exp.and_(low, high)


def _ids(table: SqlTable, statement: exp.Select) -> IntArray:
    return np.array([_whole(r[ROW_ID]) for r in table.query(statement)], dtype=np.int64)


def _whole(value: Scalar) -> int:
    if not isinstance(value, int):
        raise TypeError(f"The engine returned a {type(value).__name__}.")
    return value
