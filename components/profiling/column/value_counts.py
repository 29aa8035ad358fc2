"""The different values of a column and how often each occurs, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.engine.arrays import arrow_of
from components.engine.text.counted_values import count_near

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
            texts: list[Scalar] = self.values.take(arrow_of(places)).to_pylist()
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
        places = np.flatnonzero(self.counts > 1)
        if len(places) <= most:
            return places
        least = np.partition(self.counts[places], -most)[-most]
        places = np.flatnonzero(self.counts >= least)
        if self.storage is Storage.TEXT:
            return places
        order = np.argsort(-self.counts[places], kind="stable")
        return np.asarray(places[order[:most]])


def count(storage: Storage, raw: NDArray[Any], weights: IntArray | None = None) -> Counted:
    """Return the different ones among ``raw``, which are not texts.

    Parameters
    ----------
    weights
        Rows per item; one each when None.
    """
    near = count_near(raw) if storage is Storage.INTEGER and weights is None else None
    if near is not None:
        low, counts = near
        places = np.flatnonzero(counts)
        return Counted(storage, places + low, counts[places])
    order = None if weights is None else np.argsort(raw, kind="stable")
    ordered = np.sort(raw) if order is None else raw[order]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(first)
    if order is None or weights is None:
        return Counted(storage, ordered[starts], np.diff(starts, append=len(ordered)))
    counts = np.add.reduceat(weights[order], starts) if len(starts) else weights[:0]
    return Counted(storage, ordered[starts], counts)
