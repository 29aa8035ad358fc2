"""The bytes of a file on their way into the workspace: counted, fingerprinted, linked."""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from pathlib import Path
from typing import BinaryIO

from components.core.errors import UnusableInput

CHUNK = 1 << 20

SMALL = 5_000_000
"""Bytes up to which plain text is read by who asks, where a slot is free: at that size it takes
0.7 s and less than 100 MB, and a process takes 0.8 s to start (measured)."""

PACKED = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd", b"PAR1", b"ARROW", b"\xd0\xcf")
"""How files begin that may hold far more than their size: archives, Parquet, workbooks."""


def is_small(source: Path) -> bool:
    """Whether a file is read as quickly by who asks, with memory to spare."""
    with source.open("rb") as stream:
        begin = stream.read(8)
    return source.stat().st_size <= SMALL and not begin.startswith(PACKED)


def clean_name(name: str) -> str:
    """Return the name of a file as it may be shown: no folders, no control characters, short."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return kept.strip()[-200:] or "table.csv"


def refuse_large(size: int, limit: int) -> None:
    """Refuse more bytes than the limit.

    Raises
    ------
    UnusableInput
        When ``size`` is larger.
    """
    if size > limit:
        raise UnusableInput(
            f"The file is larger than {limit / 1e6:,.0f} MB.",
            "Upload a part of it, or raise PREFLIGHT_MAX_UPLOAD_MB.",
        )


def receive(stream: BinaryIO, target: Path, limit: int) -> str:
    """Write a stream to disk and return the SHA-256 of its bytes.

    Raises
    ------
    UnusableInput
        When it has more than ``limit`` bytes.
    """
    digest = hashlib.sha256()
    size = 0
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            refuse_large(size, limit)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def link(source: Path, target: Path) -> None:
    """Make a second name for the bytes of a file, or a copy where that cannot be."""
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def link_or_move(source: Path, target: Path) -> None:
    """Make a second name for the bytes of a file, or move it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        source.replace(target)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
