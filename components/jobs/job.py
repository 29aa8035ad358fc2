"""One job that is no run: submitted, watched, waited for, cancelled, removed."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.core.errors import Cancelled, Damaged, NotFound, PreflightError
from components.core.progress import Progress
from components.jobs.queue import Queue, place_words
from components.jobs.runner import died_of
from components.processes.call import outcome
from components.processes.errors_as_json import error_to_json
from components.processes.folder import JobFolder
from components.processes.serve import Work, serve
from components.processes.spawn import end, works

LOOK_EVERY = 0.1
"""Seconds between two looks at a job that is waited for."""

KEPT = 86_400.0
"""Seconds after which nobody comes back for what a job made."""

KEPT_WAITING = 7 * KEPT
"""Seconds after which a job that was never put into the queue belongs to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """How far a job is.

    Attributes
    ----------
    is_over
        Whether it has a result.
    place
        Its place among the jobs that wait, from 1; 0 for one that does not wait.
    share
        What is done, in [0, 1].
    """

    is_over: bool
    place: int = 0
    share: float = 0.0
    note: str = ""


def new(root: Path) -> JobFolder:
    """Make a folder for a job below ``root``; nobody can guess its name."""
    sweep(root)
    path = root / secrets.token_hex(16)
    path.mkdir(mode=0o700)
    return JobFolder(path)


def submit(job: JobFolder, queue: Queue, command: str, request: Mapping[str, Any]) -> None:
    """Have the worker do what it calls ``command``, as soon as a slot is free.

    Parameters
    ----------
    request
        Plain JSON values.
    """
    job.write_request({"command": command, "request": dict(request)})
    queue.enter(job)


def do_here(job: JobFolder, request: Mapping[str, Any], work: Work) -> None:
    """Do a small job in this process; its result is found as that of any other."""
    job.write_request({"request": dict(request)})
    serve(job, work)
    job.clean()


def status(job: JobFolder, queue: Queue) -> JobStatus:
    """Return how far a job is; one whose worker has died is over.

    Raises
    ------
    NotFound
        When there is no such job.
    """
    if not (job.path / "request.json").is_file():
        raise NotFound("There is no such job.", "Start it again.")
    is_active = _is_active(job, queue)  # before: a result read after the end is the last one
    if _has_ended(job):
        return JobStatus(is_over=True, share=1.0)
    if not is_active:
        job.write_result({"error": error_to_json(_why(job))})
        return JobStatus(is_over=True)
    if job.owner() is None:
        places = list(queue.waiting())
        place = 1 + places.index(job.path) if job.path in places else 0
        return JobStatus(is_over=False, place=place, note=place_words(place) if place else "")
    share, note = job.progress()
    return JobStatus(is_over=False, share=share, note=note)


def result(job: JobFolder) -> Any:  # noqa: ANN401 - JSON
    """Return what a job that is over has made.

    Raises
    ------
    PreflightError
        What the worker raised, or how it ended.
    """
    return outcome(job, job.exit_status(), was_out_of_memory=False)


def wait(job: JobFolder, queue: Queue, tell: Progress) -> Any:  # noqa: ANN401 - JSON
    """Wait for a job and return what it has made.

    Parameters
    ----------
    tell
        Told how far it is, or its place in the queue, about ten times a second; what it raises
        ends the job.

    Raises
    ------
    PreflightError
        What the worker raised, or how it ended.
    """
    try:
        while not (now := status(job, queue)).is_over:
            tell(now.share, now.note)
            time.sleep(LOOK_EVERY)
            queue.dispatch()
    except BaseException:
        cancel(job, queue)
        raise
    return result(job)


def cancel(job: JobFolder, queue: Queue) -> None:
    """Cancel a job, waiting or working; returns when it is over, within 2 seconds."""
    job.ask_cancel()
    if not queue.withdraw(job):
        end(job, lambda: _has_ended(job))
    if not _has_ended(job):
        job.write_result({"error": error_to_json(Cancelled())})
    queue.dispatch()


def remove(job: JobFolder) -> None:
    """Delete the folder of a job that is over.

    It is renamed first: whoever waits for its process may note how it ended just now, and a file
    that comes into a folder while it is deleted leaves the folder there.
    """
    gone = job.path.with_name(f"{job.path.name}.gone")
    with suppress(FileNotFoundError):
        job.path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _has_ended(job: JobFolder) -> bool:
    """Whether there is a result; one that is damaged is told by whoever asks for it."""
    try:
        return job.result() is not None
    except Damaged:
        return True


def _is_active(job: JobFolder, queue: Queue) -> bool:
    if job.owner() is not None:
        return works(job)
    # the worker may have been started between the two looks
    return not job.start_error() and (queue.holds(job) or works(job))


def _why(job: JobFolder) -> PreflightError:
    if job.cancel_asked:
        return Cancelled()
    if reason := job.start_error():
        return PreflightError(f"The worker could not be started: {reason}.", "Try again.")
    return died_of(job)


def sweep(root: Path) -> None:
    """Delete the folders of jobs that ended long ago, or were never submitted."""
    waiting = {path.name for path in Queue(root.parent, 1).jobs()}
    for path in root.iterdir():
        job = JobFolder(path)
        with suppress(FileNotFoundError):  # somebody else removes it just now
            age = time.time() - path.stat().st_mtime
            if job.path.name in waiting:
                continue  # however long it waits, it belongs to who asked
            has_begun = _has_ended(job) or job.owner() is not None
            if age > (KEPT if has_begun else KEPT_WAITING) and not works(job):
                shutil.rmtree(path, ignore_errors=True)
