"""Files on the server: one folder whose files visitors may open, when the owner names it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from components.core.errors import NotFound
from components.core.progress import Progress
from components.intake import ReadOptions
from components.services.upload.incoming import refuse_full_disk
from components.services.upload.uploads import DatasetInfo, add
from components.services.workspace import Workspace

MOST = 1_000
"""Files listed, in the order of their names."""
MOST_SEEN = 20_000
"""Entries looked at; a folder that holds more is not searched to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFile:
    """A file that may be opened.

    Attributes
    ----------
    name
        Its path below the folder, with ``/``.
    size
        In bytes.
    """

    name: str
    size: int


def listing(ws: Workspace, endings: tuple[str, ...] = ()) -> tuple[ServerFile, ...]:
    """Return the files that may be opened; none where no folder was named.

    Links and hidden files are left out: what they lead to was not put there on purpose.

    Parameters
    ----------
    endings
        Such as ``.csv``; empty for all.
    """
    if ws.settings.data_dir is None:
        return ()
    found = (f for f in _walk(ws.settings.data_dir) if f.name.lower().endswith(endings or ""))
    return tuple(sorted(found, key=lambda f: f.name)[:MOST])


def add_file(
    ws: Workspace,
    name: str,
    progress: Progress | None = None,
    *,
    options: ReadOptions | None = None,
) -> DatasetInfo:
    """Take a file of the folder into the workspace.

    It is copied, so that a later change of the file does not change the dataset. The limit for
    uploads does not apply: the file is on this machine already.

    Raises
    ------
    NotFound
        When the folder has no such file.
    UnusableInput
        When it is no table, or the disk has no room.
    """
    with open_file(ws, name) as stream:
        size = os.fstat(stream.fileno()).st_size
        refuse_full_disk(ws.files.incoming, size)
        wide = replace(ws, settings=ws.settings.for_local_file(size))
        told = _Told(stream, size, progress)
        return add(wide, cast("BinaryIO", told), name, options=options, progress=progress)


class _Told:
    """A stream that says how far it was read."""

    def __init__(self, stream: BinaryIO, size: int, progress: Progress | None) -> None:
        self._stream, self._size, self._progress = stream, size, progress

    def read(self, n: int) -> bytes:
        data = self._stream.read(n)
        if self._progress is not None and self._size:
            self._progress(0.0, f"Copying: {self._stream.tell() / self._size:.0%}")
        return data


def _walk(root: Path) -> Iterator[ServerFile]:
    seen = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            seen += 1
            if seen > MOST_SEEN:
                return
            path = Path(folder) / name
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield ServerFile(name=path.relative_to(root).as_posix(), size=path.stat().st_size)


def open_file(ws: Workspace, name: str) -> BinaryIO:
    """Open a regular file inside the folder; links are refused, also on the way to it.

    Raises
    ------
    NotFound
        When the folder has no such file, or none was named.
    """
    missing = NotFound("There is no such file in the folder of the server.", "Choose another one.")
    if ws.settings.data_dir is None:
        raise missing
    root = ws.settings.data_dir.resolve()
    path = root / name
    try:
        if not path.resolve(strict=True).is_relative_to(root) or path.resolve() != path:
            raise missing
        stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except (OSError, ValueError) as error:
        raise missing from error
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise missing
    return stream
