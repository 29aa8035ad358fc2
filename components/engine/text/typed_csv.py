"""One pass from a delimited text to the typed table, without cell texts in between.

Measured with DuckDB 2.0.0 on 2 million rows x 20 columns: counting the cells took 1.4 CPU seconds,
this pass 2.5, writing all cells as text first 4.1. The reader casts plain decimals and dates by the
rules of ``TRY_CAST``; other readings are expressions over the cell text. A text that is no value
stops the pass, so that a wrong guess costs no more than the rows above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.data.dataset import Column, Storage
from components.core.errors import UnusableInput
from components.engine.connect import connect, run_watched
from components.engine.sql.casts import ISO, is_one_of, trimmed, typed_value
from components.engine.sql.expressions import TYPES, as_type, named, select
from components.engine.sql.expressions import field as column_of
from components.engine.sql.expressions import text_of as written
from components.engine.text.delimited import (
    Delimited,
    cannot_follow,
    csv_source,
    numbered,
)

TYPED_PARQUET = (
    "FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE 40960"
)
"""Measured: lz4 halves the file and takes a tenth more of the whole reading. Who reads the table
holds a row group per thread: of 122,880 rows, the usual size, 70 to 100 MB more."""

OURS = "PARQUET_VERSION v2"
"""Encodings that take 29 % less room (0.83 GB, not 1.17, for 10 million rows x 20), and no more
time; not every other tool reads them."""

NOTED = 1_000
"""Rejects that are noted: one is enough to know that the pass has to be done again."""

LONGEST = 2_000_000
"""Bytes of a record; smaller buffers spare 5 % of the time, and longer records are rare."""

UNREAD = re.compile(r"unread:(c\d+)")

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class PassOutcome:
    """What came of one pass.

    Attributes
    ----------
    failed
        Fields with texts that are no values; there may be more.
    misshapen
        Whether there are records that do not fit the table.
    unreadable
        The error, where the reader cannot follow the file under these settings.
    """

    failed: frozenset[str] = frozenset()
    misshapen: bool = False
    unreadable: UnusableInput | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the file that was written holds every row."""
        return not (self.failed or self.misshapen or self.unreadable)


def write_typed_csv(
    source: Path,
    settings: Delimited,
    columns: Sequence[Column],
    target: Path,
    *,
    careful: Collection[str] = (),
    for_export: bool = False,
    memory_limit: int,
    tell: Tell,
) -> PassOutcome:
    """Write ``row_id`` and the typed columns of a text to ``target``; use it only when whole.

    Parameters
    ----------
    columns
        All columns, in the order of the file.
    careful
        Fields in which texts may be blank, or may be no values though the engine casts them.
    for_export
        Whether the table is going to leave this house. One that stays notes beside a column with
        words for missing values which word was there (3 % of the time, and the words need not be
        counted in the text later), and has the encodings of :data:`OURS`.
    tell
        Called with the share that is done; may raise to stop.
    """
    types = {c.field: _csv_type(c, careful=c.field in careful) for c in columns}
    reader = csv_source(source, settings, types, reject_limit=NOTED, longest=LONGEST)
    values = [
        named(_value(c, types[c.field], careful=c.field in careful), c.field) for c in columns
    ]
    values += [
        named(_word(c, careful=c.field in careful), word_field(c.field))
        for c in columns
        if c.disguised and not for_export
    ]
    statement = written(select([numbered(), *values], reader))
    where = written(exp.Literal.string(str(target)))
    how = TYPED_PARQUET if for_export else f"{TYPED_PARQUET}, {OURS}"
    with connect(memory_limit) as connection:
        connection.execute("SET threads TO 1")  # two of them need twice the memory
        try:
            run_watched(connection, f"COPY ({statement}) TO {where} ({how})", tell)
            return _outcome(connection)
        except duckdb.Error as error:
            found = UNREAD.search(str(error))
            if found is None:
                return PassOutcome(unreadable=cannot_follow(error))
            return PassOutcome(frozenset({found[1]}))


def _outcome(connection: duckdb.DuckDBPyConnection) -> PassOutcome:
    found = connection.execute(
        "SELECT DISTINCT error_type::VARCHAR, column_name FROM reject_errors"
    ).fetchall()
    failed = frozenset(str(name) for kind, name in found if kind == "CAST")
    return PassOutcome(failed, misshapen=any(kind != "CAST" for kind, _ in found))


def _csv_type(column: Column, *, careful: bool) -> str:
    """Return what the reader itself casts a cell to."""
    if careful or column.disguised:
        return "VARCHAR"
    if column.storage is Storage.NUMBER and not column.format:
        return "DOUBLE"
    if column.storage is Storage.DATETIME and column.format in {"", ISO}:
        return "TIMESTAMP"
    return "VARCHAR"


def _value(column: Column, csv_type: str, *, careful: bool) -> exp.Expr:
    if csv_type != "VARCHAR":
        return column_of(column.field)
    if column.storage is Storage.TEXT:
        if careful:
            return typed_value(column)
        return _without_words(column) if column.disguised else column_of(column.field)
    value = typed_value(column)
    if column.storage is Storage.BOOLEAN and not column.disguised:
        value = _spelled(column, value)
    return exp.Coalesce(this=value, expressions=[_null_or_stop(column)])


def word_field(field: str) -> str:
    """Return the column that says which word for a missing value is in ``field``."""
    return f"{field}_word"


def _word(column: Column, *, careful: bool) -> exp.Expr:
    """Return the word for a missing value that a cell holds, null where it holds none."""
    is_word = _is_word(column, careful=careful or column.storage is not Storage.TEXT)
    return exp.Case(ifs=[exp.If(this=is_word, true=trimmed(column.field))])


def _without_words(column: Column) -> exp.Expr:
    """Return the text, null where it is a disguised word."""
    is_word = _is_word(column, careful=False)
    return exp.Case(ifs=[exp.If(this=is_word, true=exp.null())], default=column_of(column.field))


def _is_word(column: Column, *, careful: bool) -> exp.Expr:
    """Return whether a cell holds a disguised word; most rows are decided without a trim."""
    field = column.field
    if careful:
        return is_one_of(field, column.disguised)
    among = exp.In(
        this=column_of(field), expressions=[exp.Literal.string(word) for word in column.disguised]
    )
    spaced = exp.And(
        this=exp.Paren(this=is_spaced(field)), expression=is_one_of(field, column.disguised)
    )
    return exp.Or(this=among, expression=exp.Paren(this=spaced))


def is_spaced(field: str) -> exp.Expr:
    """Return whether there may be spaces around a text."""
    ends = exp.Anonymous(this="suffix", expressions=[column_of(field), exp.Literal.string(" ")])
    starts = exp.LT(this=column_of(field), expression=exp.Literal.string("!"))
    return exp.Or(this=starts, expression=ends)


def _spelled(column: Column, value: exp.Expr) -> exp.Expr:
    """Return ``value``; the usual spellings are matched without a trim."""
    yes, _, no = (column.format or "true/false").partition("/")
    return exp.Case(
        ifs=[
            exp.If(
                this=exp.EQ(this=column_of(column.field), expression=exp.Literal.string(word)),
                true=exp.true() if word == yes else exp.false(),
            )
            for word in (yes, no)
        ],
        default=value,
    )


def _null_or_stop(column: Column) -> exp.Expr:
    """Return null for an empty cell or a missing word; anything else stops the pass."""
    field = column.field
    blank = exp.EQ(this=trimmed(field), expression=exp.Literal.string(""))
    nothing: exp.Expr = exp.Is(this=column_of(field), expression=exp.null())
    nothing = exp.Or(this=nothing, expression=blank)
    if column.disguised:
        nothing = exp.Or(this=nothing, expression=is_one_of(field, column.disguised))
    stop = exp.Anonymous(this="error", expressions=[exp.Literal.string(f"unread:{field}")])
    return exp.Case(
        ifs=[exp.If(this=nothing, true=exp.null())],
        default=as_type(stop, TYPES[column.storage]),
    )
