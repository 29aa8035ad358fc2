"""Single numbers of long columns, asked of the engine: counts, extremes, moments, quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.query import Scalar
from components.engine.sql.aggregates import finite
from components.engine.sql.expressions import DATA, as_type, field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column import fact_types
from components.profiling.column.fact_types import NUMERIC, QUANTILES, Measures
from components.profiling.statements import MAX_COLUMNS, batches

_AT_ONCE = 5_000_000
"""Values that may be grouped at the same time, to bound memory."""

ESTIMATED = 200
"""Columns per statement that only estimates."""

SAMPLED_ROWS = 2_000_000
"""Rows of the sample, at most, and at least half as many. With a million, the rank of a quantile
has a standard error of at most 0.0005 (binomial), with two of 0.0004."""

SORTED_VALUES = 10_000_000
"""Values that are sorted at a time, to bound memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many values of a column differ, about; and the bytes of the longest text."""

    n_distinct: int
    longest: int = 0


def at_once(table: SqlTable) -> int:
    """Return how many columns one statement may hold in memory."""
    return max(1, min(MAX_COLUMNS, _AT_ONCE // max(1, table.version.n_rows)))


def estimate(table: SqlTable, columns: Sequence[Column]) -> dict[str, Estimate]:
    """Return how many values differ, by field, in one pass over each column."""
    found: dict[str, Estimate] = {}
    for batch in batches(columns, ESTIMATED):
        record = table.query(select([a for c in batch for a in _estimates(c)]))[0]
        for column in batch:
            n = record[f"{column.field}_distinct"]
            longest = record.get(f"{column.field}_longest")
            found[column.field] = Estimate(
                n_distinct=n if isinstance(n, int) else 0,
                longest=longest if isinstance(longest, int) else 0,
            )
    return found


def measure(
    table: SqlTable, columns: Sequence[Column], estimates: Mapping[str, Estimate]
) -> dict[str, Measures]:
    """Return the measures of each column, by field, in one pass over each column.

    Up to ``fact_types.EXACT_ROWS`` rows different values are counted; above, ``estimates`` are
    taken, and quantiles are left to :func:`with_quantiles`.
    """
    estimated = table.version.n_rows > fact_types.EXACT_ROWS
    found: dict[str, Measures] = {}
    for batch in batches(columns):
        record = table.query(_statement(batch, estimated=estimated))[0]
        for column in batch:
            measures = _measures(column, record, exact=not estimated)
            if estimated:
                measures = replace(measures, n_distinct=estimates[column.field].n_distinct)
            found[column.field] = measures
    return found


def _estimates(column: Column) -> list[exp.Expr]:
    value = field(column.field)
    found = [named(exp.ApproxDistinct(this=value), f"{column.field}_distinct")]
    if column.storage is Storage.TEXT:
        longest = exp.Max(this=exp.func("STRLEN", value.copy()))
        found.append(named(longest, f"{column.field}_longest"))
    return list(found)


def _statement(columns: Sequence[Column], *, estimated: bool) -> exp.Select:
    inner: list[exp.Expr] = []
    outer: list[exp.Expr] = []
    for column in columns:
        for name, value in _aggregates(column, estimated=estimated).items():
            alias = f"{column.field}_{name}"
            inner.append(named(value, alias))
            if name == "quantiles":
                outer += [_item(alias, i) for i in range(len(QUANTILES))]
            else:
                outer.append(field(alias))
    values = select([v for column in columns for v in _values(column)])
    measured = select(inner, values.subquery("prepared", copy=False))
    return select(outer, measured.subquery("measured", copy=False))


def _values(column: Column) -> list[exp.Expr]:
    """Return a column, and its finite values apart: cheaper than a filter on each aggregate."""
    if column.storage is not Storage.NUMBER:
        return [field(column.field)]
    known = exp.Case().when(finite(column), field(column.field), copy=False)
    return [field(column.field), named(known, f"{column.field}_known")]


def _item(alias: str, index: int) -> exp.Expr:
    item = exp.Bracket(this=field(alias), expressions=[exp.Literal.number(index)])
    return named(item, f"{alias}_{index}")


def _aggregates(column: Column, *, estimated: bool) -> dict[str, exp.Expr]:
    value = field(column.field)
    found: dict[str, exp.Expr] = {"present": exp.Count(this=value)}
    if not estimated:
        found["distinct"] = exp.Count(this=exp.Distinct(expressions=[value.copy()]))
    if column.storage is Storage.TEXT:
        found |= {"min": exp.Min(this=value), "max": exp.Max(this=value)}
        length = exp.Length(this=value)
        found["length_min"] = exp.Min(this=length)
        found["length_mean"] = exp.Avg(this=length.copy())
        found["length_max"] = exp.Max(this=length.copy())
        found["bytes"] = exp.Sum(this=exp.func("STRLEN", value.copy()))
    elif column.storage is Storage.DATETIME:
        found |= {"min": exp.Min(this=value), "max": exp.Max(this=value)}
        if not estimated:
            found["quantiles"] = _exact_quantiles(_position(column))
    elif column.storage in NUMERIC:
        found |= _numeric(column, estimated=estimated)
    return found


def _numeric(column: Column, *, estimated: bool) -> dict[str, exp.Expr]:
    value = field(column.field)
    known = field(f"{column.field}_known") if column.storage is Storage.NUMBER else value
    zero = exp.Literal.number(0)
    whole = {}
    if column.storage is Storage.NUMBER:
        whole["whole"] = exp.CountIf(
            this=exp.EQ(this=known, expression=exp.Floor(this=known.copy()))
        )
    quantiles = {} if estimated else {"quantiles": _exact_quantiles(known)}
    return (
        whole
        | quantiles
        | {
            "known": exp.Count(this=known),
            "min": exp.Min(this=known),
            "max": exp.Max(this=known),
            "mean": exp.Avg(this=known),
            "zero": exp.CountIf(this=exp.EQ(this=value, expression=zero)),
            "negative": exp.CountIf(this=exp.LT(this=value, expression=zero)),
        }
    )


def _exact_quantiles(value: exp.Expr) -> exp.Expr:
    """Return the interpolated quantiles of a value, as a list."""
    points = exp.Array(expressions=[exp.Literal.number(q) for q in QUANTILES])
    order = exp.Order(expressions=[exp.Ordered(this=value)])
    return exp.WithinGroup(this=exp.PercentileCont(this=points), expression=order)


def _measures(column: Column, record: Mapping[str, Scalar], *, exact: bool) -> Measures:
    def whole(name: str) -> int | None:
        value = record.get(f"{column.field}_{name}")
        return value if isinstance(value, int) else None

    def real(name: str) -> float | None:
        value = record.get(f"{column.field}_{name}")
        usable = isinstance(value, int | float) and abs(value) != float("inf")
        return float(value) if usable else None  # type: ignore[arg-type]  # narrowed above

    n_present = whole("present") or 0
    known_values = whole("known")
    n_whole = whole("whole") if column.storage is Storage.NUMBER else known_values
    quantiles = [real(f"quantiles_{i}") for i in range(len(QUANTILES))]
    known = tuple(q for q in quantiles if q is not None)
    return Measures(
        n_present=n_present,
        n_distinct=whole("distinct") or 0,
        distinct_exact=exact,
        minimum=record.get(f"{column.field}_min"),
        maximum=record.get(f"{column.field}_max"),
        n_finite=known_values or 0,
        n_zero=whole("zero"),
        n_negative=whole("negative"),
        n_infinite=None if known_values is None else n_present - known_values,
        mean=real("mean"),
        quantiles=known if len(known) == len(QUANTILES) else None,
        quantiles_exact=exact,
        n_whole=n_whole,
        length_min=whole("length_min"),
        length_mean=real("length_mean"),
        length_max=whole("length_max"),
        n_bytes=whole("bytes"),
    )


def with_quantiles(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Measures]:
    """Return the measures, by field, with the quantiles of numbers and times that have none yet.

    Rows are chosen by a hash of their number, so that the same table gives the same sample. A
    t-digest over all of 10 million rows is closer (ranks at most 0.0003 off) and took three seconds
    longer for 7 columns (measured).
    """
    step = -(-table.version.n_rows // SAMPLED_ROWS)
    found = dict(measures)
    open_now = [c for c in columns if not measures[c.field].distinct_exact]
    measured = [c for c in open_now if c.storage in {*NUMERIC, Storage.DATETIME}]
    for batch in batches(measured, max(1, SORTED_VALUES * step // table.version.n_rows)):
        record = table.query(_quantile_statement(batch, step))[0]
        for column in batch:
            values = [record[_quantile_name(column, i)] for i in range(len(QUANTILES))]
            known = tuple(float(v) for v in values if isinstance(v, int | float))
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
