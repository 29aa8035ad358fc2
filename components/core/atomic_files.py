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
from components.core.errors import Damaged

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
        if durable:
            sync(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: object, *, durable: bool = False) -> None:
    """Write a dataclass of the vocabulary as JSON, in one step."""
    text = json.dumps(to_json(value), ensure_ascii=False, allow_nan=False)
    # a cell may hold half of a surrogate pair: it must not stop a run
    write_bytes(path, text.encode("utf-8", "replace"), durable=durable)


def read_json(kind: type[T], path: Path) -> T | None:
    """Read what :func:`write_json` wrote; None when there is no such file.

    Raises
    ------
    Damaged
        When it is cut off, empty, or holds something else.
    """
    try:
        data: Any = json.loads(path.read_bytes())
        return from_json(kind, data)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> Damaged:
    """Return what to say of a file of ours that cannot be read."""
    return Damaged(
        f"The file {path.parent.name}/{path.name} of the workspace is damaged: it was cut off or "
        "overwritten.",
        "If it belongs to a run, check the table again; all other runs and tables are untouched.",
    )
