"""From cell texts to typed columns, and facts about cell texts; each is one pass in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlglot import exp

from components.core.dataset import ROW_ID, Column, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import bound_threads, copy_to_parquet, parquet
from components.engine.readings import is_one_of, read_as, text_of


def write_typed(
    path: Path, columns: Iterable[Column], target: Path, *, memory_limit: int = DEFAULT_MEMORY
) -> None:
    """Write ``row_id`` and the typed columns of the text table ``path`` to ``target``.

    Missing values, disguised ones included, are null.
    """
    typed = [exp.alias_(_typed(column), column.field, quoted=True) for column in columns]
    statement = exp.select(exp.column(ROW_ID), *typed).from_(parquet(path))
    with connect(memory_limit) as connection:
        bound_threads(connection, len(typed))
        copy_to_parquet(connection, statement, target)


def _typed(column: Column) -> exp.Expression:
    value = read_as(column.field, column.storage, column.format)
    if not column.disguised:
        if column.storage is Storage.TEXT:
            blank = exp.EQ(this=text_of(column.field), expression=exp.Literal.string(""))
            return exp.Case(ifs=[exp.If(this=exp.Not(this=blank), true=value)])
        return value
    missing = is_one_of(column.field, ("", *column.disguised))
    return exp.Case(ifs=[exp.If(this=exp.Not(this=missing), true=value)])
