"""Other readings of one record: a delimiter more or less, a quote less, another delimiter.

Each is only a try; :mod:`components.intake.mend.mender` takes one where it alone fits the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from components.intake.text.column_signs import Columns
from components.intake.text.csv_records import Quoting, Record, read_records
from components.intake.text.dialect import COMMON, QUOTES

MAX_PLACES = 1_500
"""Characters of a record within which a delimiter is tried everywhere; else only at quotes."""

MAX_SURPLUS = 40
"""Cells over the width of the table within which a text may be cut up (our choice)."""


@dataclass(frozen=True, slots=True)
class Try:
    """The cells of one reading, and which of them stand in quotes (None: that tells nothing)."""

    cells: tuple[str, ...]
    quoted: int | None = None


def opens_badly(cells: Sequence[str], quoting: Quoting) -> bool:
    """Whether a cell starts with a quote that was not taken for one."""
    quote = quoting.quotechar
    return bool(quote) and any(c.lstrip(" ").startswith(quote or "") for c in cells)


def has_stray_quote(record: Record, quoting: Quoting) -> bool:
    """Whether a quote stands in a cell without quotes around it."""
    quote = quoting.quotechar
    if not quote or quote not in "\0".join(record.cells):
        return False
    return any(quote in cell and not record.quoted >> i & 1 for i, cell in enumerate(record.cells))


def with_delimiter(text: str, quoting: Quoting, width: int) -> Iterator[Try]:
    """Yield the regular readings with one delimiter more, wherever it may be missing."""
    quote = quoting.quotechar or ""
    everywhere = len(text) <= MAX_PLACES
    for at in range(1, len(text.rstrip("\r\n"))):
        if everywhere or (quote and quote in text[at - 1 : at + 1]):
            yield from _proper(text[:at] + quoting.delimiter + text[at:], quoting, width)


def _proper(text: str, quoting: Quoting, width: int) -> Iterator[Try]:
    records = read_records(text, quoting)
    if len(records) == 1 and len(records[0].cells) == width and not records[0].n_broken:
        record = records[0]
        if not opens_badly(record.cells, quoting):
            yield Try(record.cells, record.quoted)


def without_empty(cells: Sequence[str], width: int) -> Iterator[Try]:
    """Yield the regular readings without as many empty cells side by side as there are too many."""
    surplus = len(cells) - width
    for at in range(width + 1):
        if not any(cell.strip() for cell in cells[at : at + surplus]):
            yield Try((*cells[:at], *cells[at + surplus :]))


def joined(cells: Sequence[str], quoted: int, columns: Columns, delimiter: str) -> Iterator[Try]:
    """Yield the regular readings in which the delimiter is part of a text without quotes."""
    surplus = len(cells) - columns.width
    if not 0 < surplus <= MAX_SURPLUS:
        return
    for at in range(columns.width):
        parts = cells[at : at + surplus + 1]
        text = columns.is_text(at) and parts[0].strip() and parts[-1].strip()
        if text and not quoted >> at & ((2 << surplus) - 1):
            head = quoted & ((1 << at) - 1)
            tail = quoted >> (at + surplus + 1) << (at + 1)
            new = (*cells[:at], delimiter.join(parts), *cells[at + surplus + 1 :])
            yield Try(new, head | tail)


def in_other_dialects(text: str, quoting: Quoting, columns: Columns) -> Iterator[Try]:
    """Yield the regular readings with another delimiter or quote."""
    for other in _others(quoting):
        records = read_records(text, other)
        if len(records) != 1:
            continue
        record = records[0]
        if len(record.cells) == columns.width:
            yield Try(record.cells)
        elif other.delimiter != quoting.delimiter and not record.n_broken:
            yield from joined(record.cells, record.quoted, columns, other.delimiter)


def _others(quoting: Quoting) -> Iterator[Quoting]:
    for delimiter in (*COMMON, " "):
        if delimiter != quoting.delimiter:
            yield replace(quoting, delimiter=delimiter)
    for quote in QUOTES:
        if quote != quoting.quotechar:
            yield replace(quoting, quotechar=quote, escapechar=None)
