"""The cell texts of a table, block by block and in row order: from Parquet, or from a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.sql.casts import trimmed
from components.engine.sql.expressions import field as column_of
from components.engine.sql.expressions import parquet, select
from components.engine.sql.expressions import text_of as written
from components.engine.text.delimited import Delimited, csv_source, numbered
from components.engine.text.delimited import fields as fields_of
from components.engine.text.typed_csv import word_field

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 65_536
"""Rows of a block."""

AT_ONCE = 500
"""Words counted in one reading: the engine keeps room for each."""


def stored_batches(
    path: Path, fields: Sequence[str], *, size: int = BLOCK
) -> Iterator[pa.RecordBatch]:
    """Yield ``row_id`` and the texts of ``fields`` from a Parquet file."""
    from pyarrow import parquet as arrow_parquet

    with arrow_parquet.ParquetFile(path) as file:
        yield from file.iter_batches(size, columns=[ROW_ID, *fields])


def csv_batches(
    source: Path,
    settings: Delimited,
    n_columns: int,
    fields: Sequence[str],
    *,
    limit: int | None = None,
    size: int = BLOCK,
    memory_limit: int = DEFAULT_MEMORY,
) -> Iterator[pa.RecordBatch]:
    """Yield ``row_id`` and the texts of ``fields`` from a text of which every record fits.

    Parameters
    ----------
    limit
        Rows after which to stop.
    """
    types = dict.fromkeys(fields_of(n_columns), "VARCHAR")
    reader = csv_source(source, settings, types, keep_empty=True)
    statement = select([numbered(), *map(column_of, fields)], reader)
    if limit is not None:
        statement = statement.limit(limit, copy=False)
    with connect(memory_limit) as connection:
        connection.execute("SET threads TO 1")  # several read far ahead of whoever asks
        yield from connection.sql(written(statement)).to_arrow_reader(size)


Words = Mapping[str, Sequence[str]]
"""Field -> words."""

Counts = dict[str, dict[str, int]]
"""Field -> word -> cells."""


def count_stored_words(path: Path, words: Words, *, memory_limit: int) -> Counts:
    """Count, field by field, the cells in a Parquet file that are one of some words.

    Spaces around a word do not count; a word that does not occur is left out.
    """
    return _count(parquet(path), words, memory_limit)


def count_csv_words(
    source: Path, settings: Delimited, n_columns: int, words: Words, *, memory_limit: int
) -> Counts:
    """Do the same as :func:`count_stored_words` in a text of which every record fits."""
    types = dict.fromkeys(fields_of(n_columns), "VARCHAR")
    return _count(csv_source(source, settings, types, keep_empty=True), words, memory_limit)


def count_noted_words(table: Path, words: Words, *, memory_limit: int) -> Counts | None:
    """Do the same in a typed table; None where it does not say which words stood in it."""
    asked = {word_field(field): some for field, some in words.items() if some}
    with connect(memory_limit) as connection:
        schema = exp.Anonymous(this="parquet_schema", expressions=[exp.Literal.string(str(table))])
        names = connection.execute(written(select([column_of("name")], schema))).fetchall()
    if not asked.keys() <= {name for (name,) in names}:
        return None
    counts = _count(parquet(table), asked, memory_limit)
    return {field: counts.get(word_field(field), {}) for field in words}


def _count(table: exp.Expr, words: Words, memory_limit: int) -> Counts:
    pairs = [(field, word) for field, some in words.items() for word in some]
    found: Counts = {field: {} for field in words}
    with connect(memory_limit) as connection:
        for start in range(0, len(pairs), AT_ONCE):
            some = pairs[start : start + AT_ONCE]
            counts = [exp.CountIf(this=_is_word(field, word)) for field, word in some]
            statement = select(counts, table.copy())
            row = connection.execute(written(statement)).fetchall()[0]
            for (field, word), n in zip(some, row, strict=True):
                if n:
                    found[field][word] = int(n)
    return found


def _is_word(field: str, word: str) -> exp.Expr:
    return exp.EQ(this=trimmed(field), expression=exp.Literal.string(word))
