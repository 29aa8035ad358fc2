"""Very many columns of few rows: DuckDB plans a question per column, so the columns are one here.

The cells of all columns with the same cast are stacked in one column. A
statement then does for thousands of columns what it does for one, and what comes back is cut into
columns again. The expressions are those of long tables.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import numpy as np
import pyarrow as pa
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column
from components.engine.arrays import arrow_of
from components.engine.sql.casts import typed_value
from components.engine.sql.expressions import field as column_of
from components.engine.sql.expressions import named, select
from components.engine.sql.expressions import text_of as written

TEXT, NUMBER, LONG = "t", "n", "long"

MOST_CELLS = 5_000_000
"""Cells that are held in memory at a time: some 200 MB."""

FETCHED = 400
"""Columns fetched in one statement."""


class ShortTexts:
    """The cell texts of a table of few rows, held in memory.

    Parameters
    ----------
    table
        What the texts are fetched from.
    held
        Cell texts that are in memory already.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: exp.Expr,
        n_rows: int,
        held: Mapping[str, pa.ChunkedArray] = MappingProxyType({}),
    ) -> None:
        self._connection = connection
        self._table = table
        self._n_rows = n_rows
        self._held = dict(held)

    def per_column(
        self, ways: Sequence[tuple[str, Hashable, Callable[[], Sequence[exp.Expr]]]]
    ) -> list[tuple[object, ...]]:
        """Return what aggregates say of each column.

        Parameters
        ----------
        ways
            For each column: its field, how it is read, and what builds aggregates over the
            column :data:`TEXT` that depend on nothing but that.
        """
        found: list[tuple[object, ...]] = [()] * len(ways)
        for places in _alike([way for _, way, _ in ways]):
            self._stack([ways[i][0] for i in places])
            statement = select([column_of(NUMBER), *ways[places[0]][2]()], LONG)
            statement = statement.group_by(column_of(NUMBER), copy=False)
            for n, *row in self._connection.execute(written(statement)).fetchall():
                found[places[n]] = tuple(row)
        return found

    def write_typed(self, columns: Iterable[Column], target: Path) -> None:
        """Write ``row_id`` and the typed columns to ``target``; see ``TextTable.write_typed``."""
        from pyarrow import parquet

        known = list(columns)
        made: list[pa.ChunkedArray] = [None] * len(known)
        for places in _alike([(c.storage, c.format, c.disguised) for c in known]):
            self._stack([known[i].field for i in places])
            value = typed_value(replace(known[places[0]], field=TEXT))
            statement = written(select([named(value, "v")], LONG))
            values = self._connection.sql(statement).to_arrow_table().column("v")
            for n, place in enumerate(places):
                made[place] = values.slice(n * self._n_rows, self._n_rows)
        numbers = arrow_of(np.arange(self._n_rows, dtype=np.int64))
        typed = [pa.field(c.field, v.type) for c, v in zip(known, made, strict=True)]
        schema = pa.schema([pa.field(ROW_ID, pa.int64(), nullable=False), *typed])
        parquet.write_table(pa.table([numbers, *made], schema=schema), target, compression="lz4")

    def _stack(self, fields: Sequence[str]) -> None:
        """Put the cells of ``fields`` below one another, with the place of the field."""
        self._fetch([field for field in fields if field not in self._held])
        texts = [chunk for field in fields for chunk in self._held[field].chunks]
        places = arrow_of(np.repeat(np.arange(len(fields), dtype=np.int64), self._n_rows))
        stacked = pa.chunked_array(texts, type=pa.string())
        self._connection.register(LONG, pa.table([places, stacked], names=[NUMBER, TEXT]))

    def _fetch(self, fields: Sequence[str]) -> None:
        for start in range(0, len(fields), FETCHED):
            some = fields[start : start + FETCHED]
            statement = written(select(map(column_of, some), self._table.copy()))
            table = self._connection.sql(statement).to_arrow_table()
            self._held |= dict(zip(some, table.columns, strict=True))


def _alike(ways: Sequence[Hashable]) -> list[list[int]]:
    """Return the places of equal ways, together."""
    found: dict[Hashable, list[int]] = {}
    for place, way in enumerate(ways):
        found.setdefault(way, []).append(place)
    return list(found.values())
