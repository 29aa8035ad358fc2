"""Facts about the cell texts of columns, over all rows; each is one pass in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.sql.casts import is_one_of, read_as, trimmed, typed_value
from components.engine.sql.expressions import as_type, field, named, parquet, select
from components.engine.sql.expressions import text_of as written
from components.engine.text.delimited import (
    WIDE,
    Delimited,
    bound_threads,
    copy_with_care,
    count_rows,
    csv_source,
    fields,
)
from components.engine.text.short_texts import MOST_CELLS, TEXT, ShortTexts

if TYPE_CHECKING:
    import pyarrow as pa

FloatArray = NDArray[np.float64]

BLOCK = 50
"""Columns asked about in one statement; DuckDB's time to plan one grows with the square."""

BLOCK_CELLS = 2_000_000
"""Cells taken out of DuckDB at a time."""


class TextTable:
    """A table of cell texts that can be asked; see :func:`open_texts`."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: exp.Expr, n_rows: int
    ) -> None:
        self._connection = connection
        self._table = source
        self.n_rows = n_rows

    @cached_property
    def _short(self) -> ShortTexts:
        return ShortTexts(self._connection, self._table, self.n_rows)

    def facts(self, casts: Sequence[Cast]) -> list[TextFacts]:
        """Return facts for each cast, in order; at most one cast per field."""
        if self._is_short(len(casts)):
            ways = [
                (r.field, (r.storage, r.style), partial(measures, replace(r, field=TEXT)))
                for r in casts
            ]
            return [facts_of(row) for row in self._short.per_column(ways)]
        found: list[TextFacts] = []
        by_field = {r.field: r for r in casts}
        for block, source in self._blocks(list(by_field)):
            asked = [m for name in block for m in measures(by_field[name])]
            row = self._one(select(asked, source))
            step = len(asked) // len(block)
            found += [facts_of(row[i : i + step]) for i in range(0, len(row), step)]
        return found

    def sample(self, fields: Sequence[str], n: int) -> dict[str, list[str]]:
        """Return different texts of each field from about ``n`` rows.

        Half of the rows are the first ones, the others are evenly spaced.
        """
        found: dict[str, list[str]] = {}
        for block, source in self._blocks(fields):
            statement = select(map(field, block), source)
            table = self._arrow(statement.where(self._some(n)))
            for name, values in zip(block, table.columns, strict=True):
                found[name] = sorted(set(values.to_pylist()))
        return found

    def _some(self, n: int) -> exp.Expr:
        """Return what about ``n`` rows fulfil: the first ones, and others evenly spaced."""
        step = max(1, self.n_rows // max(1, n // 2))
        every = exp.EQ(
            this=exp.Mod(this=field(ROW_ID), expression=exp.Literal.number(step)),
            expression=exp.Literal.number(0),
        )
        top = exp.LT(this=field(ROW_ID), expression=exp.Literal.number(n // 2))
        return exp.or_(top, every)

    def numbers(self, casts: Sequence[Cast], n: int) -> FloatArray:
        """Return the numbers of about ``n`` rows side by side, shape (rows, casts).

        The rows are those of :meth:`sample`; what is no number under its cast is NaN.
        """
        values = [named(as_type(self._number(c), "double"), c.field) for c in casts]
        table = self._arrow(self._from_some(select(values, self._table.copy()), n))
        columns = [np.asarray(c.to_pandas(), dtype=np.float64) for c in table.columns]
        return np.column_stack(columns)

    def _from_some(self, statement: exp.Select, n: int) -> exp.Select:
        return statement.where(self._some(n), copy=False)

    def _number(self, cast: Cast) -> exp.Expr:
        return read_as(cast.field, cast.storage, cast.style)

    def unread(self, cast: Cast, limit: int) -> dict[str, int]:
        """Return the most frequent filled texts that are no values, with their rows."""
        value = read_as(cast.field, cast.storage, cast.style)
        is_none = exp.Is(this=value, expression=exp.null())
        filled = _is_filled(trimmed(cast.field))
        return self._counts(trimmed(cast.field), limit, exp.And(this=is_none, expression=filled))

    def distinct(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Return the different filled texts of each field with their rows.

        At most ``limit`` of each, the most frequent ones first.
        """
        if len(fields) > WIDE or 0 < self.n_rows <= BLOCK_CELLS // BLOCK:
            return self._distinct_blocks(fields, limit)
        return {f: self._counts(self._text(f), limit, _is_filled(self._text(f))) for f in fields}

    def reads_alike(self, field: str, style: str, other: str) -> bool:
        """Return whether as many texts are dates under one format as under another."""
        casts = [Cast(field, Storage.DATETIME, each) for each in (style, other)]
        one, two = (self.facts([cast])[0].n_read for cast in casts)
        return one == two

    def words(self, field: str, words: Sequence[str]) -> dict[str, int]:
        """Return those of ``words`` that are texts of ``field``, with their rows."""
        return self._counts(trimmed(field), len(words), is_one_of(field, words))

    def count_distinct(self, fields: Sequence[str]) -> dict[str, int]:
        """Return the exact number of different filled texts of each field."""
        found: dict[str, int] = {}
        for block, source in self._blocks(fields):
            texts = [only_filled(self._text(name)) for name in block]
            counts = [exp.Count(this=exp.Distinct(expressions=[text])) for text in texts]
            row = self._one(select(counts, source))
            found |= {name: int_of(n) for name, n in zip(block, row, strict=True)}
        return found

    def write_typed(self, columns: Iterable[Column], target: Path) -> None:
        """Write ``row_id`` and the typed columns to ``target``.

        Missing values, disguised ones included, are null.
        """
        columns = list(columns)
        if self._is_short(len(columns)):
            self._short.write_typed(columns, target)
            return
        typed = [named(typed_value(column), column.field) for column in columns]
        bound_threads(self._connection, len(typed))
        statement = select([self._row_id(), *typed], self._table.copy())
        copy_with_care(self._connection, statement, target)

    def _is_short(self, n_columns: int) -> bool:
        """Return whether there are so many columns of so few rows that they are held in memory."""
        if n_columns <= WIDE or not self.n_rows or self.n_rows * n_columns > MOST_CELLS:
            return False
        bound_threads(self._connection, n_columns)
        return True

    def _counts(self, text: exp.Expr, limit: int, where: exp.Expr) -> dict[str, int]:
        statement = (
            select([named(text, "t"), named(exp.Count(this=exp.Star()), "n")], self._table.copy())
            .where(where, copy=False)
            .group_by("1", copy=False)
            .order_by("2 DESC", "1", copy=False)
            .limit(limit, copy=False)
        )
        return {str(t): int_of(n) for t, n in self._all(statement)}

    def _distinct_blocks(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Do the same as :meth:`distinct` for very many fields, or for short tables.

        DuckDB 2.0.0 needed over 2 GB for thousands of histograms over three rows; Arrow counts.
        Planning a question takes longer than answering it where rows are few.
        """
        found: dict[str, dict[str, int]] = {}
        for block, source in self._blocks(fields):
            table = self._arrow(select(map(self._text, block), source))
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
                held = self._arrow(select(map(field, (ROW_ID, *some)), source))
                self._connection.register("block", held)
                source = exp.to_table("block")
            for at in range(0, len(some), BLOCK):
                yield some[at : at + BLOCK], source.copy()

    def _text(self, field: str) -> exp.Expr:
        """Return the cell text of ``field`` without spaces around it."""
        return trimmed(field)

    def _row_id(self) -> exp.Expr:
        return field(ROW_ID)

    def _all(self, statement: exp.Expr) -> list[tuple[object, ...]]:
        return self._connection.execute(written(statement)).fetchall()

    def _one(self, statement: exp.Expr) -> tuple[object, ...]:
        return self._all(statement)[0]

    def _arrow(self, statement: exp.Expr) -> pa.Table:
        return self._connection.sql(written(statement)).to_arrow_table()


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
    return exp.NEQ(this=text, expression=exp.Literal.string(""))


@dataclass(frozen=True, slots=True)
class Cast:
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
        Texts that are values under the cast.
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


def only_filled(text: exp.Expr) -> exp.Expr:
    """Return the text, null where it is empty."""
    return exp.Nullif(this=text, expression=exp.Literal.string(""))


def measures(cast: Cast) -> list[exp.Expr]:
    """Return the aggregates that :func:`facts_of` understands."""

    def only() -> exp.Expr:
        return only_filled(field(cast.field))

    is_text = cast.storage is Storage.TEXT
    filled = read_as(cast.field, cast.storage, cast.style) if is_text else only()
    return [
        exp.Count(this=filled),
        exp.ApproxDistinct(this=only()),
        *measures_of_values(cast),
    ]


def measures_of_values(cast: Cast) -> list[exp.Expr]:
    """Return aggregates: how many texts are values, and the lowest and the highest number."""

    def value() -> exp.Expr:
        return read_as(cast.field, cast.storage, cast.style)

    is_number = cast.storage in {Storage.NUMBER, Storage.INTEGER}
    return [
        exp.Count(this=value()),
        exp.Min(this=as_type(value() if is_number else exp.null(), "double")),
        exp.Max(this=as_type(value() if is_number else exp.null(), "double")),
    ]


def facts_of(row: Sequence[object]) -> TextFacts:
    """Return what :func:`measures` found."""
    filled, distinct, read, low, high = row
    return TextFacts(
        n_filled=int_of(filled),
        n_read=int_of(read),
        n_distinct=int_of(distinct),
        low=_float(low),
        high=_float(high),
    )


def int_of(value: object) -> int:
    """Return a count of the engine."""
    return int(value) if isinstance(value, int | float) else 0


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
