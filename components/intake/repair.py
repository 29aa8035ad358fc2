"""Records that do not fit: which can be read without a doubt, and which are kept aside.

A record is mended only where nothing is lost or guessed: surplus empty cells are dropped, missing
cells at the end are filled with nothing where the cells that are there fit their columns, and
quotes in wrong places are taken literally, or a single stray one left out, where that alone gives
a regular record whose cells fit their columns. Everything else is kept aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from components.intake.layout import cell_kind, column_kind
from components.intake.records import Quoting, Record, read_records

MAX_STRAY = 40
"""Quotes of a line that are tried as the stray one."""


class How(StrEnum):
    """How a record was mended."""

    TRIMMED = "trimmed"
    PADDED = "padded"
    LENIENT = "lenient"
    UNQUOTED = "unquoted"


@dataclass(frozen=True, slots=True)
class Mended:
    """The cells of a record that fits now."""

    cells: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record is kept aside."""

    reason: str


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
        return self._long(cells) if len(cells) > self.width else self._short(cells)

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

    def _without_quote(self, text: str) -> Mended | None:
        """Leave out one quote; the record must be regular, and fit in one way only."""
        found = {cells for cells in self._tries(text) if self._fits(cells)}
        return Mended(found.pop(), How.UNQUOTED) if len(found) == 1 else None

    def _tries(self, text: str) -> Iterator[tuple[str, ...]]:
        quote = self.quoting.quotechar
        if not quote:
            return
        at = text.find(quote)
        for _ in range(MAX_STRAY):
            if at < 0:
                return
            records = read_records(text[:at] + text[at + 1 :], self.quoting)
            if len(records) == 1 and len(records[0].cells) == self.width:
                yield records[0].cells
            at = text.find(quote, at + 1)

    def _fits(self, cells: Sequence[str]) -> bool:
        return all(
            kind is None or not cell.strip() or cell_kind(cell) == kind
            for cell, kind in zip(cells, self.kinds, strict=False)
        )
