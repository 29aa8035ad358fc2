"""The last digits of whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from components.core.data.dataset import Column
from components.core.facts.contents import Digits
from components.engine.sql.expressions import as_type, field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.measures import NUMERIC, QUANTILES, Measures
from components.profiling.column.value_counts import Counted
from components.profiling.statements import rows, whole

UNITS = (5, 10, 100, 1000)
LEAST_SPREAD = 20
"""Between the 5 % and the 95 % quantile: less, and the digits tell about the values themselves."""

EXACT_SIZE = 2.0**53
"""From here on a double has no last digit of its own."""

_TEN, _CYCLE = 10, 1000


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
    values = counted.values
    keep = (values > -EXACT_SIZE) & (values < EXACT_SIZE) & (values != 0)
    keep &= values == np.floor(values)
    rests = np.abs(values[keep].astype(np.int64)) % _CYCLE
    return _digits(np.bincount(rests, counted.counts[keep], minlength=_CYCLE), width)


def count_digits(table: SqlTable, column: Column, measures: Measures) -> Digits | None:
    """Return the last digits of a column, over all rows."""
    width = spread(column, measures)
    if width is None:
        return None
    rest = _rest(column)
    found = table.query(select([named(rest, "rest"), rows()]).group_by(rest.copy(), copy=False))
    counts = np.zeros(_CYCLE, dtype=np.int64)
    for record in found:
        if record["rest"] is not None:
            counts[whole(record["rest"])] = whole(record["n"])
    return _digits(counts, width)


def _digits(counts: NDArray[Any], width: float) -> Digits | None:
    """Return the last digits from the rows per rest of the division by :data:`_CYCLE`."""
    n_whole = int(counts.sum())
    if not n_whole:
        return None
    return Digits(
        n_whole=n_whole,
        last=tuple(int(counts[digit::_TEN].sum()) for digit in range(_TEN)),
        multiples={u: int(counts[::u].sum()) for u in UNITS if u <= width / 2},
    )


def _rest(column: Column) -> exp.Expr:
    """Return the last three digits of a whole number that is not 0; null for others."""
    value = as_type(field(column.field), "double")
    size = exp.func("ABS", value)
    is_whole = exp.EQ(this=value.copy(), expression=exp.Floor(this=value.copy()))
    is_exact = exp.LT(this=size, expression=literal(EXACT_SIZE))
    is_filled = exp.NEQ(this=value.copy(), expression=literal(0.0))
    number = exp.TryCast(this=size.copy(), to=exp.DataType.build("bigint"))
    rest = exp.Mod(this=number, expression=exp.Literal.number(_CYCLE))
    return exp.Case().when(exp.and_(is_whole, is_exact, is_filled), rest)
