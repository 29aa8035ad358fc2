"""Skewness and kurtosis, from standardised values so that nothing overflows or cancels.

Where values are far from zero and close together, the standard deviation is computed again from
their differences to a value near the mean: sums of the values themselves would lose those digits.

Notes
-----
The bias-corrected forms G1 and G2 of Joanes and Gill 1998, The Statistician 47, as in pandas and
SAS: with z = (x - mean) / sd over n values,
G1 = n / ((n-1)(n-2)) sum z^3 and
G2 = n(n+1) / ((n-1)(n-2)(n-3)) sum z^4 - 3(n-1)^2 / ((n-2)(n-3)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.engine.sql.aggregates import finite, only
from components.engine.sql.expressions import as_type, field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.measures import NUMERIC, Measures, batches

FAR = 1e4
"""Mean over standard deviation from which values are far from zero and close together.

Doubles hold 16 digits, so about 12 are right below it.
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Skewness (from three values on), excess kurtosis (from four values on).

    Attributes
    ----------
    sd
        The standard deviation behind both, where it was computed again.
    """

    skew: float | None = None
    kurtosis: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class _Centre:
    """What values are standardised with: their differences to ``origin`` have this mean and sd."""

    origin: float
    mean: float
    sd: float


def shapes(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Shape]:
    """Return the shape of each number column that varies, by field, in one pass."""
    varying = [c for c in columns if _varies(c, measures[c.field])]
    found: dict[str, Shape] = {}
    for batch in batches(varying):
        centres = _centres(table, batch, measures)
        sums = [total for c in batch if c.field in centres for total in _sums(c, centres[c.field])]
        record = table.query(select(sums))[0] if sums else {}
        for field_, centre in centres.items():
            found[field_] = _shape(field_, centre.sd, measures[field_].n_finite, record)
    return found


def _varies(column: Column, measures: Measures) -> bool:
    return (
        column.storage in NUMERIC
        and measures.mean is not None
        and measures.sd is not None
        and measures.minimum != measures.maximum
    )


def _centres(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, _Centre]:
    """Return what to standardise each column with; columns that turn out constant are left out."""
    known = {c.field: measures[c.field] for c in columns}
    found = {name: _Centre(0.0, m.mean or 0.0, m.sd or 0.0) for name, m in known.items()}
    far = [c for c in columns if abs(found[c.field].mean) > FAR * found[c.field].sd]
    origins = {c.field: _origin(c, measures[c.field]) for c in far}
    if far:
        record = table.query(select([m for c in far for m in _again(c, origins[c.field])]))[0]
        for name, origin in origins.items():
            mean, sd = record[f"{name}_mean"], record[f"{name}_sd"]
            found[name] = _Centre(origin, _real(mean), _real(sd))
    return {name: centre for name, centre in found.items() if centre.sd}


def _origin(column: Column, measures: Measures) -> float:
    """Return a value near the mean; a whole number for whole numbers, so that nothing is lost."""
    mean = measures.mean or 0.0
    return int(mean) if column.storage is Storage.INTEGER else mean


def _again(column: Column, origin: float) -> list[exp.Expr]:
    where = finite(column) if column.storage is Storage.NUMBER else None
    value = _difference(column, origin)
    return [
        named(only(exp.Avg(this=value), where), f"{column.field}_mean"),
        named(only(exp.StddevSamp(this=value.copy()), where), f"{column.field}_sd"),
    ]


def _real(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _sums(column: Column, centre: _Centre) -> list[exp.Expr]:
    where = finite(column) if column.storage is Storage.NUMBER else None
    return [
        named(only(exp.Sum(this=_power(column, centre, n)), where), f"{column.field}_z{n}")
        for n in (3, 4)
    ]


def _difference(column: Column, origin: float) -> exp.Expr:
    """Return a value less ``origin``, as a double; whole numbers are subtracted as such."""
    if origin == 0:
        return as_type(field(column.field), "double")
    difference = exp.Sub(this=field(column.field), expression=literal(origin))
    return as_type(exp.paren(difference, copy=False), "double")


def _power(column: Column, centre: _Centre, n: int) -> exp.Expr:
    """Return z to the power of n as a product, which costs a quarter of the engine's power."""
    power: exp.Expr = _standardised(column, centre)
    for _ in range(n - 1):
        power = exp.Mul(this=power, expression=_standardised(column, centre))
    return power


def _standardised(column: Column, centre: _Centre) -> exp.Expr:
    difference = _difference(column, centre.origin)
    centred = exp.paren(exp.Sub(this=difference, expression=literal(centre.mean)), copy=False)
    return exp.paren(exp.Div(this=centred, expression=literal(centre.sd)), copy=False)


def corrected(n: int, third: float, fourth: float) -> Shape:
    """Return the shape of ``n`` values from the sums of the third and fourth powers of z."""
    skew = kurtosis = None
    if n > 2:  # noqa: PLR2004 - see the formula
        skew = n / ((n - 1) * (n - 2)) * third
    if n > 3:  # noqa: PLR2004 - see the formula
        scale = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
        kurtosis = scale * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return Shape(skew, kurtosis)


def _shape(name: str, sd: float, n: int, record: Mapping[str, Scalar]) -> Shape:
    third, fourth = record[f"{name}_z3"], record[f"{name}_z4"]
    if not isinstance(third, float) or not isinstance(fourth, float):
        return Shape(sd=sd)
    return replace(corrected(n, third, fourth), sd=sd)
