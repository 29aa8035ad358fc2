"""Records with empty cells too many, which the reader drops without a word.

DuckDB 2.0.0 rejects a record with too many cells, but not where the surplus ones are empty. Such
records are found in the bytes, so that they are recorded as mended, or rejected where nothing may
be mended. That takes about as long as the scan of the same bytes where no line ends with a
delimiter, and three times as long where a third of them do.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from components.core.data.source import AsideRow
from components.core.data.table import IntArray
from components.intake.mend.mender import REJECTED, How, MendedRow
from components.intake.mend.patches import LineCounter, Patch, Patches
from components.intake.mend.preparation import SHOWN, ReadyText
from components.intake.text.csv_records import Quoting, read_records

FEED, RETURN = b"\n\r"

PIECE = 1 << 18
"""Bytes looked at at a time; a longer record of several lines is not seen as one."""

KEPT = 1 << 25
"""Bytes of the file that stay mapped into memory behind the place that is looked at."""


def note_surplus(ready: ReadyText, work: Path) -> ReadyText:
    """Return the text with its records of surplus empty cells among the mended ones.

    Where nothing may be mended, they are rejected: a copy has empty lines in their places.
    """
    known = {row.line for row in ready.mended}
    with ready.path.open("rb") as stream:
        data = _mapped(stream.fileno(), ready.path)
        places = list(_with_surplus(data, ready))
        if not places:
            return ready
        lines = LineCounter(data, ready.first_line)
        found = [(lines.line(start), start, end) for start, end in places]
        texts = [data[a:b].decode("utf-8", errors="replace").rstrip("\r\n") for _, a, b in found]
    if not ready.only_reject:
        new = (
            MendedRow(line, How.TRIMMED, text)
            for (line, _, _), text in zip(found, texts, strict=True)
            if line not in known
        )
        return replace(ready, mended=(*ready.mended, *new))
    newline = ready.settings.newline.encode()
    patches = Patches(Patch(start, end, newline) for _, start, end in found)
    target = work / "without_surplus.txt"
    patches.write(ready.path, target)
    aside = (
        AsideRow(line=line, reason=REJECTED[How.TRIMMED], text=text[:SHOWN])
        for (line, _, _), text in zip(found, texts, strict=True)
    )
    return replace(ready, path=target, aside=(*ready.aside, *aside))


def _mapped(descriptor: int, path: Path) -> mmap.mmap | bytes:
    if not path.stat().st_size:
        return b""
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def _with_surplus(data: mmap.mmap | bytes, ready: ReadyText) -> Iterator[tuple[int, int]]:
    """Yield where the records below the skipped lines start and end that have surplus cells."""
    first = _after_lines(data, ready.settings.skip, ready.settings.newline.encode())
    for start, end in _candidates(data, first, ready):
        records = read_records(data[start:end].decode("utf-8", errors="replace"), ready.quoting)
        cells = records[0].cells if len(records) == 1 else ()
        if len(cells) > ready.width and not any(cells[ready.width :]):
            yield start, end


def _after_lines(data: mmap.mmap | bytes, n: int, newline: bytes) -> int:
    at = 0
    for _ in range(n):
        found = data.find(newline, at)
        at = len(data) if found < 0 else found + len(newline)
    return at


def _candidates(data: mmap.mmap | bytes, first: int, ready: ReadyText) -> Iterator[tuple[int, int]]:
    """Yield where records start and end that end with an empty cell, and may have too many."""
    quote = (ready.settings.quotechar or "").encode()
    delimiter = ready.settings.delimiter.encode()[-1]
    lone_return = ready.settings.newline == "\r"
    at = released = first
    while at < len(data):
        if at - released >= KEPT:
            released = _released(data, released, at)
        piece = data[at : at + PIECE]
        is_last = at + PIECE >= len(data)
        whole = piece if is_last else piece[: _last_line_end(piece, lone_return)]
        signs = np.frombuffer(whole, dtype=np.uint8)
        if not is_last and not _may_end_empty(signs, ready):
            at += len(whole)
            continue
        starts, ends = _lines(signs, RETURN if lone_return else FEED)
        empty = _ends_empty(signs, starts, ends, delimiter, quote)
        joined, stop = _joined_lines(whole, starts, ends, quote, ready.quoting, is_last=is_last)
        found = [(int(starts[top]), int(ends[bottom])) for top, bottom in joined if empty[bottom]]
        for top, bottom in joined:
            empty[top : bottom + 1] = False
        some = np.flatnonzero(empty[:stop])
        for start, end in zip(starts[some].tolist(), ends[some].tolist(), strict=True):
            if whole.count(delimiter, start, end) >= ready.width:
                found.append((start, end))
        yield from ((at + start, at + end) for start, end in sorted(found))
        at += int(ends[stop - 1])


def _released(data: mmap.mmap | bytes, start: int, end: int) -> int:
    """Let go of the pages between two places, which else count as memory of the process."""
    first, last = (place - place % mmap.PAGESIZE for place in (start, end))
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED, first, last - first)
    return end


def _may_end_empty(signs: np.ndarray[tuple[int], np.dtype[np.uint8]], ready: ReadyText) -> bool:
    """Whether there is a delimiter or a quote before a line end."""
    n = len(ready.settings.newline)
    before = signs[:-n]
    mark = before == ready.settings.delimiter.encode()[-1]
    if ready.settings.quotechar:
        mark |= before == ready.settings.quotechar.encode()[0]
    mark &= signs[n:] == ready.settings.newline.encode()[-1]
    return bool(mark.any())


def _joined_lines(
    whole: bytes,
    starts: IntArray,
    ends: IntArray,
    quote: bytes,
    quoting: Quoting,
    *,
    is_last: bool,
) -> tuple[list[tuple[int, int]], int]:
    """Return the first and the last line of each record of several, and the lines to go on after.

    Such a record starts and ends with a line in which a quote has no partner; where what is
    between two of these is no record, the first one has a stray quote.
    """
    if not quote or quote not in whole:
        return [], len(starts)
    places = np.flatnonzero(np.frombuffer(whole, dtype=np.uint8) == quote[0])
    n_above = np.searchsorted(places, ends)
    odd = np.flatnonzero(np.diff(n_above, prepend=0) % 2).tolist()
    found = []
    at = 0
    while at + 1 < len(odd):
        top, bottom = odd[at], odd[at + 1]
        text = whole[starts[top] : ends[bottom]].decode("utf-8", errors="replace")
        is_one = len(read_records(text, quoting, limit=2)) == 1
        if is_one:
            found.append((top, bottom))
        at += 2 if is_one else 1
    is_cut = at < len(odd) and not is_last and odd[at] > 0
    return found, odd[at] if is_cut else len(starts)


def _last_line_end(piece: bytes, lone_return: bool) -> int:  # noqa: FBT001 - what ends a line
    return piece.rfind(b"\r" if lone_return else b"\n") + 1 or len(piece)


def _lines(
    signs: np.ndarray[tuple[int], np.dtype[np.uint8]], end: int
) -> tuple[IntArray, IntArray]:
    """Return where lines start, and where they end behind their line end."""
    ends = np.flatnonzero(signs == end) + 1
    if not len(ends) or ends[-1] < len(signs):
        ends = np.append(ends, len(signs))
    return np.concatenate(([0], ends[:-1])), ends


def _ends_empty(
    signs: np.ndarray[tuple[int], np.dtype[np.uint8]],
    starts: IntArray,
    ends: IntArray,
    delimiter: int,
    quote: bytes,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the last cell of each line is empty, with quotes or without."""
    last = ends - 1
    for _ in range(2):  # a line end of two bytes
        sign = signs[last]
        last -= ((sign == FEED) | (sign == RETURN)) & (last > starts)
    empty = signs[last] == delimiter
    if quote:
        before = [signs[np.maximum(last - n, starts)] for n in (1, 2)]
        quoted = (signs[last] == quote[0]) & (before[0] == quote[0])
        empty |= quoted & (before[1] == delimiter)
    return np.asarray(empty)
