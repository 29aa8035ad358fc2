"""A header that is not written as the rows below it: another delimiter, a stray quote, too short.

Without this the names would be lost: the line would count as a remark above a table without names.
Taken as a header is only a line of words, each once, straight above rows with values in columns
that hold numbers, dates or yes/no; what was done to it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from components.intake.text.csv_records import Quoting, Record, read_records
from components.intake.text.dialect import regular_width
from components.intake.text.layout import cell_kind, column_kind

DELIMITERS = (",", ";", "\t", "|", " ")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
LONGEST = 200
"""Characters of a name in a line that is taken for a header on these grounds (our choice)."""

MAX_QUOTES = 40
"""Quotes of the line that are tried as the stray one."""

MIN_TYPED = 2
"""Columns of numbers, dates or yes/no that the rows below must have (our choice)."""


class HeaderRepair(StrEnum):
    """What was done to a header."""

    DELIMITER = "delimiter"
    QUOTE = "quote"
    SURPLUS = "surplus"
    SHORT = "short"
    LONG = "long"
    INDEX = "index"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class RepairedHeader:
    """The records of a sample with a header that fits, and what was done to get it."""

    records: list[Record]
    how: HeaderRepair
    line: int
    n_names: int


def repair_header(text: str, records: Sequence[Record], quoting: Quoting) -> RepairedHeader | None:
    """Return the line above the rows as their header, if it is another one and can be one.

    Parameters
    ----------
    text
        From which the records were read.
    """
    width = regular_width([r.cells for r in records if not r.is_blank])
    index = _last_above(records, width)
    if index is None or quoting.form is not None:
        return None
    old = records[index]
    line = LINE.match(text, old.start)
    if line is None:
        return None
    below = list(records[index + 1 :])
    if line.end() != old.end:  # a stray quote took the next lines along
        lines = read_records(text[line.end() :], quoting, limit=len(records))
        below = [_moved(r, line.end(), old.line + 1) for r in lines]
    if not _is_typed([r.cells for r in below if len(r.cells) == width], width):
        return None
    found = _names(line.group(), quoting, width)
    if found is None:
        return None
    cells, how = found
    n_names = len(cells)
    if n_names == width - 1 and _counts_rows(quoting, [r for r in below if len(r.cells) == width]):
        cells, how = ("", *cells), HeaderRepair.INDEX
    padded = cells[:width] + ("",) * (width - len(cells))
    header = Record(padded, old.start, line.end(), old.line, n_broken=1)
    return RepairedHeader([*records[:index], header, *below], how, old.line, n_names)


def _last_above(records: Sequence[Record], width: int) -> int | None:
    """Return the index of the record straight above the first regular one."""
    regular = (i for i, r in enumerate(records) if len(r.cells) == width and not _is_comment(r))
    first = next(regular, None)
    if not first or width < 2:  # noqa: PLR2004 - one column has no header of another width
        return None
    return None if records[first - 1].is_blank else first - 1


def _is_comment(record: Record) -> bool:
    return record.cells[0].lstrip().startswith("#")


def _counts_rows(quoting: Quoting, rows: Sequence[Record]) -> bool:
    """Whether the first cells are the numbers of the rows, as R writes them."""
    numbers = [row.cells[0] for row in rows]
    if quoting.delimiter not in {" ", "\t"} or not all(n.isdecimal() for n in numbers):
        return False
    counted = all(int(b) - int(a) == 1 for a, b in pairwise(numbers))
    return counted and numbers[0] in {"0", "1"} and any(row.cells[-1].strip() for row in rows)


def _moved(record: Record, by: int, lines: int) -> Record:
    return replace(record, start=record.start + by, end=record.end + by, line=record.line + lines)


def _is_typed(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the rows have typed columns, and the first one is a row, not their header."""
    typed = [i for i in range(width) if rows and column_kind([row[i] for row in rows])]
    return len(typed) >= MIN_TYPED and any(_is_value(rows[0][i]) for i in typed)


def _names(line: str, quoting: Quoting, width: int) -> tuple[tuple[str, ...], HeaderRepair] | None:
    if line.lstrip().startswith("#"):
        return _commented(line, quoting, width)
    found = {(c, how) for c, how in _full_width(line, quoting, width) if _are_names(c)}
    if len({cells for cells, _ in found}) == 1:
        return found.pop()
    cells = read_records(line, quoting)[0].cells
    filled = tuple(cell for cell in cells if cell.strip())
    if len(filled) == width < len(cells) and _are_names(filled):
        return filled, HeaderRepair.SURPLUS
    if width / 2 < len(cells) < width and _are_names(cells):
        return cells, HeaderRepair.SHORT
    if width < len(cells) < 2 * width and _are_names(cells):
        return cells, HeaderRepair.LONG
    return None


def _commented(
    line: str, quoting: Quoting, width: int
) -> tuple[tuple[str, ...], HeaderRepair] | None:
    """Return the names behind a #."""
    cells = read_records(line.lstrip().lstrip("#").lstrip(" "), quoting)[0].cells
    fits = len(cells) == width and _are_names(cells)
    return (cells, HeaderRepair.COMMENT) if fits else None


def _full_width(
    line: str, quoting: Quoting, width: int
) -> Iterator[tuple[tuple[str, ...], HeaderRepair]]:
    """Yield the readings of a line that give ``width`` cells: another delimiter, a quote less."""
    tries = [(line, replace(quoting, delimiter=d), HeaderRepair.DELIMITER) for d in DELIMITERS]
    at = line.find(quoting.quotechar) if quoting.quotechar else -1
    while at >= 0 and len(tries) < MAX_QUOTES:
        tries.append((line[:at] + line[at + 1 :], quoting, HeaderRepair.QUOTE))
        at = line.find(quoting.quotechar or "", at + 1)
    for text, way, how in tries:
        records = read_records(text, way)
        if len(records) == 1 and len(records[0].cells) == width and not records[0].n_broken:
            yield records[0].cells, how


def _are_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    return (
        all(name and len(name) <= LONGEST and not _is_value(name) for name in names)
        and len(set(names)) == len(names)
        and not names[0].startswith("#")
    )


def _is_value(cell: str) -> bool:
    return cell_kind(cell) is not None
