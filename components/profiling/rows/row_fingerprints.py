"""Facts about whole rows, gathered while column after column is in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from components.core.data.table import IntArray
from components.profiling.column.in_memory import Held

_STEP = 0x9E3779B97F4A7C15
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)


class WholeRows:
    """The missing cells of each row, and a fingerprint of what it holds.

    Attributes
    ----------
    gaps
        Missing cells per row, shape (n_rows,).

    Notes
    -----
    A fingerprint is the sum of the mixed values of a row (the finaliser of splitmix64, Steele, Lea
    and Flood 2014). Rows with different fingerprints differ; rows with the same one are compared
    value by value by the engine before anything is said about them.
    """

    def __init__(self, n_rows: int) -> None:
        self.gaps = np.zeros(n_rows, dtype=np.int64)
        self._whole = _Fingerprints(n_rows)
        self._without_keys = _Fingerprints(n_rows)
        self._n_columns = 0

    def add(self, held: Held, rows: IntArray, *, is_key: bool) -> None:
        """Take in a column; ``rows`` are those with a value."""
        self._n_columns += 1
        if held.rows is not None:
            self.gaps += 1
            self.gaps[rows] -= 1
        wanted = [self._whole] if is_key else [self._whole, self._without_keys]
        open_now = [prints for prints in wanted if not prints.differ]
        if len(held.counted) == len(self.gaps):
            for prints in open_now:
                prints.differ = True
        elif open_now:
            mixed = _mixed(_bits(held.raw), self._n_columns)
            for prints in open_now:
                prints.sums[slice(None) if held.rows is None else rows] += mixed

    @property
    def may_repeat(self) -> bool:
        """Whether two rows have the same fingerprint."""
        return self._whole.has_twins()

    @property
    def may_repeat_without_keys(self) -> bool:
        """Whether two rows have the same fingerprint, keys left out."""
        return self._without_keys.has_twins()


class _Fingerprints:
    """One number per row.

    Attributes
    ----------
    differ
        Whether all rows are known to differ, since one column does in all of them.
    """

    def __init__(self, n_rows: int) -> None:
        self.sums = np.zeros(n_rows, dtype=np.uint64)
        self.differ = False

    def has_twins(self) -> bool:
        """Return whether two rows may be the same."""
        if self.differ:
            return False
        ordered = np.sort(self.sums)
        return bool((ordered[1:] == ordered[:-1]).any())


def _bits(raw: NDArray[np.generic]) -> NDArray[np.uint64]:
    if np.issubdtype(raw.dtype, np.floating):
        positive_zero = raw.astype(np.float64) + 0.0
        return positive_zero.view(np.uint64)
    return raw.astype(np.int64).view(np.uint64)


def _mixed(bits: NDArray[np.uint64], number: int) -> NDArray[np.uint64]:
    found = bits + np.uint64(number * _STEP % 2**64)
    found = (found ^ (found >> _SHIFTS[0])) * _FIRST
    found = (found ^ (found >> _SHIFTS[1])) * _SECOND
    return found ^ (found >> _SHIFTS[2])
