"""The cell texts of few rows, held in memory: most of what is asked needs no engine then.

A question costs the engine some milliseconds however few rows there are, and more the more columns
it names. Texts are counted in Python once; only what is a value under a cast is the engine's to
say, of all columns with the same cast at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from components.core.data.dataset import Storage
from components.core.errors import UnusableInput
from components.engine.connect import connect
from components.engine.sql.casts import SPACES
from components.engine.sql.expressions import field as column_of
from components.engine.sql.expressions import parquet, select
from components.engine.sql.expressions import text_of as written
from components.engine.text.delimited import (
    Delimited,
    bound_threads,
    cannot_follow,
    csv_source,
    fields,
    numbered,
)
from components.engine.text.short_texts import TEXT, ShortTexts
from components.engine.text.text_facts import Cast, TextFacts, TextTable, measures_of_values

if TYPE_CHECKING:
    import pyarrow as pa

HELD = "held"

FEW_CASTS = 6
"""Casts that are tried in one statement; measured: stacked columns are faster from ten on."""

WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
"""Whole numbers that come back the same from the engine; longer ones are left to it."""


class HeldTexts(TextTable):
    """A table of cell texts in memory; see :func:`open_held` and :func:`read_held`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: pa.Table) -> None:
        super().__init__(connection, exp.to_table(HELD), table.num_rows)
        connection.register(HELD, table)
        self._columns = dict(zip(table.column_names, table.columns, strict=True))
        self._counted: dict[str, Counter[str]] = {}
        self._stripped: dict[str, Counter[str]] = {}

    @cached_property
    def _short(self) -> ShortTexts:
        return ShortTexts(self._connection, self._table, self.n_rows, self._columns)

    def facts(self, casts: Sequence[Cast]) -> list[TextFacts]:
        """Return facts for each cast, in order; different texts are counted."""
        known = {r.field: row for r in casts if (row := self._cast_here(r)) is not None}
        asked = [r for r in casts if r.storage is not Storage.TEXT and r.field not in known]
        rows = iter(self._asked(asked))
        return [
            self._of_texts(r.field)
            if r.storage is Storage.TEXT
            else self._of_values(r.field, known.get(r.field) or next(rows))
            for r in casts
        ]

    def _asked(self, casts: Sequence[Cast]) -> list[tuple[object, ...]]:
        """Return what the engine measures of each cast: of few in one statement."""
        if not casts:
            return []
        if len(casts) <= FEW_CASTS:
            row = self._one(select([m for c in casts for m in measures_of_values(c)], HELD))
            step = len(row) // len(casts)
            return [row[i : i + step] for i in range(0, len(row), step)]
        ways = [
            (c.field, (c.storage, c.style), partial(measures_of_values, replace(c, field=TEXT)))
            for c in casts
        ]
        return self._short.per_column(ways)

    def sample(self, fields: Sequence[str], n: int) -> dict[str, list[str]]:  # noqa: ARG002 - all
        """Return the different texts of each field."""
        return {field: sorted(self._texts(field)) for field in fields}

    def _from_some(self, statement: exp.Select, n: int) -> exp.Select:  # noqa: ARG002 - all
        return statement

    def distinct(self, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
        """Return the different filled texts of each field with their rows, as the other tables."""
        found = {}
        for field in fields:
            counts = [(t, n) for t, n in self._trimmed(field).items() if t]
            found[field] = dict(sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:limit])
        return found

    def words(self, field: str, words: Sequence[str]) -> dict[str, int]:
        """Return those of ``words`` that are texts of ``field``, with their rows."""
        counts = self._trimmed(field)
        return {word: counts[word] for word in words if word in counts}

    def count_distinct(self, fields: Collection[str]) -> dict[str, int]:
        """Return the exact number of different filled texts of each field."""
        return {field: _n_filled(self._trimmed(field)) for field in fields}

    def _cast_here(self, cast: Cast) -> tuple[int, float | None, float | None] | None:
        """Return facts of truth values and plain whole numbers, cast without the engine."""
        if cast.storage is Storage.BOOLEAN:
            words = (cast.style or "true/false").split("/")
            counts = self._trimmed(cast.field)
            return sum(n for text, n in counts.items() if text.lower() in words), None, None
        if cast.storage is not Storage.INTEGER or cast.style:
            return None
        texts = self._texts(cast.field)
        numbers = [int(text) for text in texts if WHOLE.fullmatch(text)]
        if not numbers or len(numbers) < _n_filled(texts):  # others may be numbers all the same
            return None
        n = self.n_rows - texts[""]
        return n, float(min(numbers)), float(max(numbers))

    def _of_texts(self, field: str) -> TextFacts:
        n = self.n_rows - self._trimmed(field)[""]
        n_distinct = _n_filled(self._texts(field))
        return TextFacts(n_filled=n, n_read=n, n_distinct=n_distinct, low=None, high=None)

    def _of_values(self, field: str, row: Sequence[Any]) -> TextFacts:
        texts = self._texts(field)
        n, (n_read, low, high) = self.n_rows - texts[""], row
        n_distinct = _n_filled(texts)
        return TextFacts(n_filled=n, n_read=n_read, n_distinct=n_distinct, low=low, high=high)

    def _row_id(self) -> exp.Expr:
        return numbered()

    def _texts(self, field: str) -> Counter[str]:
        if field not in self._counted:
            self._counted[field] = Counter(self._columns[field].to_pylist())
        return self._counted[field]

    def _trimmed(self, field: str) -> Counter[str]:
        if field not in self._stripped:
            found = texts = self._texts(field)
            if any(t and (t[0] in SPACES or t[-1] in SPACES) for t in texts):
                found = Counter()
                for text, n in texts.items():
                    found[text.strip(SPACES)] += n
            self._stripped[field] = found
        return self._stripped[field]


def _n_filled(texts: Counter[str]) -> int:
    return len(texts) - ("" in texts)


@contextmanager
def open_held(path: Path, *, memory_limit: int) -> Iterator[HeldTexts]:
    """Open the table of cell texts ``path``, which has few rows."""
    with connect(memory_limit) as connection:
        statement = written(select([exp.Star()], parquet(path)))
        yield HeldTexts(connection, connection.sql(statement).to_arrow_table())


@contextmanager
def read_held(
    source: Path, settings: Delimited, n_columns: int, *, memory_limit: int
) -> Iterator[HeldTexts | UnusableInput]:
    """Open a short text; records that do not fit are left out.

    Yields the error instead, where the reader cannot follow it.
    """
    names = fields(n_columns)
    reader = csv_source(source, settings, dict.fromkeys(names, "VARCHAR"), keep_empty=True)
    statement = written(select(map(column_of, names), reader))
    with connect(memory_limit) as connection:
        bound_threads(connection, n_columns)
        found = _fetched(connection, statement)
        yield found if isinstance(found, UnusableInput) else HeldTexts(connection, found)


def _fetched(connection: duckdb.DuckDBPyConnection, statement: str) -> pa.Table | UnusableInput:
    try:
        return connection.sql(statement).to_arrow_table()
    except duckdb.Error as error:
        return cannot_follow(error)
