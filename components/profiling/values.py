"""How many different values a column has, and its frequent ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlglot import exp

from components.core.dataset import Column, Storage
from components.core.query import Scalar
from components.engine.duck_table import DuckTable
from components.engine.sql import field, literal, named, select
from components.profiling.measures import MAX_COLUMNS, Measures, batches
from components.profiling.parts import PICKED, mark, rows, union, whole

TOP = 20
FEW = 50_000
"""Columns of a long table with more different values than this are not counted exactly."""

SAMPLE = 100_000
"""Rows in which frequent values of such columns are looked for; their counts are exact.

A value held by one row in a thousand is in the sample about 100 times.
"""

_AT_ONCE = 5_000_000
"""Values that may be grouped at the same time, to bound memory."""

_GROUPED = "grouped"

Frequent = tuple[tuple[Scalar, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of one column.

    Attributes
    ----------
    top
        At most :data:`TOP` values and their rows, most frequent first. Where there are more
        different values than that, only those that occur twice.
    """

    n_distinct: int = 0
    exact: bool = True
    top: Frequent = ()


def count_values(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Values]:
    """Return the values of each column, by field; one pass over each column."""
    found = {c.field: Values() for c in columns}
    filled = [c for c in columns if measures[c.field].n_present]
    many = [c for c in filled if (measures[c.field].estimate or 0) > FEW]
    for storage in Storage:
        alike = [c for c in filled if c.storage is storage and c not in many]
        for batch in batches(alike, at_once(table)):
            found |= _counted(table, batch)
    for batch in batches(many):
        found |= _searched(table, batch, measures)
    return found


def count_by(
    table: DuckTable,
    columns: Sequence[Column],
    values: Mapping[str, Sequence[Scalar]],
    by: Column | None,
) -> dict[str, dict[tuple[Scalar, Scalar], int]]:
    """Return the rows per value and value of ``by``, for some values of each column.

    Without ``by``, the second part of each key is None.
    """
    found: dict[str, dict[tuple[Scalar, Scalar], int]] = {c.field: {} for c in columns}
    asked = [c for c in columns if values[c.field]]
    for storage in Storage:
        for batch in batches([c for c in asked if c.storage is storage], at_once(table)):
            parts = [_among(c, i, values[c.field], by) for i, c in enumerate(batch)]
            for record in table.query(union(parts, [*batch, *([by] if by else [])])):
                place = found[batch[whole(record["part"])].field]
                place[record["v"], record["l"]] = whole(record["n"])
    return found


def at_once(table: DuckTable) -> int:
    """Return how many columns one statement may hold in memory."""
    return max(1, min(MAX_COLUMNS, _AT_ONCE // max(1, table.version.n_rows)))


def _counted(table: DuckTable, columns: Sequence[Column]) -> dict[str, Values]:
    tops: list[list[tuple[Scalar, int]]] = [[] for _ in columns]
    distinct = [0] * len(columns)
    parts = [_frequent(c, i) for i, c in enumerate(columns)]
    for record in table.query(union(parts, columns)):
        number, n = whole(record["part"]), whole(record["n"])
        distinct[number] = whole(record["d"])
        if n > 1 or distinct[number] <= TOP:
            tops[number].append((record["v"], n))
    return {
        column.field: Values(n_distinct=distinct[i], top=_ordered(tops[i]))
        for i, column in enumerate(columns)
    }


def _frequent(column: Column, number: int) -> exp.Select:
    present = exp.not_(exp.Is(this=field(column.field), expression=exp.null()), copy=False)
    grouped = select([named(field(column.field), "v"), rows()], PICKED)
    grouped = grouped.where(present, copy=False).group_by(field(column.field), copy=False)
    different = exp.Subquery(this=select([exp.Count(this=exp.Star())], _GROUPED))
    order = (exp.Ordered(this=field("n"), desc=True), exp.Ordered(this=field("v")))
    found = select([mark(number), field("v"), field("n"), named(different, "d")], _GROUPED)
    found = found.order_by(*order, copy=False).limit(TOP, copy=False)
    return found.with_(_GROUPED, as_=grouped, copy=False)


def _among(column: Column, number: int, values: Sequence[Scalar], by: Column | None) -> exp.Select:
    second = [] if by is None else [field(by.field)]
    split = exp.null() if by is None else field(by.field)
    among = exp.In(this=field(column.field), expressions=[literal(v) for v in values])
    selected = [mark(number), named(field(column.field), "v"), named(split, "l"), rows()]
    found = select(selected, PICKED).where(among, copy=False)
    return found.group_by(field(column.field), *second, copy=False)


def _searched(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Values]:
    sample = table.sample(SAMPLE, seed=0, columns=[c.name for c in columns])
    candidates: dict[str, list[Scalar]] = {}
    for column in columns:
        counts = sample.frame[column.name].value_counts().head(2 * TOP)
        candidates[column.field] = [_plain(value) for value in counts[counts > 1].index]
    counted = count_by(table, columns, candidates, None)
    return {
        c.field: Values(
            n_distinct=measures[c.field].estimate or 0,
            exact=False,
            top=_ordered([(v, n) for (v, _), n in counted[c.field].items()])[:TOP],
        )
        for c in columns
    }


def _plain(value: Any) -> Scalar:  # noqa: ANN401 - what a frame holds
    if hasattr(value, "to_pydatetime"):
        return cast("Scalar", value.to_pydatetime())
    return cast("Scalar", value.item() if hasattr(value, "item") else value)


def _ordered(counts: Sequence[tuple[Scalar, int]]) -> Frequent:
    return tuple(sorted(counts, key=lambda pair: (-pair[1], _rank(pair[0]))))


def _rank(value: Scalar) -> tuple[float, str]:
    number = value if isinstance(value, int | float) else 0.0
    return (number, str(value))
