"""Records that do not fit: which can be read without a doubt, and which are kept aside.

A record is mended only where nothing is lost or guessed: surplus empty cells are dropped, missing
cells at the end are filled with nothing where the cells that are there fit their columns, and
quotes in wrong places are taken literally, a single stray one taken as a character (or left out of
a number, a date or a truth value), or the record read with another delimiter or quote, where that
alone gives a regular record whose cells fit their columns. Everything else is kept aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from components.intake.dialect import COMMON, QUOTES
from components.intake.layout import cell_kind, column_kind
from components.intake.records import Quoting, Record, read_records

MAX_STRAY = 40
"""Quotes of a line that are tried as the stray one."""

MARK = "\ufdd0"
"""Stands for the stray quote while a record is read; Unicode never gives it a meaning."""

MIN_TYPED = 2
"""Filled cells in columns of numbers, dates or yes/no that must fit before a record is read in
another dialect than the file (our choice)."""


class How(StrEnum):
    """How a record was mended."""

    TRIMMED = "trimmed"
    PADDED = "padded"
    LENIENT = "lenient"
    UNQUOTED = "unquoted"
    DIALECT = "dialect"


@dataclass(frozen=True, slots=True)
class Mended:
    """The cells of a record that fits now."""

    cells: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record is kept aside."""

    reason: str


def _others(quoting: Quoting) -> Iterator[Quoting]:
    for delimiter in (*COMMON, " "):
        if delimiter != quoting.delimiter:
            yield replace(quoting, delimiter=delimiter)
    for quote in QUOTES:
        if quote != quoting.quotechar:
            yield replace(quoting, quotechar=quote, escapechar=None)


class Mender:
    """Mends the records of one table.

    Parameters
    ----------
    width
        Cells of a regular record.
    regular
        Some regular records; they tell what fits a column.
    """

    def __init__(self, quoting: Quoting, width: int, regular: Sequence[Record]) -> None:
        self.quoting = quoting
        self.width = width
        self._rows = [r.cells for r in regular if len(r.cells) == width]

    @cached_property
    def kinds(self) -> list[str | None]:
        """What each column holds: ``number``, ``date``, ``truth`` or None."""
        return [column_kind([r[i] for r in self._rows]) for i in range(self.width)]

    def mend(self, text: str) -> Mended | Refused:
        """Return the cells of the record ``text``, or why it is kept aside."""
        records = read_records(text, self.quoting)
        if len(records) == 1:
            return self._one(records[0], text)
        return self._without_quote(text) or Refused("a quote is never closed")

    def is_proper(self, text: str) -> bool:
        """Whether ``text`` is one record with every quote in its place."""
        records = read_records(text, self.quoting)
        return (
            len(records) == 1
            and not records[0].n_broken
            and not self._opens_badly(records[0].cells)
        )

    def _one(self, record: Record, text: str) -> Mended | Refused:
        cells = record.cells
        regular = len(cells) == self.width
        opened = self._opens_badly(cells)
        if regular and not opened and self._fits(cells):
            return Mended(cells, How.LENIENT)
        if (opened or record.n_broken) and (mended := self._without_quote(text)):
            return mended
        if regular:
            return Mended(cells, How.LENIENT)
        if opened:
            return Refused("a quote stands where none belongs")
        outcome = self._long(cells) if len(cells) > self.width else self._short(cells)
        return outcome if isinstance(outcome, Mended) else self._other_dialect(text) or outcome

    def _opens_badly(self, cells: Sequence[str]) -> bool:
        quote = self.quoting.quotechar
        return bool(quote) and any(c.lstrip(" ").startswith(quote or "") for c in cells)

    def _long(self, cells: tuple[str, ...]) -> Mended | Refused:
        if not any(cell.strip() for cell in cells[self.width :]):
            return Mended(cells[: self.width], How.TRIMMED)
        return Refused(f"{len(cells)} cells where the table has {self.width}")

    def _short(self, cells: tuple[str, ...]) -> Mended | Refused:
        alone = len(cells) == 1 and self.width > 2  # noqa: PLR2004 - a remark, not a row
        if alone or not self._fits(cells):
            plural = "cell" if len(cells) == 1 else "cells"
            return Refused(f"{len(cells)} {plural} where the table has {self.width}")
        return Mended(cells + ("",) * (self.width - len(cells)), How.PADDED)

    def _other_dialect(self, text: str) -> Mended | None:
        """Read with another delimiter or quote; the record must fit columns, in one way only."""
        found = set()
        for quoting in _others(self.quoting):
            records = read_records(text, quoting)
            if len(records) == 1 and len(records[0].cells) == self.width:
                cells = records[0].cells
                if self._n_typed(cells) >= MIN_TYPED and self._fits(cells):
                    found.add(cells)
        return Mended(found.pop(), How.DIALECT) if len(found) == 1 else None

    def _n_typed(self, cells: Sequence[str]) -> int:
        """Return the number of filled cells in columns of numbers, dates or yes/no."""
        pairs = zip(cells, self.kinds, strict=True)
        return sum(1 for cell, kind in pairs if kind is not None and cell.strip())

    def _without_quote(self, text: str) -> Mended | None:
        """Do without one quote; the record must be regular, and fit in one way only."""
        found = {cells: at for at, cells in self._tries(text) if self._fits(cells)}
        if len(found) != 1:
            return None
        cells, at = found.popitem()
        return Mended(self._with_character(text, at, cells), How.UNQUOTED)

    def _tries(self, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield where a quote was left out, and the cells, where they are regular then."""
        quote = self.quoting.quotechar
        if not quote:
            return
        at = text.find(quote)
        for _ in range(MAX_STRAY):
            if at < 0:
                return
            if cells := self._regular(text[:at] + text[at + 1 :]):
                yield at, cells
            at = text.find(quote, at + 1)

    def _regular(self, text: str) -> tuple[str, ...] | None:
        records = read_records(text, self.quoting)
        regular = len(records) == 1 and len(records[0].cells) == self.width
        return records[0].cells if regular else None

    def _with_character(self, text: str, at: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Return the cells with the quote at ``at`` as a character of its cell, if it is a text.

        A number or a date would be none with it. Neither is it put back where it cannot be told
        to which cell it belongs.
        """
        marked = self._regular(text[:at] + MARK + text[at + 1 :]) or ()
        if tuple(cell.replace(MARK, "") for cell in marked) != cells:
            return cells
        quote = self.quoting.quotechar or ""
        return tuple(
            cell.replace(MARK, "" if kind else quote)
            for cell, kind in zip(marked, self.kinds, strict=True)
        )

    def _fits(self, cells: Sequence[str]) -> bool:
        return all(
            kind is None or not cell.strip() or cell_kind(cell) == kind
            for cell, kind in zip(cells, self.kinds, strict=False)
        )
