"""Which rows of the table records of the upload became, by the lines on which they start.

The reader reports no lines. Rows are counted in the text that it read: a stretch without quotes by
its line ends, another one record by record.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence

import numpy as np

from components.intake.mend.mend_text import MendedText, quoted_parts
from components.intake.mend.patches import Patches
from components.intake.mend.preparation import ReadyText
from components.intake.text.csv_records import Quoting
from components.intake.text.scan import CHUNK

FEED, RETURN = b"\n\r"


def row_numbers(ready: ReadyText, mended: MendedText, dropped: Sequence[int] = ()) -> list[int]:
    """Return the ``row_id`` of each mended row.

    Parameters
    ----------
    dropped
        Rows that were taken out of the table afterwards, ascending, by their numbers before that.
    """
    if not mended.mended:
        return []
    with ready.path.open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        lines = [row.line - 1 - ready.first_line for row in mended.mended]
        starts = list(line_starts(data, lines))
    patches = Patches(mended.patches)
    positions = [patches.patched(start) for start in starts]
    with mended.path.open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        numbers = list(_records_before(data, positions, ready))
    return [n - int(np.searchsorted(dropped, n)) for n in numbers]


def line_starts(data: mmap.mmap | bytes, lines: Sequence[int]) -> Iterator[int]:
    """Yield at which byte each of some lines starts, which ascend and are counted from 0."""
    known, at = 0, 0  # lines that end above ``at``
    ends: list[int] = []
    for line in lines:
        while line > known + len(ends) and at < len(data):
            known += len(ends)
            piece = data[at : at + CHUNK]
            if piece[-1:] == b"\r":  # its line feed may come with the next piece
                piece += data[at + CHUNK : at + CHUNK + 1]
            ends = [at + end for end in _line_ends(piece)]
            at += len(piece)
        if line == 0:
            yield 0
        else:
            yield ends[line - known - 1] if line <= known + len(ends) else len(data)


def _line_ends(piece: bytes) -> list[int]:
    if b"\r" in piece:
        return [match.end() for match in re.finditer(rb"\r\n|\n|\r", piece)]
    found: list[int] = (np.flatnonzero(np.frombuffer(piece, dtype=np.uint8) == FEED) + 1).tolist()
    return found


def _records_before(
    data: mmap.mmap | bytes, positions: Sequence[int], ready: ReadyText
) -> Iterator[int]:
    """Yield how many rows the reader takes from the text above each position."""
    pattern = record_pattern(ready.quoting)
    quote = (ready.quoting.quotechar or "").encode()
    end = RETURN if ready.settings.newline == "\r" else FEED
    keep_blank = ready.width == 1
    at = next(line_starts(data, [ready.settings.skip]))
    n = 0
    for position in positions:
        if quote and data.find(quote, at, position) >= 0:
            found = (match.group() for match in pattern.finditer(data, at, position))
            n += sum(1 for record in found if record and (keep_blank or record.strip(b"\r\n")))
        else:
            n += _n_lines(data, at, position, end, keep_blank=keep_blank)
        at = max(at, position)
        yield n


def _n_lines(data: mmap.mmap | bytes, start: int, stop: int, end: int, *, keep_blank: bool) -> int:
    """Count the lines from one to another in a stretch without quotes."""
    n, last = 0, start - 1
    for at in range(start, stop, CHUNK):
        signs = np.frombuffer(data[at : min(at + CHUNK, stop)], dtype=np.uint8)
        ends = np.flatnonzero(signs == end)
        if not len(ends):
            continue
        lengths = np.diff(ends + at, prepend=last) - 1
        before = signs[np.maximum(ends - 1, 0)]
        blank = (lengths == 0) | ((lengths == 1) & (before == RETURN))
        n += len(ends) - (0 if keep_blank else int(np.count_nonzero(blank)))
        last = at + int(ends[-1])
    return n


def record_pattern(quoting: Quoting) -> re.Pattern[bytes]:
    """Return what the strict reader takes as one record, with its line end."""
    delimiter = re.escape(quoting.delimiter.encode())
    plain = rb"(?:(?!%s)[^\r\n])*+" % delimiter
    cell = plain
    if quoting.quotechar:
        quote, inner = quoted_parts(quoting)
        cell = rb"(?:[ ]*%s%s%s[ ]*(?=%s|[\r\n]|\Z)|%s)" % (quote, inner, quote, delimiter, plain)
    return re.compile(rb"%s(?:%s%s)*+(?:\r\n|\n|\r|\Z)" % (cell, delimiter, cell))
