"""Facts about the columns of a typed table; what the footer of its file tells is not asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.dataset import ROW_ID, Column, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import parquet
from components.engine.footer import n_rows, spans
from components.engine.readings import is_one_of, text_of
from components.engine.text_facts import TextTable

COMPARED = {Storage.TEXT, Storage.INTEGER}
"""What of a header that comes again can stand in a typed table."""

MONTHS = 12
"""Days of a month that could be the number of a month as well."""


class TypedTable(TextTable):
    """A typed table that can be asked as one of texts, and more; see :func:`open_typed`.

    Where a column is no text, its texts are those of its values.

    Attributes
    ----------
    spans
        What the footer of the file tells, by field.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[Column]
    ) -> None:
        super().__init__(connection, parquet(path), n_rows(path))
        self.spans = spans(path)
        self._columns = {c.field: c for c in columns}

    def estimates(self, fields: Sequence[str]) -> dict[str, int]:
        """Return about how many different values each field has (5 % off at worst)."""
        found: dict[str, int] = {}
        for block, source in self._blocks(fields):
            counts = [exp.ApproxDistinct(this=_field(name)) for name in block]
            row = self._one(exp.select(*counts).from_(source))
            found |= {name: int(str(n)) for name, n in zip(block, row, strict=True)}
        return found

    def runs(self, field: str) -> bool:
        """Return whether whole numbers go up by one from row to row."""
        apart = exp.Sub(this=_field(field), expression=exp.column(ROW_ID))
        ends = [exp.Min(this=apart), exp.Max(this=apart.copy())]
        low, high = self._one(exp.select(*ends).from_(self._table.copy()))
        return self.spans[field].n_null == 0 and low == high

    def has_blank(self, field: str) -> bool:
        """Return whether a text is nothing but spaces."""
        blank = exp.EQ(this=text_of(field), expression=exp.Literal.string(""))
        first = exp.LT(this=_field(field), expression=exp.Literal.string("!"))
        return self._n_where(exp.and_(first, blank)) > 0

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
        found = self._one(exp.select(exp.Max(this=day)).from_(self._table.copy()))[0]
        return found is None or int(str(found)) <= MONTHS

    def words(self, field: str, words: Sequence[str]) -> dict[str, int]:
        """Return those of ``words`` that are texts of ``field``; few rows need a trim."""
        column = _field(field)
        words = [word for word in words if self._may_hold(field, word)]
        if not words:
            return {}
        among = [exp.Literal.string(word) for word in words]
        ends = exp.Anonymous(this="suffix", expressions=[column, exp.Literal.string(" ")])
        starts = exp.LT(this=column.copy(), expression=exp.Literal.string("!"))
        spaced = exp.and_(exp.or_(starts, ends), is_one_of(field, words))
        where = exp.or_(exp.In(this=column.copy(), expressions=among), spaced)
        return self._counts(text_of(field), len(words), where)

    def n_empty_rows(self) -> int:
        """Return the number of rows without any value."""
        if any(self.spans[f].n_null == 0 for f in self._columns):
            return 0
        empty = [exp.Is(this=_field(f), expression=exp.null()) for f in self._columns]
        return self._n_where(exp.and_(*empty))

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
        return self._n_where(exp.and_(*same)) if same else 0

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
        statement = exp.select(exp.Count(this=exp.Star())).from_(self._table.copy()).where(where)
        return int(str(self._one(statement)[0]))

    def _text(self, field: str) -> exp.Expr:
        if self._is_text(field):
            return text_of(field)
        return exp.cast(_field(field), "VARCHAR")


@contextmanager
def open_typed(
    path: Path, columns: Sequence[Column], *, memory_limit: int = DEFAULT_MEMORY
) -> Iterator[TypedTable]:
    """Open the typed table ``path`` that the engine wrote for ``columns``."""
    with connect(memory_limit) as connection:
        yield TypedTable(connection, path, columns)


def _field(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _time(text: str) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), "TIMESTAMP")
