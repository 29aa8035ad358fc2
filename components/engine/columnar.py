"""Parquet in, cell texts out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.dataset import ROW_ID
from components.core.errors import UnusableInput
from components.engine.connect import connect
from components.engine.delimited import copy_to_parquet, count_rows, parquet


def parquet_columns(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file.

    Raises
    ------
    UnusableInput
        When it is broken.
    """
    with connect() as connection:
        try:
            statement = exp.select(exp.Star()).from_(parquet(path)).limit(0)
            return list(connection.sql(statement.sql("duckdb")).columns)
        except duckdb.Error as error:
            raise _broken() from error


def parquet_to_text(path: Path, names: Sequence[str], target: Path, *, memory_limit: int) -> int:
    """Write every value of ``path`` as text, null as the empty text; return the rows."""
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    texts = [
        exp.alias_(
            exp.func(
                "COALESCE",
                exp.cast(exp.column(name, quoted=True), "VARCHAR"),
                exp.Literal.string(""),
            ),
            f"c{index}",
            quoted=True,
        )
        for index, name in enumerate(names)
    ]
    statement = exp.select(exp.alias_(number, ROW_ID), *texts).from_(parquet(path))
    with connect(memory_limit) as connection:
        try:
            copy_to_parquet(connection, statement, target)
        except duckdb.Error as error:
            raise _broken() from error
        return count_rows(connection, target)


def _broken() -> UnusableInput:
    return UnusableInput("The Parquet file is broken or cut off.", "Write or transfer it again.")
