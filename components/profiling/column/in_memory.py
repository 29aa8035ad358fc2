"""A column in memory, and everything that is found out about it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.engine.arrays import numpy_of
from components.profiling.column import histograms
from components.profiling.column.counted_measures import MICROSECONDS, measure_counted
from components.profiling.column.last_digits import digits_counted
from components.profiling.column.measures import Measures
from components.profiling.column.partial_facts import Gathered, Values
from components.profiling.column.text_contents import describe_texts
from components.profiling.column.time_contents import times_counted
from components.profiling.column.value_counts import Counted, count

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """The values of a column.

    Attributes
    ----------
    rows
        Where in what was given the values stand, ascending; None when there is no gap.
    raw
        The values, as in ``value_counts.Counted``; for texts their places there.
    weights
        Rows that each of ``raw`` stands for; None for one each.
    """

    column: Column
    rows: IntArray | None
    raw: NDArray[Any]
    weights: IntArray | None
    counted: Counted

    def among(self, places: IntArray) -> IntArray:
        """Return where in ``places`` of counted values each value stands; -1 for the others."""
        if self.column.storage is Storage.TEXT:
            at = np.full(len(self.counted), -1, dtype=np.int64)
            at[places] = np.arange(len(places))
            return np.asarray(at[self.raw])
        if not len(places):
            return np.full(len(self.raw), -1, dtype=np.int64)
        order = np.argsort(places)
        chosen = self.counted.values[places[order]]
        near = np.minimum(np.searchsorted(chosen, self.raw), len(chosen) - 1)
        return np.where(chosen[near] == self.raw, order[near], -1)


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of the label that belongs to each value of a column.

    Attributes
    ----------
    code
        Its place in ``names``, shape (n,).
    names
        The classes; one is None, for rows without a label.
    """

    code: IntArray
    names: tuple[Scalar, ...]

    def count(
        self, slots: IntArray, weights: IntArray | None, keys: Sequence[T]
    ) -> dict[tuple[T, Scalar], int]:
        """Return the rows per slot and class; ``keys`` name the slots, -1 is none of them."""
        width = len(self.names)
        keep = slots >= 0
        places = slots[keep] * width + self.code[keep]
        chosen = None if weights is None else weights[keep]
        totals = np.bincount(places, chosen, minlength=len(keys) * width)
        found = totals.reshape(-1, width)
        return {(keys[i], self.names[j]): int(found[i, j]) for i, j in np.argwhere(found).tolist()}


def hold(column: Column, values: Any, weights: IntArray | None = None) -> Held:  # noqa: ANN401 - pyarrow has no types
    """Return a column of an Arrow table with its values counted.

    Parameters
    ----------
    weights
        Rows that each value stands for; one each when None.
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    valid = _valid(array)
    rows = None if valid is None else np.flatnonzero(valid)
    present = array if rows is None else array.drop_null()
    chosen = weights if weights is None or rows is None else weights[rows]
    if column.storage is Storage.TEXT:
        coded = present.dictionary_encode()
        raw = numpy_of(coded.indices)
        counts = np.bincount(raw, chosen, minlength=len(coded.dictionary)).astype(np.int64)
        counted = Counted(Storage.TEXT, coded.dictionary, counts)
    else:
        raw = _numpy(column, present)
        counted = count(column.storage, raw, chosen)
    return Held(column, rows, raw, chosen, counted)


def facts_of(held: Held, classes: Classes | None) -> Gathered:
    """Return everything about a column; by class where there are ``classes``."""
    column, counted = held.column, held.counted
    measures, shape = measure_counted(column, counted)
    n_top = int(counted.counts.max()) if len(counted) else None
    return Gathered(
        measures=measures,
        shape=shape,
        values=Values(n_distinct=len(counted), top=counted.top(), n_top=n_top),
        bins=_bins(held, measures, classes),
        by_class={} if classes is None else _by_class(held, classes),
        texts=describe_texts(counted) if column.storage is Storage.TEXT else None,
        times=times_counted(counted) if column.storage is Storage.DATETIME else None,
        digits=digits_counted(column, counted, measures),
    )


def _valid(array: Any) -> NDArray[np.bool_] | None:  # noqa: ANN401 - pyarrow has no types
    if not array.null_count:
        return None
    return numpy_of(array.is_valid())


def _numpy(column: Column, present: Any) -> NDArray[Any]:  # noqa: ANN401 - pyarrow has no types
    if column.storage is Storage.DATETIME:
        present = present.cast(pa.timestamp("us")).cast(pa.int64())
    return numpy_of(present)


def _bins(held: Held, measures: Measures, classes: Classes | None) -> dict[tuple[int, Scalar], int]:
    edges = histograms.scale(held.column, measures)
    if edges is None:
        return {}
    if classes is not None:
        slots = edges.slots(_positions(held.column, held.raw)) + 1
        return classes.count(slots, held.weights, range(-1, edges.n + 1))
    slots = edges.slots(_positions(held.column, held.counted.values)) + 1
    totals = np.bincount(slots, held.counted.counts)
    return {(slot - 1, None): int(n) for slot, n in enumerate(totals.tolist()) if n}


def _positions(column: Column, values: NDArray[Any]) -> NDArray[np.float64]:
    numbers = values.astype(np.float64)
    return numbers / MICROSECONDS if column.storage is Storage.DATETIME else numbers


def _by_class(held: Held, classes: Classes) -> dict[tuple[Scalar, Scalar], int]:
    """Return the rows per frequent value and class."""
    top = [value for value, _ in held.counted.top()]
    if not top:
        return {}
    return classes.count(held.among(held.counted.top_places), held.weights, top)
