"""The class of the label of each row, and some rows of a table at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, literal, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import RowClasses, Split
from components.profiling.column.in_memory import classes_of

BLOCK_ROWS = 4 * 122_880
"""Rows that are read at a time: whole row groups of a table as the engine writes it."""


def row_classes(table: SqlTable, split: Split) -> RowClasses:
    """Return the class of each row, one byte per row."""
    code = np.zeros(table.version.n_rows, dtype=np.int8)
    for found in row_blocks(table, [split.column]):
        classes = classes_of(split, found.column(split.column.field))
        code[numpy_of(found.column(ROW_ID))] = classes.code
    return RowClasses(code, (*split.names, None))


def row_blocks(
    table: SqlTable, columns: Sequence[Column], *, present: Column | None = None
) -> Iterator[Any]:
    """Yield ``row_id`` and the columns as Arrow tables of at most :data:`BLOCK_ROWS` rows.

    Parameters
    ----------
    present
        Rows without a value of this column are left out.
    """
    for start in range(0, table.version.n_rows, BLOCK_ROWS):
        statement = select([field(ROW_ID), *(field(c.field) for c in columns)])
        statement.where(exp.GTE(this=field(ROW_ID), expression=literal(start)), copy=False)
        end = literal(start + BLOCK_ROWS)
        statement.where(exp.LT(this=field(ROW_ID), expression=end), copy=False)
        if present is not None:
            missing = exp.Is(this=field(present.field), expression=exp.null())
            statement.where(exp.not_(missing, copy=False), copy=False)
        yield table.fetch(statement)
