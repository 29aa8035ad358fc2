"""Facts about the cell texts of columns, over all rows; each is one pass in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from components.core.dataset import ROW_ID, Column, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import (
    WIDE,
    Delimited,
    bound_threads,
    copy_with_care,
    count_rows,
    csv_source,
    fields,
    parquet,
)
from components.engine.readings import is_one_of, read_as, text_of
from components.engine.retype import typed_value
from components.engine.short_texts import MOST_CELLS, TEXT, ShortTexts

BLOCK = 50
"""Columns asked about in one statement; DuckDB's time to plan one grows with the square."""

BLOCK_CELLS = 2_000_000
"""Cells taken out of DuckDB at a time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read the texts of a column that is to be tried on all rows."""

    field: str
    storage: Storage = Storage.TEXT
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """Facts about the texts of one column, over all rows.

    Attributes
    ----------
    n_filled
        Texts that are not empty; for columns of text, that are more than spaces.
    n_read
        Texts that are values under the reading.
    n_distinct
        Different filled texts: an estimate of DuckDB (5 % off at worst in our measurements).
    low, high
        Of the values, for numbers and integers.
    """

    n_filled: int
    n_read: int
    n_distinct: int
    low: float | None
    high: float | None


class TextTable:
    """A table of cell texts that can be asked; see :func:`open_texts`."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: exp.Expr, n_rows: int
    ) -> None:
        self._connection = connection
        self._table = source
        self.n_rows = n_rows
        self._short = ShortTexts(connection, source, n_rows)

    def facts(self, readings: Sequence[Reading]) -> list[TextFacts]:
        """Return facts for each reading, in order; at most one reading per field."""
        if self._is_short(len(readings)):
            ways = [
                (r.field, (r.storage, r.style), _measures(replace(r, field=TEXT))) for r in readings
            ]
            return [_facts(row) for row in self._short.per_column(ways)]
        found: list[TextFacts] = []
        by_field = {r.field: r for r in readings}
        for block, source in self._blocks(list(by_field)):
            measures = [m for name in block for m in _measures(by_field[name])]
            row = self._one(exp.select(*measures).from_(source))
            step = len(measures) // len(block)
            found += [_facts(row[i : i + step]) for i in range(0, len(row), step)]
        return found

    def sample(self, fields: Sequence[str], n: int) -> dict[str, list[str]]:
        """Return different texts of each field from about ``n`` rows.

        Half of the rows are the first ones, the others are evenly spaced.
        """
        step = max(1, self.n_rows // max(1, n // 2))
        number = exp.column(ROW_ID)
        every = exp.EQ(
            this=exp.Mod(this=number, expression=exp.Literal.number(step)),
            expression=exp.Literal.number(0),
        )
        top = exp.LT(this=number.copy(), expression=exp.Literal.number(n // 2))
        found: dict[str, list[str]] = {}
        for block, source in self._blocks(fields):
            columns = [exp.column(name, quoted=True) for name in block]
            table = self._arrow(exp.select(*columns).from_(source).where(exp.or_(top, every)))
            for field, values in zip(block, table.columns, strict=True):
                found[field] = sorted(set(values.to_pylist()))
        return found

    def unread(self, reading: Reading, limit: int) -> dict[str, int]:
        """Return the most frequent filled texts that are no values, with their rows."""
        text = text_of(reading.field)
        value = read_as(reading.field, reading.storage, reading.style)
        return self._counts(
            text,
            limit,
            exp.and_(exp.Is(this=value, expression=exp.null()), _is_filled(text)),
        )

    def distinct(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Return the different filled texts of each field with their rows.

        At most ``limit`` of each, the most frequent ones first.
        """
        if len(fields) > WIDE or 0 < self.n_rows <= BLOCK_CELLS // BLOCK:
            return self._distinct_blocks(fields, limit)
        texts = {field: self._text(field) for field in fields}
        return {f: self._counts(text, limit, _is_filled(text)) for f, text in texts.items()}

    def reads_alike(self, field: str, style: str, other: str) -> bool:
        """Return whether as many texts are dates under one format as under another."""
        readings = [Reading(field, Storage.DATETIME, each) for each in (style, other)]
        one, two = (self.facts([reading])[0].n_read for reading in readings)
        return one == two

    def words(self, field: str, words: Sequence[str]) -> dict[str, int]:
        """Return those of ``words`` that are texts of ``field``, with their rows."""
        return self._counts(text_of(field), len(words), is_one_of(field, words))

    def count_distinct(self, fields: Sequence[str]) -> dict[str, int]:
        """Return the exact number of different filled texts of each field."""
        found: dict[str, int] = {}
        for block, source in self._blocks(fields):
            texts = [exp.func("NULLIF", self._text(f), exp.Literal.string("")) for f in block]
            counts = [exp.Count(this=exp.Distinct(expressions=[text])) for text in texts]
            row = self._one(exp.select(*counts).from_(source))
            found |= {field: _int(n) for field, n in zip(block, row, strict=True)}
        return found

    def write_typed(self, columns: Iterable[Column], target: Path) -> None:
        """Write ``row_id`` and the typed columns to ``target``.

        Missing values, disguised ones included, are null.
        """
        columns = list(columns)
        if self._is_short(len(columns)):
            self._short.write_typed(columns, target)
            return
        typed = [exp.alias_(typed_value(column), column.field, quoted=True) for column in columns]
        bound_threads(self._connection, len(typed))
        statement = exp.select(exp.column(ROW_ID), *typed).from_(self._table.copy())
        copy_with_care(self._connection, statement, target)

    def _is_short(self, n_columns: int) -> bool:
        """Return whether there are so many columns of so few rows that they are held in memory."""
        if n_columns <= WIDE or not self.n_rows or self.n_rows * n_columns > MOST_CELLS:
            return False
        bound_threads(self._connection, n_columns)
        return True

    def _counts(self, text: exp.Expr, limit: int, where: exp.Expr) -> dict[str, int]:
        statement = (
            exp.select(exp.alias_(text, "t"), exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(self._table.copy())
            .where(where)
            .group_by("1")
            .order_by("2 DESC", "1")
            .limit(limit)
        )
        return {str(t): _int(n) for t, n in self._all(statement)}

    def _distinct_blocks(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Do the same as :meth:`distinct` for very many fields, or for short tables.

        DuckDB 2.0.0 needed over 2 GB for thousands of histograms over three rows; Arrow counts.
        Planning a question takes longer than answering it where rows are few.
        """
        found: dict[str, dict[str, int]] = {}
        for block, source in self._blocks(fields):
            table = self._arrow(exp.select(*(self._text(name) for name in block)).from_(source))
            for name, column in zip(block, table.columns, strict=True):
                pairs = ((c["values"], c["counts"]) for c in column.value_counts().to_pylist())
                filled = [(text, n) for text, n in pairs if text]
                found[name] = dict(sorted(filled, key=lambda pair: (-pair[1], pair[0]))[:limit])
        return found

    def _blocks(self, fields: Sequence[str]) -> Iterator[tuple[Sequence[str], exp.Expr]]:
        """Yield the fields in blocks, each with the table to ask.

        Opening a Parquet file of thousands of columns takes DuckDB half a second each time, so
        the columns of a wide but short table are taken out of it by the hundred first.
        """
        bound_threads(self._connection, len(fields))
        group = max(1, len(fields))
        if group > WIDE:
            group = max(1, min(8 * BLOCK, BLOCK_CELLS // max(1, self.n_rows)))
        for start in range(0, len(fields), group):
            some = fields[start : start + group]
            source = self._table.copy()
            if BLOCK <= len(some) < len(fields):
                columns = [exp.column(name, quoted=True) for name in (ROW_ID, *some)]
                self._connection.register("block", self._arrow(exp.select(*columns).from_(source)))
                source = exp.to_table("block")
            for at in range(0, len(some), BLOCK):
                yield some[at : at + BLOCK], source.copy()

    def _text(self, field: str) -> exp.Expr:
        """Return the cell text of ``field`` without spaces around it."""
        return text_of(field)

    def _all(self, statement: exp.Expr) -> list[tuple[object, ...]]:
        return self._connection.execute(statement.sql("duckdb")).fetchall()

    def _one(self, statement: exp.Expr) -> tuple[object, ...]:
        return self._all(statement)[0]

    def _arrow(self, statement: exp.Expr) -> pa.Table:
        return self._connection.sql(statement.sql("duckdb")).to_arrow_table()


@contextmanager
def open_texts(path: Path, *, memory_limit: int = DEFAULT_MEMORY) -> Iterator[TextTable]:
    """Open the table of cell texts ``path``."""
    with connect(memory_limit) as connection:
        yield TextTable(connection, parquet(path), count_rows(connection, path))


@contextmanager
def open_csv_texts(
    source: Path, settings: Delimited, n_columns: int, *, memory_limit: int
) -> Iterator[TextTable]:
    """Open a text of which every record fits; each question reads it once.

    Its rows are not numbered, so that it has no samples and its number of rows is 0.
    """
    types = dict.fromkeys(fields(n_columns), "VARCHAR")
    with connect(memory_limit) as connection:
        yield TextTable(connection, csv_source(source, settings, types, keep_empty=True), 0)


def _is_filled(text: exp.Expr) -> exp.Expr:
    return exp.NEQ(this=text.copy(), expression=exp.Literal.string(""))


def _measures(reading: Reading) -> list[exp.Expr]:
    value = read_as(reading.field, reading.storage, reading.style)
    only = exp.func("NULLIF", exp.column(reading.field, quoted=True), exp.Literal.string(""))
    is_number = reading.storage in {Storage.NUMBER, Storage.INTEGER}
    number = exp.cast(value, "DOUBLE") if is_number else exp.cast(exp.null(), "DOUBLE")
    is_text = reading.storage is Storage.TEXT
    return [
        exp.Count(this=value.copy() if is_text else only),
        exp.Count(this=value.copy()),
        exp.ApproxDistinct(this=only.copy()),
        exp.Min(this=number),
        exp.Max(this=number.copy()),
    ]


def _facts(row: Sequence[object]) -> TextFacts:
    filled, read, distinct, low, high = row
    return TextFacts(
        n_filled=_int(filled),
        n_read=_int(read),
        n_distinct=_int(distinct),
        low=_float(low),
        high=_float(high),
    )


def _int(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
