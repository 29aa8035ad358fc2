"""Records that are no rows of the table.

Comments, ruled lines, totals and remarks, and a second table below the first one: they are found in
the first records. Empty rows and the header once more are found in all cell texts.

A second table shows in a line of names: the header once more, or other names that fit no column of
the table above, with rows of their own below. One table is read; the other is rejected.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from components.core.data.source import AsideRow
from components.engine.text.delimited import drop_rows
from components.intake.mend.patches import LineCounter
from components.intake.text.column_signs import Columns
from components.intake.text.csv_records import Quoting, Record
from components.intake.text.layout import Layout, cell_kind

COMMENT = "it is a comment"
RULE = "it is a ruled line"
TOTAL = "total"
REMARK = "remark"
DOUBTFUL = (TOTAL, REMARK)
"""What is only reported: the line has all the cells of a row, and a person may want it as one."""

TOTALS = re.compile(
    r"(?:grand[ -]?|sub[ -]?|over-?all )?totals?\b.{0,30}|sums?:?|averages?:?|mean:?"
    r"|(?:zwischen|gesamt)?summe:?|gesamt:?|insgesamt:?|durchschnitt:?|mittelwert:?"
    r"|totaux:?|somme:?|moyenne:?|totale:?|suma:?|promedio:?|media:?|soma:?|итого:?|всего:?|合计|总计"
    r"|合計|총계|합계",
    re.IGNORECASE,
)
"""Words at the start of a row of totals, in the languages that Preflight's encodings are of."""

RULES = re.compile(r"\s*[-=+_:*~]{3,}\s*")

RARE = 0.05
"""Share of records that may start with # and still be comments, in a table that does not start with
numbers or dates (our choice)."""

MAX_BELOW = 50
"""Remarks below a table that are looked for."""


def find_remarks(
    records: Sequence[Record], width: int, quoting: Quoting, *, to_end: bool
) -> dict[int, str]:
    """Return the indexes of regular records that are no rows of data, and what they are.

    Parameters
    ----------
    records
        The records below the header.
    to_end
        Whether these are all records of the file: remarks are at its end.
    """
    rows = [r for r in records if len(r.cells) == width and r.n_filled > 1 and not _totals(r)]
    columns = Columns(rows, width, quoting)
    if width < 2 or not columns.known:  # noqa: PLR2004 - a cell alone tells nothing
        return {}
    found = dict(_anywhere(records, columns))
    if to_end:
        found |= dict(_below(records, columns, found))
    return found


def _anywhere(records: Sequence[Record], columns: Columns) -> Iterator[tuple[int, str]]:
    hashes = [i for i, r in enumerate(records) if r.cells[0].lstrip().startswith("#")]
    if columns.kinds[0] is not None or len(hashes) <= RARE * len(records):
        yield from ((i, COMMENT) for i in hashes if len(records[i].cells) == columns.width)
    for index, record in enumerate(records):
        if len(record.cells) != columns.width:
            continue
        if _is_rule(record):
            yield index, RULE
        elif _is_total(record, columns):
            yield index, TOTAL


def _is_rule(record: Record) -> bool:
    filled = (cell for cell in record.cells if cell.strip())
    first = next(filled, "")
    return RULES.fullmatch(first) is not None and all(RULES.fullmatch(cell) for cell in filled)


def _is_total(record: Record, columns: Columns) -> bool:
    """Whether a total is named where a row has something else, or nothing."""
    if not _totals(record):  # asked first: it costs nothing, the columns of a wide table do
        return False
    return columns.n_gaps(record.cells) > 0 or not columns.fit(record.cells)


def _totals(record: Record) -> bool:
    words = (cell.strip() for cell in record.cells if cell.strip())
    return any(word[0].isalpha() and TOTALS.fullmatch(word) for word in islice(words, 2))


def _below(
    records: Sequence[Record], columns: Columns, known: dict[int, str]
) -> Iterator[tuple[int, str]]:
    """Yield the last records as long as they have one filled cell where rows have more."""
    for index in range(len(records) - 1, max(-1, len(records) - 1 - MAX_BELOW), -1):
        record = records[index]
        if index in known or record.n_filled == 0:
            continue
        if len(record.cells) == columns.width:
            if record.n_filled > 1 or columns.n_gaps(record.cells) < 2:  # noqa: PLR2004 - one gap is a missing value
                return
            yield index, REMARK


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
    """Whether there are other names at ``index``, above rows that are not of the first table."""
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


EMPTY = "all cells are empty"
HEADER = "it repeats the header"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that were taken out of the cell texts: as rejected ones, and their former numbers."""

    aside: tuple[AsideRow, ...]
    row_ids: tuple[int, ...]


def drop_non_rows(
    target: Path,
    source: Path,
    layout: Layout,
    rows: Sequence[Record],
    quoting: Quoting,
    *,
    skip: int,
    first_line: int,
    memory_limit: int,
) -> Dropped:
    """Take empty rows and repeated headers out of the text table ``target``.

    Empty rows stay where rows typically have one filled cell at most: there they may be rows.

    Parameters
    ----------
    source, skip, first_line
        The text in which their lines are looked up, its lines above the data, and the line of the
        upload (counted from 0) that is its first line.
    rows
        The first records below the header.
    """
    patterns = []
    if layout.width > 1 and _typical_fill(rows, layout.width) > 1:
        patterns.append((("",) * layout.width, EMPTY))
    if layout.header_rows == 1 and layout.width > 1:
        patterns.append((layout.names, HEADER))
    cells = [cells for cells, _ in patterns]
    dropped = drop_rows(target, cells, layout.width, memory_limit=memory_limit)
    aside: list[AsideRow] = []
    for (cells_of, reason), rows_of in zip(patterns, dropped, strict=True):
        if rows_of:
            lines = _lines(
                source,
                _pattern(cells_of, quoting),
                len(rows_of),
                skip=skip,
                first_line=first_line,
            )
            text = quoting.delimiter.join(cells_of)
            aside += [AsideRow(line=line, reason=reason, text=text) for line in lines]
    return Dropped(tuple(aside), tuple(sorted(n for found in dropped for n in found)))


def _typical_fill(rows: Sequence[Record], width: int) -> float:
    """Return the median number of filled cells of regular records that have any."""
    counts = sorted(r.n_filled for r in rows if len(r.cells) == width and r.n_filled)
    return counts[len(counts) // 2] if counts else 0


def _lines(
    source: Path, pattern: re.Pattern[bytes], n: int, *, skip: int, first_line: int
) -> list[int]:
    """Return the lines on which the ``n`` records of a pattern start; 0 if not found."""
    with (
        source.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        lines = LineCounter(data, first_line)
        numbers = [lines.line(start) for start in _starts(data, skip, pattern, n)]
    return numbers + [0] * (n - len(numbers))


def _starts(data: mmap.mmap, skip: int, pattern: re.Pattern[bytes], n: int) -> list[int]:
    """Return where the first ``n`` records of a pattern start, below the lines to skip."""
    matches = pattern.finditer(data, _after_lines(data, skip))
    return [match.start("record") for match in islice(matches, n)]


def _after_lines(data: mmap.mmap, n: int) -> int:
    """Return where the line after ``n`` lines starts; one before it, so that its start shows."""
    at = -1
    for _ in range(n):
        at = data.find(b"\n", at + 1)
    return max(at, 0)


def _pattern(cells: Sequence[str], quoting: Quoting) -> re.Pattern[bytes]:
    quote = re.escape((quoting.quotechar or "").encode())
    space = rb"[ \t]*" if quoting.delimiter not in {" ", "\t"} else rb"[ ]*"
    parts = []
    for cell in cells:
        text = cell.strip()
        if quoting.quotechar:
            text = text.replace(quoting.quotechar, quoting.quotechar * 2)
        inner = space + re.escape(text.encode()) + space
        parts.append(rb"(?:%s%s%s%s%s|%s)" % (space, quote, inner, quote, space, inner))
    record = re.escape(quoting.delimiter.encode()).join(parts)
    return re.compile(rb"(?:\A|(?<=[\r\n]))(?P<record>%s)(?=[\r\n]|\Z)" % record)
