"""Where the table starts in a text: preamble, header rows, first data row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.intake.text.csv_records import Record
from components.intake.text.dialect import regular_width

NUMERIC = re.compile(r"\s*[$€£]?\s?[+-]?(?:\d[\d.,' ]*|\.\d+)(?:[eE][+-]?\d+)?\s?[%€$£]?\s*")
DATED = re.compile(
    r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?\s*|\s*\d{1,2}:\d{2}(?::\d{2})?\s*"
)
PLAIN_NUMBERS = re.compile(r"(?:[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\0)*+")
"""Plain numbers, each with a NUL behind: no date among them."""

TRUTH = frozenset({"true", "false", "yes", "no"})
GAPS = frozenset({"?", "na", "n/a", "nan", "null", "none", "-", "."})
MOSTLY = 0.8
"""Share of the values of a column that make it a number, a date or a truth column (our choice)."""

MIN_TYPED = 2
"""Lines of numbers, dates or yes/no that such a record has at least (our choice)."""

BODY_ROWS = 200
LONGEST_NAME = 40
"""Characters of the only name of a table, above rows of the same length (our choice)."""
YEARS = (1800, 2200)
MIN_COUNTED = 3
"""Numbers in a row that make it a count (our choice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the header and the rows are.

    Attributes
    ----------
    width
        Cells of a regular record.
    names
        The header cells; several header rows are joined by a space. Empty without a header.
    header_rows
        Records that hold the names.
    preamble
        Records above the header that are not part of the table (blank lines left out).
    preamble_lines
        Lines above the header, 0 where they are all blank.
    body
        Index of the first record that is data.
    why
        The evidence for the header, in words.
    """

    width: int
    names: tuple[str, ...]
    header_rows: int
    preamble: tuple[Record, ...]
    preamble_lines: int
    body: int
    why: str


def find_layout(
    records: Sequence[Record],
    *,
    header_rows: int | None = None,
    preamble_lines: int | None = None,
) -> Layout:
    """Return the layout of a sample; what a person chose is taken as it is."""
    width = regular_width([r.cells for r in records if not r.is_blank])
    first = (
        _first_row(records, width)
        if preamble_lines is None
        else next((i for i, r in enumerate(records) if r.line >= preamble_lines), len(records))
    )
    while first < len(records) and records[first].is_blank:
        first += 1
    rows = [r for r in records[first:] if not r.is_blank]
    above = tuple(r for r in records[:first] if not r.is_blank)
    if header_rows is None:
        header_rows, why = _header_rows(rows, width, below_preamble=bool(above))
    else:
        why = "chosen by you"
    header = rows[:header_rows]
    body = first
    for record in header:
        body = records.index(record, body) + 1
    return Layout(
        width=width,
        names=_names(header, width),
        header_rows=len(header),
        preamble=above,
        preamble_lines=records[first].line if above and first < len(records) else 0,
        body=body,
        why=why,
    )


def _first_row(records: Sequence[Record], width: int) -> int:
    """Return the index of the first record of the table.

    Skipped are records of another width, comments, and, in a table of three columns and more,
    records with one filled cell at most above a fuller one.
    """
    for index, record in enumerate(records[:100]):
        if record.is_blank:
            continue
        if len(record.cells) != width or record.cells[0].lstrip().startswith("#"):
            continue
        if width > 2 and record.n_filled <= 1 and _fuller_below(records, index, width):  # noqa: PLR2004 - see docstring
            continue
        return index
    return 0


def _fuller_below(records: Sequence[Record], index: int, width: int) -> bool:
    below = [r for r in records[index + 1 : index + 30] if len(r.cells) == width]
    return sum(1 for r in below if r.n_filled > width / 2) > len(below) / 2


def _header_rows(rows: Sequence[Record], width: int, *, below_preamble: bool) -> tuple[int, str]:
    """Return how many of the first rows hold names (0, 1 or 2), and why."""
    if not rows:
        return 0, "there is no row"
    first, rest = rows[0], [r for r in rows[1 : BODY_ROWS + 1] if len(r.cells) == width]
    n_same = next((i for i, r in enumerate(rest) if not _same(first, r)), len(rest))
    if n_same and _is_header(first, rest[n_same:])[0]:
        return n_same + 1, f"the first {n_same + 1} rows are the same and unlike the rows below"
    known, why = _is_header(first, rest)
    if known is None:
        known = below_preamble or _could_be_names(first, rest)
        why = "the first row holds no number, date or truth value" if known else why
    if not known:
        return 0, why if rest else "its only row holds numbers or dates"
    if _second_header(first, rest):
        return 2, "the second row holds words where the rows below hold numbers or dates"
    return 1, why


def _could_be_names(first: Record, rest: Sequence[Record]) -> bool:
    """Whether a row of words can name rows of words; a long line above long ones does not."""
    if any(_is_value(cell) for cell in first.cells):
        return False
    alone = len(first.cells) == 1 and bool(rest)
    return not alone or len(first.cells[0]) <= LONGEST_NAME or _is_longer(first, rest)


def _is_longer(first: Record, rest: Sequence[Record]) -> bool:
    """Whether most rows are twice as long as the first one."""
    longer = sum(1 for r in rest if len(r.cells[0]) > 2 * len(first.cells[0]))
    return 2 * longer > len(rest)


def _is_header(first: Record, rest: Sequence[Record]) -> tuple[bool | None, str]:
    """Say whether ``first`` is unlike ``rest``; None where the columns do not show it."""
    votes = against = 0
    for index, cell in enumerate(first.cells):
        kind = column_kind([r.cells[index] for r in rest if index < len(r.cells)])
        if kind is None or not cell.strip():
            continue
        if cell_kind(cell) == kind:
            against += 1
        else:
            votes += 1
    if votes == against == 0:
        return None, "the first row looks like the rows below"
    if votes > against or _is_series(first.cells) or _counts(first, rest):
        return True, f"in {votes} columns the first row is a word above numbers, dates or yes/no"
    return False, f"in {against} columns the first row is a value like those below"


def _second_header(first: Record, rest: Sequence[Record]) -> bool:
    """Whether the row below the header is words, too, where the body holds numbers or dates."""
    if len(rest) < 3 or first.n_filled > rest[0].n_filled + 1:  # noqa: PLR2004 - too few to tell
        return False
    words = typed = 0
    for index, cell in enumerate(rest[0].cells):
        kind = column_kind([r.cells[index] for r in rest[1:]])
        if kind is not None:
            typed += 1
            words += bool(cell.strip()) and cell_kind(cell) is None and not _is_gap(cell)
    return typed > 1 and words > typed / 2 and words > 1


def _is_series(cells: Sequence[str]) -> bool:
    """Whether a row is a word and then consecutive years, as in a table by year."""
    after = (cell.strip() for cell in cells[1:])
    years = [int(c) for c in after if c.isdecimal() and len(c) == len("2000")]
    return (
        len(years) > 2  # noqa: PLR2004 - two years may be values
        and len(years) >= len(cells) - 2
        and not _is_value(cells[0])
        and all(b - a == 1 for a, b in pairwise(years))
        and YEARS[0] <= years[0] <= YEARS[1]
    )


def _counts(first: Record, rest: Sequence[Record]) -> bool:
    """Whether a row counts from 0 or by years, as no row below: programs name columns so."""
    if not _is_count(first.cells) or len(rest) < MIN_COUNTED:
        return False
    return not any(_is_count(r.cells) for r in rest[:MIN_COUNTED])


def _is_count(cells: Sequence[str]) -> bool:
    numbers = [c.strip() for c in (cells if cells[0].strip() else cells[1:])]
    if len(numbers) < MIN_COUNTED or not all(n.isdecimal() for n in numbers):
        return False
    steps = all(int(b) - int(a) == 1 for a, b in pairwise(numbers))
    return steps and (numbers[0] == "0" or YEARS[0] <= int(numbers[0]) <= YEARS[1])


def is_downwards(rows: Sequence[Record], width: int) -> bool:
    """Whether every line holds one kind of value after a word, and no column does."""
    regular = [r.cells for r in rows if len(r.cells) == width]
    names = [cells[0].strip() for cells in regular]
    if len(regular) < len(rows) or len(set(names)) < len(names) or any(map(cell_kind, names)):
        return False
    if any(column_kind([cells[i] for cells in regular]) for i in range(1, width)):
        return False
    kinds = [{cell_kind(cell) for cell in cells[1:] if cell.strip()} for cells in regular]
    typed = sum(1 for found in kinds if len(found) == 1 and None not in found)
    return typed >= MIN_TYPED and all(len(found) == 1 for found in kinds)


def column_kind(values: Sequence[str]) -> str | None:
    """Return ``number``, ``date`` or ``truth`` where nearly all filled cells are that."""
    counts = Counter(values)
    filled = [v for v in counts if v.strip()]
    if not filled or _are_plain_numbers(filled):
        return "number" if filled else None
    n_filled = sum(counts[v] for v in filled)
    kinds: Counter[str | None] = Counter()
    for value in filled:
        if not _is_gap(value):
            kinds[cell_kind(value)] += counts[value]
        if kinds[None] > n_filled - MOSTLY * n_filled:
            return None
    least = MOSTLY * kinds.total()
    return next((kind for kind, n in kinds.items() if kind and n >= least), None)


def _are_plain_numbers(values: Sequence[str]) -> bool:
    """Whether all are; matched in one go, because most columns of wide tables are numbers."""
    joined = "\0".join(values) + "\0"
    return joined.count("\0") == len(values) and PLAIN_NUMBERS.fullmatch(joined) is not None


def cell_kind(cell: str) -> str | None:
    """Return ``number``, ``date`` or ``truth`` where a cell is that."""
    if DATED.fullmatch(cell):
        return "date"
    if NUMERIC.fullmatch(cell):
        return "number"
    return "truth" if cell.strip().casefold() in TRUTH else None


def _is_value(cell: str) -> bool:
    return cell_kind(cell) is not None


def _is_gap(cell: str) -> bool:
    text = cell.strip()
    return text.casefold() in GAPS or (text != "" and not text.strip("*"))


def _same(one: Record, other: Record) -> bool:
    return one.cells == other.cells and one.n_filled > 1


def _names(header: Sequence[Record], width: int) -> tuple[str, ...]:
    if not header:
        return ()
    columns = []
    for index in range(width):
        parts = [r.cells[index].strip() for r in header if index < len(r.cells)]
        columns.append(
            " ".join(p for p in parts if p) if len(parts) > 1 else header[0].cells[index]
        )
    return tuple(columns)
