"""Histograms: bins that show the bulk of the values, and the rows in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Storage
from components.core.data.instants import seconds_of
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.core.facts.profile import Bins
from components.profiling.column.fact_types import QUANTILES, Measures, RowClasses

MICROSECONDS = 1_000_000
"""Per second."""

FEWEST, MOST = 10, 40
"""Bins of a histogram; a whole-number range up to MOST gets one bin per number."""

REACH = 0.5
"""How far bins reach beyond the 1 % and 99 % quantiles, as a share of the range between them.

Values further out would flatten the picture; they are counted as below and above.
"""


@dataclass(frozen=True, slots=True)
class EqualBins:
    """Equal bins: ``n`` of ``width`` from ``low`` to ``high``."""

    low: float
    high: float
    width: float
    n: int

    @property
    def edges(self) -> tuple[float, ...]:
        """The edges of the bins, one more than bins."""
        low, width = self.low * self.factor, self.width * self.factor
        return (*((low + width * i) / self.factor for i in range(self.n)), self.high)

    def slots(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the bin of each value: -1 below the edges, ``n`` above."""
        offset = values * self.factor - self.low * self.factor
        steps = np.floor(offset / (self.width * self.factor))
        found = np.clip(steps, 0, self.n - 1).astype(np.int64)
        found[values < self.low] = -1
        found[values > self.high] = self.n
        return found

    @property
    def factor(self) -> float:
        """What to multiply values with so that their differences are finite: a power of two."""
        return 1.0 if math.isfinite(self.high - self.low) else 0.25


def scale(column: Column, measures: Measures) -> EqualBins | None:
    """Return the bins for a column; None where it has no numeric axis or no finite value.

    The number of bins follows Freedman and Diaconis 1981, within :data:`FEWEST` and :data:`MOST`.
    """
    ends = _axis(measures.minimum), _axis(measures.maximum)
    if ends[0] is None or ends[1] is None or measures.quantiles is None:
        return None
    low, high = _bulk(ends[0], ends[1], measures.quantiles)
    if column.storage is Storage.INTEGER:
        return _whole_scale(low, high, measures)
    if low == high:
        return _single(low)
    n = _bin_count(low, high, measures)
    return _checked(EqualBins(low, high, high / n - low / n, n))


def rows_per_bin(
    edges: EqualBins,
    positions: NDArray[np.float64],
    weights: IntArray | None,
    classes: RowClasses | None,
) -> dict[tuple[int, Scalar], int]:
    """Return the rows per bin and class; bin -1 lies below the edges, bin n above.

    Parameters
    ----------
    positions
        Of the values on the axis: numbers, or seconds since 1970; shape (n,).
    weights
        Rows per value, shape (n,); one each when None.
    classes
        Of each of them; without, the class is None.
    """
    slots = edges.slots(positions) + 1
    if classes is not None:
        return classes.count(slots, weights, range(-1, edges.n + 1))
    totals = np.bincount(slots, weights)
    return {(slot - 1, None): int(n) for slot, n in enumerate(totals.tolist()) if n}


def positions(column: Column, values: NDArray[Any]) -> NDArray[np.float64]:
    """Return where values, as in ``value_counts.Counted``, lie on a numeric axis."""
    numbers = values.astype(np.float64)
    return numbers / MICROSECONDS if column.storage is Storage.DATETIME else numbers


def histogram(
    edges: EqualBins, counts: Mapping[tuple[int, Scalar], int], classes: Mapping[Scalar, str] | None
) -> Bins:
    """Return the histogram of counted bins, by class where there are ``classes``."""

    def per_bin(keep: Sequence[Scalar] | None) -> dict[int, int]:
        totals: dict[int, int] = {}
        for (slot, value), n in counts.items():
            if keep is None or value in keep:
                totals[slot] = totals.get(slot, 0) + n
        return totals

    def inside(totals: Mapping[int, int]) -> tuple[int, ...]:
        return tuple(totals.get(slot, 0) for slot in range(edges.n))

    everything = per_bin(None)
    return Bins(
        edges=edges.edges,
        counts=inside(everything),
        below=everything.get(-1, 0),
        above=everything.get(edges.n, 0),
        by_label=None
        if classes is None
        else {name: inside(per_bin([value])) for value, name in classes.items()},
    )


def _axis(value: Scalar) -> float | None:
    if isinstance(value, datetime):
        return seconds_of(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _bulk(low: float, high: float, quantiles: Sequence[float]) -> tuple[float, float]:
    first, last = quantiles[0], quantiles[-1]
    if first == last:
        return low, high
    reach = REACH * last - REACH * first
    return max(low, first - reach), min(high, last + reach)


def _bin_count(low: float, high: float, measures: Measures) -> int:
    quantiles = dict(zip(QUANTILES, measures.quantiles or (), strict=True))
    spread = quantiles[0.75] / 2 - quantiles[0.25] / 2
    width = 4 * spread / max(1, measures.n_finite) ** (1 / 3)
    if width <= 0:
        return (FEWEST + MOST) // 2
    wanted: float = min(MOST, high / width - low / width)
    return max(FEWEST, math.ceil(wanted))


def _whole_scale(low: float, high: float, measures: Measures) -> EqualBins:
    first, last = math.floor(low), math.ceil(high)
    if last - first < MOST:
        return _checked(EqualBins(first - 0.5, last + 0.5, 1.0, last - first + 1))
    width = math.ceil((last - first + 1) / _bin_count(first, last, measures))
    n = math.ceil((last - first + 1) / width)
    return _checked(EqualBins(first - 0.5, first - 0.5 + n * width, float(width), n))


def _checked(found: EqualBins) -> EqualBins:
    edges = found.edges
    if all(a < b for a, b in pairwise(edges)):
        return found
    return _single(found.low)


def _single(value: float) -> EqualBins:
    width = max(1.0, abs(value) * 1e-9)
    return EqualBins(value - width / 2, value + width / 2, width, 1)
