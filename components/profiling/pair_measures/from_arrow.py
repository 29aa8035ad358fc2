"""Columns of Arrow made ready to be compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Kind, Storage
from components.core.data.table import IntArray
from components.engine.arrays import numpy_of
from components.engine.text.counted_values import count_near
from components.profiling.pair_measures.codes import (
    Flags,
    Levels,
    Places,
    Prepared,
    codes_of,
    is_compared_as_number,
    of_levels,
)


def prepare(column: Column, values: Any, *, often: bool = False) -> Prepared:  # noqa: ANN401 - pyarrow has no types
    """Return a column ready to be compared: as a number, a time, or a category.

    Infinite values are missing. Steps in order that are numbers are compared as numbers.

    Parameters
    ----------
    values
        An Arrow array in one piece.
    often
        Whether most values occur several times; numbers are faster to put in order then.
    """
    is_number = is_compared_as_number(column)
    if not is_number and column.storage is not Storage.NUMBER:
        return _category(column, values)
    present, known = _known(values)
    if column.kind is Kind.DATETIME:
        known = _microseconds(known)
    levels, place = _in_order(known, often=often)
    return of_levels(column, levels, place, present)


def _known(values: Any) -> tuple[Flags | None, Any]:  # noqa: ANN401 - pyarrow has no types
    """Return which rows have a value, None for all, and these values."""
    if not values.null_count:
        return None, values
    return numpy_of(values.is_valid()), values.drop_null()


def _microseconds(values: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    return values.cast(pa.timestamp("us")).cast(pa.int64())


def _in_order(values: Any, *, often: bool) -> tuple[Levels, Places]:  # noqa: ANN401 - pyarrow has no types
    """Return the different numbers, ascending, and the place of each value among them.

    Whole numbers stay whole: beyond 2^53, neighbours would become equal otherwise.
    """
    numbers = numpy_of(values)
    near = count_near(numbers) if numbers.dtype.kind == "i" else None
    if near is not None:
        return _counted_out(numbers, *near)
    if not often:
        return np.unique(numbers, return_inverse=True)
    coded = values.dictionary_encode()
    levels, place = np.unique(numpy_of(coded.dictionary), return_inverse=True)
    return levels, place.take(numpy_of(coded.indices))


def _counted_out(numbers: NDArray[np.int64], low: int, counts: IntArray) -> tuple[Levels, Places]:
    """Return the same for whole numbers from ``low`` on that were counted."""
    there = np.flatnonzero(counts)
    place = np.zeros(len(counts), dtype=np.int64)
    place[there] = np.arange(len(there))
    return there + low, place.take(numbers - low)


def _category(column: Column, values: Any) -> Prepared:  # noqa: ANN401 - pyarrow has no types
    present, known = _known(values)
    coded = known.dictionary_encode()
    codes = codes_of(numpy_of(coded.indices), present)
    return Prepared(column.name, codes, len(coded.dictionary), len(values) - len(known))
