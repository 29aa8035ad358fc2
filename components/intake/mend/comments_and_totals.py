"""Regular records that are no rows of data: comments and ruled lines, totals and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from components.intake.text.column_signs import Columns
from components.intake.text.csv_records import Quoting, Record

COMMENT = "it is a comment"
RULE = "it is a ruled line"
TOTAL = "total"
REMARK = "remark"
DOUBTFUL = (TOTAL, REMARK)
"""What is told only: the line has all the cells of a row, and a person may want it as one."""

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
        Whether these are all records of the file: remarks stand at its end.
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
