"""What the first rows of a text hint at: told only, because the text can be meant as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from components.core.data.source import Problem, ProblemLevel
from components.intake.text.csv_records import Record
from components.intake.text.layout import cell_kind, column_kind
from components.intake.text_source import TextSource

MANY_ABOVE = 3
"""Records of one width above the header that may be a table (our choice)."""

MAX_FIELDS = 100
"""Lines of a file that may hold one record written downwards (our choice)."""

MIN_TYPED = 2
"""Lines of numbers, dates or yes/no that such a record has at least (our choice)."""


def hints(text: TextSource) -> Iterator[Problem]:
    """Yield what a person should look at."""
    yield from _table_above(text)
    yield from _downwards(text)
    yield from _formulas(text)
    if not _other_rows(text):
        return
    yield Problem(
        code="one_column",
        message="No delimiter was found: the file was read as one column.",
        level=ProblemLevel.NOTE,
    )


def _other_rows(text: TextSource) -> bool:
    return text.layout.width == 1 and len(text.records) > 1


def _table_above(text: TextSource) -> Iterator[Problem]:
    """Say that the lines above the header look like a table of their own."""
    widths = Counter(len(r.cells) for r in text.layout.preamble if r.n_filled > 1)
    width, n = widths.most_common(1)[0] if widths else (0, 0)
    if n > MANY_ABOVE and width > 2:  # noqa: PLR2004 - two cells are a name and its value
        lines = tuple(r.line + 1 + text.has_sep_line for r in text.layout.preamble)
        yield Problem(
            code="several_tables",
            message=f"The {len(lines):,} lines above line {lines[-1] + 1:,} look like another"
            f" table, of {width} columns. They were not read: save them as a file of their own to"
            " use them.",
            lines=lines[:20],
        )


def _downwards(text: TextSource) -> Iterator[Problem]:
    rows = [r for r in text.records if not r.is_blank]
    if text.layout.width > 1 and len(rows) <= MAX_FIELDS and is_downwards(rows, text.layout.width):
        yield Problem(
            code="transposed",
            message="The names seem to stand in the first column, with the values beside them. If"
            " so, turn the table: each column should hold one kind of value.",
        )


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


def _formulas(text: TextSource) -> Iterator[Problem]:
    n = sum(
        1 for r in text.preparation.rows for c in r.cells if c.startswith('="') and c.endswith('"')
    )
    if n:
        yield Problem(
            code="excel_texts",
            message=f'{n:,} of the first cells hold a text as a formula (such as ="001"), as Excel'
            " writes it. They were kept as they stand.",
        )
