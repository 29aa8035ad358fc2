"""What a file is before any of it is read as a table; what cannot be one is refused here."""

from __future__ import annotations

import gzip
from pathlib import Path

from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake.scan import CHUNK

SUPPORTED = "Preflight reads CSV, TSV and text files, these inside .gz, and Parquet."

KNOWN = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Save the sheet as CSV, or unpack the archive, and upload that."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or another Office file", "Save the sheet as CSV and upload that."),
    (b"\x89PNG", "a PNG picture", "Upload a table instead."),
    (b"\xff\xd8\xff", "a JPEG picture", "Upload a table instead."),
    (b"GIF8", "a GIF picture", "Upload a table instead."),
    (b"%PDF", "a PDF document", "Export the table in it as CSV and upload that."),
    (b"BZh", "a bzip2 archive", "Unpack it and upload the table inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and upload the table inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it and upload the table inside."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and upload the table inside."),
    (b"Rar!", "a RAR archive", "Unpack it and upload the table inside."),
    (b"\x7fELF", "a program", "Upload a table instead."),
    (b"MZ\x90", "a program", "Upload a table instead."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV and upload that."),
    (b"ARROW1", "an Arrow or Feather file", "Save the table as Parquet or CSV and upload that."),
    (b"\x80\x04\x95", "a Python pickle, which can run code when it is opened", "Save the table as CSV or Parquet and upload that."),
)  # fmt: skip

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
BINARY_SHARE = 0.02
"""Share of control bytes in the head above which a file is not text (our choice)."""


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
    """Refuse what is no text, and say what it is.

    Raises
    ------
    UnusableInput
        When the first bytes are those of another kind of file, or no text at all.
    """
    for mark, what, todo in KNOWN:
        if head.startswith(mark):
            raise UnusableInput(f"This file is not a table but {what}.", f"{todo} {SUPPORTED}")
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or _is_wide(head):
        return
    sample = head[:100_000]
    control = sum(sample.count(c) for c in (*range(9), *range(14, 28), 127))
    if control > BINARY_SHARE * len(sample) and control > 2 * sample.count(b"\n") + 1:
        raise UnusableInput("This file is not text, so it cannot be read as a table.", SUPPORTED)


def _is_wide(head: bytes) -> bool:
    sample = head[:4000]
    half = len(sample) // 2
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    return bool(half) and max(zeros) > 0.8 * half and min(zeros) < 0.2 * half


def unpack(path: Path, folder: Path, settings: Settings) -> Path:
    """Return the text inside a gzip file, unpacked into ``folder``; other files as they are.

    Raises
    ------
    UnusableInput
        When it is broken, or unpacks to more than the limit.
    """
    with path.open("rb") as stream:
        if stream.read(2) != GZIP:
            return path
    target = folder / "unpacked"
    try:
        _unpack(path, target, settings.max_upload)
    except (OSError, EOFError) as error:
        raise UnusableInput(
            "The .gz file is broken or cut off.", "Pack or transfer it again."
        ) from error
    return target


def _unpack(path: Path, target: Path, limit: int) -> None:
    size = 0
    with gzip.open(path) as stream, target.open("wb") as out:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise UnusableInput(
                    f"The .gz file unpacks to more than {_mb(limit)}, the limit.",
                    "Upload a part of it, or raise PREFLIGHT_MAX_UPLOAD_MB.",
                )
            out.write(chunk)
    if size == 0:
        raise UnusableInput(
            "The .gz file is empty inside.", "Upload a file with a header and rows."
        )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB" if size >= 1_000_000 else f"{size:,} bytes"  # noqa: PLR2004
