"""How often each value of a column of a Parquet file comes, counted by its dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from components.engine.arrays import numpy_of

if TYPE_CHECKING:
    import pyarrow as pa


MOST_BINS = 100_000
"""Span of whole numbers up to which they are counted without sorting."""


def count_values(path: Path, names: Sequence[str]) -> Iterator[tuple[str, Counter[Any]]]:
    """Yield each name with its values, texts or whole numbers, and their rows; not the gaps."""
    from pyarrow import parquet

    with parquet.ParquetFile(path, read_dictionary=list(names)) as file:
        table = file.read(columns=list(names), use_threads=False)
    for name, column in zip(names, table.columns, strict=True):
        counts: Counter[Any] = Counter()
        for chunk in column.chunks:
            counts.update(
                _of_dictionary(chunk) if hasattr(chunk, "indices") else _of_numbers(chunk)
            )
        yield name, counts


def _of_dictionary(chunk: pa.DictionaryArray) -> dict[str, int]:
    n = np.bincount(numpy_of(chunk.indices.drop_null()), minlength=len(chunk.dictionary))
    pairs = zip(chunk.dictionary.to_pylist(), n.tolist(), strict=True)
    return {text: count for text, count in pairs if count}


def _of_numbers(chunk: pa.Array) -> dict[int, int]:
    numbers = numpy_of(chunk.drop_null())
    low = int(numbers.min()) if len(numbers) else 0
    if len(numbers) and int(numbers.max()) - low < MOST_BINS:
        n = np.bincount(numbers - low)
        values = np.flatnonzero(n)
        return dict(zip((values + low).tolist(), n[values].tolist(), strict=True))
    values, n = np.unique(numbers, return_counts=True)
    return dict(zip(values.tolist(), n.tolist(), strict=True))
