"""From a staged text to cell texts in Parquet: read, mend what was refused, read again.

The reader follows the rules of the format strictly and says at which byte a record breaks them.
Records that can be mended are written properly into a copy of the text, the others are left out
of it and kept aside; then the copy is read. A stray quote can hide the records after it, so this
goes on until nothing is refused.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from components.core.data.source import AsideRow
from components.core.errors import UnusableInput
from components.engine.text.delimited import MAX_RECORD, Delimited, Loading, Reject
from components.intake.mend.mender import How, Mended, Mender
from components.intake.text.csv_records import Quoting, quote_cell
from components.intake.text.patches import LineCounter, Patch, Patches
from components.intake.text.utf8_copy import Staged

MAX_ROUNDS = 12
"""Times a text is read; rows are taken only from a reading that refused nothing.

(With rejects, DuckDB 2.0.0 may take a row up twice after a line with several stray quotes.)
"""

LAST_ROUNDS = 4
"""Rounds at the end in which nothing is mended any more: what is refused is kept aside."""

MAX_MENDED = 100_000
"""Records looked at one by one in a round; about ten seconds."""

SHOWN = 2_000
"""Characters kept of a record that is set aside."""

TOO_LONG = "LINE SIZE OVER MAXIMUM"
BAD_QUOTE = "UNQUOTED VALUE"

REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    BAD_QUOTE: "a quote stands where none belongs",
    "INVALID ENCODING": "bytes that are not text in this encoding",
    "INVALID STATE": "quotes and line ends that contradict each other",
}


@dataclass(slots=True)
class Reading:
    """What came of reading a text.

    Attributes
    ----------
    aside
        The records kept aside, by line.
    mended
        Line -> how its record was mended.
    """

    n_rows: int = 0
    aside: list[AsideRow] = field(default_factory=list)
    mended: dict[int, How] = field(default_factory=dict)


class Reader:
    """Reads one staged text until every record fits.

    Parameters
    ----------
    load
        Reads a copy of the text once under ``settings``.
    folder
        For patched copies of the text.

    Attributes
    ----------
    path
        The text that was read last: the patched copy where something was mended.
    """

    def __init__(
        self, mender: Mender, settings: Delimited, folder: Path, load: Callable[[Path], Loading]
    ) -> None:
        self.mender = mender
        self.settings = settings
        self.folder = folder
        self.load = load
        self.path = Path()

    def read(self, staged: Staged) -> Reading:
        """Read, mend and read again.

        Raises
        ------
        UnusableInput
            When the reader cannot follow the text at all, or a record is too long.
        """
        reading = Reading()
        patches = Patches()
        path = staged.path
        for left in reversed(range(MAX_ROUNDS)):
            self.path = path
            loading = self.load(path)
            reading.n_rows = loading.n_rows
            if not loading.rejects:
                break
            with staged.path.open("rb") as stream, _mapped(stream.fileno()) as data:
                found = _Round(self, data, patches, staged.first_line, reading)
                mend = left > LAST_ROUNDS and len(loading.rejects) <= MAX_MENDED
                new = list(found.patches(loading.rejects, mend=mend))
            if not new or not left:
                raise _hopeless(reading, loading)
            patches.add(new)
            path = self.folder / "patched.txt"
            patches.write(staged.path, path)
        reading.aside.sort(key=lambda row: row.line)
        return reading


def _hopeless(reading: Reading, loading: Loading) -> UnusableInput:
    line = min((row.line for row in reading.aside), default=1)
    return UnusableInput(
        f"The quotes of the file contradict each other from line {line:,} on: after"
        f" {MAX_ROUNDS} attempts {len(loading.rejects):,} records still do not fit.",
        "Choose another quote character or delimiter, or save the file again as CSV.",
    )


def _mapped(descriptor: int) -> mmap.mmap:
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


class _Round:
    """The rejects of one reading, told in bytes of the staged text."""

    def __init__(
        self,
        reader: Reader,
        data: mmap.mmap,
        patches: Patches,
        first_line: int,
        reading: Reading,
    ) -> None:
        self.mender = reader.mender
        self.data = data
        self.known = patches
        self.lines = LineCounter(data, first_line)
        self.reading = reading
        self.quoting = reader.mender.quoting
        self.newline = reader.settings.newline.encode()
        self.strict = strict_pattern(self.quoting)

    def patches(self, rejects: Sequence[Reject], *, mend: bool) -> Iterator[Patch]:
        """Yield a patch for each reject that can be told apart now."""
        after = -1  # a reject that begins here may be the tail of a record cut in two
        done = -1
        for reject in rejects:
            if reject.error == TOO_LONG:
                self._refuse_long(reject)
            start = self._start(reject)
            if start < done:
                continue
            end = self._end(start)
            if start == after:
                after = end
                continue
            patch = self._patch(start, end) if mend else self._aside(start, reject)
            if patch.end < end:
                after = end
            done = patch.end
            yield patch

    def _start(self, reject: Reject) -> int:
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

    def _patch(self, start: int, end: int) -> Patch:
        """Mend the record, or its first line, or keep its first line aside."""
        stop = _line_end(self.data, start)
        if stop < end and self.mender.is_proper(self._text(start, end)):
            stop = end
        text = self._text(start, stop)
        mended = self.mender.mend(text)
        if stop < end and not isinstance(mended, Mended):
            whole = self.mender.mend(self._text(start, end))
            if isinstance(whole, Mended):
                mended, stop = whole, end
        if isinstance(mended, Mended):
            self.reading.mended[self.lines.line(start)] = mended.how
            return Patch(start, stop, self._written(mended.cells))
        return self._left_out(start, stop, mended.reason)

    def _aside(self, start: int, reject: Reject) -> Patch:
        stop = _line_end(self.data, start)
        return self._left_out(start, stop, REASONS.get(reject.error, "it does not fit the table"))

    def _left_out(self, start: int, stop: int, reason: str) -> Patch:
        line = self.lines.line(start)
        text = self._text(start, stop).rstrip("\r\n")[:SHOWN]
        self.reading.aside.append(AsideRow(line=line, reason=reason, text=text))
        return Patch(start, stop, b"")

    def _text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf-8", errors="replace")

    def _written(self, cells: tuple[str, ...]) -> bytes:
        text = self.quoting.delimiter.join(quote_cell(c, self.quoting) for c in cells)
        return text.encode() + self.newline

    def _refuse_long(self, reject: Reject) -> None:
        raise too_long(self.lines.line(self._start(reject)))


def too_long(line: int) -> UnusableInput:
    """Return what to tell of a record that is too long."""
    return UnusableInput(
        f"The record on line {line:,} is longer than {MAX_RECORD // 1_000_000} MB.",
        "Look for a quote that is never closed, or leave that column out.",
    )


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
    quote = re.escape(quoting.quotechar.encode())
    if quoting.escapechar and quoting.escapechar != quoting.quotechar:
        escape = re.escape(quoting.escapechar.encode())
        inner = rb"(?:%s[\s\S]|[^%s%s]+)*+" % (escape, quote, escape)
    else:
        inner = rb"(?:[^%s]+|%s%s)*+" % (quote, quote, quote)
    proper = rb"[ ]*%s%s%s[ ]*(?:(?P<quoted_end>%s)|%s)" % (quote, inner, quote, delimiter, stop)
    rubbish = rb"[ ]*%s%s%s?[^\r\n]*%s" % (quote, inner, quote, stop)
    return re.compile(rb"%s|%s|%s" % (proper, rubbish, plain))
