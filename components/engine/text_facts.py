"""Facts about the cell texts of columns, over all rows; each is one pass in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from components.core.dataset import ROW_ID, Storage
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import WIDE, bound_threads, count_rows, parquet
from components.engine.readings import is_one_of, read_as, text_of

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
        Texts that are more than spaces.
    n_read
        Texts that are values under the reading.
    n_distinct
        Different filled texts: an estimate of DuckDB (5 % off at worst in our measurements).
    length_mean, length_max, spaces_mean
        Characters, and spaces inside, per filled text.
    low, high
        Of the values, for numbers and integers.
    """

    n_filled: int
    n_read: int
    n_distinct: int
    length_mean: float
    length_max: int
    spaces_mean: float
    low: float | None
    high: float | None


def text_facts(
    path: Path,
    readings: Sequence[Reading],
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> list[TextFacts]:
    """Return facts for each reading, in order."""
    facts: list[TextFacts] = []
    by_field = {r.field: r for r in readings}
    with connect(memory_limit) as connection:
        for block, source in _blocks(connection, path, list(by_field)):
            measures = [m for name in block for m in _measures(by_field[name])]
            row = _one(connection, exp.select(*measures).from_(source))
            step = len(measures) // len(block)
            facts += [_facts(row[i : i + step]) for i in range(0, len(row), step)]
    return facts


def _measures(reading: Reading) -> list[exp.Expression]:
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
    return [
        exp.CountIf(this=filled),
        exp.Count(this=value.copy()),
        exp.ApproxDistinct(this=only),
        exp.Avg(this=length),
        exp.Max(this=length.copy()),
        exp.Avg(this=spaces),
        exp.Min(this=number),
        exp.Max(this=number.copy()),
    ]


def _facts(row: Sequence[object]) -> TextFacts:
    filled, read, distinct, mean, longest, spaces, low, high = row
    return TextFacts(
        n_filled=_int(filled),
        n_read=_int(read),
        n_distinct=_int(distinct),
        length_mean=_float(mean) or 0.0,
        length_max=_int(longest),
        spaces_mean=_float(spaces) or 0.0,
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
    """Return different texts of each field from about ``n`` rows.

    Half of the rows are the first ones, the others are evenly spaced.
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
        for block, source in _blocks(connection, path, fields):
            columns = [exp.column(name, quoted=True) for name in block]
            statement = exp.select(*columns).from_(source).where(exp.or_(top, every))
            table = connection.sql(statement.sql("duckdb")).to_arrow_table()
            for field, values in zip(block, table.columns, strict=True):
                found[field] = sorted(set(values.to_pylist()))
    return found


def unread(
    path: Path, reading: Reading, limit: int, *, memory_limit: int = DEFAULT_MEMORY
) -> list[tuple[str, int]]:
    """Return the most frequent filled texts that are no values under ``reading``, with counts."""
    text = text_of(reading.field)
    value = read_as(reading.field, reading.storage, reading.style)
    statement = (
        _by_frequency(parquet(path), text, limit)
        .where(exp.Is(this=value, expression=exp.null()))
        .where(exp.NEQ(this=text.copy(), expression=exp.Literal.string("")))
    )
    with connect(memory_limit) as connection:
        return [(str(t), _int(n)) for t, n in _all(connection, statement)]


def distinct_texts(
    path: Path, fields: Sequence[str], limit: int, *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, dict[str, int]]:
    """Return the different filled texts of each field with their rows, at most ``limit`` each.

    The most frequent ones come first.
    """
    if len(fields) > WIDE:
        return _distinct_blocks(path, fields, limit, memory_limit)
    found: dict[str, dict[str, int]] = {}
    with connect(memory_limit) as connection:
        for field in fields:
            text = text_of(field)
            filled = exp.NEQ(this=text.copy(), expression=exp.Literal.string(""))
            statement = _by_frequency(parquet(path), text, limit).where(filled)
            found[field] = {str(t): _int(n) for t, n in _all(connection, statement)}
    return found


def word_counts(
    path: Path, field: str, words: Sequence[str], *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, int]:
    """Return those of ``words`` that are texts of ``field``, with their rows."""
    statement = _by_frequency(parquet(path), text_of(field), len(words)).where(
        is_one_of(field, words)
    )
    with connect(memory_limit) as connection:
        return {str(t): _int(n) for t, n in _all(connection, statement)}


def _by_frequency(source: exp.Expression, text: exp.Expression, limit: int) -> exp.Select:
    return (
        exp.select(exp.alias_(text, "t"), exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(source)
        .group_by("1")
        .order_by("2 DESC", "1")
        .limit(limit)
    )


def _distinct_blocks(
    path: Path, fields: Sequence[str], limit: int, memory_limit: int
) -> dict[str, dict[str, int]]:
    """Do the same for very many fields.

    DuckDB 2.0.0 needed over 2 GB for thousands of histograms over three rows; Arrow counts here.
    """
    found: dict[str, dict[str, int]] = {}
    with connect(memory_limit) as connection:
        for block, source in _blocks(connection, path, fields):
            statement = exp.select(*(text_of(name) for name in block)).from_(source)
            table = connection.sql(statement.sql("duckdb")).to_arrow_table()
            for name, column in zip(block, table.columns, strict=True):
                counts = {c["values"]: c["counts"] for c in column.value_counts().to_pylist()}
                order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
                found[name] = {text: n for text, n in order[:limit] if text}
    return found


def count_distinct(
    path: Path, fields: Sequence[str], *, memory_limit: int = DEFAULT_MEMORY
) -> dict[str, int]:
    """Return the exact number of different filled texts of each field."""
    found: dict[str, int] = {}
    with connect(memory_limit) as connection:
        for block, source in _blocks(connection, path, fields):
            texts = [exp.func("NULLIF", text_of(f), exp.Literal.string("")) for f in block]
            counts = [exp.Count(this=exp.Distinct(expressions=[text])) for text in texts]
            row = _one(connection, exp.select(*counts).from_(source))
            found |= {field: _int(n) for field, n in zip(block, row, strict=True)}
    return found


def _blocks(
    connection: duckdb.DuckDBPyConnection, path: Path, fields: Sequence[str]
) -> Iterator[tuple[Sequence[str], exp.Expression]]:
    """Yield the fields in blocks, each with the table to ask.

    Opening a Parquet file of thousands of columns takes DuckDB half a second each time, so the
    columns of a wide but short table are taken out of it by the hundred first.
    """
    bound_threads(connection, len(fields))
    group = len(fields)
    if group > WIDE:
        group = min(8 * BLOCK, BLOCK_CELLS // max(1, count_rows(connection, path)))
    for start in range(0, len(fields), max(1, group)):
        some = fields[start : start + max(1, group)]
        source = parquet(path)
        if BLOCK <= len(some) < len(fields):
            columns = [exp.column(name, quoted=True) for name in (ROW_ID, *some)]
            statement = exp.select(*columns).from_(parquet(path))
            connection.register("block", connection.sql(statement.sql("duckdb")).to_arrow_table())
            source = exp.to_table("block")
        for at in range(0, len(some), BLOCK):
            yield some[at : at + BLOCK], source.copy()


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
