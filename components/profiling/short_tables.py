"""Tables that are short enough: column after column is taken into memory and computed exactly.

For wide tables this costs a tenth of asking the engine for each figure: a question about 25 columns
takes longer to plan than to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.table import IntArray
from components.engine.arrays import numpy_of
from components.engine.sql.expressions import field, named, select
from components.engine.table.open_table import SqlTable
from components.profiling.column import fact_types
from components.profiling.column.fact_types import ColumnFacts, Split, Tell
from components.profiling.column.in_memory import Held, facts_of, hold
from components.profiling.rows.row_classes import row_classes
from components.profiling.rows.row_facts import key_columns
from components.profiling.rows.row_fingerprints import WholeRows
from components.profiling.statements import batches, whole

HELD = 50_000_000
"""Bytes of columns that are taken into memory together."""

LARGEST = 100_000_000
"""Bytes of a column that is taken into memory alone; larger ones are left to the engine."""

ASKED = 200
"""Columns whose sizes are asked for at a time."""


def gather(
    table: SqlTable, split: Split | None, say: Tell
) -> tuple[dict[str, ColumnFacts], WholeRows | None]:
    """Return the facts about each column that fits into memory, by field, and about the rows.

    Nothing of a long table; nothing about the rows where a column does not fit.
    """
    columns = table.version.columns
    if table.version.n_rows > fact_types.EXACT_ROWS:
        return {}, None
    sizes = _sizes(table)
    labels = None if split is None else row_classes(table, split)
    found: dict[str, ColumnFacts] = {}
    seen = WholeRows(table.version.n_rows)
    keys = {column.field for column in key_columns(table.version)}
    for held, rows in _columns(table, [c for c in columns if sizes[c.field] <= LARGEST], sizes):
        seen.add(held, rows, is_key=held.column.field in keys)
        known = None
        if labels is not None and split is not None and held.column is not split.column:
            known = labels.of(rows)
        found[held.column.field] = facts_of(held, known)
        say(len(found) / len(columns))
    return found, seen if len(found) == len(columns) else None


def _sizes(table: SqlTable) -> dict[str, int]:
    """Return the bytes of each column in memory."""
    n_rows, held = table.version.n_rows, table.bytes_in_memory()
    found = {c.field: 8 * n_rows for c in table.version.columns} | held
    texts = [c for c in table.version.columns if c.storage is Storage.TEXT and c.field not in held]
    for batch in batches(texts, ASKED):
        sums = [exp.Sum(this=exp.func("STRLEN", field(c.field))) for c in batch]
        names = [named(total, c.field) for total, c in zip(sums, batch, strict=True)]
        for name, size in table.query(select(names))[0].items():
            found[name] += whole(size)
    return found


def _columns(
    table: SqlTable, columns: Sequence[Column], sizes: Mapping[str, int]
) -> Iterator[tuple[Held, IntArray]]:
    """Yield each column with the rows that have a value."""
    for batch in _within(columns, sizes):
        found = table.arrow(batch)
        row_id = numpy_of(found.column(ROW_ID))
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
