"""Records of delimited text, read leniently; for samples and for the few records DuckDB refuses.

A quoted cell ends at a quote before a delimiter or a line end; any other quote is
taken literally. A quote that is never closed is an ordinary character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

SPACE = r"[ \t]*"


class RecordFormat(Protocol):
    """Another way to read a text than by delimiters; hashable."""

    def records(self, text: str, limit: int | None) -> list[Record]:
        """Return the records of ``text``, at most ``limit``."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """A delimiter, a quote character and an escape character (None: quotes are doubled).

    Attributes
    ----------
    form
        How the text is read instead; the others are then those of its plain copy.
    """

    delimiter: str
    quotechar: str | None = '"'
    escapechar: str | None = None
    form: RecordFormat | None = None

    @property
    def needs_rewriting(self) -> bool:
        """Whether the strict reader does not follow it."""
        if self.form is not None:
            return True
        return self.escapechar is not None and self.escapechar not in {self.quotechar, '"'}


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record.

    Attributes
    ----------
    start, end
        Offsets in the text; ``end`` is after its line end.
    line
        The line on which it starts, counted from 0 within the text.
    quoted
        Bit ``i`` says that cell ``i`` is quoted.
    n_broken
        Misplaced quotes.
    """

    cells: tuple[str, ...]
    start: int
    end: int
    line: int
    quoted: int = 0
    n_broken: int = 0

    @property
    def n_quoted(self) -> int:
        """Cells in quotes."""
        return self.quoted.bit_count()

    @property
    def is_blank(self) -> bool:
        """Whether the line is empty."""
        return self.cells == ("",) and not self.quoted

    @property
    def n_filled(self) -> int:
        """Cells that hold more than spaces."""
        return sum(map(bool, map(str.strip, self.cells)))


@cache
def _cell_pattern(quoting: Quoting) -> re.Pattern[str]:
    delimiter = re.escape(quoting.delimiter)
    escape = re.escape(quoting.escapechar) if quoting.escapechar else ""
    escaped = rf"{escape}[\s\S]|" if escape else ""
    if len(quoting.delimiter) == 1:
        plain = rf"(?:{escaped}[^{delimiter}{escape}\r\n])*" if escape else rf"[^{delimiter}\r\n]*"
    else:
        plain = rf"(?:{escaped}(?!{delimiter})[^\r\n])*"
    end = rf"(?P<end>{delimiter}|\r\n|\n|\r|\Z)"
    if quoting.quotechar is None:
        return re.compile(rf"(?P<quoted>(?!))?(?P<plain>{plain}){end}")
    quote = re.escape(quoting.quotechar)
    space = "" if quoting.delimiter in {" ", "\t"} else SPACE
    stop = rf"{quote}(?={space}(?:{delimiter}|\r|\n|\Z))"
    inner = rf"(?:{escaped}[^{quote}{escape}]+|{quote}{quote}|(?!{stop}){quote})*+"
    return re.compile(
        rf"(?:{space}{quote}(?P<quoted>{inner}){stop}{space}|(?P<plain>{plain})){end}"
    )


LINE_END = re.compile(r"\r\n|\n|\r")


def read_records(text: str, quoting: Quoting, limit: int | None = None) -> list[Record]:
    """Return the records of ``text``, at most ``limit``."""
    if quoting.form is not None:
        return quoting.form.records(text, limit)
    found: list[Record] = []
    signs = [sign for sign in (quoting.quotechar, quoting.escapechar) if sign and sign in text]
    delimiter, is_plain = quoting.delimiter, "\r" not in text
    at = line = 0
    while at < len(text) and (limit is None or len(found) < limit):
        start = at
        stop, at = _line_end(text, start, is_plain=is_plain)
        plain = text[start:stop]
        if any(sign in plain for sign in signs):
            record = _read_record(text, start, line, quoting)
            at = record.end
            line += count_lines(text[start:at])
        else:  # nothing is quoted: the regular expression would take ten times as long
            record = Record(tuple(plain.split(delimiter)), start, at, line)
            line += 1
        found.append(record)
    return found


def _line_end(text: str, start: int, *, is_plain: bool) -> tuple[int, int]:
    """Return where the line end after ``start`` starts and ends; ``is_plain`` if all are LF."""
    if is_plain:
        stop = text.find("\n", start)
        return (stop, stop + 1) if stop >= 0 else (len(text), len(text))
    match = LINE_END.search(text, start)
    return match.span() if match else (len(text), len(text))


def _read_record(text: str, start: int, line: int, quoting: Quoting) -> Record:
    """Return the record that starts at ``start``, cell by cell."""
    pattern = _cell_pattern(quoting)
    cells: list[str] = []
    at, marks, n_broken = start, 0, 0
    while True:
        match = pattern.match(text, at)
        if match is None:  # cannot happen: an empty plain cell always matches
            raise ValueError("no cell here")
        quoted = match["quoted"]
        if quoted is not None:
            marks |= 1 << len(cells)
            n_broken += _n_broken(quoted, quoting)
            cells.append(unquote(quoted, quoting))
        else:
            cells.append(unescape(match["plain"], quoting))
            n_broken += _n_edges(match["plain"], quoting)
        at = match.end()
        if match["end"] != quoting.delimiter:
            return Record(tuple(cells), start, at, line, marks, n_broken)


def count_lines(text: str) -> int:
    """Return the number of line ends."""
    returns = text.count("\r")
    pairs = text.count("\r\n") if returns else 0
    return text.count("\n") + returns - pairs


def unquote(inner: str, quoting: Quoting) -> str:
    """Return the value of ``inner``, the text between two quotes."""
    quote = quoting.quotechar or ""
    if quoting.escapechar not in {None, quote}:
        return unescape(inner, quoting)
    return inner.replace(quote * 2, quote) if quote in inner else inner


def unescape(text: str, quoting: Quoting) -> str:
    r"""Return ``text`` without escape characters before quotes, delimiters, line ends and escapes.

    Before other characters they stay: ``C:\new`` is a path.
    """
    escape = quoting.escapechar
    if not escape or escape not in text:
        return text
    return _escaped_pattern(quoting).sub(r"\1", text)


@cache
def _escaped_pattern(quoting: Quoting) -> re.Pattern[str]:
    quote, escape = quoting.quotechar or "", quoting.escapechar or ""
    special = "".join(re.escape(c) for c in {quote, escape, quoting.delimiter[0]} if c)
    return re.compile(re.escape(escape) + rf"([{special}\r\n])")


def quote_cell(cell: str, quoting: Quoting) -> str:
    """Return ``cell`` as any reader takes it back."""
    quote = quoting.quotechar
    if quote is None:
        return cell
    escape = quoting.escapechar or quote
    if escape != quote:
        cell = cell.replace(escape, escape * 2)
    return quote + cell.replace(quote, escape + quote) + quote


def has_stray_quote(record: Record, quoting: Quoting) -> bool:
    """Whether a cell that is not quoted holds a quote."""
    quote = quoting.quotechar
    if not quote or quote not in "\0".join(record.cells):
        return False
    return any(quote in cell and not record.quoted >> i & 1 for i, cell in enumerate(record.cells))


def _n_broken(inner: str, quoting: Quoting) -> int:
    quote = quoting.quotechar or ""
    if quote not in inner:
        return 0
    rest = inner.replace(quote * 2, "")
    if quoting.escapechar:
        rest = re.sub(re.escape(quoting.escapechar) + r"[\s\S]", "", rest)
    return rest.count(quote)


def _n_edges(plain: str, quoting: Quoting) -> int:
    """Count a quote at the start of a cell that is not quoted."""
    return 1 if quoting.quotechar and plain.lstrip(" \t").startswith(quoting.quotechar) else 0
