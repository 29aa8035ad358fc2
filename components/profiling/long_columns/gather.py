"""Columns that are too long for memory, in a bounded number of passes.

Columns with few different values are counted value by value, so everything about them is exact; of
the others, texts are looked at in one seeded sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.core.data.dataset import Column, Storage
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import ColumnFacts, RowClasses, Split, Tell
from components.profiling.column.in_memory import facts_of
from components.profiling.column.texts import describe_texts
from components.profiling.long_columns import frequent_values
from components.profiling.long_columns.block_sums import add_up
from components.profiling.long_columns.measures import (
    Measured,
    measure,
    with_counts,
    with_quantiles,
)
from components.profiling.rows.row_classes import row_classes
from components.profiling.statements import batches

ROOM = 200_000_000
"""Bytes that the different texts of a column may take to be counted one by one."""

MOST_COUNTED = 250_000
"""Different values of a column, at most, to be counted before it is known whether they are few."""


def gather(
    table: SqlTable, columns: Sequence[Column], split: Split | None, say: Tell
) -> dict[str, ColumnFacts]:
    """Return the facts about each of ``columns``, by field; ``say`` gets the share done."""
    if not columns:
        return {}
    known = table.few_values(MOST_COUNTED, ROOM)
    perhaps = [c for c in columns if c.field in known]
    counted = _counted(table, perhaps, split, lambda done: say(0.1 * done))
    found = {f: facts for f, facts in counted.items() if _has_few(facts)}
    rest = [c for c in columns if c.field not in found]
    measured = measure(table, rest)
    few = [c for c in rest if _is_countable(measured[c.field])]
    found |= _counted(table, few, split, lambda done: say(0.1 + 0.1 * done))
    many = [c for c in rest if c.field not in found]
    classes = row_classes(table, split) if split is not None and many else None
    for batch in batches(many):
        found |= _searched(table, batch, measured, split, classes)
        say(1.0 - 0.8 * (len(columns) - len(found)) / len(many))
    return found


def _counted(
    table: SqlTable, columns: Sequence[Column], split: Split | None, say: Tell
) -> dict[str, ColumnFacts]:
    """Return the facts about ``columns`` whose values are counted one by one."""
    found: dict[str, ColumnFacts] = {}
    for column in columns:
        found[column.field] = facts_of(*frequent_values.count_each(table, column, split))
        say(len(found) / len(columns))
    return found


def _has_few(facts: ColumnFacts) -> bool:
    return facts.values.n_distinct <= frequent_values.FEW


def _is_countable(column: Measured) -> bool:
    n = column.measures.n_distinct
    return n <= frequent_values.FEW and n * column.longest <= ROOM


def _searched(
    table: SqlTable,
    columns: Sequence[Column],
    measured: Mapping[str, Measured],
    split: Split | None,
    classes: RowClasses | None,
) -> dict[str, ColumnFacts]:
    """Return the facts about columns with many different values."""
    measures = {c.field: measured[c.field].measures for c in columns}
    measures = with_quantiles(table, columns, with_counts(table, columns, measures))
    sampled = frequent_values.sample_each(table, columns)
    found, by_class = frequent_values.frequent(table, columns, sampled, measures, split)
    gathered: dict[str, ColumnFacts] = {}
    for column in columns:
        others = None if split is None or column == split.column else classes
        summed = add_up(table, column, measures[column.field], others)
        gathered[column.field] = ColumnFacts(
            measures=measures[column.field],
            shape=summed.shape,
            values=found[column.field],
            bins=summed.bins,
            by_class=by_class.get(column.field, {}),
            texts=describe_texts(sampled[column.field]) if column.storage is Storage.TEXT else None,
            times=summed.times,
            digits=summed.digits,
        )
    return gathered
