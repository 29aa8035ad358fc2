"""Counts and quantiles of a column per group, per step of time, and per bin of equal ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Literal

from sqlglot import exp

from components.core.data.dataset import Column, Storage
from components.core.data.instants import instant_at
from components.core.data.query import Agg, AllOf, Compare, Condition, Fn, OneOf, Op, Scalar
from components.core.facts.slices import POINTS
from components.engine.sql.aggregates import finite, only
from components.engine.sql.expressions import (
    DATA,
    as_type,
    condition,
    field,
    find,
    literal,
    named,
    select,
)
from components.engine.table.open_table import SqlTable

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A length of time.

    Attributes
    ----------
    origin
        Where steps of seconds start to be counted, in seconds since 1970-01-01.
    """

    unit: Literal["second", "month"]
    size: int
    origin: int = 0

    def start(self, number: int) -> datetime:
        """Return the start of a step, within the years that a calendar knows."""
        if self.unit == "second":
            return instant_at(self.origin + number * self.size)
        year, month = divmod(number * self.size, _MONTHS)
        if not MINYEAR <= year <= MAXYEAR:
            return datetime.min if year < MINYEAR else datetime.max  # noqa: DTZ901 - times of data have no zone
        return datetime(year, month + 1, 1, tzinfo=UTC).replace(tzinfo=None)

    def number(self, column: Column) -> exp.Expr:
        """Return the number of the step in which a time lies, as an expression."""
        value = field(column.field)
        if self.unit == "second":
            elapsed = exp.TimeToUnix(this=value)
            position: exp.Expr = exp.Sub(this=elapsed, expression=literal(float(self.origin)))
        else:
            years = exp.Mul(this=_part("year", value), expression=literal(_MONTHS))
            months = exp.Sub(this=_part("month", value), expression=literal(1))
            position = exp.Add(this=years, expression=months)
        steps = exp.Div(this=exp.paren(position), expression=literal(float(self.size)))
        return as_type(exp.Floor(this=steps), "bigint")


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """What was counted in one group or step; ``key`` is the value or the number of the step."""

    key: Scalar
    n: int
    n_present: int
    spread: tuple[float, ...] | None


def parts(
    table: SqlTable,
    column: str,
    by: str,
    *,
    step: Step | None = None,
    where: Condition | None = None,
    limit: int,
) -> list[GroupCounts]:
    """Return the rows and the quantiles of ``column`` per value, or per step, of ``by``.

    The largest ``limit`` groups, largest first; steps in the order of time.
    """
    shown, split = find(table.version, column), find(table.version, by)
    key = step.number(split) if step else field(split.field)
    count = exp.Count(this=exp.Star())
    present = exp.Count(this=field(shown.field))
    selected = [named(key, "k"), named(count, "n"), named(present, "present")]
    position = _position(shown)
    if position is not None:
        selected.append(named(_quantiles(position, shown), "q"))
    inner = _where(table, select(selected, DATA), where).group_by(key.copy())
    statement = select(_columns(with_spread=position is not None), inner.subquery("counted"))
    order = exp.Ordered(this=field("n"), desc=True, nulls_first=False)
    tie = exp.Ordered(this=field("k"), nulls_first=False)
    statement = statement.order_by(*([tie] if step else [order, tie])).limit(limit)
    return [_read(record) for record in table.query(statement)]


def tally(
    table: SqlTable,
    column: str,
    by: str,
    values: Sequence[Scalar],
    *,
    step: Step | None = None,
    where: Condition | None = None,
) -> dict[tuple[Scalar, Scalar], int]:
    """Return the rows per group or step of ``by`` and value of ``column``, of these values only."""
    shown, split = find(table.version, column), find(table.version, by)
    key = step.number(split) if step else field(split.field)
    asked: Condition = OneOf(column, tuple(v for v in values if v is not None))
    if where is not None:
        asked = AllOf((asked, where))
    selected = [named(key, "k"), named(field(shown.field), "v")]
    selected.append(named(exp.Count(this=exp.Star()), "n"))
    statement = _where(table, select(selected, DATA), asked)
    statement = statement.group_by(key.copy(), field(shown.field))
    return {(r["k"], r["v"]): _whole(r["n"]) for r in table.query(statement)}


def log_counts(table: SqlTable, column: str, n_bins: int) -> tuple[tuple[float, ...], list[int]]:
    """Return the edges and rows of bins of equal ratio over the positive finite values.

    No edges where there are fewer than two different such values.
    """
    shown = find(table.version, column)
    inside = _positive(shown)
    asked = {"low": Agg(Fn.MIN, column), "high": Agg(Fn.MAX, column)}
    found = table.aggregate(asked, where=inside)
    low, high = found["low"], found["high"]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return (), []
    first, width = math.log(low), (math.log(high) - math.log(low)) / n_bins
    if width <= 0:
        return (), []
    slot = _ratio_slot(shown, first, width, n_bins)
    selected = [named(slot, "k"), named(exp.Count(this=exp.Star()), "n")]
    statement = _where(table, select(selected, DATA), inside).group_by(slot.copy())
    counts = {r["k"]: _whole(r["n"]) for r in table.query(statement)}
    edges = (low, *(math.exp(first + width * i) for i in range(1, n_bins)), high)
    return tuple(float(e) for e in edges), [counts.get(i, 0) for i in range(n_bins)]


def _positive(column: Column) -> Condition:
    above = Compare(column.name, Op.GT, 0)
    if column.storage is Storage.INTEGER:
        return above
    return AllOf((above, Compare(column.name, Op.LT, math.inf)))


def _ratio_slot(column: Column, first: float, width: float, n_bins: int) -> exp.Expr:
    offset = exp.Sub(this=exp.Ln(this=field(column.field)), expression=literal(first))
    steps = exp.Floor(this=exp.Div(this=exp.paren(offset), expression=literal(width)))
    upper = exp.Least(this=as_type(steps, "bigint"), expressions=[literal(n_bins - 1)])
    return exp.Greatest(this=upper, expressions=[literal(0)])


def _part(name: str, value: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.var(name), expression=value.copy())


def _position(column: Column) -> exp.Expr | None:
    if column.storage is Storage.DATETIME:
        return exp.TimeToUnix(this=field(column.field))
    if column.storage in {Storage.INTEGER, Storage.NUMBER}:
        return as_type(field(column.field), "double")
    return None


def _quantiles(position: exp.Expr, column: Column) -> exp.Expr:
    """Return all quantiles as one list: the engine sorts once for all of them."""
    points = exp.Array(expressions=[literal(p) for p in POINTS])
    order = exp.Order(expressions=[exp.Ordered(this=position)])
    found: exp.Expr = exp.WithinGroup(this=exp.PercentileCont(this=points), expression=order)
    return only(found, finite(column)) if column.storage is Storage.NUMBER else found


def _columns(*, with_spread: bool) -> list[exp.Expr]:
    found: list[exp.Expr] = [field("k"), field("n"), field("present")]
    for i in range(len(POINTS)) if with_spread else ():
        item = exp.Bracket(this=field("q"), expressions=[exp.Literal.number(i)])
        found.append(named(item, f"q{i}"))
    return found


def _where(table: SqlTable, statement: exp.Select, where: Condition | None) -> exp.Select:
    return statement if where is None else statement.where(condition(table.version, where))


def _read(record: dict[str, Scalar]) -> GroupCounts:
    found = [record.get(f"q{i}") for i in range(len(POINTS))]
    spread = tuple(float(v) for v in found if isinstance(v, int | float))
    return GroupCounts(
        key=record["k"],
        n=_whole(record["n"]),
        n_present=_whole(record["present"]),
        spread=spread if len(spread) == len(POINTS) else None,
    )


def _whole(value: Scalar) -> int:
    return value if isinstance(value, int) else 0
