"""Columns that are too long for memory, in a bounded number of passes.

Columns with few different values are counted value by value, so everything about them is exact; of
the others, texts are looked at in one seeded sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.core.data.dataset import Column, Storage
from components.engine.table.open_table import SqlTable
from components.profiling.column.fact_types import ColumnFacts, RowClasses, Split, Tell
from components.profiling.column.in_memory import facts_of
from components.profiling.column.texts import describe_texts
from components.profiling.long_columns import frequent_values
from components.profiling.long_columns.block_sums import add_up
from components.profiling.long_columns.measures import Estimate, estimate, measure, with_quantiles
from components.profiling.rows.row_classes import row_classes
from components.profiling.statements import batches

ROOM = 200_000_000
"""Bytes that the different texts of a column may take to be counted one by one."""


def gather(
    table: SqlTable, columns: Sequence[Column], split: Split | None, say: Tell
) -> dict[str, ColumnFacts]:
    """Return the facts about each of ``columns``, by field; ``say`` gets the share done."""
    if not columns:
        return {}
    known = table.few_values(frequent_values.FEW, ROOM)
    estimates = estimate(table, [c for c in columns if c.field not in known])
    say(0.1)
    few = [c for c in columns if c.field in known or _is_countable(estimates[c.field])]
    found: dict[str, ColumnFacts] = {}
    for column in few:
        found[column.field] = facts_of(*frequent_values.count_each(table, column, split))
        say(0.1 + 0.1 * len(found) / len(few))
    many = [c for c in columns if c.field not in found]
    classes = row_classes(table, split) if split is not None and many else None
    for batch in batches(many):
        found |= _searched(table, batch, estimates, split, classes)
        say(0.2 + 0.8 * (len(found) - len(few)) / len(many))
    return found


def _is_countable(estimated: Estimate) -> bool:
    n = estimated.n_distinct
    return n <= frequent_values.FEW and n * estimated.longest <= ROOM


def _searched(
    table: SqlTable,
    columns: Sequence[Column],
    estimates: dict[str, Estimate],
    split: Split | None,
    classes: RowClasses | None,
) -> dict[str, ColumnFacts]:
    """Return the facts about columns with many different values."""
    measures = with_quantiles(table, columns, measure(table, columns, estimates))
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
