"""Replaced stretches of a text, and where a byte of the patched text stood before."""

from __future__ import annotations

import mmap
import shutil
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from components.intake.text.scan import CHUNK


@dataclass(frozen=True, slots=True, order=True)
class Patch:
    """Bytes ``start`` to ``end`` of the original become ``text``."""

    start: int
    end: int
    text: bytes


class Patches:
    """Patches of one text; they do not overlap.

    Parameters
    ----------
    patches
        Told in bytes of the original.
    """

    def __init__(self, patches: Iterable[Patch] = ()) -> None:
        self._patches = sorted(patches)
        self._ends: list[int] = []
        self._patched_ends: list[int] = []
        self._shifts: list[int] = []
        shift = 0
        for patch in self._patches:
            shift += patch.end - patch.start - len(patch.text)
            self._ends.append(patch.end)
            self._patched_ends.append(patch.end - shift)
            self._shifts.append(shift)

    def patched(self, position: int) -> int:
        """Return the offset after patching of a byte outside of all patches."""
        index = bisect_right(self._ends, position)
        return position - (self._shifts[index - 1] if index else 0)

    def original(self, position: int) -> int:
        """Return the offset in the original of a byte of the patched text."""
        index = bisect_right(self._patched_ends, position)
        return position + (self._shifts[index - 1] if index else 0)

    def write(self, source: Path, target: Path) -> None:
        """Write the patched text."""
        with source.open("rb") as stream, target.open("wb") as out:
            for patch in self._patches:
                _copy(stream, out, patch.start - stream.tell())
                out.write(patch.text)
                stream.seek(patch.end)
            shutil.copyfileobj(stream, out, CHUNK)


def _copy(stream: BinaryIO, out: BinaryIO, n: int) -> None:
    while n > 0:
        data = stream.read(min(n, CHUNK))
        if not data:
            return
        out.write(data)
        n -= len(data)


class LineCounter:
    """Tells the line of a byte; asked in ascending order it reads the text once."""

    def __init__(self, data: mmap.mmap | bytes, first_line: int) -> None:
        self._data = data
        self._first = first_line
        self._at = self._lines = 0

    def line(self, position: int) -> int:
        """Return the line of byte ``position``, counted from 1 in the uploaded file."""
        if position < self._at:
            self._at = self._lines = 0
        while self._at < position:
            piece = self._data[self._at : min(position, self._at + CHUNK)]
            self._lines += piece.count(b"\n") + _lone_returns(piece)
            self._at += len(piece)
        return self._first + self._lines + 1


def _lone_returns(piece: bytes) -> int:
    returns = piece.count(b"\r")
    return returns - piece.count(b"\r\n") if returns else 0
