"""Files that are written once, read once per process."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from components.core.atomic_files import read_json

T = TypeVar("T")


def cached(kind: type[T], path: Path) -> T | None:
    """Read a file that is written once; the same object while it is the same file.

    None while it is not there.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return cast("T | None", _read(cast("Hashable", kind), path, stamp))


@lru_cache(maxsize=512)
def _read(kind: Hashable, path: Path, _stamp: int) -> object:
    return read_json(cast("type[object]", kind), path)
