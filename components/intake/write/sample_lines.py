"""Lines from all over a large text, as a small text of the same kind."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from components.engine.text.delimited import Delimited

BLOCKS = 50
"""Places from which lines are taken, besides the top (our choice)."""

LONGEST = 4_000_000
"""Bytes taken from one place at most."""

SMALLEST, MOST = 100_000, BLOCKS * LONGEST // 4
"""Bytes of the head that are read at a time, and at most."""


def spread_rows(
    source: Path, settings: Delimited, target: Path, n_rows: int, *, everywhere: bool
) -> None:
    """Write the lines above the data and about ``n_rows`` lines to ``target``.

    Half of them are the first ones, the others come from :data:`BLOCKS` places.

    Parameters
    ----------
    everywhere
        Whether a line is a record anywhere in the text; otherwise all lines are the first ones.
    """
    newline = settings.newline.encode()
    top = n_rows // 2 if everywhere else n_rows
    with source.open("rb") as stream, target.open("wb") as out:
        head = _lines(_start(stream, newline, settings.skip + top), newline, settings.skip + top)
        out.write(head)
        size = source.stat().st_size
        if not everywhere or len(head) >= size:
            return
        per_block = max(1, (n_rows - top) // BLOCKS)
        length = len(head) * (per_block + 2) // (settings.skip + top)
        for number in range(BLOCKS):
            start = len(head) + (size - len(head)) * number // BLOCKS
            out.write(_block(stream, start - len(newline), length, per_block, newline))


def _start(stream: BinaryIO, newline: bytes, n: int) -> bytes:
    """Return the first bytes, as many as hold ``n`` lines."""
    data = b""
    while len(data) < MOST and data.count(newline) < n:
        chunk = stream.read(max(SMALLEST, len(data)))
        if not chunk:
            break
        data += chunk
    return data


def _block(stream: BinaryIO, start: int, length: int, n: int, newline: bytes) -> bytes:
    """Return up to ``n`` whole lines after the first line end from ``start`` on."""
    stream.seek(start)
    data = stream.read(min(2 * length, LONGEST))
    first = data.find(newline) + len(newline)
    if first < len(newline):
        return b""
    return _lines(data[first:], newline, n)


def _lines(data: bytes, newline: bytes, n: int) -> bytes:
    """Return the first ``n`` whole lines."""
    end = 0
    for _ in range(n):
        stop = data.find(newline, end)
        if stop < 0:
            break
        end = stop + len(newline)
    return data[:end]
