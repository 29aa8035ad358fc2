"""Arrow and Feather files: batches checked one by one, written as Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import feather, ipc, parquet

from components.core.errors import UnusableInput
from components.intake.formats.parsers.sandbox import Answer, Request

PART = "typed.parquet"


def read_arrow(request: Request, folder: Path) -> Answer:
    """Write the batches of a file as one Parquet file with fields ``c0``...

    Raises
    ------
    UnusableInput
        When it is broken, too wide, or holds what has no text.
    """
    path = Path(request.source)
    try:
        with pa.memory_map(str(path)) as source:
            schema, batches = _batches(path, source)
            if len(schema) > request.max_columns:
                raise UnusableInput(
                    f"The table has {len(schema):,} columns; the limit is {request.max_columns:,}.",
                    "Leave columns out, or raise PREFLIGHT_MAX_COLUMNS.",
                )
            n_rows = _write(schema, batches, folder / PART)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise UnusableInput(
            "The Arrow or Feather file is broken or cut off, or holds values that have no text.",
            "Write or transfer it again, or save the table as Parquet.",
        ) from error
    headers = tuple(str(name) for name in schema.names)
    return Answer(headers=headers, width=len(headers), n_rows=n_rows, parts=(PART,))


def _batches(path: Path, source: Any) -> tuple[Any, Iterator[Any]]:  # noqa: ANN401 - pyarrow has no types
    head = source.read(6)
    source.seek(0)
    if head == b"ARROW1":
        reader = ipc.open_file(source)
        return reader.schema, (reader.get_batch(i) for i in range(reader.num_record_batches))
    if head.startswith(b"FEA1"):
        table = feather.read_table(path)
        return table.schema, iter(table.to_batches())
    stream = ipc.open_stream(source)
    return stream.schema, iter(stream)


def _write(schema: Any, batches: Iterator[Any], target: Path) -> int:  # noqa: ANN401 - pyarrow has no types
    plain = pa.schema([(f"c{i}", _plain(field.type)) for i, field in enumerate(schema)])
    n_rows = 0
    with parquet.ParquetWriter(target, plain, compression="lz4", store_schema=False) as writer:
        for batch in batches:
            batch.validate(full=True)
            columns = [
                _cast(column, kind) for column, kind in zip(batch.columns, plain.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=plain))
            n_rows += len(batch)
    return n_rows


def _plain(kind: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the type under which Parquet keeps the values of ``kind`` whole."""
    types = pa.types
    if types.is_dictionary(kind):
        return _plain(kind.value_type)
    if types.is_null(kind) or types.is_duration(kind) or types.is_string_view(kind):
        return pa.string()
    if types.is_float16(kind):
        return pa.float32()
    return pa.binary() if types.is_binary_view(kind) else kind


def _cast(column: Any, kind: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    if pa.types.is_duration(column.type):
        return column.cast(pa.int64()).cast(kind)
    return column if column.type.equals(kind) else column.cast(kind)
