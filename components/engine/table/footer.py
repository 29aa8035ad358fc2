"""Statistics in the footer of a Parquet file: rows, missing values, bounds of the columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.engine.sql.expressions import field, parquet, select
from components.engine.sql.expressions import text_of as written

ASKED = ("path_in_schema", "num_values", "stats_null_count", "stats_min_value", "stats_max_value")
"""Columns of the engine's function that reads a footer; extremes are texts."""

_SIZES = ("stats_distinct_count", "total_uncompressed_size")


@dataclass(frozen=True, slots=True)
class Span:
    """One column of a file.

    Attributes
    ----------
    low, high
        Bounds of the values; of long texts a little outside. None where there is no value.
    is_known
        Whether the bounds are: not where one value is NaN, or a time that Python cannot hold.
    """

    n_null: int
    low: Any = None
    high: Any = None
    is_known: bool = True


def read_footer(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[Column]
) -> tuple[int, dict[str, Span]]:
    """Return the rows of a typed table and the span of each of its columns, by field.

    The function of the engine that reads footers is asked; why not pyarrow: see the README.
    """
    source = exp.Anonymous(this="parquet_metadata", expressions=[exp.Literal.string(str(path))])
    n_rows, found = 0, {c.field: Span(0) for c in columns}
    storages = {c.field: c.storage for c in columns}
    for name, *stats in connection.execute(written(select(map(field, ASKED), source))).fetchall():
        if name == ROW_ID:
            n_rows += int(stats[0])
        elif name in found:
            found[name] = _joined(found[name], _span(storages[name], *stats))
    for name in [n for n, s in found.items() if storages[n] is Storage.NUMBER and not s.is_known]:
        found[name] = _asked(connection, path, name, found[name].n_null)
    return n_rows, found


def few_values(
    connection: duckdb.DuckDBPyConnection, path: Path, n_values: int, n_bytes: int
) -> frozenset[str]:
    """Return the columns that hold few different values by their dictionaries; see ``FactsTable``.

    The engine notes how many values the dictionary of a row group holds. Together they are as many
    as differ, or more; their bytes are part of the column's.
    """
    source = exp.Anonymous(this="parquet_metadata", expressions=[exp.Literal.string(str(path))])
    statement = written(select(map(field, ("path_in_schema", *_SIZES)), source))
    values: dict[str, float] = {}
    sizes: Counter[str] = Counter()
    for name, n_distinct, size in connection.execute(statement).fetchall():
        values[name] = values.get(name, 0) + (math.inf if n_distinct is None else n_distinct)
        sizes[name] += size
    return frozenset(name for name, n in values.items() if n <= n_values and sizes[name] <= n_bytes)


def _asked(connection: duckdb.DuckDBPyConnection, path: Path, name: str, n_null: int) -> Span:
    """Return the span of numbers; the footer is silent where one is infinite, or none."""
    ends = [exp.Min(this=field(name)), exp.Max(this=field(name))]
    low, high = connection.execute(written(select(ends, parquet(path)))).fetchall()[0]
    if low is None or math.isnan(high):  # which is the largest for the engine
        return Span(n_null, is_known=False)
    return Span(n_null, low, high)


def _span(
    storage: Storage, n_values: int, n_null: int | None, low: str | None, high: str | None
) -> Span:
    if n_null is None:
        return Span(0, is_known=False)
    if low is None or high is None:
        return Span(int(n_null), is_known=n_null == n_values)
    try:
        return Span(int(n_null), _READ[storage](low), _READ[storage](high))
    except ValueError:  # times before year 1 and after 9999, and endless ones
        return Span(int(n_null), is_known=False)


def _text(shown: str) -> str:
    if "\\x" in shown:  # a bound that ends within a character is shown as its bytes
        raise ValueError(shown)
    return shown


_READ: dict[Storage, Callable[[str], Any]] = {
    Storage.TEXT: _text,
    Storage.INTEGER: int,
    Storage.NUMBER: float,
    Storage.BOOLEAN: {"true": True, "false": False}.__getitem__,
    Storage.DATETIME: datetime.fromisoformat,
}


def _joined(one: Span, other: Span) -> Span:
    lows = [span.low for span in (one, other) if span.low is not None]
    highs = [span.high for span in (one, other) if span.high is not None]
    return Span(
        one.n_null + other.n_null,
        min(lows, default=None),
        max(highs, default=None),
        one.is_known and other.is_known,
    )
