"""A column in memory with its values counted, and all facts computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.engine.arrays import numpy_of
from components.profiling.column import histograms
from components.profiling.column.counted_measures import measure_counted
from components.profiling.column.fact_types import ColumnFacts, Measures, RowClasses, Split, Values
from components.profiling.column.last_digits import digits_counted
from components.profiling.column.texts import describe_texts
from components.profiling.column.times import times_counted
from components.profiling.column.value_counts import Counted, count


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
        Rows per item of ``raw``; None for one each.
    """

    column: Column
    rows: IntArray | None
    raw: NDArray[Any]
    weights: IntArray | None
    counted: Counted

    def among(self, places: IntArray) -> IntArray:
        """Return the index in ``places`` of counted values of each value; -1 for the others."""
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


def hold(column: Column, values: Any, weights: IntArray | None = None) -> Held:  # noqa: ANN401 - pyarrow has no types
    """Return a column of an Arrow table with its values counted.

    Parameters
    ----------
    weights
        Rows per value; one each when None.
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
        raw = numbers_of(column, present)
        counted = count(column.storage, raw, chosen)
    return Held(column, rows, raw, chosen, counted)


def numbers_of(column: Column, present: Any) -> NDArray[Any]:  # noqa: ANN401 - pyarrow has no types
    """Return the values of an Arrow array without gaps, no texts, as in ``Counted``."""
    if column.storage is Storage.DATETIME:
        present = present.cast(pa.timestamp("us")).cast(pa.int64())
    return numpy_of(present)


def classes_of(split: Split, labels: Any) -> RowClasses:  # noqa: ANN401 - pyarrow has no types
    """Return the class of each row of an Arrow column of labels."""
    names = (*split.names, None)
    code = np.full(len(labels), len(names) - 1, dtype=np.int64)
    held = hold(split.column, labels)
    places = np.arange(len(held.counted))
    known = [names.index(value) for value in held.counted.at(places)]
    rows = slice(None) if held.rows is None else held.rows
    code[rows] = np.array(known, dtype=np.int64)[held.among(places)]
    return RowClasses(code, names)


def facts_of(held: Held, classes: RowClasses | None) -> ColumnFacts:
    """Return everything about a column; by class where there are ``classes``."""
    column, counted = held.column, held.counted
    measures, shape = measure_counted(column, counted)
    n_top = int(counted.counts.max()) if len(counted) else None
    return ColumnFacts(
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


def _bins(
    held: Held, measures: Measures, classes: RowClasses | None
) -> dict[tuple[int, Scalar], int]:
    edges = histograms.scale(held.column, measures)
    if edges is None:
        return {}
    counted = held.counted
    known = (counted.values, counted.counts) if classes is None else (held.raw, held.weights)
    where = histograms.positions(held.column, known[0])
    return histograms.rows_per_bin(edges, where, known[1], classes)


def _by_class(held: Held, classes: RowClasses) -> dict[tuple[Scalar, Scalar], int]:
    """Return the rows per frequent value and class."""
    top = [value for value, _ in held.counted.top()]
    if not top:
        return {}
    return classes.count(held.among(held.counted.top_places), held.weights, top)
