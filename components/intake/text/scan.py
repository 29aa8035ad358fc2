"""One pass over all bytes of a file: is it text, in UTF-8, and which line ends has it?"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.core.errors import UnusableInput
from components.engine.text.delimited import MAX_RECORD

CHUNK = 4_000_000
"""Bytes read at a time."""

PIECE = 1 << 18
"""Bytes looked at at a time: they stay in the cache of the processor, and in memory that is used
again (measured: a quarter of the time that pieces of 4 MB take)."""

MOJIBAKE = (b"\xc3\x83\xc2", b"\xc3\x82\xc2", b"\xc3\xa2\xe2\x82\xac", b"\xef\xbf\xbd")
"""What UTF-8 read as Latin-1 and saved again leaves behind, and the replacement character."""

UNDERSCORE, ZERO = b"_0"

HEAD = 1_000_000
"""Bytes of the head that are kept for a look."""


@dataclass(slots=True)
class Scan:
    """What the bytes of a file are.

    Attributes
    ----------
    head
        The first bytes.
    is_utf8, is_ascii
        Whether all bytes are.
    n_nul
        NUL bytes.
    n_lf, n_cr, n_crlf
        Line feeds alone, carriage returns alone, and pairs; also those inside cells. Where line
        feeds are the only ones, ``n_lf`` is 1.
    n_mojibake
        Places that look like UTF-8 read in a wrong encoding once.
    n_marks
        Byte order marks of UTF-8; the first one may be at the start.
    telling
        The first stretches with bytes above 127, for guessing the encoding.
    has_joined_digits
        Whether an underscore is between two digits anywhere, as in ``1_000``.
    longest, longest_at
        Bytes that the longest line has at least, in whole pieces, and where they start.
    """

    size: int = 0
    head: bytes = b""
    is_utf8: bool = True
    is_ascii: bool = True
    n_nul: int = 0
    n_lf: int = 0
    n_cr: int = 0
    n_crlf: int = 0
    n_mojibake: int = 0
    n_marks: int = 0
    telling: bytes = b""
    has_joined_digits: bool = False
    longest: int = 0
    longest_at: int = 0

    @property
    def n_inner_marks(self) -> int:
        """Byte order marks within the text, where files were put together."""
        return self.n_marks - self.head.startswith(codecs.BOM_UTF8)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but white space, as far as the head shows."""
        return not self.head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe")


def scan_file(path: Path) -> Scan:
    """Read ``path`` once, ``PIECE`` bytes at a time."""
    scan = Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    joined = _JoinedDigits()
    last = b""
    stretch = 0
    with path.open("rb") as stream:
        while chunk := stream.read(PIECE):
            stretch = 0 if b"\n" in chunk or b"\r" in chunk else stretch + len(chunk)
            if stretch > scan.longest:
                scan.longest, scan.longest_at = stretch, scan.size + len(chunk) - stretch
            if scan.size < HEAD:
                scan.head += chunk[: HEAD - scan.size]
            scan.size += len(chunk)
            _count(scan, chunk, last, joined)
            _decode(scan, chunk, decoder)
            last = chunk[-2:]
    if scan.is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            scan.is_utf8 = False
    _count_feeds(scan, path)
    return scan


def _count_feeds(scan: Scan, path: Path) -> None:
    """Count the line feeds above the first carriage return; where there is none, know of one.

    Counting them costs as much as everything else together, and nobody asks how many there are
    where all line ends are the same.
    """
    has_other = scan.n_cr > 0 or scan.n_crlf > 0
    with path.open("rb") as stream:
        while chunk := stream.read(PIECE):
            if has_other and b"\r" in chunk:
                return
            scan.n_lf += chunk.count(b"\n") if has_other else int(b"\n" in chunk)
            if scan.n_lf and not has_other:
                return


def _count(scan: Scan, chunk: bytes, last: bytes, joined: _JoinedDigits) -> None:
    if 0 in chunk:
        scan.n_nul += chunk.count(0)
    if not scan.has_joined_digits and (b"_" in chunk or b"_" in last):
        scan.has_joined_digits = joined.are_in(chunk) or joined.are_in(last + chunk[:2])
    if not scan.n_cr and not scan.n_crlf and b"\r" not in chunk:
        return
    feeds = chunk.count(b"\n")
    returns = chunk.count(b"\r")
    pairs = chunk.count(b"\r\n")
    scan.n_crlf += pairs
    scan.n_lf += feeds - pairs
    scan.n_cr += returns - pairs
    if last.endswith(b"\r") and chunk.startswith(b"\n"):
        scan.n_crlf, scan.n_lf, scan.n_cr = scan.n_crlf + 1, scan.n_lf - 1, scan.n_cr - 1


def line_at(path: Path, position: int) -> int:
    """Return the line, counted from 1, that holds a byte of a file."""
    feeds = returns = 0
    with path.open("rb") as stream:
        while position > 0 and (piece := stream.read(min(PIECE, position))):
            feeds += piece.count(b"\n")
            returns += piece.count(b"\r")
            position -= len(piece)
    return 1 + (feeds or returns)


def too_long(line: int) -> UnusableInput:
    """Return the error for a record that is too long."""
    return UnusableInput(
        f"The record on line {line:,} is longer than {MAX_RECORD // 1_000_000} MB.",
        "Look for a quote that is never closed, or leave that column out.",
    )


class _JoinedDigits:
    """Finds an underscore between two digits; keeps its room, for getting it costs as much."""

    def __init__(self) -> None:
        self._moved = np.empty(PIECE, dtype=np.uint8)
        self._digit = np.empty(PIECE, dtype=np.bool_)
        self._found = np.empty(PIECE, dtype=np.bool_)

    def are_in(self, data: bytes) -> bool:
        """Say whether ``data``, at most one piece, holds one."""
        n = len(data)
        if n < 3:  # noqa: PLR2004 - two digits and the sign between
            return False
        signs = np.frombuffer(data, dtype=np.uint8)
        moved, digit, found = self._moved[:n], self._digit[:n], self._found[:n]
        np.subtract(signs, ZERO, out=moved)  # what stands below the digits wraps around
        np.less(moved, 10, out=digit)
        np.equal(signs, UNDERSCORE, out=found)
        inner = found[1:-1]
        np.logical_and(inner, digit[:-2], out=inner)
        np.logical_and(inner, digit[2:], out=inner)
        return bool(inner.any())


def _decode(scan: Scan, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
    if chunk.isascii() and not decoder.getstate()[0]:
        return
    scan.is_ascii = False
    if len(scan.telling) < HEAD:
        lines = chunk.splitlines(keepends=True)
        scan.telling += b"".join(line for line in lines if not line.isascii())[:HEAD]
    scan.n_marks += chunk.count(codecs.BOM_UTF8)
    scan.n_mojibake += sum(chunk.count(mark) for mark in MOJIBAKE)
    if scan.is_utf8:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            scan.is_utf8 = False
            decoder.reset()
