"""Stand-ins at both ends of numeric and time columns, read in few passes over the table."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import ask
from components.checks._lib.groups.attributes import AGE
from components.checks.completeness import _sentinel_rules
from components.checks.completeness._sentinel_rules import Extreme, SentinelLimits, StandInForm
from components.core.data.dataset import Column, Kind, Role, Storage
from components.core.data.query import Agg, AllOf, Compare, Condition, Fn, Op, Scalar
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

FEW_DISTINCT = 4
QUANTILES = (0.01, 0.25, 0.75, 0.99)
NUMERIC = {Storage.INTEGER, Storage.NUMBER}
OUTERMOST = 5
CELLS_AT_ONCE = 2_000_000
Plain = int | float | datetime
Seen = dict[str, list[tuple[Plain, int]]]
"""Outermost values with their rows, per end (``low``, ``high``), from the end inwards."""
Counted = tuple[NDArray[Any], NDArray[np.int64]]

_PLAIN = {
    Storage.INTEGER: np.dtype("int64"),
    Storage.NUMBER: np.dtype("float64"),
    Storage.DATETIME: np.dtype("datetime64[us]"),
}


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
    form: StandInForm
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
    left_out = {Role.IGNORE, Role.ID, Role.ANNOTATOR, Role.WEIGHT, Role.PREDICTED, Role.EMBEDDING}
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
    table: Table, columns: list[Column], limits: SentinelLimits, run: RunContext
) -> list[StandIn]:
    """Judge both ends of every column, in file order."""
    sizes = {
        c.name: (n, run.profile.column(c.name).n_distinct)
        for c, n in _repeated_ends(table, columns)
    }
    left = [c for c in columns if c.name in sizes and sizes[c.name][1] >= FEW_DISTINCT]
    seen = outermost(
        table, left, lambda d: run.progress(0.3 + 0.5 * d, "looking at extreme values")
    )
    sides = {
        c.name: _sides(c, seen[c.name], sizes[c.name])
        for c in left
        if c.storage is not Storage.DATETIME
    }
    doubted = {
        name: both
        for name, both in sides.items()
        if any(_sentinel_rules.code_block(s) or _sentinel_rules.judge(s, limits) for s in both)
    }
    run.progress(0.8, "comparing them with the rest")
    rests = _rests(table, doubted)
    found: list[StandIn] = []
    for c in left:
        if c.storage is Storage.DATETIME:
            found += _dates(c, seen[c.name], sizes[c.name][0], limits)
        elif c.name in doubted:
            found += _numbers(seen[c.name], (c, sizes[c.name][0]), doubted[c.name], rests, limits)
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


def _dates(column: Column, seen: Seen, n_present: int, limits: SentinelLimits) -> Iterator[StandIn]:
    for end, pairs in seen.items():
        if len(pairs) < 2:  # noqa: PLR2004 - the end and its neighbour
            continue
        (value, count), (neighbour, _) = pairs[0], pairs[1]
        if (
            isinstance(value, datetime)
            and isinstance(neighbour, datetime)
            and _sentinel_rules.is_code_date(value)
            and count >= limits.min_repeats
            and abs(value - neighbour) >= _sentinel_rules.YEAR
        ):
            yield StandIn(
                column=column.name,
                form=StandInForm.DATE,
                is_high=end == "high",
                values=(value,),
                neighbour=neighbour,
                n_rows=count,
                n_present=n_present,
            )


def _numbers(
    seen: Seen,
    subject: tuple[Column, int],
    sides: list[Extreme],
    rests: dict[str, dict[str, Scalar]],
    limits: SentinelLimits,
) -> Iterator[StandIn]:
    column, n_present = subject
    rest = rests[column.name]
    for side in sides:
        whole = dataclasses.replace(side, spread=_spread(rest), inner_low=ask.real(rest["min"]))
        verdict = _sentinel_rules.judge(whole, limits)
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
                n_present=n_present,
            )


def _sides(column: Column, seen: Seen, size: tuple[int, int]) -> list[Extreme]:
    sides = [_extreme(column, end, pairs, size) for end, pairs in seen.items()]
    return [side for side in sides if len(side.values) > 1]


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
        is_age=bool(AGE.search(column.name)),
    )


def _rests(table: Table, doubted: dict[str, list[Extreme]]) -> dict[str, dict[str, Scalar]]:
    """Describe the values that are left without the possible codes of both ends, per column."""
    measures: dict[str, Agg] = {}
    for i, (name, sides) in enumerate(doubted.items()):
        where = _inside(name, sides)
        measures[f"min.{i}"] = Agg(Fn.MIN, name, where=where)
        measures |= {f"q{q}.{i}": Agg(Fn.QUANTILE, name, q=q, where=where) for q in QUANTILES}
    answer = ask.aggregate_all(table, measures)
    keys = ["min", *(f"q{q}" for q in QUANTILES)]
    return {name: {key: answer[f"{key}.{i}"] for key in keys} for i, name in enumerate(doubted)}


def _inside(name: str, sides: list[Extreme]) -> Condition | None:
    inside: list[Condition] = []
    for side in sides:
        k = _sentinel_rules.code_block(side)
        if k:
            inside.append(Compare(name, Op.LT if side.is_high else Op.GT, side.values[k - 1]))
    return AllOf(tuple(inside)) if inside else None


def _spread(rest: dict[str, Scalar]) -> float:
    q01, q25, q75, q99 = (ask.real(rest[f"q{q}"]) for q in QUANTILES)
    spread = max(q75 - q25, (q99 - q01) / 4.0)
    return spread if math.isfinite(spread) else 0.0


def outermost(
    table: Table, columns: Sequence[Column], progress: Callable[[float], None]
) -> dict[str, Seen]:
    """Return both ends of each column of numbers or times; infinite values are left out.

    A query per column would open the file as many times as it has columns.
    """
    found: dict[str, Seen] = {}
    for part in ask.chunks(columns):
        progress(len(found) / len(columns))
        found |= _of_part(table, part, progress, (len(found), len(columns)))
    return found


def _of_part(
    table: Table,
    columns: Sequence[Column],
    progress: Callable[[float], None],
    before: tuple[int, int],
) -> dict[str, Seen]:
    """Return the ends of some columns; ``before`` is how many are done, of how many."""
    low: dict[str, Counted] = {}
    high: dict[str, Counted] = {}
    done = 0
    size = max(1_000, CELLS_AT_ONCE // len(columns))
    for batch in table.batches(columns=[c.name for c in columns], size=size):
        progress((before[0] + len(columns) * done / max(1, batch.n_total)) / before[1])
        done += len(batch.row_id)
        for column in columns:
            values, counts = np.unique(
                _present(batch.frame[column.name], column), return_counts=True
            )
            first, last = slice(OUTERMOST), slice(-OUTERMOST, None)
            low[column.name] = _merged(low.get(column.name), (values, counts), first)
            high[column.name] = _merged(high.get(column.name), (values, counts), last)
    return {name: {"low": _pairs(low[name]), "high": _pairs(high[name])[::-1]} for name in low}


def _present(series: pd.Series, column: Column) -> NDArray[Any]:
    values = series.dropna().to_numpy(dtype=_PLAIN[column.storage])
    return np.asarray(values[np.isfinite(values)])


def _merged(before: Counted | None, more: Counted, kept: slice) -> Counted:
    """Return the outermost values of both, with their rows added up."""
    more = more[0][kept], more[1][kept]
    if before is None:
        return more
    values, place = np.unique(np.concatenate([before[0], more[0]]), return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, place, np.concatenate([before[1], more[1]]))
    return values[kept], counts[kept]


def _pairs(counted: Counted) -> list[tuple[Plain, int]]:
    return list(zip(counted[0].tolist(), counted[1].tolist(), strict=True))
