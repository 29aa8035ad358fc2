"""Skewness and kurtosis, from standardised values so that nothing overflows or cancels.

Notes
-----
The bias-corrected forms G1 and G2 of Joanes and Gill 1998, The Statistician 47, as in pandas and
SAS: with z = (x - mean) / sd over n values,
G1 = n / ((n-1)(n-2)) sum z^3 and
G2 = n(n+1) / ((n-1)(n-2)(n-3)) sum z^4 - 3(n-1)^2 / ((n-2)(n-3)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from components.core.dataset import Column, Storage
from components.core.query import Scalar
from components.engine.duck_table import DuckTable
from components.engine.sql import field, finite, literal, named, only, select
from components.profiling.measures import NUMERIC, Measures, batches


@dataclass(frozen=True, slots=True)
class Shape:
    """Skewness (from three values on) and excess kurtosis (from four values on)."""

    skew: float | None = None
    kurtosis: float | None = None


def shapes(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Shape]:
    """Return the shape of each number column that varies, by field, in one pass."""
    varying = [c for c in columns if c.storage in NUMERIC and measures[c.field].sd]
    found: dict[str, Shape] = {}
    for batch in batches(varying):
        sums = [total for c in batch for total in _sums(c, measures[c.field])]
        record = table.query(select(sums))[0]
        found |= {c.field: _shape(c, measures[c.field].n_finite, record) for c in batch}
    return found


def _sums(column: Column, measures: Measures) -> list[exp.Expr]:
    where = finite(column) if column.storage is Storage.NUMBER else None
    return [
        named(only(exp.Sum(this=_power(column, measures, n)), where), f"{column.field}_z{n}")
        for n in (3, 4)
    ]


def _power(column: Column, measures: Measures, n: int) -> exp.Expr:
    value = exp.cast(field(column.field), "double")
    centred = exp.paren(exp.Sub(this=value, expression=literal(measures.mean)), copy=False)
    z = exp.paren(exp.Div(this=centred, expression=literal(measures.sd)), copy=False)
    return exp.Pow(this=z, expression=exp.Literal.number(n))


def _shape(column: Column, n: int, record: Mapping[str, Scalar]) -> Shape:
    third, fourth = record[f"{column.field}_z3"], record[f"{column.field}_z4"]
    skew = kurtosis = None
    if n > 2 and isinstance(third, float):  # noqa: PLR2004 - see the formula
        skew = n / ((n - 1) * (n - 2)) * third
    if n > 3 and isinstance(fourth, float):  # noqa: PLR2004 - see the formula
        scale = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
        kurtosis = scale * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return Shape(skew, kurtosis)
