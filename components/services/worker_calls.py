"""Having a worker do something with the workspace, while a page waits and shows how far it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.core.progress import Progress
from components.core.settings import Settings
from components.jobs import job
from components.processes.folder import JobFolder
from components.services.workspace import Workspace, open_workspace
from components.store.files import Files

_ON_SERVER = "database_on_server"


def ask(ws: Workspace, command: str, request: Mapping[str, Any], tell: Progress) -> str:
    """Have a worker do something with a dataset of ``ws``, and return its id.

    Parameters
    ----------
    command
        What the worker calls it.
    request
        Plain JSON values.
    tell
        Told how far it is, or its place in the queue; what it raises ends the worker.

    Raises
    ------
    PreflightError
        What was raised there.
    """
    asked = job.new(ws.files.jobs)
    try:
        job.submit(asked, ws.queue, command, {**as_seen_from(ws, asked), **request})
        return str(job.wait(asked, ws.queue, tell))
    finally:
        job.remove(asked)


def as_seen_from(ws: Workspace, asked: JobFolder) -> dict[str, Any]:
    """Return, as JSON, what :func:`workspace_of` needs to open the workspace in a worker.

    What the worker makes lies in the folder of the job until it is whole: where the worker is
    killed, nothing is left beside it. The address of a database server may hold a password: it is
    written nowhere, the worker has it from its environment.
    """
    values = {f.name: getattr(ws.settings, f.name) for f in dataclasses.fields(ws.settings)}
    plain = {name: str(v) if isinstance(v, Path) else v for name, v in values.items()}
    plain[_ON_SERVER] = bool(plain.pop("database_url"))
    return {"settings": plain, "scratch": str(asked.scratch)}


@contextmanager
def workspace_of(request: Mapping[str, Any]) -> Iterator[Workspace]:
    """Open, in a worker, the workspace of the process that asked."""
    ws = open_workspace(_settings(request["settings"]))
    try:
        yield replace(ws, files=Files(ws.files.home, scratch=Path(request["scratch"])))
    finally:
        ws.close()


def _settings(values: dict[str, Any]) -> Settings:
    plain = {name: value for name, value in values.items() if name != _ON_SERVER}
    data_dir, home = plain["data_dir"], Path(plain["home"])
    known = Settings(**{**plain, "home": home, "data_dir": Path(data_dir) if data_dir else None})
    url = Settings.from_environment().database_url if values[_ON_SERVER] else ""
    return replace(known, database_url=url)
