"""The class of the label of each row, and some rows of a table at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import RowClasses, Split

CLASS = "class"

BLOCK_ROWS = 4 * 122_880
"""Rows that are read at a time: whole row groups of a table as the engine writes it."""


def row_classes(table: SqlTable, split: Split) -> RowClasses:
    """Return the class of each row, one byte per row; the engine compares, no text is fetched."""
    names = (*split.names, None)
    place = exp.Case(default=literal(len(names) - 1))
    for at, value in enumerate(split.names):
        same = exp.EQ(this=field(split.column.field), expression=literal(value))
        place = place.when(same, literal(at), copy=False)
    code = np.empty(table.version.n_rows, dtype=np.int8)
    for found in row_blocks(table, [named(exp.cast(place, "tinyint"), CLASS)]):
        code[numpy_of(found.column(ROW_ID))] = numpy_of(found.column(CLASS))
    return RowClasses(code, names)


def row_blocks(table: SqlTable, selected: Sequence[exp.Expr]) -> Iterator[Any]:
    """Yield ``row_id`` and what is selected as Arrow tables of at most :data:`BLOCK_ROWS` rows."""
    for start in range(0, table.version.n_rows, BLOCK_ROWS):
        statement = select([field(ROW_ID), *(value.copy() for value in selected)])
        statement.where(exp.GTE(this=field(ROW_ID), expression=literal(start)), copy=False)
        end = literal(start + BLOCK_ROWS)
        statement.where(exp.LT(this=field(ROW_ID), expression=end), copy=False)
        yield table.fetch(statement)
