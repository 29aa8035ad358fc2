"""The cell texts of a table as they were uploaded: by row, by page, as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from sqlglot import exp

from components.core.dataset import ROW_ID
from components.core.table import IntArray
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import parquet


def read_text(
    path: Path,
    row_ids: Sequence[int] | IntArray,
    fields: Sequence[str],
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> pd.DataFrame:
    """Return the texts of ``fields`` for the rows asked for, in the order asked for.

    The index is ``row_id``; rows that are not there are left out.
    """
    wanted = [int(i) for i in row_ids]
    statement = _select(path, fields).where(
        exp.In(
            this=exp.column(ROW_ID),
            expressions=[exp.Literal.number(i) for i in sorted(set(wanted))],
        )
    )
    if not wanted:
        return _framed(None, fields)
    with connect(memory_limit) as connection:
        frame = _framed(connection.sql(statement.sql("duckdb")), fields)
    return frame.loc[[i for i in wanted if i in frame.index]]


def read_page(
    path: Path,
    offset: int,
    limit: int,
    fields: Sequence[str],
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> pd.DataFrame:
    """Return ``limit`` rows from row ``offset`` on, indexed by ``row_id``."""
    number = exp.column(ROW_ID)
    statement = (
        _select(path, fields)
        .where(exp.GTE(this=number, expression=exp.Literal.number(offset)))
        .where(exp.LT(this=number.copy(), expression=exp.Literal.number(offset + limit)))
        .order_by(ROW_ID)
    )
    with connect(memory_limit) as connection:
        return _framed(connection.sql(statement.sql("duckdb")), fields)


def text_batches(
    path: Path,
    fields: Sequence[str],
    *,
    size: int = 10_000,
    memory_limit: int = DEFAULT_MEMORY,
) -> Iterator[tuple[IntArray, list[list[str]]]]:
    """Yield row ids and, per field, the texts of the next rows, in row order."""
    statement = _select(path, fields)  # DuckDB keeps the order of a Parquet file
    with connect(memory_limit) as connection:
        reader = connection.sql(statement.sql("duckdb")).to_arrow_reader(size)
        for batch in reader:
            columns = batch.columns
            ids = np.asarray(columns[0].to_numpy(zero_copy_only=False), dtype=np.int64)
            yield ids, [column.to_pylist() for column in columns[1:]]


def _select(path: Path, fields: Sequence[str]) -> exp.Select:
    columns = [exp.column(ROW_ID), *(exp.column(name, quoted=True) for name in fields)]
    return exp.select(*columns).from_(parquet(path))


def _framed(relation: duckdb.DuckDBPyRelation | None, fields: Sequence[str]) -> pd.DataFrame:
    if relation is None:
        table = pa.table(
            {ROW_ID: pa.array([], pa.int64())} | {f: pa.array([], pa.string()) for f in fields}
        )
    else:
        table = relation.to_arrow_table()
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_index(ROW_ID)
