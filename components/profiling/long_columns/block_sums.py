"""Facts of a long column that add up over blocks of its rows: bins, digits, steps, moments.

The functions that count a block are those for a column in memory.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.query import Scalar
from components.core.facts.contents import Digits, Times
from components.engine.arrays import numpy_of
from components.engine.table.open_table import SqlTable
from components.profiling.column import histograms, last_digits
from components.profiling.column.counted_measures import corrected
from components.profiling.column.fact_types import NUMERIC, QUANTILES, Measures, RowClasses, Shape
from components.profiling.column.histograms import MICROSECONDS
from components.profiling.column.in_memory import numbers_of
from components.profiling.column.times import TimeSums
from components.profiling.rows.row_classes import row_blocks

FURTHEST = 1e60
"""Times the spread of most values that others may lie away: sums of fourth powers are finite."""

_LARGEST = 2**63 - 1
"""Difference of whole numbers."""

Block = tuple[NDArray[Any], RowClasses | None]
"""Some values of a column, as in ``value_counts.Counted`` but in any order, and their classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """What adds up over a column; see ``fact_types.ColumnFacts``."""

    shape: Shape = field(default_factory=Shape)
    bins: Mapping[tuple[int, Scalar], int] = field(default_factory=dict)
    times: Times | None = None
    digits: Digits | None = None


def add_up(
    table: SqlTable, column: Column, measures: Measures, classes: RowClasses | None
) -> Summed:
    """Return what adds up over a column, in one pass over it (two where its mean is far off).

    Parameters
    ----------
    classes
        Of the rows of the table, shape (n_rows,), where the bins are split.
    """
    if column.storage not in {*NUMERIC, Storage.DATETIME} or measures.minimum is None:
        return Summed()
    sums = _Sums(column, measures)
    for block in _blocks(table, column, classes):
        sums.add(*block)
    powers = sums.powers
    if powers is not None and powers.is_far:
        powers = powers.centred()
        for values, _ in _blocks(table, column, None):
            powers.add(values)
    return Summed(
        shape=Shape() if powers is None else powers.shape(),
        bins=sums.bins,
        times=None if sums.times is None else sums.times.times(),
        digits=sums.digits(),
    )


class _Sums:
    """What is counted of each block of a column; None where the column has no such fact."""

    def __init__(self, column: Column, measures: Measures) -> None:
        self._column = column
        self._edges = histograms.scale(column, measures)
        self._spread = last_digits.spread(column, measures)
        self._rests = np.zeros(last_digits.CYCLE)
        self.bins: Counter[tuple[int, Scalar]] = Counter()
        self.powers = _powers(column, measures)
        self.times = _time_sums(measures)

    def add(self, values: NDArray[Any], classes: RowClasses | None) -> None:
        """Count a block."""
        if self._edges is not None:
            where = histograms.positions(self._column, values)
            self.bins.update(histograms.rows_per_bin(self._edges, where, None, classes))
        if self._spread is not None:
            self._rests += last_digits.rests(values, None)
        if self.powers is not None:
            self.powers.add(values)
        if self.times is not None:
            self.times.add(values)

    def digits(self) -> Digits | None:
        """Return the last digits of all blocks."""
        return None if self._spread is None else last_digits.digits(self._rests, self._spread)


def _blocks(table: SqlTable, column: Column, classes: RowClasses | None) -> Iterator[Block]:
    """Yield the values of a column with their classes, some rows at a time."""
    for found in row_blocks(table, [column], present=column):
        values = numbers_of(column, found.column(column.field))
        yield values, None if classes is None else classes.of(numpy_of(found.column(ROW_ID)))


class _Powers:
    """Sums of the powers of z = (value - origin) / scale over finite values.

    The origin lies near the mean, so that nothing overflows or cancels, also where values are far
    from zero and close together.

    Parameters
    ----------
    exact
        Whether the differences are taken of whole numbers, which must then fit into 64 bits.
    """

    def __init__(self, origin: float, scale: float, *, exact: bool) -> None:
        self._origin, self._scale, self._exact = origin, scale, exact
        self._n = 0
        self._sums = np.zeros(4)

    def add(self, values: NDArray[Any]) -> None:
        """Take in some values."""
        known = values if self._exact else values[np.isfinite(values)].astype(np.float64)
        z = (known - self._origin) / self._scale
        square = z * z
        self._n += len(z)
        self._sums += (z.sum(), square.sum(), (square * z).sum(), (square * square).sum())

    @property
    def is_far(self) -> bool:
        """Whether the mean is so far from the origin that digits were lost."""
        return bool(abs(self._mean) > 1.0)

    @property
    def _mean(self) -> float:
        return float(self._sums[0]) / self._n

    @property
    def _sd(self) -> float:
        rest = float(self._sums[1]) - self._n * self._mean**2
        return float(np.sqrt(max(0.0, rest) / (self._n - 1)))

    def centred(self) -> _Powers:
        """Return empty sums about the mean that was found."""
        step = self._mean * self._scale
        origin = self._origin + (round(step) if self._exact else step)
        return _Powers(origin, self._scale * self._sd or self._scale, exact=self._exact)

    def shape(self) -> Shape:
        """Return the shape of the values; the standard deviation is that of these sums."""
        n, m, sd = self._n, self._mean, self._sd
        if not sd:
            return Shape()
        _, second, third, fourth = self._sums.tolist()
        cubes = third - 3 * m * second + 2 * n * m**3
        fourths = fourth - 4 * m * third + 6 * m**2 * second - 3 * n * m**4
        found = corrected(n, cubes / sd**3, fourths / sd**4)
        return Shape(found.skew, found.kurtosis, sd * self._scale)


def _powers(column: Column, measures: Measures) -> _Powers | None:
    """Return empty sums for a number column that varies; None for others."""
    low, high, mean = measures.minimum, measures.maximum, measures.mean
    if column.storage not in NUMERIC or mean is None or low == high:
        return None
    reach = _number(high) - _number(low)
    if not math.isfinite(reach):
        return None
    scale = _scale(reach, measures)
    if isinstance(low, int) and isinstance(high, int):
        exact = high - low < _LARGEST
        return _Powers(int(mean) if exact else mean, scale, exact=exact)
    return _Powers(mean, scale, exact=False)


def _scale(reach: float, measures: Measures) -> float:
    """Return the spread of most values; all of it where the fourth power of z could overflow."""
    if measures.quantiles is None:
        return reach
    points = dict(zip(QUANTILES, measures.quantiles, strict=True))
    spread = points[0.95] - points[0.05]
    return spread if spread * FURTHEST > reach else reach


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _time_sums(measures: Measures) -> TimeSums | None:
    if not isinstance(measures.minimum, datetime) or not isinstance(measures.maximum, datetime):
        return None
    return TimeSums(_microseconds(measures.minimum), _microseconds(measures.maximum))


def _microseconds(value: datetime) -> int:
    since = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds
