"""Aggregates as SQL expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sqlglot import exp

from components.core.data.dataset import Column, DatasetVersion, Storage
from components.core.data.query import Agg, Fn
from components.core.errors import NotFound
from components.engine.sql.expressions import condition, field, find, literal

_PLAIN: dict[Fn, type[exp.AggFunc]] = {
    Fn.PRESENT: exp.Count,
    Fn.MIN: exp.Min,
    Fn.MAX: exp.Max,
    Fn.SUM: exp.Sum,
    Fn.MEAN: exp.Avg,
    Fn.SD: exp.StddevSamp,
}

_ARITHMETIC = {Fn.SUM, Fn.MEAN, Fn.SD, Fn.QUANTILE}


def measure(version: DatasetVersion, agg: Agg) -> exp.Expr:
    """Return an aggregate as an expression.

    Infinite values are left out of sums, means and standard deviations.

    Raises
    ------
    NotFound
        When it names a column that is not there.
    TypeError
        When arithmetic is asked of texts or times, or a part of the question is missing.
    """
    where = None if agg.where is None else condition(version, agg.where)
    if agg.fn is Fn.ROWS:
        return count_if(where)
    if agg.column is None:
        raise TypeError(f"The aggregate “{agg.fn.value}” needs a column.")
    column = find(version, agg.column)
    if agg.fn is Fn.MISSING:
        missing = exp.Is(this=field(column.field), expression=exp.null())
        return count_if(missing if where is None else missing.and_(where))
    if agg.fn in _ARITHMETIC:
        where = _finite_too(column, agg.fn, where)
    return only(_aggregate(column, agg), where)


def finite(column: Column) -> exp.Expr:
    """Return the condition that a number is there and finite, in words that every engine knows."""
    size = exp.func("ABS", field(column.field))
    return exp.LT(this=size, expression=literal(math.inf))


def quantile(value: exp.Expr, q: float) -> exp.Expr:
    """Return the interpolated quantile of ``value``."""
    return exp.WithinGroup(
        this=exp.PercentileCont(this=exp.Literal.number(q)),
        expression=exp.Order(expressions=[exp.Ordered(this=value)]),
    )


def _aggregate(column: Column, agg: Agg) -> exp.Expr:
    value = number(column) if agg.fn in _ARITHMETIC else field(column.field)
    if agg.fn is Fn.DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[value]))
    if agg.fn is Fn.QUANTILE:
        if agg.q is None or not 0 <= agg.q <= 1:
            raise TypeError("A quantile needs q between 0 and 1.")
        return quantile(value, agg.q)
    return _PLAIN[agg.fn](this=value)


def number(column: Column) -> exp.Expr:
    """Return the values of a column as numbers: yes is 1, no is 0.

    Raises
    ------
    TypeError
        When they are texts or times.
    """
    if column.storage is Storage.BOOLEAN:
        yes = exp.Case().when(field(column.field), exp.Literal.number(1))
        return yes.when(exp.not_(field(column.field)), exp.Literal.number(0))
    if column.storage not in {Storage.INTEGER, Storage.NUMBER}:
        raise TypeError(f"The column “{column.name}” holds {column.storage.value}, not numbers.")
    return field(column.field)


def _finite_too(column: Column, fn: Fn, where: exp.Expr | None) -> exp.Expr | None:
    if column.storage is not Storage.NUMBER or fn is Fn.QUANTILE:
        return where
    return finite(column) if where is None else exp.and_(finite(column), where)


def only(aggregate: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    """Return ``aggregate`` over the rows that satisfy ``where`` (all rows when None)."""
    if where is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=where))


def count_if(where: exp.Expr | None) -> exp.Expr:
    """Return the number of rows that satisfy ``where``."""
    return only(exp.Count(this=exp.Star()), where)


def descending(aliases: Mapping[str, str], measure_name: str) -> exp.Ordered:
    """Return the order by a measure, largest first and null last."""
    if measure_name not in aliases:
        raise NotFound(f"There is no measure “{measure_name}” to order by.")
    return exp.Ordered(this=field(aliases[measure_name]), desc=True, nulls_first=False)
