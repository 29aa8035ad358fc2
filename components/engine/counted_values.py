"""How often each value of a column of a Parquet file comes, counted by its dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.core.table import IntArray
from components.engine.arrays import numpy_of

if TYPE_CHECKING:
    import pyarrow as pa


NEAR = 4
"""Whole numbers per value between the first and the last one up to which they need no sorting: their
counts take 32 bytes per value then, and a tenth of the time."""


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
    near = count_near(numbers)
    if near is not None:
        low, n = near
        values = np.flatnonzero(n)
        return dict(zip((values + low).tolist(), n[values].tolist(), strict=True))
    values, n = np.unique(numbers, return_counts=True)
    return dict(zip(values.tolist(), n.tolist(), strict=True))


def count_near(numbers: NDArray[np.signedinteger]) -> tuple[int, IntArray] | None:
    """Return the first of some whole numbers, and how often it and each one after it comes.

    None where they lie too far apart to be counted without being sorted, and where there are none.
    """
    if not len(numbers):
        return None
    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= NEAR * len(numbers):
        return None
    return low, np.bincount(numbers - low)
