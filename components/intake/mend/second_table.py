"""A second table below the first one, in the same file.

It shows in a line of names: the header once more, or other names that fit no column of the table
above, with rows of their own below. One table is read; the other is kept aside as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.intake.text.column_signs import Columns
from components.intake.text.csv_records import Quoting, Record
from components.intake.text.layout import Layout, cell_kind

COPY = "it belongs to a copy of the table"
OTHER = "it belongs to another table"

SAME = 0.75
"""Share of the rows below a repeated header that are those of the table, in its order, from which
they are a copy of it (our choice)."""

MOST = 0.8
"""Share of the records below other names that have as many cells (our choice)."""

MIN_COPIED = 5
MIN_BELOW = 2
"""Rows below a line of names that make it a header (our choice)."""

LONGEST = 100
"""Characters of a name (our choice)."""

MAX_TRIED = 20
"""Lines of words that are looked at: in a table of texts every row is one."""


@dataclass(frozen=True, slots=True)
class Second:
    """A second table: the index of its first record, and what it is."""

    index: int
    reason: str


def find_second(records: Sequence[Record], layout: Layout, quoting: Quoting) -> Second | None:
    """Return the second table among the records of a whole file, if there is one."""
    if layout.width < 2 or not layout.names:  # noqa: PLR2004 - a cell alone is no line of names
        return None
    first = [r for r in records[layout.body :] if len(r.cells) == layout.width]
    tried = 0
    for index in _lines_of_names(records, layout.body + MIN_BELOW):
        below = [r for r in records[index + 1 :] if not r.is_blank]
        if _same_names(records[index], layout):
            if _is_copy(first, below):
                return Second(index, COPY)
        elif tried < MAX_TRIED:
            tried += 1
            if _is_other(records, index, below, layout, quoting):
                return Second(index, OTHER)
    return None


def _lines_of_names(records: Sequence[Record], start: int) -> Iterator[int]:
    for index in range(start, len(records) - MIN_BELOW):
        cells = [cell.strip() for cell in records[index].cells if cell.strip()]
        words = (len(cell) <= LONGEST and cell_kind(cell) is None for cell in cells)
        if len(cells) > 1 and all(words) and len(set(cells)) == len(cells):
            yield index


def _same_names(record: Record, layout: Layout) -> bool:
    return [c.strip() for c in record.cells] == [n.strip() for n in layout.names]


def _is_copy(first: Sequence[Record], below: Sequence[Record]) -> bool:
    """Whether the rows below are those of the table, from its first row on."""
    if not MIN_COPIED <= len(below) <= len(first):
        return False
    same = sum(1 for a, b in zip(first, below, strict=False) if a.cells == b.cells)
    return same >= SAME * len(below)


def _is_other(
    records: Sequence[Record],
    index: int,
    below: Sequence[Record],
    layout: Layout,
    quoting: Quoting,
) -> bool:
    """Whether other names stand at ``index``, above rows that are not of the first table."""
    record, width = records[index], len(records[index].cells)
    if sum(1 for r in below if len(r.cells) == width) < MOST * len(below):
        return False
    if any(r.cells == record.cells for r in below):  # names stand once; this is a row
        return False
    above = [r for r in records[layout.body : index] if len(r.cells) == layout.width]
    columns = Columns(above, layout.width, quoting)
    alien = not columns.fit(record.cells)
    if width != layout.width:
        return alien or (records[index - 1].is_blank and all(c.strip() for c in record.cells))
    strangers = sum(1 for r in below if not columns.fit(r.cells))
    return alien and strangers >= MOST * len(below)
