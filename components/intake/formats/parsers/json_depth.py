"""How deep a JSON text nests, counted by its brackets before a parser sees it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from components.core.errors import UnusableInput

MAX_DEPTH = 64
"""Lists and objects inside one another; data of people stay far below (our choice)."""

PIECE = 4_000_000


def refuse_depth(path: Path, encoding: str) -> None:
    """Refuse a text that nests too deep, before a parser sees it.

    Raises
    ------
    UnusableInput
        When lists and objects are nested deeper than ``MAX_DEPTH``.
    """
    with path.open(encoding=encoding, errors="surrogateescape") as stream:
        if is_deep(iter(lambda: stream.read(PIECE), "")):
            raise UnusableInput(
                f"The JSON nests more than {MAX_DEPTH} lists or objects inside one another.",
                "Flatten the records before you upload them.",
            )


def is_deep(pieces: Iterable[str]) -> bool:
    """Return whether a text in ``pieces`` nests more than ``MAX_DEPTH`` lists and objects."""
    depth, in_text, escaped = 0, 0, False
    for piece in pieces:
        data, escaped = _unescaped(piece.encode("utf-8", "replace"), escaped=escaped)
        steps, in_text = _steps(np.frombuffer(data, dtype=np.uint8), in_text)
        levels = depth + np.cumsum(steps)
        if len(levels):
            depth = int(levels[-1])
            if levels.max() > MAX_DEPTH:
                return True
    return False


def _unescaped(data: bytes, *, escaped: bool) -> tuple[bytes, bool]:
    """Take escaped characters out; say whether the next piece starts with one."""
    if escaped:
        data = data[1:]
    if b"\\" not in data:
        return data, False
    data = data.replace(b"\\\\", b"")
    return data.replace(b'\\"', b""), data.endswith(b"\\")


def _steps(data: np.ndarray[Any, np.dtype[np.uint8]], in_text: int) -> tuple[Any, int]:
    """Return +1 and -1 for brackets outside texts, and whether the data ends inside a text."""
    quotes = data == ord('"')
    inside = (np.cumsum(quotes) + in_text) & 1
    opens = ((data == ord("[")) | (data == ord("{"))) & (inside == 0)
    closes = ((data == ord("]")) | (data == ord("}"))) & (inside == 0)
    ends = int(inside[-1]) if len(inside) else in_text
    return opens.astype(np.int32) - closes.astype(np.int32), ends
