"""The cell texts of a table, block by block and in row order: from Parquet, or from a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyarrow import parquet as arrow_parquet
from sqlglot import exp

from components.core.dataset import ROW_ID
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import Delimited, csv_source, numbered
from components.engine.delimited import fields as fields_of
from components.engine.readings import text_of

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 65_536
"""Rows of a block."""


def stored_batches(
    path: Path, fields: Sequence[str], *, size: int = BLOCK
) -> Iterator[pa.RecordBatch]:
    """Yield ``row_id`` and the texts of ``fields`` from a Parquet file."""
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
    columns = [exp.column(name, quoted=True) for name in fields]
    statement = exp.select(numbered(), *columns).from_(reader)
    if limit is not None:
        statement = statement.limit(limit)
    with connect(memory_limit) as connection:
        connection.execute("SET threads TO 1")  # several read far ahead of whoever asks
        yield from connection.sql(statement.sql("duckdb")).to_arrow_reader(size)


def count_words(
    source: Path,
    settings: Delimited,
    n_columns: int,
    words: Mapping[str, Sequence[str]],
    *,
    memory_limit: int = DEFAULT_MEMORY,
) -> dict[str, dict[str, int]]:
    """Count, field by field, the cells of a text that are one of some words, in one reading.

    Spaces around a word do not count; a word that does not occur is left out.
    """
    pairs = [(field, word) for field, some in words.items() for word in some]
    if not pairs:
        return {field: {} for field in words}
    types = dict.fromkeys(fields_of(n_columns), "VARCHAR")
    counts = [exp.CountIf(this=_is_word(field, word)) for field, word in pairs]
    statement = exp.select(*counts).from_(csv_source(source, settings, types, keep_empty=True))
    with connect(memory_limit) as connection:
        row = connection.execute(statement.sql("duckdb")).fetchall()[0]
    found: dict[str, dict[str, int]] = {field: {} for field in words}
    for (field, word), n in zip(pairs, row, strict=True):
        if n:
            found[field][word] = int(n)
    return found


def _is_word(field: str, word: str) -> exp.Expr:
    return exp.EQ(this=text_of(field), expression=exp.Literal.string(word))
