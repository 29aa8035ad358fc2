"""Columns that are too long for memory: the engine computes them, in a bounded number of passes.

Columns with few different values are counted value by value, so what their values are made of is
exact; of the others, texts are looked at in one seeded sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from components.core.dataset import Column, Storage
from components.core.query import Scalar
from components.engine.duck_table import DuckTable
from components.profiling import binning
from components.profiling import values as frequent_values
from components.profiling.digits import count_digits
from components.profiling.gathered import Gathered, Split, Tell, describe
from components.profiling.measures import Measures, batches, measure
from components.profiling.moments import Shape, shapes
from components.profiling.texts import describe_texts
from components.profiling.times import count_times
from components.profiling.values import count_by, count_each, frequent, sample_each


def gather(
    table: DuckTable, columns: Sequence[Column], split: Split | None, say: Tell
) -> dict[str, Gathered]:
    """Return the facts about each of ``columns``, by field; ``say`` is told the share done."""
    if not columns:
        return {}
    measures = measure(table, columns)
    say(0.35)
    moments = shapes(table, columns, measures)
    say(0.45)
    found = _contents(table, columns, measures)
    say(0.75)
    label = None if split is None else split.column
    by_class = _by_class(table, found, [c for c in columns if c != label], label)
    bins = binning.count_bins(table, columns, measures, label)
    say(1.0)
    return {
        name: replace(
            facts,
            shape=moments.get(name, Shape()),
            bins=bins.get(name, {}),
            by_class=by_class.get(name, {}),
        )
        for name, facts in found.items()
    }


def _contents(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Gathered]:
    """Return the values of each column and what they are made of."""
    many = [c for c in columns if measures[c.field].n_distinct > frequent_values.FEW]
    found = {
        c.field: describe(c, count_each(table, c), measures[c.field])
        for c in columns
        if c not in many
    }
    for batch in batches(many):
        found |= _sampled(table, batch, measures)
    return found


def _sampled(
    table: DuckTable, columns: Sequence[Column], measures: Mapping[str, Measures]
) -> dict[str, Gathered]:
    sampled = sample_each(table, columns)
    values = frequent(table, columns, sampled, measures)
    times = count_times(table, [c for c in columns if c.storage is Storage.DATETIME], measures)
    digits = count_digits(table, columns, measures)
    return {
        c.field: Gathered(
            measures=measures[c.field],
            values=values[c.field],
            texts=describe_texts(sampled[c.field]) if c.storage is Storage.TEXT else None,
            times=times.get(c.field),
            digits=digits.get(c.field),
        )
        for c in columns
    }


def _by_class(
    table: DuckTable,
    found: Mapping[str, Gathered],
    columns: Sequence[Column],
    label: Column | None,
) -> dict[str, dict[tuple[Scalar, Scalar], int]]:
    if label is None:
        return {}
    tops = {c.field: [value for value, _ in found[c.field].values.top] for c in columns}
    return count_by(table, columns, tops, label)
