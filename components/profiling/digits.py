"""The last digits of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from components.core.contents import Digits
from components.core.dataset import Column
from components.core.query import Scalar
from components.engine.duck_table import DuckTable
from components.engine.sql import count_if, field, literal, named, select
from components.profiling.counted import Counted
from components.profiling.measures import NUMERIC, QUANTILES, Measures, batches
from components.profiling.parts import whole

UNITS = (5, 10, 100, 1000)
LEAST_SPREAD = 20
"""Between the 5 % and the 95 % quantile: less, and the digits tell about the values themselves."""

EXACT_SIZE = 2.0**53
"""From here on a double has no last digit of its own."""

_TEN = 10


def spread(column: Column, measures: Measures) -> float | None:
    """Return how far the middle 90 % of a number column spread; None where digits say nothing."""
    if column.storage not in NUMERIC or measures.quantiles is None or not measures.n_whole:
        return None
    points = dict(zip(QUANTILES, measures.quantiles, strict=True))
    found = points[0.95] - points[0.05]
    return found if found > LEAST_SPREAD else None


def digits_counted(column: Column, counted: Counted, measures: Measures) -> Digits | None:
    """Return the last digits of counted values."""
    width = spread(column, measures)
    if width is None:
        return None
    values, counts = counted.values, counted.counts
    keep = (values > -EXACT_SIZE) & (values < EXACT_SIZE) & (values == np.floor(values))
    values, counts = values[keep].astype(np.int64), counts[keep]
    if not len(values):
        return None
    last = np.bincount(np.abs(values) % _TEN, weights=counts, minlength=_TEN)
    multiples = {u: int(counts[values % u == 0].sum()) for u in _units(width)}
    n_whole = int(counts.sum())
    return Digits(n_whole=n_whole, last=tuple(int(n) for n in last), multiples=multiples)


def count_digits(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Digits]:
    """Return the last digits of the columns that have any, by field, over all rows."""
    wide = {c.field: width for c in columns if (width := spread(c, measures[c.field])) is not None}
    found: dict[str, Digits] = {}
    for batch in batches([c for c in columns if c.field in wide]):
        values = select([named(_whole_value(c), c.field) for c in batch])
        counts = [a for c in batch for a in _counts(c, wide[c.field])]
        record = table.query(select(counts, values.subquery("whole", copy=False)))[0]
        found |= {c.field: _read(c, wide[c.field], record) for c in batch}
    return {name: digits for name, digits in found.items() if digits.n_whole}


def _units(width: float) -> tuple[int, ...]:
    return tuple(unit for unit in UNITS if unit <= width / 2)


def _whole_value(column: Column) -> exp.Expr:
    """Return a value that has a last digit; null for others."""
    value = exp.cast(field(column.field), "double")
    is_whole = exp.EQ(this=value, expression=exp.Floor(this=value.copy()))
    is_exact = exp.LT(this=exp.func("ABS", value.copy()), expression=literal(EXACT_SIZE))
    return exp.Case().when(exp.and_(is_whole, is_exact), value.copy())


def _counts(column: Column, width: float) -> list[exp.Expr]:
    def has(unit: int, rest: int) -> exp.Expr:
        part = exp.Mod(this=field(column.field), expression=literal(float(unit)))
        return count_if(exp.EQ(this=exp.func("ABS", part), expression=literal(float(rest))))

    ends: list[exp.Expr] = [
        named(has(_TEN, digit), f"{column.field}_{digit}") for digit in range(_TEN)
    ]
    return ends + [named(has(unit, 0), f"{column.field}_of_{unit}") for unit in _units(width)]


def _read(column: Column, width: float, record: Mapping[str, Scalar]) -> Digits:
    last = tuple(whole(record[f"{column.field}_{digit}"]) for digit in range(_TEN))
    multiples = {unit: whole(record[f"{column.field}_of_{unit}"]) for unit in _units(width)}
    return Digits(n_whole=sum(last), last=last, multiples=multiples)
