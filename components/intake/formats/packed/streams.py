"""Unpacking .gz, .bz2, .xz and .zst piece by piece, in bounded memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from components.core.errors import UnusableInput
from components.intake.formats.file_types import FileType
from components.intake.formats.limits import UnpackLimits, pour

CHUNK = 1 << 20

XZ_MEMORY = 300_000_000
"""Bytes that an .xz file may ask for to be unpacked; ``xz -9`` asks for 65 MB."""

BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


def unpack_stream(path: Path, form: FileType, target: Path, limits: UnpackLimits) -> None:
    """Write what is packed in ``path`` to ``target``.

    Raises
    ------
    UnusableInput
        When it is broken or empty, or unpacks to too much.
    """
    packed = path.stat().st_size
    try:
        size = pour(_chunks(path, form), target, packed, limits)
    except BROKEN as error:
        raise UnusableInput(
            f"The .{form} file is broken or cut off.", "Pack or transfer it again."
        ) from error
    if size == 0:
        raise UnusableInput(
            f"The .{form} file is empty inside.", "Upload a file with a header and rows."
        )


def _chunks(path: Path, form: FileType) -> Iterator[bytes]:
    if form is FileType.GZIP:
        with gzip.open(path) as stream:
            yield from pieces(stream)
    elif form is FileType.BZIP2:
        with bz2.open(path) as stream:
            yield from pieces(stream)
    elif form is FileType.XZ:
        yield from _xz(path)
    else:
        yield from _zstd(path)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def pieces(stream: _Readable) -> Iterator[bytes]:
    """Yield the rest of ``stream`` in pieces."""
    while chunk := stream.read(CHUNK):
        yield chunk


def _xz(path: Path) -> Iterator[bytes]:
    """Unpack .xz; the file decides how much memory that takes, so there is a limit."""
    with path.open("rb") as stream:
        rest = stream.read(CHUNK)
        while rest:
            unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
            while not unpacker.eof:
                if unpacker.needs_input and not rest:
                    rest = stream.read(CHUNK)
                    if not rest:
                        raise EOFError
                yield unpacker.decompress(rest, CHUNK)
                rest = b""
            rest = (unpacker.unused_data or stream.read(CHUNK)).lstrip(b"\0")


def _zstd(path: Path) -> Iterator[bytes]:
    import pyarrow as pa

    with pa.OSFile(str(path)) as source, pa.CompressedInputStream(source, "zstd") as stream:
        while chunk := stream.read(CHUNK):
            yield bytes(chunk)
