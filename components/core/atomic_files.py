"""Files that are replaced in one step: a reader sees the old content or the new, never half."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from components.core.codec import from_json, to_json

T = TypeVar("T")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of ``path`` at the end, unless an error leaves the block.

    What is no regular file (a pipe, a terminal) is written to directly.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace the file at ``path`` in one step: readers see the old content or the new one.

    Parameters
    ----------
    durable
        Whether to wait until the disk has it (survives a power cut, not just a killed process).
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with part.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object, *, durable: bool = False) -> None:
    """Write a dataclass of the vocabulary as JSON, in one step."""
    text = json.dumps(to_json(value), ensure_ascii=False, allow_nan=False)
    # a cell may hold half of a surrogate pair: it must not stop a run
    write_bytes(path, text.encode("utf-8", "replace"), durable=durable)


def read_json(kind: type[T], path: Path) -> T | None:
    """Read what :func:`write_json` wrote; None when there is no such file."""
    try:
        data: Any = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return from_json(kind, data)
