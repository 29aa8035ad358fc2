"""Mending the records of a text that the reader rejects, in a copy of it.

The reader follows the rules of the format strictly and says at which byte a record breaks them.
Records that can be mended are written properly into the copy, the others are left out of it and
rejected; then the copy is read. A stray quote can hide the records after it, so this goes on
until nothing is rejected.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.core.data.source import AsideRow
from components.core.errors import UnusableInput
from components.engine.text.delimited import (
    Delimited,
    Loading,
    Reject,
    check_shape,
    load_delimited,
)
from components.intake.mend.mender import Mended, MendedRow
from components.intake.mend.patches import LineCounter, Patch, Patches
from components.intake.mend.preparation import SHOWN, ReadyText
from components.intake.text.csv_records import Quoting, quote_cell
from components.intake.text.scan import too_long

MAX_ROUNDS = 12
"""Times a text is read; rows are taken only from a reading that rejected nothing.

(With rejects, DuckDB 2.0.0 may take a row up twice after a line with several stray quotes.)
"""

LAST_ROUNDS = 4
"""Rounds at the end in which nothing is mended any more: what the reader rejects stays rejected."""

MAX_MENDED = 100_000
"""Records looked at one by one in a round; about ten seconds."""

TOO_LONG = "LINE SIZE OVER MAXIMUM"
BAD_QUOTE = "UNQUOTED VALUE"

REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    BAD_QUOTE: "a quote stands where none belongs",
    "INVALID ENCODING": "bytes that are not text in this encoding",
    "INVALID STATE": "quotes and line ends that contradict each other",
}


@dataclass(frozen=True, slots=True)
class MendedText:
    """A text of which the reader rejects no record.

    Attributes
    ----------
    path
        The ready text, or a patched copy of it.
    patches
        What became of the bytes of the ready text.
    mended, aside
        The records that were written otherwise, and those that were left out, by line.
    """

    path: Path
    settings: Delimited
    n_rows: int
    patches: tuple[Patch, ...]
    mended: tuple[MendedRow, ...]
    aside: tuple[AsideRow, ...]


@dataclass(frozen=True, slots=True)
class _Fix:
    """What became of one rejected record."""

    patch: Patch
    row: MendedRow | AsideRow


def mend(
    ready: ReadyText, work: Path, target: Path | None, *, memory_limit: int
) -> MendedText | UnusableInput:
    """Read, mend and read again, until nothing is rejected.

    Parameters
    ----------
    work
        For patched copies of the text.
    target
        The Parquet file that gets the cell texts; None only looks at the shape of the records.

    Returns
    -------
    MendedText | UnusableInput
        The error, where the reader cannot follow the text, a record is too long, or the quotes
        contradict each other to the end.
    """
    fixes: list[_Fix] = []
    path = ready.path
    for left in reversed(range(MAX_ROUNDS)):
        loading = _read(path, ready, target, memory_limit)
        if isinstance(loading, UnusableInput):
            return loading
        if not loading.rejects:
            return _mended(ready, path, loading.n_rows, fixes)
        mend_them = left > LAST_ROUNDS and len(loading.rejects) <= MAX_MENDED
        new = _fixes(ready, loading.rejects, fixes, mend_them=mend_them)
        if isinstance(new, UnusableInput):
            return new
        fixes += new
        if not new or not left:
            return _hopeless(fixes, loading)
        path = work / "patched.txt"
        Patches(fix.patch for fix in fixes).write(ready.path, path)
    raise AssertionError("unreachable")  # the last round returns


def without_mending(ready: ReadyText, n_rows: int) -> MendedText:
    """Return a text of which the reader rejects nothing as it is."""
    return _mended(ready, ready.path, n_rows, [])


def _read(
    path: Path, ready: ReadyText, target: Path | None, memory_limit: int
) -> Loading | UnusableInput:
    if target is None:
        return check_shape(path, ready.settings, ready.width, memory_limit=memory_limit)
    return load_delimited(path, ready.settings, ready.width, target, memory_limit=memory_limit)


def _mended(ready: ReadyText, path: Path, n_rows: int, fixes: Sequence[_Fix]) -> MendedText:
    rows = {fix.row.line: fix.row for fix in fixes if isinstance(fix.row, MendedRow)}
    mended = {row.line: row for row in ready.mended} | rows
    gone = {fix.row.line for fix in fixes if isinstance(fix.row, AsideRow)}
    aside = [*ready.aside, *(fix.row for fix in fixes if isinstance(fix.row, AsideRow))]
    return MendedText(
        path,
        ready.settings,
        n_rows,
        tuple(fix.patch for fix in fixes),
        tuple(row for line, row in sorted(mended.items()) if line in rows or line not in gone),
        tuple(sorted(aside, key=lambda row: row.line)),
    )


def _hopeless(fixes: Sequence[_Fix], loading: Loading) -> UnusableInput:
    lines = (fix.row.line for fix in fixes if isinstance(fix.row, AsideRow))
    return UnusableInput(
        f"The quotes of the file contradict each other from line {min(lines, default=1):,} on:"
        f" after {MAX_ROUNDS} attempts {len(loading.rejects):,} records still do not fit.",
        "Choose another quote character or delimiter, or save the file again as CSV.",
    )


def _fixes(
    ready: ReadyText, rejects: Sequence[Reject], known: Sequence[_Fix], *, mend_them: bool
) -> list[_Fix] | UnusableInput:
    """Return a fix for each reject that can be separated now."""
    with (
        ready.path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        mending = _Round(data, ready, Patches(fix.patch for fix in known))
        for reject in rejects:
            if reject.error == TOO_LONG:
                return too_long(mending.lines.line(mending.start(reject)))
        return list(mending.fixes(rejects, mend_them=mend_them))


class _Round:
    """The rejects of one pass, in byte offsets of the ready text."""

    def __init__(self, data: mmap.mmap, ready: ReadyText, patches: Patches) -> None:
        self.data = data
        self.known = patches
        self.lines = LineCounter(data, ready.first_line)
        self.mender = ready.mender()
        self.quoting = ready.quoting
        self.newline = ready.settings.newline.encode()
        self.strict = strict_pattern(self.quoting)

    def fixes(self, rejects: Sequence[Reject], *, mend_them: bool) -> Iterator[_Fix]:
        """Yield a fix for each reject that can be separated now."""
        after = -1  # a reject that begins here may be the tail of a record cut in two
        done = -1
        for reject in rejects:
            start = self.start(reject)
            if start < done:
                continue
            end = self._end(start)
            if start == after:
                after = end
                continue
            fix = self._fix(start, end) if mend_them else self._aside(start, reject)
            if fix.patch.end < end:
                after = end
            done = fix.patch.end
            yield fix

    def start(self, reject: Reject) -> int:
        """Return the first byte of the line on which a record starts.

        DuckDB may point at the line end before it, or into the line after a stray quote.
        """
        start = min(self.known.original(reject.position), len(self.data) - 1)
        while start < len(self.data) - 1 and self.data[start] in b"\r\n":
            start += 1
        feed, back = self.data.rfind(b"\n", 0, start), self.data.rfind(b"\r", 0, start)
        return max(feed, back) + 1

    def _end(self, start: int) -> int:
        """Return where the strict reader takes up again after a record."""
        at = start
        while at < len(self.data):
            match = self.strict.match(self.data, at)
            if match is None:
                return len(self.data)
            at = match.end()
            if match["plain_end"] is None and match["quoted_end"] is None:
                break
        return at

    def _fix(self, start: int, end: int) -> _Fix:
        """Mend the record, or its first line, or reject its first line."""
        stop = _line_end(self.data, start)
        if stop < end and self.mender.is_proper(self._text(start, end)):
            stop = end
        mended = self.mender.mend(self._text(start, stop))
        if stop < end and not isinstance(mended, Mended):
            whole = self.mender.mend(self._text(start, end))
            if isinstance(whole, Mended):
                mended, stop = whole, end
        if not isinstance(mended, Mended):
            return self._left_out(start, stop, mended.reason)
        text = self._text(start, stop).rstrip("\r\n")
        patch = Patch(start, stop, self._written(mended.cells))
        return _Fix(patch, MendedRow(self.lines.line(start), mended.how, text))

    def _aside(self, start: int, reject: Reject) -> _Fix:
        stop = _line_end(self.data, start)
        return self._left_out(start, stop, REASONS.get(reject.error, "it does not fit the table"))

    def _left_out(self, start: int, stop: int, reason: str) -> _Fix:
        text = self._text(start, stop).rstrip("\r\n")[:SHOWN]
        row = AsideRow(line=self.lines.line(start), reason=reason, text=text)
        return _Fix(Patch(start, stop, b""), row)

    def _text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf-8", errors="replace")

    def _written(self, cells: tuple[str, ...]) -> bytes:
        text = self.quoting.delimiter.join(quote_cell(c, self.quoting) for c in cells)
        return text.encode() + self.newline


def _line_end(data: mmap.mmap, start: int) -> int:
    """Return the byte after the line that holds ``start``."""
    match = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(data, start)
    return match.end() if match else len(data)


def strict_pattern(quoting: Quoting) -> re.Pattern[bytes]:
    """Return what the strict reader takes as one cell, or skips after a misplaced quote.

    ``plain_end`` or ``quoted_end`` holds the delimiter where the record goes on.
    """
    delimiter = re.escape(quoting.delimiter.encode())
    stop = rb"(?:\r\n|\n|\r|\Z)"
    plain = rb"(?:(?!%s)[^\r\n])*+(?:(?P<plain_end>%s)|%s)" % (delimiter, delimiter, stop)
    if quoting.quotechar is None:
        return re.compile(rb"(?P<quoted_end>(?!))?" + plain)
    quote, inner = quoted_parts(quoting)
    proper = rb"[ ]*%s%s%s[ ]*(?:(?P<quoted_end>%s)|%s)" % (quote, inner, quote, delimiter, stop)
    rubbish = rb"[ ]*%s%s%s?[^\r\n]*%s" % (quote, inner, quote, stop)
    return re.compile(rb"%s|%s|%s" % (proper, rubbish, plain))


def quoted_parts(quoting: Quoting) -> tuple[bytes, bytes]:
    """Return patterns of the quote, and of what may be between two of them."""
    quote = re.escape((quoting.quotechar or "").encode())
    if quoting.escapechar and quoting.escapechar != quoting.quotechar:
        escape = re.escape(quoting.escapechar.encode())
        return quote, rb"(?:%s[\s\S]|[^%s%s]+)*+" % (escape, quote, escape)
    return quote, rb"(?:[^%s]+|%s%s)*+" % (quote, quote, quote)
