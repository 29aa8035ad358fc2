"""Taking rows out of a text table by what stands in their cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from components.engine.connect import connect
from components.engine.sql.expressions import field, parquet, select
from components.engine.sql.expressions import text_of as written
from components.engine.text.delimited import bound_threads, copy_to_parquet, fields, numbered


def drop_rows(
    path: Path, like: Sequence[Sequence[str]], n_columns: int, *, memory_limit: int
) -> list[int]:
    """Take the rows whose cells are those of one of ``like`` out of a text table.

    Spaces around cells do not count. The rows after them are numbered anew. Returns how many
    were taken out for each of ``like``.
    """
    if not like:
        return []
    with connect(memory_limit) as connection:
        bound_threads(connection, n_columns)
        counts = [_count_where(connection, path, is_row(cells)) for cells in like]
        if any(counts):
            same = exp.or_(*(is_row(cells) for cells in like), copy=False)
            kept = select([numbered(), *map(field, fields(n_columns))], parquet(path))
            half = path.with_suffix(".half")
            copy_to_parquet(connection, kept.where(exp.Not(this=exp.Paren(this=same))), half)
            half.replace(path)
    return counts


def _count_where(connection: duckdb.DuckDBPyConnection, path: Path, where: exp.Expr) -> int:
    """Count rows in a filter: there DuckDB stops at the first cell that differs."""
    statement = select([exp.Count(this=exp.Star())], parquet(path)).where(where, copy=False)
    return int(connection.execute(written(statement)).fetchall()[0][0])


def is_row(cells: Sequence[str]) -> exp.Expr:
    """Return whether a row has these cells; spaces around them do not count."""
    return exp.and_(
        *(
            exp.EQ(this=exp.Trim(this=field(name)), expression=exp.Literal.string(cell.strip()))
            for name, cell in zip(fields(len(cells)), cells, strict=True)
        ),
        copy=False,
    )
