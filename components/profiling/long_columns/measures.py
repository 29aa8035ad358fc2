"""Single numbers of long columns, asked of the engine: counts, extremes, moments, quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.query import Scalar
from components.engine.sql.aggregates import finite
from components.engine.sql.expressions import DATA, as_type, field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column import fact_types
from components.profiling.column.fact_types import NUMERIC, QUANTILES, Measures
from components.profiling.statements import MAX_COLUMNS, batches, whole

_AT_ONCE = 5_000_000
"""Values that may be grouped at the same time, to bound memory."""

SAMPLED_ROWS = 2_000_000
"""Rows of the sample, at most, and at least half as many. With a million, the rank of a quantile
has a standard error of at most 0.0005 (binomial), with two of 0.0004."""

SORTED_VALUES = 10_000_000
"""Values that are sorted at a time, to bound memory."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one pass over a column tells, and the bytes of its longest text."""

    measures: Measures
    longest: int


def at_once(table: SqlTable) -> int:
    """Return how many columns one statement may hold in memory."""
    return max(1, min(MAX_COLUMNS, _AT_ONCE // max(1, table.version.n_rows)))


def measure(table: SqlTable, columns: Sequence[Column]) -> dict[str, Measured]:
    """Return the measures of each column, by field, in one pass over each column.

    How many values differ is estimated, and quantiles are left to :func:`with_quantiles`.
    """
    is_short = table.version.n_rows <= fact_types.EXACT_ROWS
    found: dict[str, Measured] = {}
    for batch in batches(columns):
        record = table.query(_statement(batch))[0]
        for column in batch:
            measures = replace(_measures(column, record), quantiles_exact=is_short)
            longest = whole(record.get(f"{column.field}_longest"))
            found[column.field] = Measured(measures, longest)
    return found


def with_counts(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Measures]:
    """Return the measures, by field, with different values counted, not estimated.

    Above ``fact_types.EXACT_ROWS`` rows they stay as they are.
    """
    if table.version.n_rows > fact_types.EXACT_ROWS:
        return dict(measures)
    found = dict(measures)
    for batch in batches(columns):
        record = table.query(select([_counted(column) for column in batch]))[0]
        for column in batch:
            n = whole(record[column.field])
            found[column.field] = replace(found[column.field], n_distinct=n, distinct_exact=True)
    return found


def _counted(column: Column) -> exp.Expr:
    different = exp.Distinct(expressions=[field(column.field)])
    return named(exp.Count(this=different), column.field)


def _statement(columns: Sequence[Column]) -> exp.Select:
    values = select([v for column in columns for v in _values(column)])
    asked = [
        named(value, f"{column.field}_{name}")
        for column in columns
        for name, value in _aggregates(column).items()
    ]
    return select(asked, values.subquery("prepared", copy=False))


def _values(column: Column) -> list[exp.Expr]:
    """Return a column, and its finite values apart: cheaper than a filter on each aggregate."""
    if column.storage is not Storage.NUMBER:
        return [field(column.field)]
    known = exp.Case().when(finite(column), field(column.field), copy=False)
    return [field(column.field), named(known, f"{column.field}_known")]


def _aggregates(column: Column) -> dict[str, exp.Expr]:
    value = field(column.field)
    found: dict[str, exp.Expr] = {
        "present": exp.Count(this=value),
        "distinct": exp.ApproxDistinct(this=value.copy()),
    }
    if column.storage is Storage.TEXT:
        n_bytes = exp.func("STRLEN", value.copy())
        found |= {"min": exp.Min(this=value), "max": exp.Max(this=value)}
        length = exp.Length(this=value)
        found["length_min"] = exp.Min(this=length)
        found["length_mean"] = exp.Avg(this=length.copy())
        found["length_max"] = exp.Max(this=length.copy())
        found["bytes"] = exp.Sum(this=n_bytes)
        found["longest"] = exp.Max(this=n_bytes.copy())
    elif column.storage is Storage.DATETIME:
        found |= {"min": exp.Min(this=value), "max": exp.Max(this=value)}
    elif column.storage in NUMERIC:
        found |= _numeric(column)
    return found


def _numeric(column: Column) -> dict[str, exp.Expr]:
    value = field(column.field)
    known = field(f"{column.field}_known") if column.storage is Storage.NUMBER else value
    zero = exp.Literal.number(0)
    found: dict[str, exp.Expr] = {
        "known": exp.Count(this=known),
        "min": exp.Min(this=known),
        "max": exp.Max(this=known),
        "mean": exp.Avg(this=known),
        "zero": exp.CountIf(this=exp.EQ(this=value, expression=zero)),
        "negative": exp.CountIf(this=exp.LT(this=value, expression=zero)),
    }
    if column.storage is Storage.NUMBER:
        same = exp.EQ(this=known, expression=exp.Floor(this=known.copy()))
        found["whole"] = exp.CountIf(this=same)
    return found


def _exact_quantiles(value: exp.Expr) -> exp.Expr:
    """Return the interpolated quantiles of a value, as a list."""
    points = exp.Array(expressions=[exp.Literal.number(q) for q in QUANTILES])
    order = exp.Order(expressions=[exp.Ordered(this=value)])
    return exp.WithinGroup(this=exp.PercentileCont(this=points), expression=order)


def _measures(column: Column, record: Mapping[str, Scalar]) -> Measures:
    def count(name: str) -> int | None:
        value = record.get(f"{column.field}_{name}")
        return value if isinstance(value, int) else None

    def real(name: str) -> float | None:
        value = record.get(f"{column.field}_{name}")
        usable = isinstance(value, int | float) and abs(value) != float("inf")
        return float(value) if usable else None  # type: ignore[arg-type]  # narrowed above

    n_present = count("present") or 0
    known_values = count("known")
    n_whole = count("whole") if column.storage is Storage.NUMBER else known_values
    return Measures(
        n_present=n_present,
        n_distinct=count("distinct") or 0,
        distinct_exact=False,
        minimum=record.get(f"{column.field}_min"),
        maximum=record.get(f"{column.field}_max"),
        n_finite=known_values or 0,
        n_zero=count("zero"),
        n_negative=count("negative"),
        n_infinite=None if known_values is None else n_present - known_values,
        mean=real("mean"),
        n_whole=n_whole,
        length_min=count("length_min"),
        length_mean=real("length_mean"),
        length_max=count("length_max"),
        n_bytes=count("bytes"),
    )


def with_quantiles(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Measures]:
    """Return the measures, by field, with the quantiles of numbers and times.

    Rows are chosen by a hash of their number, so that the same table gives the same sample. A
    t-digest over all of 10 million rows is closer (ranks at most 0.0003 off) and took three seconds
    longer for 7 columns (measured).
    """
    step = -(-table.version.n_rows // SAMPLED_ROWS)
    found = dict(measures)
    measured = [c for c in columns if c.storage in {*NUMERIC, Storage.DATETIME}]
    for batch in batches(measured, max(1, SORTED_VALUES * step // table.version.n_rows)):
        record = table.query(_quantile_statement(batch, step))[0]
        for column in batch:
            values = [record[_quantile_name(column, i)] for i in range(len(QUANTILES))]
            known = tuple(float(v) for v in values if isinstance(v, int | float) and isfinite(v))
            quantiles = known if len(known) == len(QUANTILES) else None
            made = replace(found[column.field], quantiles=quantiles, quantiles_exact=step == 1)
            found[column.field] = made
    return found


def _quantile_statement(columns: Sequence[Column], step: int) -> exp.Select:
    chosen = select([named(_finite_value(c), c.field) for c in columns], DATA)
    if step > 1:
        hashed = exp.func("HASH", field(ROW_ID), literal(0))
        rest = exp.Mod(this=hashed, expression=literal(step))
        chosen = chosen.where(exp.EQ(this=rest, expression=literal(0)), copy=False)
    made = [named(_exact_quantiles(field(c.field)), c.field) for c in columns]
    sorted_out = select(made, chosen.subquery("chosen", copy=False))
    items = [_quantile_item(column, i) for column in columns for i in range(len(QUANTILES))]
    return select(items, sorted_out.subquery("sorted_out", copy=False))


def _finite_value(column: Column) -> exp.Expr:
    if column.storage is Storage.NUMBER:
        return exp.Case().when(finite(column), field(column.field), copy=False)
    return _position(column) if column.storage is Storage.DATETIME else field(column.field)


def _quantile_item(column: Column, index: int) -> exp.Expr:
    item = exp.Bracket(this=field(column.field), expressions=[exp.Literal.number(index)])
    return named(item, _quantile_name(column, index))


def _quantile_name(column: Column, index: int) -> str:
    return f"{column.field}_{index}"


def _position(column: Column) -> exp.Expr:
    """Return where a value lies on a numeric axis: the number, or the seconds since 1970."""
    if column.storage is Storage.DATETIME:
        return exp.TimeToUnix(this=field(column.field))
    return as_type(field(column.field), "double")
