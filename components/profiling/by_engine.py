"""Columns that are too long for memory: the engine computes them, in a bounded number of passes.

Columns with few different values are counted value by value, so everything about them is exact; of
the others, texts are looked at in one seeded sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.core.data.dataset import Column, Storage
from components.engine.table.open_table import SqlTable
from components.profiling.column import engine_counts, histograms
from components.profiling.column.in_memory import facts_of
from components.profiling.column.last_digits import count_digits
from components.profiling.column.measures import Estimate, batches, estimate, measure
from components.profiling.column.moments import Shape, shapes
from components.profiling.column.partial_facts import Gathered, Split, Tell
from components.profiling.column.sampled_quantiles import with_quantiles
from components.profiling.column.text_contents import describe_texts
from components.profiling.column.time_contents import count_times

ROOM = 200_000_000
"""Bytes that the different texts of a column may take to be counted one by one."""


def gather(
    table: SqlTable, columns: Sequence[Column], split: Split | None, say: Tell
) -> dict[str, Gathered]:
    """Return the facts about each of ``columns``, by field; ``say`` is told the share done."""
    if not columns:
        return {}
    estimates = estimate(table, columns)
    say(0.1)
    few = [c for c in columns if _is_countable(estimates[c.field])]
    found: dict[str, Gathered] = {}
    for column in few:
        found[column.field] = facts_of(*engine_counts.count_each(table, column, split))
        say(0.1 + 0.1 * len(found) / len(few))
    many = [c for c in columns if c.field not in found]
    for batch in batches(many):
        found |= _searched(table, batch, estimates, split)
        say(0.2 + 0.8 * (len(found) - len(few)) / len(many))
    return found


def _is_countable(estimated: Estimate) -> bool:
    n = estimated.n_distinct
    return n <= engine_counts.FEW and n * estimated.longest <= ROOM


def _searched(
    table: SqlTable,
    columns: Sequence[Column],
    estimates: dict[str, Estimate],
    split: Split | None,
) -> dict[str, Gathered]:
    """Return the facts about columns with many different values."""
    measures = with_quantiles(table, columns, measure(table, columns, estimates))
    moments = shapes(table, columns, measures)
    sampled = engine_counts.sample_each(table, columns)
    found, by_class = engine_counts.frequent(table, columns, sampled, measures, split)
    bins = histograms.count_bins(table, columns, measures, None if split is None else split.column)
    times = count_times(table, [c for c in columns if c.storage is Storage.DATETIME], measures)
    return {
        c.field: Gathered(
            measures=measures[c.field],
            shape=moments.get(c.field, Shape()),
            values=found[c.field],
            bins=bins.get(c.field, {}),
            by_class=by_class.get(c.field, {}),
            texts=describe_texts(sampled[c.field]) if c.storage is Storage.TEXT else None,
            times=times.get(c.field),
            digits=count_digits(table, c, measures[c.field]),
        )
        for c in columns
    }
