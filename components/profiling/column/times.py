"""How times lie: the unit they are given in, the usual step between them, and gaps."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from components.core.data.table import IntArray
from components.core.facts.contents import Granularity, Times
from components.profiling.column.value_counts import Counted

SECOND = 1_000_000
DAY = 86_400 * SECOND
WEEK = 7 * DAY
UNITS = (
    (Granularity.DAY, DAY),
    (Granularity.HOUR, 3_600 * SECOND),
    (Granularity.MINUTE, 60 * SECOND),
    (Granularity.SECOND, SECOND),
)
"""Microseconds per unit, coarsest first."""

_FINEST = Granularity.SUBSECOND

MONTHS = ((Granularity.YEAR, 12), (Granularity.QUARTER, 3), (Granularity.MONTH, 1))

ALIKE = 0.1
"""A step is regular when it is this close to the usual one, as a share of it: a month has 28 to 31
days."""

GAP = 1.5
"""A gap is more than so many usual steps; business days with weekends have gaps, too."""

RHYTHM = 0.5
"""Gaps are counted where at least this share of the steps is regular."""

SLOTS = 10_000
"""Equal stretches of time among which the longest step of a long column is looked for."""


def times_counted(counted: Counted) -> Times | None:
    """Return how counted times lie; None without any."""
    if not len(counted):
        return None
    values = counted.values
    n_midnight = int(counted.counts[values % DAY == 0].sum())
    span_s = float(values[-1] - values[0]) / SECOND
    if len(values) == 1:
        return Times(span_s=span_s, granularity=_unit(values), n_midnight=n_midnight)
    steps = np.diff(values)
    usual = float(np.median(steps))
    regular = float((np.abs(steps - usual) <= ALIKE * usual).mean())
    longest = int(np.argmax(steps))
    return Times(
        span_s=span_s,
        granularity=_unit(values),
        n_midnight=n_midnight,
        step_s=usual / SECOND,
        regular=regular,
        n_gaps=int((steps > GAP * usual).sum()) if regular >= RHYTHM else None,
        largest_gap_s=float(steps[longest]) / SECOND,
        largest_gap_from=_instant(values[longest]),
    )


class TimeSums:
    """How times lie that come in blocks, in any order; without the usual step between them.

    The longest step is found where it is longer than one in :data:`SLOTS` of the span: it cannot
    lie inside such a slot, so the ends of the slots show it.

    Parameters
    ----------
    first, last
        The earliest and the latest of all times, in microseconds since 1970.
    """

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last
        self._divides = dict.fromkeys((unit for unit, _ in UNITS), True)
        self._n_midnight = 0
        self._low = np.full(SLOTS + 1, last, dtype=np.int64)
        self._high = np.full(SLOTS + 1, first, dtype=np.int64)

    def add(self, values: IntArray) -> None:
        """Take in some of the times, in microseconds since 1970."""
        self._n_midnight += int(np.count_nonzero(values % DAY == 0))
        for unit, size in UNITS:
            self._divides[unit] = self._divides[unit] and not (values % size).any()
        width = (self._last - self._first) / SLOTS
        if width:
            slots = ((values - self._first) / width).astype(np.int64)
            np.minimum.at(self._low, slots, values)
            np.maximum.at(self._high, slots, values)

    def times(self) -> Times:
        """Return how all of them lie."""
        gap = self._longest_step()
        return Times(
            span_s=(self._last - self._first) / SECOND,
            granularity=next((u for u, fits in self._divides.items() if fits), _FINEST),
            n_midnight=self._n_midnight,
            largest_gap_s=None if gap is None else gap[0] / SECOND,
            largest_gap_from=None if gap is None else _instant(np.int64(gap[1])),
        )

    def _longest_step(self) -> tuple[int, int] | None:
        """Return the longest step and where it begins, None where it is shorter than a slot."""
        filled = self._low <= self._high
        low, high = self._low[filled], self._high[filled]
        if len(low) < 2 or self._last == self._first:  # noqa: PLR2004 - a step has two ends
            return None
        steps = low[1:] - high[:-1]
        longest = int(np.argmax(steps))
        if steps[longest] < (self._last - self._first) / SLOTS:
            return None
        return int(steps[longest]), int(high[longest])


def _unit(values: IntArray) -> Granularity:
    for unit, size in UNITS:
        if not (values % size).any():
            return _calendar(values) if unit is Granularity.DAY else unit
    return _FINEST


def _calendar(values: IntArray) -> Granularity:
    days = (values // DAY).astype("datetime64[D]")
    for edge in (days, days + 1):
        months = edge.astype("datetime64[M]")
        if (months == edge).all():
            return _months(months.astype(np.int64))
    weekly = len(values) > 1 and not (np.diff(values) % WEEK).any()
    return Granularity.WEEK if weekly else Granularity.DAY


def _months(numbers: IntArray) -> Granularity:
    """Return the coarsest unit that months, counted from January 1970, are whole numbers of."""
    return next(unit for unit, size in MONTHS if not (numbers % size).any())


def _instant(microseconds: np.int64) -> datetime | None:
    found = microseconds.astype("datetime64[us]").item()
    return found if isinstance(found, datetime) else None
