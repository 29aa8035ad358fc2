"""Ask a table for both ends of its numeric and time columns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from components.checks._lib import ask
from components.checks.completeness import _codes
from components.checks.completeness._codes import Extreme, Form, Limits
from components.core.checks import RunContext
from components.core.dataset import Column, Kind, Role, Storage
from components.core.query import Agg, AllOf, Compare, Condition, Fn, Op, Scalar
from components.core.table import Table

OUTERMOST = 5
FEW_DISTINCT = 4
QUANTILES = (0.01, 0.25, 0.75, 0.99)
NUMERIC = {Storage.INTEGER, Storage.NUMBER}
Plain = int | float | datetime
Seen = dict[str, list[tuple[Plain, int]]]
"""Outermost values with their rows, per end (``low``, ``high``), from the end inwards."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Values at one end of a column that stand for something else.

    Attributes
    ----------
    values
        From the end inwards.
    neighbour
        The next value.
    n_rows, n_present
        Rows that hold one of the values; rows that hold any value.
    """

    column: str
    form: Form
    is_high: bool
    values: tuple[Plain, ...]
    neighbour: Plain
    n_rows: int
    n_present: int

    @property
    def share(self) -> float:
        """The share of present values, in [0, 1]."""
        return self.n_rows / self.n_present


def examined(table: Table) -> list[Column]:
    """Return the columns of numbers and times that carry information."""
    left_out = {Role.IGNORE, Role.ID, Role.ANNOTATOR, Role.WEIGHT}
    dull = {Kind.EMPTY, Kind.CONSTANT, Kind.IDENTIFIER}
    return [
        c
        for c in table.version.columns
        if (c.storage in NUMERIC or c.storage is Storage.DATETIME)
        and c.role not in left_out
        and c.kind not in dull
        and (c.role is not Role.LABEL or c.kind.is_numeric)
    ]


def stand_ins(
    table: Table, columns: list[Column], limits: Limits, run: RunContext
) -> list[StandIn]:
    """Judge both ends of every column, in file order."""
    candidates = _repeated_ends(table, columns)
    found: list[StandIn] = []
    for i, (column, n) in enumerate(candidates):
        run.progress(0.3 + 0.6 * i / len(candidates), "looking at extreme values")
        n_distinct = run.profile.column(column.name).n_distinct
        if n_distinct < FEW_DISTINCT:
            continue
        seen = _outermost(table, column)
        judged = _dates if column.storage is Storage.DATETIME else _numbers
        found += judged(table, column, seen, (n, n_distinct), limits)
    return found


def _repeated_ends(table: Table, columns: list[Column]) -> list[tuple[Column, int]]:
    """Return the columns whose smallest or largest value is repeated, with their present rows."""
    ends = ask.aggregate_all(
        table,
        {
            f"{fn.value}.{c.field}": Agg(fn, c.name)
            for c in columns
            for fn in (Fn.PRESENT, Fn.MIN, Fn.MAX)
        },
    )
    counts: dict[str, Agg] = {}
    for c in columns:
        for end in ("min", "max"):
            value = ends[f"{end}.{c.field}"]
            if isinstance(value, int | float | datetime):
                where = Compare(c.name, Op.EQ, value)
                counts[f"{end}.{c.field}"] = Agg(Fn.ROWS, where=where)
    rows = ask.aggregate_all(table, counts)
    return [
        (c, ask.whole(ends[f"present.{c.field}"]))
        for c in columns
        if max(ask.whole(rows.get(f"{end}.{c.field}")) for end in ("min", "max")) > 1
    ]


def _outermost(table: Table, column: Column) -> Seen:
    """Return the few smallest and largest different values with their rows."""
    count, value = {"n": Agg(Fn.ROWS)}, Agg(Fn.MAX, column.name)
    low = table.groups([column.name], count, limit=OUTERMOST + 1)
    high = table.groups(
        [column.name], {**count, "value": value}, order_by="value", limit=OUTERMOST + 2
    )
    return {"low": _plain(low, column.name), "high": _plain(high, column.name)}


def _plain(records: list[dict[str, Scalar]], name: str) -> list[tuple[Plain, int]]:
    pairs = []
    for record in records:
        value = record[name]
        finite = isinstance(value, datetime) or (
            isinstance(value, int | float) and math.isfinite(value)
        )
        if finite and isinstance(value, int | float | datetime):
            pairs.append((value, ask.whole(record["n"])))
    return pairs[:OUTERMOST]


def _dates(
    _table: Table, column: Column, seen: Seen, size: tuple[int, int], limits: Limits
) -> Iterator[StandIn]:
    for end, pairs in seen.items():
        if len(pairs) < 2:  # noqa: PLR2004 - the end and its neighbour
            continue
        (value, count), (neighbour, _) = pairs[0], pairs[1]
        if (
            isinstance(value, datetime)
            and isinstance(neighbour, datetime)
            and _codes.is_code_date(value)
            and count >= limits.min_repeats
            and abs(value - neighbour) >= _codes.YEAR
        ):
            yield StandIn(
                column=column.name,
                form=Form.DATE,
                is_high=end == "high",
                values=(value,),
                neighbour=neighbour,
                n_rows=count,
                n_present=size[0],
            )


def _numbers(
    table: Table, column: Column, seen: Seen, size: tuple[int, int], limits: Limits
) -> Iterator[StandIn]:
    sides = [_extreme(column, end, pairs, size) for end, pairs in seen.items()]
    sides = [side for side in sides if len(side.values) > 1]
    if not any(_codes.code_block(s) or _codes.judge(s, limits) for s in sides):
        return
    rest = _rest(table, column, sides)
    for side in sides:
        whole = dataclasses.replace(side, spread=_spread(rest), inner_low=ask.real(rest["min"]))
        verdict = _codes.judge(whole, limits)
        if verdict is not None:
            form, k = verdict
            pairs = seen["high" if side.is_high else "low"]
            yield StandIn(
                column=column.name,
                form=form,
                is_high=side.is_high,
                values=tuple(value for value, _ in pairs[:k]),
                neighbour=pairs[k][0],
                n_rows=sum(count for _, count in pairs[:k]),
                n_present=size[0],
            )


def _extreme(
    column: Column, end: str, pairs: list[tuple[Plain, int]], size: tuple[int, int]
) -> Extreme:
    numbers = [(float(v), n) for v, n in pairs if not isinstance(v, datetime)]
    return Extreme(
        is_high=end == "high",
        values=tuple(v for v, _ in numbers),
        counts=tuple(n for _, n in numbers),
        n=size[0],
        n_distinct=size[1],
        is_integer=column.storage is Storage.INTEGER,
    )


def _rest(table: Table, column: Column, sides: list[Extreme]) -> dict[str, Scalar]:
    """Describe the values that are left without the possible codes of both ends."""
    inside: list[Condition] = []
    for side in sides:
        k = _codes.code_block(side)
        if k:
            op = Op.LT if side.is_high else Op.GT
            inside.append(Compare(column.name, op, side.values[k - 1]))
    measures = {f"q{q}": Agg(Fn.QUANTILE, column.name, q=q) for q in QUANTILES}
    where = AllOf(tuple(inside)) if inside else None
    return table.aggregate({"min": Agg(Fn.MIN, column.name), **measures}, where=where)


def _spread(rest: dict[str, Scalar]) -> float:
    q01, q25, q75, q99 = (ask.real(rest[f"q{q}"]) for q in QUANTILES)
    spread = max(q75 - q25, (q99 - q01) / 4.0)
    return spread if math.isfinite(spread) else 0.0
