"""Facts about the columns of a typed table, from statistics of its footer where they suffice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.table import IntArray
from components.engine.arrays import bytes_of, numpy_of
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.sql.casts import SPACES, is_one_of, trimmed
from components.engine.sql.expressions import TYPES, as_type, parquet, select
from components.engine.sql.expressions import field as _field
from components.engine.table.footer import read_footer
from components.engine.table.held_columns import SHORT, HeldColumns
from components.engine.text.counted_values import count_values, n_different
from components.engine.text.text_facts import Cast, TextTable
from components.engine.text.typed_csv import is_spaced

if TYPE_CHECKING:
    import pyarrow as pa

COMPARED = {Storage.TEXT, Storage.INTEGER}
"""What of a header that comes again can stand in a typed table."""

MOST_CELLS = 5_000_000
"""Cells up to which different values are counted without the engine, which plans longer."""

HELD_CELLS = 3_000_000
"""Cells of a table whose texts are encoded at once: its profile uses them again."""

MONTHS = 12
"""Days of a month that could be the number of a month as well."""


class TypedTable(TextTable):
    """A typed table that can be asked as one of texts, and more; see :func:`open_typed`.

    Where a column is no text, its texts are those of its values.

    Attributes
    ----------
    spans
        What the footer of the file tells, by field.
    held
        The columns that were read into memory.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[Column]
    ) -> None:
        n_rows, self.spans = read_footer(connection, path, columns)
        super().__init__(connection, parquet(path), n_rows)
        self.held = HeldColumns()
        self._columns = {c.field: c for c in columns}

    def distinct(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Return the different filled texts of each field with their rows, as in texts."""
        comparable = [f for f in fields if self._columns[f].storage in COMPARED]
        if self.n_rows * len(comparable) > MOST_CELLS:
            return super().distinct(fields, limit)
        found: dict[str, dict[str, int]] = {}
        for name, values in self._in_memory(comparable):
            texts: Counter[str] = Counter()
            for value, n in count_values(values).items():
                texts[str(value).strip(SPACES)] += n
            filled = [(text, n) for text, n in texts.items() if text]
            found[name] = dict(sorted(filled, key=lambda pair: (-pair[1], pair[0]))[:limit])
        return found | super().distinct([f for f in fields if f not in found], limit)

    def estimates(self, fields: Sequence[str]) -> dict[str, int]:
        """Return about how many different values each field has (5 % off at worst)."""
        if self._is_held(fields):
            return {name: n_different(values) for name, values in self._in_memory(fields)}
        found: dict[str, int] = {}
        for block, source in self._blocks(fields):
            counts = [exp.ApproxDistinct(this=_field(name)) for name in block]
            row = self._one(select(counts, source))
            found |= {name: int(str(n)) for name, n in zip(block, row, strict=True)}
        return found

    def count_distinct(self, fields: Sequence[str]) -> dict[str, int]:
        """Return the exact number of different filled texts of each field."""
        if not self._is_held(fields):
            return super().count_distinct(fields)
        return {name: _n_filled(values) for name, values in self._in_memory(fields)}

    def runs(self, field: str) -> bool:
        """Return whether whole numbers go up by one from row to row."""
        if self._is_held([field]) and self.spans[field].n_null == 0:
            _, values = next(self._in_memory([field]))
            return bool((np.diff(numpy_of(values)) == 1).all())
        ends = [
            end(this=exp.Sub(this=_field(field), expression=_field(ROW_ID)))
            for end in (exp.Min, exp.Max)
        ]
        low, high = self._one(select(ends, self._table.copy()))
        return self.spans[field].n_null == 0 and low == high

    def has_blank(self, field: str) -> bool:
        """Return whether a text is nothing but spaces."""
        blank = exp.EQ(this=trimmed(field), expression=exp.Literal.string(""))
        first = exp.LT(this=_field(field), expression=exp.Literal.string("!"))
        return self._n_where(exp.And(this=first, expression=blank)) > 0

    def has_epoch(self, field: str) -> bool:
        """Return whether a time is the start of 1970, or before the year 1."""
        epoch, first = (_time(text) for text in ("1970-01-01", "0001-01-01"))
        return (
            self._n_where(
                exp.or_(
                    exp.EQ(this=_field(field), expression=epoch),
                    exp.LT(this=_field(field), expression=first),
                )
            )
            > 0
        )

    def reads_alike(self, field: str, style: str, other: str) -> bool:  # noqa: ARG002 - as in texts
        """Return whether the dates of ``field`` could be read with day and month swapped."""
        day = exp.Anonymous(this="day", expressions=[_field(field)])
        found = self._one(select([exp.Max(this=day)], self._table.copy()))[0]
        return found is None or int(str(found)) <= MONTHS

    def words(self, field: str, words: Sequence[str]) -> dict[str, int]:
        """Return those of ``words`` that are texts of ``field``; few rows need a trim."""
        words = [word for word in words if self._may_hold(field, word)]
        if not words:
            return {}
        among = [exp.Literal.string(word) for word in words]
        spaced = exp.and_(is_spaced(field), is_one_of(field, words), copy=False)
        where = exp.or_(exp.In(this=_field(field), expressions=among), spaced, copy=False)
        return self._counts(trimmed(field), len(words), where)

    def n_empty_rows(self) -> int:
        """Return the number of rows without any value."""
        if any(self.spans[f].n_null == 0 for f in self._columns):
            return 0
        empty = [exp.Is(this=_field(f), expression=exp.null()) for f in self._columns]
        return self._n_where(exp.and_(*empty, copy=False))

    def n_like(self, texts: dict[str, str]) -> int:
        """Return the number of rows in which texts and whole numbers are ``texts``.

        Spaces around them do not count.
        """
        known = {f: text.strip() for f, text in texts.items() if text.strip()}
        known = {f: t for f, t in known.items() if self._columns[f].storage in COMPARED}
        if not all(self._may_hold(f, t) for f, t in known.items() if self._is_text(f)):
            return 0
        same = [
            exp.EQ(this=self._text(field), expression=exp.Literal.string(text))
            for field, text in known.items()
        ]
        return self._n_where(exp.and_(*same, copy=False)) if same else 0

    def _is_held(self, fields: Sequence[str]) -> bool:
        """Whether columns of the table stay in memory, and these are texts and whole numbers."""
        stay = self.n_rows <= SHORT and self.n_rows * len(self._columns) <= HELD_CELLS
        return stay and all(self._columns[f].storage in COMPARED for f in fields)

    def _in_memory(self, fields: Sequence[str]) -> Iterator[tuple[str, pa.Array]]:
        """Yield each field with its values, texts encoded."""
        found = self.held.table(fields, lambda names: self._arrow(self._whole(names)))
        for name, values in zip(fields, found.columns, strict=True):
            is_text = self._is_text(name)
            yield name, self.held.encoded(name, values) if is_text else values.combine_chunks()

    def _whole(self, names: Sequence[str]) -> exp.Expr:
        return select(map(_field, names), self._table.copy())

    def _may_hold(self, field: str, word: str) -> bool:
        """Whether ``word`` lies within the bounds of a text column, with spaces or without."""
        span = self.spans[field]
        if not span.is_known:
            return True
        if span.low is None:
            return False
        return bool(span.low < "!" or (span.low <= f"{word}!" and word <= span.high))

    def _is_text(self, field: str) -> bool:
        return self._columns[field].storage is Storage.TEXT

    def _n_where(self, where: exp.Expr) -> int:
        statement = select([exp.Count(this=exp.Star())], self._table.copy())
        return int(str(self._one(statement.where(where, copy=False))[0]))

    def _number(self, cast: Cast) -> exp.Expr:
        return super()._number(cast) if self._is_text(cast.field) else _field(cast.field)

    def _text(self, field: str) -> exp.Expr:
        if self._is_text(field):
            return trimmed(field)
        return as_type(_field(field), TYPES[Storage.TEXT])


@contextmanager
def open_typed(
    path: Path, columns: Sequence[Column], *, memory_limit: int = DEFAULT_MEMORY
) -> Iterator[TypedTable]:
    """Open the typed table ``path`` that the engine wrote for ``columns``."""
    with connect(memory_limit) as connection:
        yield TypedTable(connection, path, columns)


def _n_filled(values: pa.Array) -> int:
    """Return the number of different filled texts, spaces around them left out."""
    if not hasattr(values, "dictionary"):
        return n_different(values)
    texts = values.dictionary
    if _may_be_spaced(texts):
        import pyarrow.compute as pc

        texts = pc.utf8_trim(texts, characters=SPACES).unique()
    return len(texts) - int((_sizes(texts) == 0).any())


def _may_be_spaced(texts: pa.Array) -> bool:
    """Whether a text may start or end with a space: other than the first ones are no ASCII."""
    data, sizes = bytes_of(texts), _sizes(texts)
    ends = np.cumsum(sizes)
    filled = sizes > 0
    edges = np.concatenate((data[(ends - sizes)[filled]], data[ends[filled] - 1]))
    return bool(((edges == ord(" ")) | (edges > ord("~"))).any())


def _sizes(texts: pa.Array) -> IntArray:
    """Return the bytes of each text."""
    import pyarrow.compute as pc

    return np.asarray(numpy_of(pc.binary_length(texts)), dtype=np.int64)


def _time(text: str) -> exp.Expr:
    return as_type(exp.Literal.string(text), TYPES[Storage.DATETIME])
