"""Reading a file of a person: a job with its own copy of the file, found again by its key.

A page that is drawn again, left and opened again, or loaded anew finds the reading where it is,
even when the server was started again meanwhile.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from components.core.atomic_files import read_json, write_json
from components.core.codec import from_json, to_json
from components.core.errors import Conflict, Damaged
from components.core.progress import Progress, silent
from components.intake import ReadOptions
from components.jobs import job
from components.jobs.job import JobStatus
from components.processes.folder import JobFolder
from components.services.dataset_info import DatasetInfo
from components.services.upload import server_folder, uploads
from components.services.upload.former_rows import NeedsWorker
from components.services.upload.incoming import ReceivedFile
from components.services.upload.make_version import SYSTEM, info_of
from components.services.upload.server_folder import ServerFile
from components.services.upload.source_bytes import is_small, link_or_move
from components.services.worker_calls import as_seen_from, ask, workspace_of
from components.services.workspace import Workspace, now
from components.store import datasets as table

READ, READ_AGAIN = "read", "read_again"

LOOK_EVERY = 0.05
"""Seconds between two looks at a reading that is waited for."""

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """The file that is read.

    Attributes
    ----------
    size
        In bytes.
    sha256
        "" where it is not known yet.
    on_server
        Whether ``name`` is that of a file in the folder of the server; else the bytes are in the
        folder of the job.
    actor
        Who brought it; "" where nobody said a name.
    """

    name: str
    size: int
    began: datetime
    sha256: str = ""
    on_server: bool = False
    actor: str = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file that is being read."""

    ws: Workspace
    job: JobFolder
    file: UploadedFile

    @property
    def key(self) -> str:
        """By which it is found again; nobody can guess it."""
        return self.job.path.name

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return (now() - self.file.began).total_seconds()

    def status(self) -> JobStatus:
        """Return how far it is; what may start is started."""
        self.ws.queue.dispatch()
        return job.status(self.job, self.ws.queue)

    def wait(self, seconds: float) -> bool:
        """Return whether it has ended, after at most ``seconds``."""
        deadline = time.monotonic() + seconds
        while not self.status().is_over:
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK_EVERY)
        return True

    def stop(self) -> None:
        """End it, waiting or working, and delete what is there of it; takes up to 2 seconds."""
        job.cancel(self.job, self.ws.queue)
        job.remove(self.job)

    def result(self) -> DatasetInfo:
        """Return the table once it has ended.

        Raises
        ------
        ChoiceNeeded
            When the file holds several tables; :meth:`again` reads one of them.
        PreflightError
            When the file cannot be used.
        """
        return _info(self.ws, str(job.result(self.job)))

    def again(self, options: ReadOptions) -> FileReading:
        """Read the same file with a choice that was needed."""
        following = job.new(self.ws.files.jobs)
        if not self.file.on_server:
            _source(self.job).rename(_source(following))
        job.remove(self.job)
        return _begin(self.ws, following, replace(self.file, began=now()), options)

    def drop(self) -> None:
        """Delete the files of a reading that is over."""
        job.remove(self.job)


def start(ws: Workspace, received: ReceivedFile, *, actor: str = "") -> FileReading:
    """Read a file that came in whole; its bytes belong to the reading from now on.

    Parameters
    ----------
    actor
        Who brought it, and owns the table then; "" where nobody said a name.
    """
    made = job.new(ws.files.jobs)
    link_or_move(received.path, _source(made))
    file = UploadedFile(
        name=received.name,
        size=received.size,
        began=now(),
        sha256=received.sha256,
        actor=actor,
    )
    return _begin(ws, made, file)


def start_on_server(ws: Workspace, file: ServerFile) -> FileReading:
    """Read a file in the folder of the server."""
    made = job.new(ws.files.jobs)
    return _begin(
        ws, made, UploadedFile(name=file.name, size=file.size, began=now(), on_server=True)
    )


def find(ws: Workspace, key: str) -> FileReading | None:
    """Return the reading with this key, None where there is none (any more)."""
    if not _KEY.fullmatch(key):
        return None
    found = JobFolder(ws.files.jobs / key)
    try:
        file = read_json(UploadedFile, found.path / "file.json")
    except Damaged:
        return None
    return None if file is None else FileReading(ws, found, file)


def read_again(
    ws: Workspace, info: DatasetInfo, options: ReadOptions, *, actor: str, tell: Progress = silent
) -> DatasetInfo:
    """Read the bytes of a dataset in another way; a large file is read by a worker.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the worker, and nothing is kept.

    Raises
    ------
    UnusableInput
        When the file is no table when read this way.
    """
    if is_small(info.folder / "source"):
        with ws.queue.slot() as is_free, suppress(NeedsWorker):
            if is_free:
                return uploads.read_again(
                    ws, info, options, actor=actor, progress=tell, small_only=True
                )
    request = {"dataset": info.version.id, "options": to_json(options), "actor": actor}
    version_id = ask(ws, READ_AGAIN, request, tell)
    return _info(ws, version_id)


def work(request: dict[str, Any], tell: Progress, *, small_only: bool = False) -> str:
    """Do in a worker what a :class:`FileReading` asks for."""
    file, options = from_json(UploadedFile, request["file"]), _options(request)
    with workspace_of(request) as ws:
        if file.on_server:
            return server_folder.add_file(ws, file.name, tell, options=options).version.id
        return uploads.add_file(
            ws,
            Path(request["source"]),
            file.name,
            sha256=file.sha256 or None,
            options=options,
            actor=file.actor or SYSTEM,
            progress=tell,
            small_only=small_only,
        ).version.id


def _work_here(request: dict[str, Any], tell: Progress) -> str | None:
    """Do the same in the process that asks; None where it must be a worker."""
    try:
        return work(request, tell, small_only=True)
    except NeedsWorker:
        return None


def work_again(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`read_again` asks for."""
    options = from_json(ReadOptions, request["options"])
    with workspace_of(request) as ws:
        info = _info(ws, request["dataset"])
        made = uploads.read_again(ws, info, options, actor=request["actor"], progress=tell)
        return made.version.id


def _begin(
    ws: Workspace, made: JobFolder, file: UploadedFile, options: ReadOptions | None = None
) -> FileReading:
    write_json(made.path / "file.json", file)
    request = {
        **as_seen_from(ws, made),
        "file": to_json(file),
        "source": str(_source(made)),
        "options": to_json(options) if options is not None else None,
    }
    reading = FileReading(ws, made, file)
    if not file.on_server and is_small(_source(made)):
        with ws.queue.slot() as is_free:
            if is_free:
                job.do_here(made, request, _work_here)
                if made.result() != {"value": None}:
                    return reading
                made.forget_result()
    job.submit(made, ws.queue, READ, request)
    return reading


def _info(ws: Workspace, version_id: str) -> DatasetInfo:
    with ws.db.read() as session:
        stored = table.get(session, version_id)
    if stored is None:
        raise Conflict("The table was removed while it was read.", "Upload it again.")
    return info_of(ws, stored)


def _options(request: dict[str, Any]) -> ReadOptions | None:
    said = request["options"]
    return None if said is None else from_json(ReadOptions, said)


def _source(made: JobFolder) -> Path:
    return made.path / "source"
