"""The different values of a column and how often each occurs, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from components.core.dataset import Column, Storage
from components.core.query import Scalar
from components.core.table import IntArray

TOP = 20
"""Frequent values that are kept."""

Frequent = tuple[tuple[Scalar, int], ...]


@dataclass(frozen=True)
class Counted:
    """Different values, missing ones left out, and the rows of each.

    Attributes
    ----------
    values
        Ascending; whole numbers as int64, numbers as float64 (infinite ones included), truth
        values as bool, times as int64 microseconds since 1970. Texts are an Arrow array in no
        particular order.
    counts
        Rows per value, at least 1, shape (n_distinct,).
    """

    storage: Storage
    values: Any
    counts: IntArray

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def n(self) -> int:
        """The values, repeated ones included."""
        return int(self.counts.sum())

    def at(self, places: IntArray) -> list[Scalar]:
        """Return the values at some places, as plain ones."""
        if self.storage is Storage.TEXT:
            texts: list[Scalar] = self.values.take(pa.array(places)).to_pylist()
            return texts
        picked = self.values[places]
        if self.storage is Storage.DATETIME:
            picked = picked.astype("datetime64[us]")
        plain: list[Scalar] = picked.tolist()
        return plain

    def finite(self) -> tuple[NDArray[Any], IntArray]:
        """Return the finite numbers and their rows."""
        if self.storage is not Storage.NUMBER:
            return self.values, self.counts
        keep = np.isfinite(self.values)
        return (self.values, self.counts) if keep.all() else (self.values[keep], self.counts[keep])

    def top(self) -> Frequent:
        """Return at most :data:`TOP` values and their rows, most frequent first, then smallest.

        Where there are more different values than that, only those that occur twice.
        """
        return tuple((value, n) for value, n, _ in self._most)

    @property
    def top_places(self) -> IntArray:
        """The places of :meth:`top`, in the same order."""
        return np.array([place for _, _, place in self._most], dtype=np.int64)

    @cached_property
    def _most(self) -> list[tuple[Scalar, int, int]]:
        return self.ranked(TOP)

    def ranked(self, most: int) -> list[tuple[Scalar, int, int]]:
        """Return at most so many values, their rows and their places, as :meth:`top` does."""
        places = self._candidates(most)
        found = zip(self.at(places), self.counts[places].tolist(), places.tolist(), strict=True)
        return sorted(found, key=lambda item: (-item[1], item[0]))[:most]

    def _candidates(self, most: int) -> IntArray:
        """Return the places of the frequent values, with all that tie with the last of them."""
        if len(self) <= most:
            return np.arange(len(self))
        least = max(2, int(np.partition(self.counts, -most)[-most]))
        places = np.flatnonzero(self.counts >= least)
        if self.storage is Storage.TEXT or len(places) <= most:
            return places
        order = np.argsort(-self.counts[places], kind="stable")
        return np.asarray(places[order[:most]])


@dataclass(frozen=True, slots=True)
class Held:
    """A column in memory.

    Attributes
    ----------
    rows
        The rows with a value, ascending; None when all have one.
    raw
        The value of each of these rows, as in :class:`Counted`; for texts their places there.
    """

    column: Column
    rows: IntArray | None
    raw: NDArray[Any]
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


def hold(column: Column, values: Any) -> Held:  # noqa: ANN401 - pyarrow has no types
    """Return a column of an Arrow table with its values counted; NaN is missing."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    valid = _valid(array)
    present = array if valid is None else array.drop_null()
    rows = None if valid is None else np.flatnonzero(valid)
    if column.storage is Storage.TEXT:
        coded = present.dictionary_encode()
        raw = coded.indices.to_numpy()
        counts = np.bincount(raw, minlength=len(coded.dictionary))
        return Held(column, rows, raw, Counted(Storage.TEXT, coded.dictionary, counts))
    raw = _numpy(column, present)
    return Held(column, rows, raw, count(column.storage, raw))


def count(storage: Storage, raw: NDArray[Any]) -> Counted:
    """Return the different ones among ``raw``, which are not texts."""
    ordered = np.sort(raw)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(first)
    return Counted(storage, ordered[starts], np.diff(starts, append=len(ordered)))


def grouped(column: Column, values: Any, counts: IntArray) -> Counted:  # noqa: ANN401 - pyarrow
    """Return values that were counted elsewhere: one Arrow element per different value."""
    if column.storage is Storage.TEXT:
        return Counted(Storage.TEXT, values, counts)
    raw = _numpy(column, values)
    order = np.argsort(raw, kind="stable")
    return Counted(column.storage, raw[order], counts[order])


def _valid(array: Any) -> NDArray[np.bool_] | None:  # noqa: ANN401 - pyarrow has no types
    if not array.null_count:
        return None
    return np.asarray(array.is_valid().to_numpy(zero_copy_only=False), dtype=bool)


_READ: dict[Storage, Callable[[Any], Any]] = {
    Storage.DATETIME: lambda array: array.cast(pa.timestamp("us")).cast(pa.int64()),
}


def _numpy(column: Column, present: Any) -> NDArray[Any]:  # noqa: ANN401 - pyarrow has no types
    read = _READ.get(column.storage)
    array = present if read is None else read(present)
    return np.asarray(array.to_numpy(zero_copy_only=False))
