"""DuckDB's reader of delimited text: bytes on disk -> cell texts in Parquet, and its rejects.

Measured with DuckDB 2.0.0: ``strict_mode`` with ``store_rejects`` reports every record that does
not fit, at its exact byte (``ignore_errors`` without ``store_rejects`` lost rows in silence).
The ``line`` of a reject counts records, not lines, and its text is cut at 10,000 bytes.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.core.errors import UnusableInput
from components.engine.connect import connect
from components.engine.sql.expressions import field, named, parquet, select
from components.engine.sql.expressions import text_of as written

MAX_RECORD = 16_000_000
"""Bytes of one record; DuckDB refuses longer ones. Its own default, 2 MB, is too little."""

BUFFER = 2 * MAX_RECORD
"""Bytes read at a time; DuckDB would otherwise take sixteen records per buffer."""

WIDE = 1_000
"""Columns from which one thread reads: each keeps buffers for every column, and two of them needed
over 2 GB for 9,000 columns where one took 0.3 GB."""

PARQUET = "FORMAT parquet, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 1000"
"""Measured at 1 million rows x 20: lz4 took 2.6 CPU seconds, snappy and zstd 3.1; not trying to
find dictionaries of more than 1,000 values took a third off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    r"""The settings under which a file is read.

    Attributes
    ----------
    delimiter
        1 to 4 bytes.
    quotechar, escapechar
        One character, or None. Without an escape character, a doubled quote stands for a quote.
    newline
        ``\n``, ``\r\n`` or ``\r``: the one after every record, and for ``\r\n`` the first line end
        of the file.
    skip
        Lines at the top that are not data.
    """

    delimiter: str
    quotechar: str | None
    escapechar: str | None
    newline: str
    skip: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that does not fit: where it starts (byte, 0-based), why, and its text."""

    position: int
    error: str
    text: str


@dataclass(frozen=True, slots=True)
class Loading:
    """How many rows were written, and what was refused, in file order."""

    n_rows: int
    rejects: tuple[Reject, ...]


def fields(n: int) -> list[str]:
    """Return the physical names of ``n`` columns."""
    return [f"c{i}" for i in range(n)]


def load_delimited(
    source: Path, settings: Delimited, n_columns: int, target: Path, *, memory_limit: int
) -> Loading | UnusableInput:
    """Write the cells of ``source`` to the Parquet file ``target``: ``row_id``, ``c0``...

    Every cell is text, the empty text where there was nothing.

    Returns
    -------
    Loading | UnusableInput
        The error, where the reader cannot follow the file under these settings.
    """
    statement = _statement(source, settings, n_columns)
    with connect(memory_limit) as connection:
        bound_threads(connection, n_columns)
        try:
            n_rows = copy_to_parquet(connection, statement, target)
            return Loading(n_rows, rejects_of(connection))
        except duckdb.OutOfMemoryException:
            return UnusableInput(
                f"{memory_limit / 1e9:.1f} GB of memory are too little to read the file as a table"
                f" of {n_columns:,} columns.",
                "Raise PREFLIGHT_MEMORY_GB, or send fewer columns.",
            )
        except duckdb.Error as error:
            return cannot_follow(error)


def check_shape(
    source: Path, settings: Delimited, n_columns: int, *, memory_limit: int
) -> Loading | UnusableInput:
    """Do the same as :func:`load_delimited`, and keep nothing of the cells."""
    names = fields(n_columns)
    reader = csv_source(source, settings, dict.fromkeys(names, "VARCHAR"), keep_empty=True)
    counts = [exp.Count(this=field(name)) for name in names]
    with connect(memory_limit) as connection:
        try:
            row = connection.execute(written(select(counts, reader))).fetchall()[0]
            return Loading(int(row[0]), rejects_of(connection))
        except duckdb.Error as error:
            return cannot_follow(error)


def cannot_follow(error: duckdb.Error) -> UnusableInput:
    """Return the error for a text that the reader cannot follow."""
    return UnusableInput(
        f"The text could not be read as a table: {first_line(error)}",
        "Choose another delimiter or quote character, or save the file as plain CSV.",
    )


def numbered() -> exp.Expr:
    """Return the number of a row from 0, in the order of the source."""
    number = exp.Window(this=exp.RowNumber())
    return named(exp.Sub(this=number, expression=exp.Literal.number(1)), ROW_ID)


def copy_to_parquet(
    connection: duckdb.DuckDBPyConnection, statement: exp.Expr, target: Path
) -> int:
    """Write the answer of ``statement``, which is used up, to the Parquet file ``target``.

    Returns the number of rows.
    """
    return _copy(connection, written(statement), target)


def _copy(connection: duckdb.DuckDBPyConnection, statement: str, target: Path) -> int:
    where = written(exp.Literal.string(str(target)))
    found = connection.execute(f"COPY ({statement}) TO {where} ({PARQUET})").fetchall()
    return int(found[0][0])


def copy_with_care(
    connection: duckdb.DuckDBPyConnection, statement: exp.Expr, target: Path
) -> None:
    """Do the same as :func:`copy_to_parquet`; with one thread, where more need too much memory."""
    text = written(statement)
    try:
        _copy(connection, text, target)
    except duckdb.OutOfMemoryException:
        connection.execute("SET threads TO 1")
        try:
            _copy(connection, text, target)
        except duckdb.OutOfMemoryException as error:
            raise UnusableInput(
                "The table needs more memory than may be taken: it has too many columns.",
                "Raise PREFLIGHT_MEMORY_GB, or send fewer columns.",
            ) from error


def bound_threads(connection: duckdb.DuckDBPyConnection, n_columns: int) -> None:
    """Let one thread work on a table of very many columns."""
    if n_columns > WIDE:
        connection.execute("SET threads TO 1")


def count_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Return the number of rows of a Parquet file."""
    statement = select([exp.Count(this=exp.Star())], parquet(path))
    found = connection.execute(written(statement)).fetchall()
    return int(found[0][0])


def rows_in(path: Path) -> int:
    """Return the number of rows of a Parquet file."""
    with connect() as connection:
        return count_rows(connection, path)


def _statement(source: Path, settings: Delimited, n_columns: int) -> exp.Expr:
    names = fields(n_columns)
    reader = csv_source(source, settings, dict.fromkeys(names, "VARCHAR"), keep_empty=True)
    return select([numbered(), *map(field, names)], reader)


def csv_source(
    source: Path,
    settings: Delimited,
    types: Mapping[str, str],
    *,
    keep_empty: bool = False,
    reject_limit: int = 0,
    longest: int = MAX_RECORD,
) -> exp.Expr:
    """Return the expression that reads a text strictly; what does not fit becomes a reject.

    Parameters
    ----------
    types
        The SQL type of each column, by its name, in the order of the file.
    keep_empty
        Whether an empty cell is the empty text; otherwise it is null.
    reject_limit
        Rejects that are noted; 0 for all of them.
    longest
        Bytes of a record from which it is one.
    """
    quote = settings.quotechar or ""
    options: dict[str, exp.Expr] = {
        "columns": _types(types),
        "delim": exp.Literal.string(settings.delimiter),
        "quote": exp.Literal.string(quote),
        "escape": exp.Literal.string(settings.escapechar or quote),
        "skip": exp.Literal.number(settings.skip),
        "header": exp.false(),
        "auto_detect": exp.false(),
        "strict_mode": exp.true(),
        "store_rejects": exp.true(),
        "rejects_limit": exp.Literal.number(reject_limit),
        "max_line_size": exp.Literal.number(longest),
        "buffer_size": exp.Literal.number(BUFFER if longest == MAX_RECORD else 4 * longest),
    }
    if keep_empty:
        texts = [exp.Literal.string(name) for name in types]
        options["force_not_null"] = exp.Array(expressions=texts)
    if settings.newline != "\r\n":
        # Naming the Windows line end makes DuckDB 2.0.0 read no row at all; left unsaid, the first
        # line end of the file decides.
        escaped = settings.newline.replace("\r", r"\r").replace("\n", r"\n")
        options["new_line"] = exp.Literal.string(escaped)
    return exp.Anonymous(
        this="read_csv",
        expressions=[
            exp.Literal.string(glob.escape(str(source))),
            *(exp.EQ(this=exp.column(key), expression=value) for key, value in options.items()),
        ],
    )


def _types(types: Mapping[str, str]) -> exp.Expr:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(n), expression=exp.Literal.string(kind))
            for n, kind in types.items()
        ]
    )


def rejects_of(connection: duckdb.DuckDBPyConnection) -> tuple[Reject, ...]:
    """Return what the readings of this connection refused, in file order."""
    found = connection.execute(
        "SELECT line_byte_position, min(error_type::VARCHAR), any_value(csv_line)"
        " FROM reject_errors GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return tuple(Reject(int(at) - 1, error, text or "") for at, error, text in found)


def first_line(error: duckdb.Error) -> str:
    """Return what went wrong, without the circumstances."""
    return str(error).partition("\n")[0].partition(":")[2].strip()


def drop_rows(
    path: Path, like: Sequence[Sequence[str]], n_columns: int, *, memory_limit: int
) -> list[list[int]]:
    """Take the rows whose cells are those of one of ``like`` out of a text table.

    Spaces around cells do not count. The rows after them are numbered anew. Returns the numbers
    that the rows had which were taken out, for each of ``like``.
    """
    if not like:
        return []
    with connect(memory_limit) as connection:
        bound_threads(connection, n_columns)
        dropped = [_rows_where(connection, path, is_row(cells)) for cells in like]
        if any(dropped):
            same = exp.or_(*(is_row(cells) for cells in like), copy=False)
            kept = select([numbered(), *map(field, fields(n_columns))], parquet(path))
            half = path.with_suffix(".half")
            copy_to_parquet(connection, kept.where(exp.Not(this=exp.Paren(this=same))), half)
            half.replace(path)
    return dropped


def _rows_where(connection: duckdb.DuckDBPyConnection, path: Path, where: exp.Expr) -> list[int]:
    """Return row numbers under a filter: there DuckDB stops at the first cell that differs."""
    statement = select([field(ROW_ID)], parquet(path)).where(where, copy=False)
    return sorted(int(n) for (n,) in connection.execute(written(statement)).fetchall())


def is_row(cells: Sequence[str]) -> exp.Expr:
    """Return whether a row has these cells; spaces around them do not count."""
    return exp.and_(
        *(
            exp.EQ(this=exp.Trim(this=field(name)), expression=exp.Literal.string(cell.strip()))
            for name, cell in zip(fields(len(cells)), cells, strict=True)
        ),
        copy=False,
    )
