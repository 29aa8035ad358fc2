"""Files that are empty, too large, or no text although no mark says what they are."""

from __future__ import annotations

from pathlib import Path

from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake.formats.file_endings import SENTENCE

BINARY_SHARE = 0.02
"""Share of control bytes in the head above which a file is not text (our choice)."""

CONTROL = (0, *range(2, 9), *range(14, 28), 127)
"""Bytes that no text has; 1 and 28 to 31 part the cells of some."""


def refuse_size(path: Path, settings: Settings) -> int:
    """Return the size of a file in bytes.

    Raises
    ------
    UnusableInput
        When it is empty or over the limit.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnusableInput(
            "The file is empty: it has 0 bytes.", "Upload a file with a header and rows."
        )
    if size > settings.max_upload:
        raise UnusableInput(
            f"The file has {_mb(size)}; the limit is {_mb(settings.max_upload)}.",
            "Upload a part of it, or raise PREFLIGHT_MAX_UPLOAD_MB.",
        )
    return size


def refuse_binary(head: bytes) -> None:
    """Refuse what is no text.

    Raises
    ------
    UnusableInput
        When too many of the first bytes are none of a text.
    """
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or _is_wide(head):
        return
    sample = head[:100_000].rstrip(b"\0") or head[:100_000]
    control = sum(sample.count(c) for c in CONTROL)
    if control > BINARY_SHARE * len(sample) and control > 2 * sample.count(b"\n") + 1:
        raise UnusableInput("This file is not text, so it cannot be read as a table.", SENTENCE)


def _is_wide(head: bytes) -> bool:
    sample = head[:4000]
    half = len(sample) // 2
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    return bool(half) and max(zeros) > 0.8 * half and min(zeros) < 0.2 * half


def _mb(size: int) -> str:
    megabytes = size / 1_000_000
    return f"{megabytes:,.0f} MB" if megabytes >= 1 else f"{size:,} bytes"
