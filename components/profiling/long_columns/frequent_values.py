"""The values of columns that are too long for memory: how many differ, and the frequent ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, literal, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import Measures, RowClasses, Split, Values
from components.profiling.column.in_memory import Held, classes_of, hold
from components.profiling.column.value_counts import TOP, Counted
from components.profiling.long_columns.measures import at_once
from components.profiling.statements import PICKED, batches, mark, rows, union, whole

FEW = 50_000
"""Columns of a long table with more different values than this are not counted one by one."""

SAMPLE = 100_000
"""Rows in which frequent values of such columns are looked for; their counts are exact.

A value held by one row in a thousand is in the sample about 100 times.
"""

ByClass = dict[tuple[Scalar, Scalar], int]
"""Value, class of the label -> rows."""


def count_each(
    table: SqlTable, column: Column, split: Split | None
) -> tuple[Held, RowClasses | None]:
    """Return the different values of a column, over all rows, and their classes."""
    by = None if split is None or split.column == column else split
    keys = [field(column.field), *([] if by is None else [field(by.column.field)])]
    label = exp.null() if by is None else field(by.column.field)
    selected = [named(field(column.field), "v"), named(label, "l"), rows()]
    found = table.fetch(select(selected).group_by(*keys, copy=False))
    counts = np.asarray(numpy_of(found.column("n")), dtype=np.int64)
    held = hold(column, found.column("v"), counts)
    if by is None:
        return held, None
    classes = classes_of(by, found.column("l"))
    return held, classes if held.rows is None else classes.of(held.rows)


def sample_each(table: SqlTable, columns: Sequence[Column]) -> dict[str, Counted]:
    """Return the values of each column in one seeded sample of the rows, by field."""
    if not columns:
        return {}
    found = table.arrow(columns, rows=table.draw(SAMPLE, seed=0))
    return {c.field: hold(c, found.column(c.field)).counted for c in columns}


def frequent(
    table: SqlTable,
    columns: Sequence[Column],
    sampled: Mapping[str, Counted],
    measures: Mapping[str, Measures],
    split: Split | None,
) -> tuple[dict[str, Values], dict[str, ByClass]]:
    """Return the values of columns with too many, and their rows by class, by field.

    They are found in a sample and counted on all rows.
    """
    candidates = {
        c.field: [value for value, n, _ in sampled[c.field].ranked(2 * TOP) if n > 1]
        for c in columns
    }
    counted = _counted(table, columns, candidates, None if split is None else split.column)
    found: dict[str, Values] = {}
    for column in columns:
        counts: Counter[Scalar] = Counter()
        for (value, _), n in counted[column.field].items():
            counts[value] += n
        top = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])
        m = measures[column.field]
        found[column.field] = Values(
            n_distinct=m.n_distinct,
            exact=m.distinct_exact,
            top=top,
            n_top=top[0][1] if top else None,
        )
    return found, {} if split is None else counted


def _counted(
    table: SqlTable,
    columns: Sequence[Column],
    values: Mapping[str, Sequence[Scalar]],
    by: Column | None,
) -> dict[str, ByClass]:
    """Return the rows per value and value of ``by``, for some values of each column.

    Without ``by``, the second part of each key is None.
    """
    found: dict[str, ByClass] = {c.field: {} for c in columns}
    asked = [c for c in columns if values[c.field]]
    for storage in Storage:
        for batch in batches([c for c in asked if c.storage is storage], at_once(table)):
            parts = [_among(c, i, values[c.field], by) for i, c in enumerate(batch)]
            for record in table.query(union(parts, [*batch, *([by] if by else [])])):
                place = found[batch[whole(record["part"])].field]
                place[record["v"], record["l"]] = whole(record["n"])
    return found


def _among(column: Column, number: int, values: Sequence[Scalar], by: Column | None) -> exp.Select:
    second = [] if by is None else [field(by.field)]
    split = exp.null() if by is None else field(by.field)
    among = exp.In(this=field(column.field), expressions=[literal(v) for v in values])
    selected = [mark(number), named(field(column.field), "v"), named(split, "l"), rows()]
    found = select(selected, PICKED).where(among, copy=False)
    return found.group_by(field(column.field), *second, copy=False)
