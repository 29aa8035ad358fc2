"""Reading a file in a process of its own, so that a server does not grow with its visitors' files.

What is small is read where we are: starting a process takes longer than reading it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.core.codec import from_json, to_json
from components.core.progress import Progress
from components.core.settings import Settings
from components.jobs import job
from components.services.upload.make_version import Wanted, take
from components.services.workspace import Workspace, open_workspace

SMALL = 5_000_000
"""Bytes up to which plain text is read in this process: at that size it takes 0.7 s and less than
100 MB, and a process takes 0.8 s to start (measured)."""

PACKED = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd", b"PAR1", b"ARROW", b"\xd0\xcf")
"""How files begin that may hold far more than their size: archives, Parquet, workbooks."""

COMMAND = "take"


def is_small(source: Path) -> bool:
    """Whether a file is read as quickly here, with memory to spare."""
    with source.open("rb") as stream:
        begin = stream.read(8)
    return source.stat().st_size <= SMALL and not begin.startswith(PACKED)


def take_apart(ws: Workspace, folder: Path, wanted: Wanted, tell: Progress) -> str:
    """Read ``folder/source`` in a process of its own and return the id of the dataset.

    Parameters
    ----------
    folder
        Where the dataset is built; the process moves it to its place when it is whole.
    tell
        Told how far it is; what it raises ends the process, and nothing is kept.

    Raises
    ------
    PreflightError
        When the file cannot be used, as in this process.
    """
    return ask(ws, COMMAND, {"folder": str(folder), "wanted": to_json(wanted)}, tell)


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`take_apart` asks for."""
    wanted, folder = from_json(Wanted, request["wanted"]), Path(request["folder"])
    with workspace_of(request) as ws:
        return take(ws, folder, wanted, tell).version.id


def ask(ws: Workspace, command: str, request: Mapping[str, Any], tell: Progress) -> str:
    """Have a worker do something with a dataset of ``ws``, and return its id.

    Parameters
    ----------
    command
        What the worker calls it.
    request
        Plain JSON values.
    tell
        Told how far it is; what it raises ends the worker.

    Raises
    ------
    PreflightError
        What was raised there.
    """
    waiting = job.new(ws.files.jobs)
    try:
        job.submit(waiting, ws.queue, command, {"settings": plain_settings(ws.settings), **request})
        return str(job.wait(waiting, ws.queue, tell))
    finally:
        job.remove(waiting)


@contextmanager
def workspace_of(request: Mapping[str, Any]) -> Iterator[Workspace]:
    """Open, in a worker, the workspace of the process that asked."""
    ws = open_workspace(_settings(request["settings"]))
    try:
        yield ws
    finally:
        ws.close()


def plain_settings(settings: Settings) -> dict[str, Any]:
    """Return settings as plain JSON values, for :func:`workspace_of`."""
    values = {f.name: getattr(settings, f.name) for f in dataclasses.fields(settings)}
    return {name: str(v) if isinstance(v, Path) else v for name, v in values.items()}


def _settings(values: dict[str, Any]) -> Settings:
    data_dir = values["data_dir"]
    known = Settings(**{**values, "home": Path(values["home"]), "data_dir": None})
    return replace(known, data_dir=Path(data_dir) if data_dir else None)
