"""Facts of a long column that add up over blocks of its rows: bins, digits, steps, moments.

The functions that count a block are those for a column in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.query import Scalar
from components.core.facts.contents import Digits, Times
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field as named_field
from components.engine.table.open_table import SqlTable
from components.profiling.column import histograms, last_digits
from components.profiling.column.counted_measures import corrected
from components.profiling.column.fact_types import NUMERIC, Measures, RowClasses, Shape, Split
from components.profiling.column.histograms import MICROSECONDS
from components.profiling.column.in_memory import numbers_of
from components.profiling.column.times import TimeSums
from components.profiling.rows.row_classes import row_blocks
from components.profiling.statements import batches

CACHED = 65_536
"""Values that are worked on at a time: they stay in the cache of a processor."""

TOGETHER = 8
"""Columns that are read at a time: about 4 MB each."""

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
    table: SqlTable,
    columns: Sequence[Column],
    measures: Mapping[str, Measures],
    split: Split | None,
    classes: RowClasses | None,
) -> dict[str, Summed]:
    """Return what adds up over each column, by field.

    One pass over the table, and one more over the columns whose mean is far off.

    Parameters
    ----------
    classes
        Of the rows of the table, shape (n_rows,): bins are split by them, but for the label itself.
    """
    sums = {c.field: _Sums(c, measures[c.field]) for c in columns if _adds_up(c, measures[c.field])}
    label = None if split is None else split.column
    for column, values, known in _blocks(table, [c for c in columns if c.field in sums], classes):
        sums[column.field].add(values, None if column == label else known)
    far = [c for c in columns if c.field in sums and sums[c.field].centre_anew()]
    for column, values, _ in _blocks(table, far, None):
        sums[column.field].add_powers(values)
    return {c.field: sums[c.field].summed() if c.field in sums else Summed() for c in columns}


def _adds_up(column: Column, measures: Measures) -> bool:
    return column.storage in {*NUMERIC, Storage.DATETIME} and measures.minimum is not None


class _Sums:
    """What is counted of each block of a column; None where the column has no such fact."""

    def __init__(self, column: Column, measures: Measures) -> None:
        self._column = column
        self._edges = histograms.scale(column, measures)
        self._spread = last_digits.spread(column, measures)
        self._rests = np.zeros(last_digits.CYCLE)
        self._bins: NDArray[Any] | None = None
        self._classes: RowClasses | None = None
        self._powers = _powers(column, measures)
        self._times = _time_sums(measures)

    def add(self, values: NDArray[Any], classes: RowClasses | None) -> None:
        """Count a block."""
        if self._edges is not None:
            where = histograms.positions(self._column, values)
            found = histograms.rows_per_bin(self._edges, where, None, classes)
            self._bins = found if self._bins is None else self._bins + found
            self._classes = classes
        if self._spread is not None:
            self._rests += last_digits.rests(values, None)
        self.add_powers(values)
        if self._times is not None:
            self._times.add(values)

    def add_powers(self, values: NDArray[Any]) -> None:
        """Count a block for the shape only."""
        if self._powers is not None:
            self._powers.add(values)

    def centre_anew(self) -> bool:
        """Begin the powers again about the mean where it is far off; whether that was so."""
        if self._powers is None or not self._powers.is_far:
            return False
        self._powers = self._powers.centred()
        return True

    def summed(self) -> Summed:
        """Return what all blocks add up to."""
        return Summed(
            shape=Shape() if self._powers is None else self._powers.shape(),
            bins=histograms.by_bin(self._bins, self._classes),
            times=None if self._times is None else self._times.times(),
            digits=None if self._spread is None else last_digits.digits(self._rests, self._spread),
        )


def _blocks(
    table: SqlTable, columns: Sequence[Column], classes: RowClasses | None
) -> Iterator[tuple[Column, NDArray[Any], RowClasses | None]]:
    """Yield the values of each column with their classes, :data:`CACHED` at a time.

    Columns are read together: a statement over a long table takes some milliseconds to plan.
    """
    for batch in batches(columns, TOGETHER):
        for found in row_blocks(table, [named_field(c.field) for c in batch]):
            known = None if classes is None else classes.of(numpy_of(found.column(ROW_ID)))
            for column in batch:
                for block in _present(column, found.column(column.field), known):
                    yield column, *block


def _present(column: Column, found: Any, known: RowClasses | None) -> Iterator[Block]:  # noqa: ANN401 - pyarrow has no types
    array = found.combine_chunks()
    if array.null_count and known is not None:
        known = known.of(np.flatnonzero(numpy_of(array.is_valid())))
    values = numbers_of(column, array.drop_null() if array.null_count else array)
    for first in range(0, len(values), CACHED):
        some = slice(first, first + CACHED)
        yield values[some], None if known is None else RowClasses(known.code[some], known.names)


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
        known = values if self._exact else _finite(values)
        z = known - self._origin
        z = np.divide(z, self._scale, out=z if z.dtype == np.float64 else None)
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
    low, high, mean, sd = measures.minimum, measures.maximum, measures.mean, measures.sd
    if column.storage not in NUMERIC or mean is None or sd is None or low == high:
        return None
    if isinstance(low, int) and isinstance(high, int):
        exact = high - low < _LARGEST
        return _Powers(int(mean) if exact else mean, sd or float(high - low), exact=exact)
    return _Powers(mean, sd or _number(high) - _number(low), exact=False)


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    keep = np.isfinite(values)
    return np.asarray(values if keep.all() else values[keep], dtype=np.float64)


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _time_sums(measures: Measures) -> TimeSums | None:
    if not isinstance(measures.minimum, datetime) or not isinstance(measures.maximum, datetime):
        return None
    return TimeSums(_microseconds(measures.minimum), _microseconds(measures.maximum))


def _microseconds(value: datetime) -> int:
    since = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds
