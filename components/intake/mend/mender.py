"""Records that do not fit: which can be mended without a doubt, and which are rejected.

A record is mended only where nothing is lost, and where one reading alone fits the columns: surplus
empty cells are dropped, missing cells at the end are filled with nothing, quotes in wrong places
are taken literally, a single stray one taken as a character (or left out of a number, a date or a
truth value), a missing delimiter is put between two cells that look like their columns then, a text
that the delimiter cut up is joined, or the record is read with another delimiter or quote.
Everything else is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from components.intake.text.column_signs import Columns, RecordTry, joined
from components.intake.text.csv_records import Quoting, Record, has_stray_quote, read_records
from components.intake.text.dialect import COMMON, QUOTES

MAX_STRAY = 40
"""Quotes of a line that are tried as the stray one."""

MAX_TRIED = 1_000
"""Records in which a missing delimiter is looked for; each takes about ten milliseconds."""

MISPLACED = "a quote stands where none belongs"

MARK = "\ufdd0"
"""Stands for the stray quote while a record is read; Unicode never gives it a meaning."""

MAX_ODD = 2
"""Signs against a record that lacks cells, from which it may lack a delimiter (our choice)."""

MIN_TYPED = 2
"""Filled cells in columns of numbers, dates or yes/no that must fit before a record is read in
another way than the file is written (our choice)."""


class How(StrEnum):
    """How a record was mended."""

    TRIMMED = "trimmed"
    PADDED = "padded"
    LENIENT = "lenient"
    UNQUOTED = "unquoted"
    DIALECT = "dialect"
    SPLIT = "split"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Mended:
    """The cells of a record that fits now."""

    cells: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record is rejected."""

    reason: str


@dataclass(frozen=True, slots=True)
class MendedRow:
    """A row of the table that is written otherwise in the uploaded file.

    Attributes
    ----------
    line
        The line of the file on which its record starts, 1-based.
    text
        The record as it is written there, without its line end.
    """

    line: int
    how: How
    text: str


REJECTED = {
    How.TRIMMED: "it has too many cells, though the last ones are empty",
    How.PADDED: "it has too few cells",
    How.LENIENT: "it has a quote where none belongs",
    How.UNQUOTED: "it has a quote where none belongs",
    How.DIALECT: "it is written with another delimiter or quote",
    How.SPLIT: "a delimiter seems to be missing",
    How.JOINED: "a delimiter seems to be part of a text without quotes",
}
"""Why a record is rejected where nothing may be mended."""


class Mender:
    """Mends the records of one table.

    Parameters
    ----------
    width
        Cells of a regular record.
    regular
        Some regular records; they show what fits a column.
    only_reject
        Whether every record is rejected, also one that could be mended.
    """

    def __init__(
        self,
        quoting: Quoting,
        width: int,
        regular: Sequence[Record],
        *,
        only_reject: bool = False,
    ) -> None:
        self.quoting = quoting
        self.width = width
        self.only_reject = only_reject
        self.columns = Columns([r for r in regular if len(r.cells) == width], width, quoting)
        self._left = MAX_TRIED

    def mend(self, text: str) -> Mended | Refused:
        """Return the cells of the record ``text``, or why it is rejected."""
        found = self._mend(text)
        if self.only_reject and isinstance(found, Mended):
            return Refused(REJECTED[found.how])
        return found

    def _mend(self, text: str) -> Mended | Refused:
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
            and not opens_badly(records[0].cells, self.quoting)
        )

    def better(self, record: Record, text: str) -> Mended | None:
        """Return how a doubtful record of the right width should be read, if otherwise."""
        cells = record.cells[: self.width]
        if self.columns.oddness(cells, record.quoted) == 0:
            return None
        mended = self._one(record, text)
        return mended if isinstance(mended, Mended) else None

    def _one(self, record: Record, text: str) -> Mended | Refused:
        cells = record.cells
        opened = opens_badly(cells, self.quoting)
        plain = None if opened else self._plain(record)
        if plain is not None and self.columns.oddness(plain.cells, self._marks(record)) == 0:
            return plain
        if (opened or record.n_broken) and (mended := self._without_quote(text)):
            return mended
        if opened and len(cells) != self.width:
            return Refused(MISPLACED)
        return self._otherwise(record, text) or plain or self._refusal(record)

    def _plain(self, record: Record) -> Mended | None:
        """Return the record as it is, without surplus or missing empty cells at its end."""
        cells, n = record.cells, len(record.cells)
        if n == self.width:
            return Mended(cells, How.LENIENT)
        if n > self.width:
            if any(cell.strip() for cell in cells[self.width :]):
                return None
            return Mended(cells[: self.width], How.TRIMMED)
        alone = n == 1 and self.width > 2  # noqa: PLR2004 - a remark, not a row
        padded = cells + ("",) * (self.width - n)
        if alone or not self.columns.fit(cells) or self._is_shifted(padded, record.quoted):
            return None
        return Mended(padded, How.PADDED)

    def _is_shifted(self, padded: Sequence[str], quoted: int) -> bool:
        """Whether cells missing at the end are filled everywhere else, and others look odd."""
        gaps = self.columns.n_gaps(padded)
        odd = self.columns.oddness(padded, quoted) or 0
        return gaps > 0 and odd - gaps >= MAX_ODD

    def _marks(self, record: Record) -> int:
        return record.quoted & ((1 << self.width) - 1)

    def _refusal(self, record: Record) -> Mended | Refused:
        n = len(record.cells)
        if n == self.width and opens_badly(record.cells, self.quoting):
            fits = self.columns.fit(record.cells)
            return Mended(record.cells, How.LENIENT) if fits else Refused(MISPLACED)
        if n == self.width:
            return Mended(record.cells, How.LENIENT)
        plural = "cell" if n == 1 else "cells"
        return Refused(f"{n:,} {plural} where the table has {self.width:,}")

    def _otherwise(self, record: Record, text: str) -> Mended | None:
        """Return the one other reading that fits, if there is one."""
        found: dict[tuple[str, ...], How] = {}
        for tried, how in self._tries(record, text):
            if tried.cells not in found and self._fits_well(tried):
                found[tried.cells] = how
        if len(found) != 1:
            return None
        cells, how = found.popitem()
        return Mended(cells, how)

    def _fits_well(self, tried: RecordTry) -> bool:
        typed = sum(1 for kind in self.columns.kinds if kind is not None)
        enough = min(MIN_TYPED, max(typed, 1))
        if self.columns.oddness(tried.cells, tried.quoted) != 0:
            return False
        return self.columns.n_typed(tried.cells) >= enough

    def _tries(self, record: Record, text: str) -> Iterator[tuple[RecordTry, How]]:
        cells, known = record.cells, self.columns.known
        if len(cells) != self.width:
            for tried in in_other_dialects(text, self.quoting, self.columns):
                yield tried, How.DIALECT
        if known and len(cells) > self.width:
            yield from _named(without_empty(cells, self.width), How.TRIMMED)
            parts = joined(cells, record.quoted, self.columns, self.quoting.delimiter)
            yield from _named(parts, How.JOINED)
        stray = has_stray_quote(record, self.quoting)
        if known and self._left > 0 and (len(cells) < self.width or stray):
            self._left -= 1
            yield from _named(with_delimiter(text, self.quoting, self.width), How.SPLIT)

    def _without_quote(self, text: str) -> Mended | None:
        """Do without one quote; the record must be regular, and fit in one way only."""
        found: dict[tuple[str, ...], list[int]] = {}
        for at, cells in self._quotes_left_out(text):
            if self.columns.fit(cells):
                found.setdefault(cells, []).append(at)
        if len(found) != 1:
            return None
        cells, places = found.popitem()
        return Mended(self._with_character(text, places, cells), How.UNQUOTED)

    def _quotes_left_out(self, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
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

    def _with_character(
        self, text: str, places: Iterable[int], cells: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the cells with the stray quote as a character of its cell, if it is a text.

        A number or a date would be none with it. Neither is it put back where it cannot be told
        to which cell it belongs.
        """
        quote = self.quoting.quotechar or ""
        for at in places:
            marked = self._regular(text[:at] + MARK + text[at + 1 :]) or ()
            if tuple(cell.replace(MARK, "") for cell in marked) == cells:
                pairs = zip(marked, self.columns.kinds, strict=True)
                return tuple(cell.replace(MARK, "" if kind else quote) for cell, kind in pairs)
        return cells


def _named(tries: Iterable[RecordTry], how: How) -> Iterator[tuple[RecordTry, How]]:
    return ((tried, how) for tried in tries)


MAX_PLACES = 1_500
"""Characters of a record within which a delimiter is tried everywhere; else only at quotes."""


def opens_badly(cells: Sequence[str], quoting: Quoting) -> bool:
    """Whether a cell starts with a quote that was not taken for one."""
    quote = quoting.quotechar
    return bool(quote) and any(c.lstrip(" ").startswith(quote or "") for c in cells)


def with_delimiter(text: str, quoting: Quoting, width: int) -> Iterator[RecordTry]:
    """Yield the regular readings with one delimiter more, wherever it may be missing."""
    quote = quoting.quotechar or ""
    everywhere = len(text) <= MAX_PLACES
    for at in range(1, len(text.rstrip("\r\n"))):
        if everywhere or (quote and quote in text[at - 1 : at + 1]):
            yield from _proper(text[:at] + quoting.delimiter + text[at:], quoting, width)


def _proper(text: str, quoting: Quoting, width: int) -> Iterator[RecordTry]:
    records = read_records(text, quoting)
    if len(records) == 1 and len(records[0].cells) == width and not records[0].n_broken:
        record = records[0]
        if not opens_badly(record.cells, quoting):
            yield RecordTry(record.cells, record.quoted)


def without_empty(cells: Sequence[str], width: int) -> Iterator[RecordTry]:
    """Yield the regular readings without as many empty cells side by side as there are too many."""
    surplus = len(cells) - width
    for at in range(width + 1):
        if not any(cell.strip() for cell in cells[at : at + surplus]):
            yield RecordTry((*cells[:at], *cells[at + surplus :]))


def in_other_dialects(text: str, quoting: Quoting, columns: Columns) -> Iterator[RecordTry]:
    """Yield the regular readings with another delimiter or quote."""
    for other in _others(quoting):
        records = read_records(text, other)
        if len(records) != 1:
            continue
        record = records[0]
        if len(record.cells) == columns.width:
            yield RecordTry(record.cells)
        elif other.delimiter != quoting.delimiter and not record.n_broken:
            yield from joined(record.cells, record.quoted, columns, other.delimiter)


def _others(quoting: Quoting) -> Iterator[Quoting]:
    for delimiter in (*COMMON, " "):
        if delimiter != quoting.delimiter:
            yield replace(quoting, delimiter=delimiter)
    for quote in QUOTES:
        if quote != quoting.quotechar:
            yield replace(quoting, quotechar=quote, escapechar=None)
