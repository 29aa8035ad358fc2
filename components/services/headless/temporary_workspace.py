"""Workspaces for one command: open, use, close; or made for one file and deleted at the end."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import psutil

from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake import ReadOptions
from components.services.data import datasets
from components.services.upload import uploads
from components.services.workspace import Workspace, open_workspace

ACTOR = "command line"


@contextmanager
def opened(settings: Settings) -> Iterator[Workspace]:
    """Open a workspace, and close it at the end."""
    ws = open_workspace(settings)
    try:
        yield ws
    finally:
        ws.close()


@contextmanager
def with_file(data: Path, options: ReadOptions | None = None) -> Iterator[tuple[Workspace, str]]:
    """Open a workspace that is deleted at the end, with one file in it.

    The limit for uploads does not apply: the file is on this machine already.

    Parameters
    ----------
    options
        How to read it; intake decides what is None.

    Raises
    ------
    UnusableInput
        When the file cannot be read, or is no table.
    """
    settings = Settings.from_environment()
    with tempfile.TemporaryDirectory(prefix="preflight-") as home, _open(data) as stream:
        settings = settings.for_local_file(os.fstat(stream.fileno()).st_size)
        with opened(replace(settings, home=Path(home), database_url="")) as ws:
            info = _take(ws, data, stream, options)
            yield ws, info.version.id


@contextmanager
def one_more(ws: Workspace, data: Path) -> Iterator[str]:
    """Take one more file over into a workspace, and give the id of its dataset.

    Raises
    ------
    UnusableInput
        When the file cannot be read, or is no table.
    """
    with _open(data) as stream:
        yield _take(ws, data, stream, None).version.id


def own_names(host: str) -> list[str]:
    """Return the names under which visitors may reach a server on ``host``.

    For the address that stands for all addresses: the name and the addresses of this machine.
    """
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return [host]
    found = (address for each in psutil.net_if_addrs().values() for address in each)
    addresses = {a.address for a in found if a.family == socket.AF_INET}
    return [socket.gethostname(), *sorted(addresses)]


def _take(
    ws: Workspace, data: Path, stream: BinaryIO, options: ReadOptions | None
) -> datasets.DatasetInfo:
    """Take a file over where it lies; what is no file, such as a pipe, is copied."""
    if data.is_file():
        return uploads.borrow(ws, data, data.name, options=options, actor=ACTOR)
    return datasets.add(ws, stream, data.name, options=options, actor=ACTOR)


def _open(data: Path) -> BinaryIO:
    try:
        return data.open("rb")
    except OSError as error:
        raise UnusableInput(
            f"The file {data} cannot be read: {error.strerror}.", "Check the path."
        ) from error
