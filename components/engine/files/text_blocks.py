"""Cell texts that were read elsewhere, block by block, gathered into one text table."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.engine.connect import connect
from components.engine.text.delimited import bound_threads, copy_to_parquet, count_rows, fields

LINE = "line"


def gather(
    parts: Sequence[Path],
    width: int,
    target: Path,
    *,
    first: int = 0,
    skip_empty: bool = False,
    memory_limit: int,
) -> int:
    """Write the rows of ``parts`` one after another as ``row_id``, ``c0``...; return how many.

    Parameters
    ----------
    parts
        Parquet files with ``line`` and the first of ``c0``...; columns that a part lacks are empty.
    first
        The line from which rows are taken.
    skip_empty
        Whether rows without any text are left out.
    """
    source = exp.Anonymous(
        this="read_parquet",
        expressions=[
            exp.Array(expressions=[exp.Literal.string(glob.escape(str(path))) for path in parts]),
            exp.EQ(this=exp.column("union_by_name"), expression=exp.true()),
        ],
    )
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    names = fields(width)
    texts = [exp.alias_(_text(name), name, quoted=True) for name in names]
    statement = exp.select(exp.alias_(number, ROW_ID), *texts).from_(source)
    if first:
        statement = statement.where(
            exp.GTE(this=exp.column(LINE), expression=exp.Literal.number(first))
        )
    if skip_empty:
        filled = [exp.Not(this=exp.Is(this=_cell(n), expression=exp.null())) for n in names]
        statement = statement.where(exp.or_(*filled))
    with connect(memory_limit) as connection:
        bound_threads(connection, width)
        copy_to_parquet(connection, statement, target)
        return count_rows(connection, target)


def head_rows(part: Path, width: int, n: int) -> list[tuple[str, ...]]:
    """Return the texts of the first ``n`` rows of a part."""
    from pyarrow import parquet as arrow_parquet

    with arrow_parquet.ParquetFile(part) as file:
        for batch in file.iter_batches(n, columns=fields(width)):
            columns = [[text or "" for text in column.to_pylist()] for column in batch.columns]
            return list(zip(*columns, strict=True))
    return []


def _cell(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _text(name: str) -> exp.Expression:
    return exp.Coalesce(this=_cell(name), expressions=[exp.Literal.string("")])
