"""What the cells of each column have in common, so that a doubtful reading can be held against it.

A column of numbers, dates or yes/no takes nothing else: such a reading does not fit. Other signs
only speak against a reading: a text that is built otherwise than all others of its column, an empty
cell where none is empty, quotes where none are, or none where all have them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby, islice

from components.intake.text.csv_records import Quoting, Record
from components.intake.text.layout import cell_kind, column_kind

MIN_ROWS = 8
"""Regular rows from which columns show more than their kind (our choice)."""

NEARLY_ALL = 0.97
"""Share of the cells of a column that makes a sign of it (our choice)."""

MAX_CELLS = 50_000
"""Cells that are looked at, at most; a third of a second."""

MAX_DIGITS = 20
"""Digits of the longest number that is one."""

MAX_RUNS = 24
"""Runs of letters, digits and signs in a code, a price, an address; more make a text."""

MAX_SURPLUS = 40
"""Cells over the width of the table within which a text may be cut up (our choice)."""

Shape = tuple[tuple[str, int], ...]
"""Runs of characters of one sort, with their lengths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What nearly all cells of a column have in common.

    Attributes
    ----------
    runs
        The sort of character of each run, and the least and greatest length; None for texts and
        for bare words.
    starts
        Sorts of character with which cells start.
    filled
        Whether cells are always filled; None where it differs.
    quoted
        Whether filled cells are always quoted, also without need, or never without need;
        None where it differs.
    bare_quotes
        Whether cells without quotes around them hold the quote character.
    """

    runs: tuple[tuple[str, int, int], ...] | None = None
    starts: frozenset[str] = frozenset()
    filled: bool | None = None
    quoted: bool | None = None
    bare_quotes: bool = True


@dataclass(frozen=True, slots=True)
class RecordTry:
    """The cells of one reading, and which of them are quoted (None: unknown)."""

    cells: tuple[str, ...]
    quoted: int | None = None


class Columns:
    """What the columns of a table hold.

    Parameters
    ----------
    rows
        Some regular records.
    """

    def __init__(self, rows: Sequence[Record], width: int, quoting: Quoting) -> None:
        self.quoting = quoting
        self.width = width
        self._rows = rows[: max(MIN_ROWS, MAX_CELLS // max(width, 1))]
        self.known = len(self._rows) >= MIN_ROWS

    @cached_property
    def kinds(self) -> list[str | None]:
        """What each column holds: ``number``, ``date``, ``truth`` or None."""
        columns = islice(zip(*(r.cells for r in self._rows), strict=False), self.width)
        return [column_kind(cells) for cells in columns] or [None] * self.width

    @cached_property
    def _signs(self) -> list[Signs]:
        return [self._look(self._rows, i) for i in range(self.width)] if self.known else []

    def n_typed(self, cells: Sequence[str]) -> int:
        """Return the number of filled cells in columns of numbers, dates or yes/no."""
        pairs = zip(cells, self.kinds, strict=True)
        return sum(1 for cell, kind in pairs if kind is not None and cell.strip())

    def fit(self, cells: Sequence[str]) -> bool:
        """Whether filled cells are of the kind of their columns."""
        return all(
            kind is None or not cell.strip() or cell_kind(cell) == kind
            for cell, kind in zip(cells, self.kinds, strict=False)
        )

    def oddness(self, cells: Sequence[str], quoted: int | None = None) -> int | None:
        """Return how many signs speak against a regular record; None where a kind does.

        Parameters
        ----------
        quoted
            Bit ``i`` says that cell ``i`` is quoted; None where that is unknown.
        """
        if len(cells) != self.width or not self.fit(cells):
            return None
        return sum(
            self._against(signs, cell, None if quoted is None else bool(quoted >> i & 1))
            for i, (signs, cell) in enumerate(zip(self._signs, cells, strict=False))
        )

    def n_gaps(self, cells: Sequence[str]) -> int:
        """Return the number of empty cells in columns that are always filled."""
        pairs = zip(cells, self._signs, strict=False)
        return sum(1 for cell, signs in pairs if signs.filled is True and not cell.strip())

    def is_text(self, column: int) -> bool:
        """Whether the cells of a column are neither of a kind nor all built alike."""
        return self.kinds[column] is None and (not self.known or self._signs[column].runs is None)

    def _look(self, rows: Sequence[Record], column: int) -> Signs:
        cells = [(r.cells[column], bool(r.quoted >> column & 1)) for r in rows]
        filled = [(cell, quoted) for cell, quoted in cells if cell.strip()]
        share = len(filled) / len(cells)
        if not filled:
            return Signs(filled=False)
        enough = len(filled) >= MIN_ROWS
        return Signs(
            runs=self._runs(column, [cell for cell, _ in filled]) if enough else None,
            starts=frozenset(_sort(cell.lstrip()[0]) for cell, _ in filled),
            filled=True if share >= NEARLY_ALL else None,
            quoted=self._quoted(filled) if enough else None,
            bare_quotes=any(self._has_quote(c) for c, quoted in filled if not quoted),
        )

    def _runs(self, column: int, cells: Sequence[str]) -> tuple[tuple[str, int, int], ...] | None:
        runs = _common([shape(cell) for cell in cells])
        if runs is None or self.kinds[column] != "number":
            return runs
        # numbers of different length may be longer still further down
        return tuple((sort, a, b if a == b or sort != "9" else MAX_DIGITS) for sort, a, b in runs)

    def _quoted(self, filled: Sequence[tuple[str, bool]]) -> bool | None:
        n_quoted = sum(1 for _, quoted in filled if quoted)
        without_need = sum(1 for cell, quoted in filled if quoted and not self._needs(cell))
        if n_quoted >= NEARLY_ALL * len(filled):
            return True if without_need else None
        return False if without_need <= (1 - NEARLY_ALL) * len(filled) else None

    def _needs(self, cell: str) -> bool:
        """Whether a cell must be quoted."""
        signs = (self.quoting.delimiter, self.quoting.quotechar or "\n", "\r", "\n")
        return any(sign in cell for sign in signs)

    def _has_quote(self, cell: str) -> bool:
        return bool(self.quoting.quotechar) and (self.quoting.quotechar or "") in cell

    def _against(self, signs: Signs, cell: str, quoted: bool | None) -> int:  # noqa: FBT001 - a sign, no switch
        if not cell.strip():
            return int(signs.filled is True)
        if signs.filled is False:
            return 1
        odd = int(signs.runs is not None and not _is_alike(shape(cell), signs.runs))
        odd += int(bool(signs.starts) and _sort(cell.lstrip()[0]) not in signs.starts)
        if quoted is None:
            return odd
        odd += int(signs.quoted is True and not quoted)
        odd += int(signs.quoted is False and quoted and not self._needs(cell))
        return odd + int(not quoted and not signs.bare_quotes and self._has_quote(cell))


def shape(text: str) -> Shape:
    """Return the runs of letters, digits and signs of a text; empty where there are many."""
    runs: list[tuple[str, int]] = []
    for sort, group in groupby(text.strip()[:200], _sort):
        if len(runs) == MAX_RUNS:
            return ()
        runs.append((sort, sum(1 for _ in group)))
    return tuple(runs)


@cache
def _sort(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character


def _common(shapes: Sequence[Shape]) -> tuple[tuple[str, int, int], ...] | None:
    """Return the runs that nearly all shapes have, with the lengths that occur."""
    sorts = Counter(tuple(sort for sort, _ in each) for each in shapes)
    most, n = sorts.most_common(1)[0]
    if n < NEARLY_ALL * len(shapes) or all(sort in "Aa " for sort in most):
        return None
    alike = [each for each in shapes if tuple(sort for sort, _ in each) == most]
    return tuple(
        (sort, min(s[i][1] for s in alike), max(s[i][1] for s in alike))
        for i, sort in enumerate(most)
    )


def _is_alike(found: Shape, runs: tuple[tuple[str, int, int], ...]) -> bool:
    return len(found) == len(runs) and all(
        sort == wanted and least <= n <= most
        for (sort, n), (wanted, least, most) in zip(found, runs, strict=True)
    )


def joined(
    cells: Sequence[str], quoted: int, columns: Columns, delimiter: str
) -> Iterator[RecordTry]:
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
            yield RecordTry(new, head | tail)
