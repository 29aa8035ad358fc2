"""How times lie: the unit they are given in, the usual step between them, and gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from components.core.data.dataset import Column
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.core.facts.contents import Granularity, Times
from components.engine.sql.aggregates import count_if
from components.engine.sql.expressions import field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.measures import Measures, batches, seconds
from components.profiling.column.value_counts import Counted
from components.profiling.statements import whole

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


def count_times(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Times]:
    """Return how the times of long columns lie, by field, over all rows.

    Without the usual step. The longest step is found where it is longer than one in
    :data:`SLOTS` of the span.
    """
    found: dict[str, Times] = {}
    for batch in batches(columns):
        record = table.query(select([c for column in batch for c in _rests(column)]))[0]
        for column in batch:
            m = measures[column.field]
            if isinstance(m.minimum, datetime) and isinstance(m.maximum, datetime):
                ends = m.minimum, m.maximum
                found[column.field] = _long(table, column, ends, m.n_present, record)
    return found


def _unit(values: IntArray) -> Granularity:
    for unit, size in UNITS:
        if not (values % size).any():
            return _calendar(values) if unit is Granularity.DAY else unit
    return Granularity.SUBSECOND


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


def _instant(microseconds: NDArray[np.int64]) -> datetime | None:
    found = microseconds.astype("datetime64[us]").item()
    return found if isinstance(found, datetime) else None


def _rests(column: Column) -> list[exp.Expr]:
    """Return how many values are no whole number of each unit, and how many are at midnight."""
    found: list[exp.Expr] = []
    for unit, _ in UNITS:
        start = exp.TimestampTrunc(this=field(column.field), unit=exp.var(unit.value))
        differs = exp.NEQ(this=field(column.field), expression=start)
        found.append(named(count_if(differs), f"{column.field}_{unit.value}"))
    return found


def _long(
    table: SqlTable,
    column: Column,
    ends: tuple[datetime, datetime],
    n_present: int,
    record: Mapping[str, Scalar],
) -> Times:
    rests = {unit: whole(record[f"{column.field}_{unit.value}"]) for unit, _ in UNITS}
    unit = next((u for u, _ in UNITS if not rests[u]), Granularity.SUBSECOND)
    span = (ends[1] - ends[0]).total_seconds()
    gap = _longest(table, column, ends[0], span)
    return Times(
        span_s=span,
        granularity=unit,
        n_midnight=n_present - rests[Granularity.DAY],
        largest_gap_s=None if gap is None else gap[0],
        largest_gap_from=None if gap is None else gap[1],
    )


def _longest(
    table: SqlTable, column: Column, first: datetime, span: float
) -> tuple[float, datetime] | None:
    """Return the longest step and where it begins; None where it is shorter than a slot.

    A step longer than a slot cannot lie inside of one, so the ends of the slots show it.
    """
    width = span / SLOTS
    value = field(column.field)
    elapsed = exp.Sub(this=exp.TimeToUnix(this=value), expression=literal(seconds(first)))
    slot = exp.Floor(this=exp.Div(this=exp.paren(elapsed), expression=literal(width)))
    ends = [named(exp.Min(this=value.copy()), "low"), named(exp.Max(this=value.copy()), "high")]
    present = exp.not_(exp.Is(this=value.copy(), expression=exp.null()))
    statement = select([named(slot, "slot"), *ends]).where(present).group_by(slot.copy())
    found = table.query(statement.order_by(field("low")))
    return None if len(found) < 2 else _between(found, width)  # noqa: PLR2004 - a step has two ends


def _between(slots: Sequence[Mapping[str, Scalar]], width: float) -> tuple[float, datetime] | None:
    steps = []
    for before, after in pairwise(slots):
        low, high = before["high"], after["low"]
        if isinstance(low, datetime) and isinstance(high, datetime):
            steps.append(((high - low) / timedelta(seconds=1), low))
    longest = max(steps, key=lambda step: step[0], default=None)
    return longest if longest is not None and longest[0] >= width else None
