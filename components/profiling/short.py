"""Tables that are short enough: column after column is taken into memory and computed exactly.

For wide tables this costs a tenth of asking the engine for each figure: a question about 25 columns
takes longer to plan than to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from components.core.dataset import ROW_ID, Column, Storage
from components.core.query import Scalar
from components.core.table import IntArray
from components.engine.duck_table import DuckTable
from components.engine.sql import field, named, select
from components.profiling import binning, measures
from components.profiling.counted import Held, hold
from components.profiling.gathered import Gathered, Split, Tell, describe
from components.profiling.measures import Measures, batches
from components.profiling.numbers import MICROSECONDS, measure_counted
from components.profiling.parts import whole
from components.profiling.rows import key_columns
from components.profiling.whole_rows import WholeRows

T = TypeVar("T")

HELD = 50_000_000
"""Bytes of columns that are held in memory at a time; a column of more is left to the engine."""

ASKED = 200
"""Columns whose sizes are asked for at a time."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The class of each row.

    Attributes
    ----------
    code
        The place of the class in ``classes``, shape (n_rows,).
    classes
        The classes; the last one is None, for rows without a label.
    """

    code: IntArray
    classes: tuple[Scalar, ...]

    def count(
        self, slots: IntArray, rows: IntArray, keys: Sequence[T]
    ) -> dict[tuple[T, Scalar], int]:
        """Return the rows per slot and class; ``keys`` name the slots."""
        width = len(self.classes)
        totals = np.bincount(slots * width + self.code[rows], minlength=len(keys) * width)
        found = totals.reshape(-1, width)
        return {
            (keys[i], self.classes[j]): int(found[i, j]) for i, j in np.argwhere(found).tolist()
        }


def gather(
    table: DuckTable, split: Split | None, say: Tell
) -> tuple[dict[str, Gathered], WholeRows | None]:
    """Return the facts about each column that fits into memory, by field, and about the rows.

    Nothing of a long table; nothing about the rows where a column does not fit.
    """
    columns = table.version.columns
    if table.version.n_rows > measures.EXACT_ROWS:
        return {}, None
    sizes = _sizes(table)
    labels = None if split is None else _labels(table, split, sizes)
    found: dict[str, Gathered] = {}
    seen = WholeRows(table.version.n_rows)
    keys = key_columns(table.version)
    for held, rows in _columns(table, [c for c in columns if sizes[c.field] <= HELD], sizes):
        seen.add(held, rows, is_key=held.column in keys)
        own = split is not None and held.column == split.column
        found[held.column.field] = _facts(held, rows, None if own else labels)
        say(len(found) / len(columns))
    return found, seen if len(found) == len(columns) else None


def _sizes(table: DuckTable) -> dict[str, int]:
    """Return the bytes of each column in memory."""
    n_rows = table.version.n_rows
    found = {c.field: 8 * n_rows for c in table.version.columns}
    texts = [c for c in table.version.columns if c.storage is Storage.TEXT]
    for batch in batches(texts, ASKED):
        sums = [exp.Sum(this=exp.func("STRLEN", field(c.field))) for c in batch]
        names = [named(total, c.field) for total, c in zip(sums, batch, strict=True)]
        for name, size in table.query(select(names))[0].items():
            found[name] += whole(size)
    return found


def _columns(
    table: DuckTable, columns: Sequence[Column], sizes: Mapping[str, int]
) -> Iterator[tuple[Held, IntArray]]:
    """Yield each column with the rows that have a value."""
    for batch in _within(columns, sizes):
        found = table.arrow(batch)
        row_id = found.column(ROW_ID).to_numpy()
        for column in batch:
            held = hold(column, found.column(column.field))
            yield held, row_id if held.rows is None else row_id[held.rows]


def _within(columns: Sequence[Column], sizes: Mapping[str, int]) -> Iterator[list[Column]]:
    """Yield the columns in batches of at most :data:`HELD` bytes."""
    batch: list[Column] = []
    filled = 0
    for column in columns:
        if batch and filled + sizes[column.field] > HELD:
            yield batch
            batch, filled = [], 0
        batch.append(column)
        filled += sizes[column.field]
    if batch:
        yield batch


def _labels(table: DuckTable, split: Split, sizes: Mapping[str, int]) -> Labels:
    classes = (*split.names, None)
    code = np.full(table.version.n_rows, len(classes) - 1, dtype=np.int64)
    for held, rows in _columns(table, [split.column], sizes):
        places = np.arange(len(held.counted))
        of_value = [classes.index(value) for value in held.counted.at(places)]
        code[rows] = np.array(of_value, dtype=np.int64)[held.among(places)]
    return Labels(code, classes)


def _facts(held: Held, rows: IntArray, labels: Labels | None) -> Gathered:
    measured, shape = measure_counted(held.column, held.counted)
    return replace(
        describe(held.column, held.counted, measured, shape),
        bins=_bins(held, measured, rows, labels),
        by_class={} if labels is None else _by_class(held, rows, labels),
    )


def _bins(
    held: Held, measured: Measures, rows: IntArray, labels: Labels | None
) -> dict[tuple[int, Scalar], int]:
    edges = binning.scale(held.column, measured)
    if edges is None:
        return {}
    if labels is not None:
        slots = edges.slots(_positions(held.column, held.raw)) + 1
        return labels.count(slots, rows, range(-1, edges.n + 1))
    slots = edges.slots(_positions(held.column, held.counted.values)) + 1
    totals = np.bincount(slots, weights=held.counted.counts)
    return {(slot - 1, None): int(n) for slot, n in enumerate(totals.tolist()) if n}


def _positions(column: Column, values: NDArray[Any]) -> NDArray[np.float64]:
    numbers = values.astype(np.float64)
    return numbers / MICROSECONDS if column.storage is Storage.DATETIME else numbers


def _by_class(held: Held, rows: IntArray, labels: Labels) -> dict[tuple[Scalar, Scalar], int]:
    """Return the rows per frequent value and class."""
    top = [value for value, _ in held.counted.top()]
    slots = held.among(held.counted.top_places)
    keep = slots >= 0
    return labels.count(slots[keep], rows[keep], top)
