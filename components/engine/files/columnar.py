"""Parquet in, cell texts out.

Texts are canonical: ISO dates in UTC, all digits of integers and decimals, lists and structs as
JSON. Null is the empty text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.core.errors import UnusableInput
from components.engine.connect import connect
from components.engine.sql.expressions import parquet
from components.engine.text.delimited import bound_threads, copy_to_parquet, count_rows

NESTED = ("STRUCT", "MAP", "UNION")
MEASURED = {"VARCHAR": "strlen", "BLOB": "octet_length"}
"""Types of any length, and the function that gives their bytes."""

LENGTHS = 200
"""Columns whose lengths are asked for in one statement."""

CONVERSION_MEMORY = 800_000_000
"""Bytes that the engine may take to read a file of a stranger."""


class TooLarge(Exception):
    """The texts would take too much room: of one column, or of all (None)."""

    def __init__(self, column: str | None = None) -> None:
        self.column = column
        super().__init__("too large")


def parquet_columns(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file, as they are in it.

    Raises
    ------
    UnusableInput
        When it is broken.
    """
    with connect(CONVERSION_MEMORY) as connection:
        read = [name for name, _ in _described(connection, path)]
        return _own_names(connection, path, len(read)) or read


def parquet_rows(path: Path) -> int:
    """Return the number of rows that a Parquet file says it has.

    Raises
    ------
    UnusableInput
        When it is broken.
    """
    with connect(CONVERSION_MEMORY) as connection:
        try:
            return count_rows(connection, path)
        except duckdb.Error as error:
            raise _broken() from error


def columnar_to_text(
    path: Path, target: Path, *, max_cell: int, max_total: int, memory_limit: int
) -> int:
    """Write every value of a Parquet file as text; return the rows.

    Parameters
    ----------
    max_cell, max_total
        Bytes of the longest text, and of all texts.

    Raises
    ------
    TooLarge
        When the texts take more room than that.
    UnusableInput
        When the file is broken, or cannot be read in the memory allowed.
    """
    with connect(min(memory_limit, CONVERSION_MEMORY)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        columns = _described(connection, path)
        bound_threads(connection, len(columns))
        try:
            _refuse_large(connection, path, columns, max_cell, max_total)
            copy_to_parquet(connection, _statement(path, columns), target)
        except duckdb.OutOfMemoryException as error:
            raise UnusableInput(
                "The file needs too much memory to be read: its row groups or cells are very"
                " large, or it was made to exhaust a machine.",
                "Write it again with smaller row groups, or save the table as CSV.",
            ) from error
        except duckdb.Error as error:
            raise _broken() from error
        n_rows = count_rows(connection, target)
        if n_rows != count_rows(connection, path):
            raise _broken()
        return n_rows


def _described(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, str]]:
    """Return name and type of each column as the engine calls them."""
    statement = exp.select(exp.Star()).from_(parquet(path)).limit(0)
    try:
        found = connection.sql(statement.sql("duckdb"))
    except duckdb.Error as error:
        raise _broken() from error
    return [(n, str(t)) for n, t in zip(found.columns, found.types, strict=True)]


def _own_names(connection: duckdb.DuckDBPyConnection, path: Path, n: int) -> list[str]:
    """Return the names in the file: the engine adds numbers to those that are there twice."""
    where = exp.Literal.string(str(path)).sql("duckdb")
    found = connection.execute(
        f"SELECT name, num_children FROM parquet_schema({where})"  # noqa: S608 - a quoted path
    ).fetchall()
    names = []
    at = 1
    while at < len(found):
        names.append(str(found[at][0]))
        at = _after(found, at)
    return names if len(names) == n else []


def _after(found: Sequence[tuple[object, ...]], at: int) -> int:
    """Return the index after an element of a schema and all that is below it."""
    open_elements = 1
    while open_elements and at < len(found):
        children = found[at][1]
        open_elements += (children if isinstance(children, int) else 0) - 1
        at += 1
    return at


def _refuse_large(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    columns: Sequence[tuple[str, str]],
    max_cell: int,
    max_total: int,
) -> None:
    """Ask for lengths first: a few bytes can encode a text of megabytes in every row."""
    texts = [(name, kind) for name, kind in columns if kind in MEASURED]
    total = 0
    for start in range(0, len(texts), LENGTHS):
        block = texts[start : start + LENGTHS]
        lengths = [_bytes(name, kind) for name, kind in block]
        measures = [m for each in lengths for m in (exp.Max(this=each), exp.Sum(this=each.copy()))]
        row = connection.execute(
            exp.select(*measures).from_(parquet(path)).sql("duckdb")
        ).fetchall()[0]
        for (name, _), longest in zip(block, row[::2], strict=True):
            if (longest or 0) > max_cell:
                raise TooLarge(name)
        total += sum(int(n or 0) for n in row[1::2])
        if total > max_total:
            raise TooLarge


def _bytes(name: str, kind: str) -> exp.Expression:
    return exp.Anonymous(this=MEASURED[kind], expressions=[exp.column(name, quoted=True)])


def _statement(path: Path, columns: Sequence[tuple[str, str]]) -> exp.Expression:
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    texts = [
        exp.alias_(
            exp.func("COALESCE", _as_text(name, kind), exp.Literal.string("")),
            f"c{index}",
            quoted=True,
        )
        for index, (name, kind) in enumerate(columns)
    ]
    return exp.select(exp.alias_(number, ROW_ID), *texts).from_(parquet(path))


def _as_text(name: str, kind: str) -> exp.Expression:
    column = exp.column(name, quoted=True)
    if kind.endswith("]") or kind.startswith(NESTED):
        json = exp.Anonymous(this="to_json", expressions=[column])
        return exp.cast(json, "VARCHAR")
    return exp.cast(column, "VARCHAR")


def _broken() -> UnusableInput:
    return UnusableInput(
        "The file is broken or cut off: its parts contradict each other.",
        "Write or transfer it again.",
    )
