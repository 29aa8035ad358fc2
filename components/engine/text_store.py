"""The cell texts of a table, block by block and in row order: from Parquet, or from a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyarrow import parquet as arrow_parquet
from sqlglot import exp

from components.core.dataset import ROW_ID
from components.engine.connect import DEFAULT_MEMORY, connect
from components.engine.delimited import Delimited, csv_source, numbered
from components.engine.delimited import fields as fields_of

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
