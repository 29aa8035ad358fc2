"""From cell texts to typed columns, and facts about cell texts; each is one pass in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.dataset import ROW_ID, Column, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import copy_to_parquet, parquet
from components.engine.readings import is_one_of, read_as, text_of

BLOCK = 400
"""Columns asked about in one statement; thousands at once cost DuckDB minutes to plan."""


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
        Texts that are more than spaces.
    n_read
        Texts that are values under the reading.
    n_distinct
        Different filled texts: an estimate of DuckDB (5 % off at worst in our measurements).
    length_mean, length_max, spaces_mean
        Characters, and spaces inside, per filled text.
    words
        Those of the words asked for that stand in the column.
    low, high
        Of the values, for numbers and integers.
    """

    n_filled: int
    n_read: int
    n_distinct: int
    length_mean: float
    length_max: int
    spaces_mean: float
    words: tuple[str, ...]
    low: float | None
    high: float | None


def text_facts(
    path: Path,
    readings: Sequence[Reading],
    words: Sequence[str],
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> list[TextFacts]:
    """Return facts for each reading, in order."""
    facts: list[TextFacts] = []
    with connect(memory_limit) as connection:
        for start in range(0, len(readings), BLOCK):
            block = readings[start : start + BLOCK]
            measures = [m for r in block for m in _measures(r, words)]
            row = _one(connection, exp.select(*measures).from_(parquet(path)))
            step = len(measures) // len(block)
            facts += [_facts(row[i : i + step]) for i in range(0, len(row), step)]
    return facts


def _measures(reading: Reading, words: Sequence[str]) -> list[exp.Expression]:
    text = text_of(reading.field)
    filled = exp.NEQ(this=text, expression=exp.Literal.string(""))
    only = exp.func("NULLIF", text.copy(), exp.Literal.string(""))
    length = exp.Length(this=only.copy())
    spaces = exp.Sub(
        this=length.copy(),
        expression=exp.Length(
            this=exp.func("REPLACE", only.copy(), exp.Literal.string(" "), exp.Literal.string(""))
        ),
    )
    value = read_as(reading.field, reading.storage, reading.style)
    is_number = reading.storage in {Storage.NUMBER, Storage.INTEGER}
    number = exp.cast(value, "DOUBLE") if is_number else exp.cast(exp.null(), "DOUBLE")
    found = exp.Filter(
        this=exp.ArrayAgg(this=exp.Distinct(expressions=[text.copy()])),
        expression=exp.Where(this=is_one_of(reading.field, words)),
    )
    return [
        exp.CountIf(this=filled),
        exp.Count(this=value.copy()),
        exp.ApproxDistinct(this=only),
        exp.Avg(this=length),
        exp.Max(this=length.copy()),
        exp.Avg(this=spaces),
        found,
        exp.Min(this=number),
        exp.Max(this=number.copy()),
    ]


def _facts(row: Sequence[object]) -> TextFacts:
    filled, read, distinct, mean, longest, spaces, words, low, high = row
    return TextFacts(
        n_filled=_int(filled),
        n_read=_int(read),
        n_distinct=_int(distinct),
        length_mean=_float(mean) or 0.0,
        length_max=_int(longest),
        spaces_mean=_float(spaces) or 0.0,
        words=tuple(sorted(words)) if isinstance(words, list) else (),
        low=_float(low),
        high=_float(high),
    )


def sample_texts(
    path: Path,
    fields: Sequence[str],
    n: int,
    n_rows: int,
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> dict[str, list[str]]:
    """Return different texts of each field from about ``n`` rows: the first half from the top,
    the others evenly spaced.
    """
    step = max(1, n_rows // max(1, n // 2))
    number = exp.column(ROW_ID)
    every = exp.EQ(
        this=exp.Mod(this=number, expression=exp.Literal.number(step)),
        expression=exp.Literal.number(0),
    )
    top = exp.LT(this=number.copy(), expression=exp.Literal.number(n // 2))
    found: dict[str, list[str]] = {}
    with connect(memory_limit) as connection:
        for start in range(0, len(fields), BLOCK):
            block = fields[start : start + BLOCK]
            texts = [
                exp.ArrayAgg(this=exp.Distinct(expressions=[exp.column(f, quoted=True)]))
                for f in block
            ]
            statement = exp.select(*texts).from_(parquet(path)).where(exp.or_(top, every))
            row = _one(connection, statement)
            for field, values in zip(block, row, strict=True):
                found[field] = sorted(values) if isinstance(values, list) else []
    return found


def count_words(
    path: Path, words: Mapping[str, Sequence[str]], *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, int]:
    """Return, for each field, the rows whose text is one of its words."""
    if not words:
        return {}
    measures = [exp.CountIf(this=is_one_of(field, some)) for field, some in words.items()]
    with connect(memory_limit) as connection:
        row = _one(connection, exp.select(*measures).from_(parquet(path)))
    return {field: _int(n) for field, n in zip(words, row, strict=True)}


def unread(
    path: Path, reading: Reading, limit: int, *, memory_limit: int = DEFAULT_MEMORY
) -> list[tuple[str, int]]:
    """Return the most frequent filled texts that are no values under ``reading``, with counts."""
    text = text_of(reading.field)
    value = read_as(reading.field, reading.storage, reading.style)
    statement = (
        exp.select(exp.alias_(text, "t"), exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(parquet(path))
        .where(exp.Is(this=value, expression=exp.null()))
        .where(exp.NEQ(this=text.copy(), expression=exp.Literal.string("")))
        .group_by("1")
        .order_by("2 DESC", "1")
        .limit(limit)
    )
    with connect(memory_limit) as connection:
        return [(str(t), _int(n)) for t, n in _all(connection, statement)]


def distinct_texts(
    path: Path, fields: Sequence[str], limit: int, *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, dict[str, int]]:
    """Return the different filled texts of each field with their rows, at most ``limit`` each."""
    found: dict[str, dict[str, int]] = {}
    with connect(memory_limit) as connection:
        for field in fields:
            text = text_of(field)
            statement = (
                exp.select(exp.alias_(text, "t"), exp.alias_(exp.Count(this=exp.Star()), "n"))
                .from_(parquet(path))
                .where(exp.NEQ(this=text.copy(), expression=exp.Literal.string("")))
                .group_by("1")
                .order_by("2 DESC", "1")
                .limit(limit)
            )
            found[field] = {str(t): _int(n) for t, n in _all(connection, statement)}
    return found


def count_distinct(
    path: Path, fields: Sequence[str], *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, int]:
    """Return the exact number of different filled texts of each field."""
    if not fields:
        return {}
    measures: list[exp.Expression] = []
    for field in fields:
        only = exp.func("NULLIF", text_of(field), exp.Literal.string(""))
        measures.append(exp.Count(this=exp.Distinct(expressions=[only])))
    with connect(memory_limit) as connection:
        row = _one(connection, exp.select(*measures).from_(parquet(path)))
    return {field: _int(n) for field, n in zip(fields, row, strict=True)}


def write_typed(
    path: Path, columns: Iterable[Column], target: Path, *, memory_limit: int = DEFAULT_MEMORY
) -> None:
    """Write ``row_id`` and the typed columns of the text table ``path`` to ``target``.

    Missing values, disguised ones included, are null.
    """
    typed = [exp.alias_(_typed(column), column.field, quoted=True) for column in columns]
    statement = exp.select(exp.column(ROW_ID), *typed).from_(parquet(path))
    with connect(memory_limit) as connection:
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


def _all(
    connection: duckdb.DuckDBPyConnection, statement: exp.Expression
) -> list[tuple[object, ...]]:
    return connection.execute(statement.sql("duckdb")).fetchall()


def _one(connection: duckdb.DuckDBPyConnection, statement: exp.Expression) -> tuple[object, ...]:
    return _all(connection, statement)[0]


def _int(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
