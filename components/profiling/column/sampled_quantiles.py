"""Quantiles of tables that are too long to sort: those of a sample of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.engine.sql.aggregates import finite
from components.engine.sql.expressions import DATA, field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.measures import (
    NUMERIC,
    QUANTILES,
    Measures,
    batches,
    exact_quantiles,
    position,
)

ROWS = 2_000_000
"""Rows of the sample, at most, and at least half as many. With a million, the rank of a quantile
has a standard error of at most 0.0005 (binomial), with two of 0.0004."""

VALUES = 10_000_000
"""Values that are sorted at a time, to bound memory."""


def with_quantiles(
    table: SqlTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Measures]:
    """Return the measures, by field, with the quantiles of numbers and times that have none yet.

    Rows are chosen by a hash of their number, so that the same table gives the same sample. A
    t-digest over all of 10 million rows is closer (ranks at most 0.0003 off) and took three seconds
    longer for 7 columns (measured).
    """
    step = -(-table.version.n_rows // ROWS)
    found = dict(measures)
    open_now = [c for c in columns if not measures[c.field].distinct_exact]
    measured = [c for c in open_now if c.storage in {*NUMERIC, Storage.DATETIME}]
    for batch in batches(measured, max(1, VALUES * step // table.version.n_rows)):
        record = table.query(_statement(batch, step))[0]
        for column in batch:
            values = [record[_name(column, i)] for i in range(len(QUANTILES))]
            known = tuple(float(v) for v in values if isinstance(v, int | float))
            quantiles = known if len(known) == len(QUANTILES) else None
            made = replace(found[column.field], quantiles=quantiles, quantiles_exact=step == 1)
            found[column.field] = made
    return found


def _statement(columns: Sequence[Column], step: int) -> exp.Select:
    chosen = select([named(_value(c), c.field) for c in columns], DATA)
    if step > 1:
        hashed = exp.func("HASH", field(ROW_ID), literal(0))
        rest = exp.Mod(this=hashed, expression=literal(step))
        chosen = chosen.where(exp.EQ(this=rest, expression=literal(0)), copy=False)
    made = [named(exact_quantiles(field(c.field)), c.field) for c in columns]
    sorted_out = select(made, chosen.subquery("chosen", copy=False))
    items = [_item(column, i) for column in columns for i in range(len(QUANTILES))]
    return select(items, sorted_out.subquery("sorted_out", copy=False))


def _value(column: Column) -> exp.Expr:
    if column.storage is Storage.NUMBER:
        return exp.Case().when(finite(column), field(column.field), copy=False)
    return position(column) if column.storage is Storage.DATETIME else field(column.field)


def _item(column: Column, index: int) -> exp.Expr:
    item = exp.Bracket(this=field(column.field), expressions=[exp.Literal.number(index)])
    return named(item, _name(column, index))


def _name(column: Column, index: int) -> str:
    return f"{column.field}_{index}"
