"""Numbers far off what is expected that several rows share: no slips of single rows.

A slip is made in one row, so wrong numbers are rarely equal. Where far more of the rows that are
far off hold one number than slips explain, it has a reason that no column shows: a code, a fare of
a group, a tariff, a limit. Numbers on a coarse grid (counts, ratings) are equal by themselves:
there, the next numbers of the grid are held by as many rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.checks.labels._numbers.faults import FAULTS

FEWEST = 3
"""Rows, or sets of rows that belong together, that share a number (ours)."""
LEVEL = 0.01
"""Chance that slips alone make any number of a table look shared (ours; Bonferroni)."""
NEAR = 0.005
"""How far, as a share, a number may lie from the one that a slip began with (ours): rounding."""
NEXT, TIMES = 2, 3
"""A shared number stands so many times as often as each of so many next numbers on both sides
(ours): an honest tail on a grid has more rows one step nearer."""
AROUND, SHARED_TOO = 5, 2
"""Numbers far off on both sides by which is told how many rows share one there anyway (ours)."""
SetKeys = NDArray[np.uint64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNumbers:
    """Numbers that several rows share, where other numbers are expected.

    Attributes
    ----------
    values
        The numbers, the most frequent first, shape (k,).
    least
        Usual errors from which on a row that holds one is far off.
    """

    values: FloatArray
    least: float

    def far_off(self, y: FloatArray, off: FloatArray) -> BoolArray:
        """Return which rows hold such a number where another one is expected, shape (n,)."""
        return np.isin(y, self.values) & (np.abs(off) >= self.least)


def shared_numbers(y: FloatArray, off: FloatArray, sets: SetKeys, least: float) -> SharedNumbers:
    """Find them: more frequent among the rows that are far off than by slips (binomial test).

    A slip may hit upon the number of another row, or change one by a fault with a name. So the
    chance of a number is the largest share of the other rows that hold it, or a number of which a
    fault makes it.

    Parameters
    ----------
    y, off
        Numbers, and usual errors by which they lie over the expected ones, shape (n,).
    sets
        Which rows belong together, shape (n,): those of one person count once.
    """
    from scipy import stats

    far = np.abs(off) >= least
    if not far.any():
        return SharedNumbers(values=np.empty(0), least=least)
    values, of_value = np.unique(y[far], return_inverse=True)
    found_sets, of_set = np.unique(sets[far], return_inverse=True)
    pairs = np.unique(np.column_stack([of_value, of_set]), axis=0)
    n = np.bincount(pairs[:, 0], minlength=len(values))
    chance = _chance(values, np.sort(y[~far]))
    by_slips = stats.binom.sf(n - 1, len(found_sets), chance)
    by_grid = stats.poisson.sf(n - 2, _more_than_one(n))
    is_rare = np.maximum(by_slips, by_grid) * len(values) <= LEVEL
    found = np.flatnonzero((n >= FEWEST) & is_rare & (n >= TIMES * _beside(values, y)))
    return SharedNumbers(values=values[found[np.lexsort((values[found], -n[found]))]], least=least)


def _chance(values: FloatArray, usual: FloatArray) -> FloatArray:
    """Return at most how likely a slip makes each value, shape of ``values``."""
    most = np.zeros(len(values))
    for begun in (values, *(fault.undo(values) for fault in FAULTS)):
        width = NEAR * np.abs(begun)
        held = np.searchsorted(usual, begun + width, side="right")
        most = np.maximum(most, held - np.searchsorted(usual, begun - width, side="left"))
    return np.asarray((most + 1.0) / (len(usual) + 1.0))


def _beside(values: FloatArray, y: FloatArray) -> FloatArray:
    """Return how many rows hold the most frequent of the next numbers of each value."""
    known, counts = np.unique(y, return_counts=True)
    padded = np.pad(counts, NEXT)
    at = np.searchsorted(known, values) + NEXT
    steps = [step for step in range(-NEXT, NEXT + 1) if step]
    return np.asarray(np.max([padded[at + step] for step in steps], axis=0), dtype=np.float64)


def _more_than_one(n: IntArray) -> FloatArray:
    """Return how many rows more than one the numbers around each hold on average.

    Itself and the two most frequent of them are left out: they may be shared, too.

    Parameters
    ----------
    n
        Rows of each number that is far off, in the order of the numbers.
    """
    padded = np.pad(n - 1, AROUND)
    others = np.delete(np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1), AROUND, 1)
    kept = np.sort(others, axis=1)[:, :-SHARED_TOO]
    return np.asarray((kept.sum(axis=1) + 1.0) / (kept.shape[1] + 1.0))
