"""The class of the label of each row, and some rows of a table at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import RowClasses, Split

BLOCK_ROWS = 65_536
"""Rows that are worked on at a time: their numbers stay in the cache of a processor."""

_CODE = "code"


def row_classes(table: SqlTable, split: Split) -> RowClasses:
    """Return the class of each row, one byte per row."""
    names = (*split.names, None)
    codes = [
        exp.If(
            this=exp.EQ(this=field(split.column.field), expression=literal(value)),
            true=literal(number),
        )
        for number, value in enumerate(split.names)
    ]
    case = exp.Case(ifs=codes, default=literal(len(split.names)))
    statement = select([field(ROW_ID), named(case, _CODE)])
    code = np.zeros(table.version.n_rows, dtype=np.int8)
    for found in table.stream(statement, BLOCK_ROWS):
        code[numpy_of(found.column(ROW_ID))] = numpy_of(found.column(_CODE))
    return RowClasses(code, names)


def row_blocks(
    table: SqlTable, columns: Sequence[Column], *, present: Column | None = None
) -> Iterator[Any]:
    """Yield ``row_id`` and the columns as Arrow batches of at most :data:`BLOCK_ROWS` rows.

    Parameters
    ----------
    present
        Rows without a value of this column are left out.
    """
    statement = select([field(ROW_ID), *(field(c.field) for c in columns)])
    if present is not None:
        missing = exp.Is(this=field(present.field), expression=exp.null())
        statement.where(exp.not_(missing, copy=False), copy=False)
    yield from table.stream(statement, BLOCK_ROWS)
