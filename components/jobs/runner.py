"""Starting, watching and stopping a run.

A run is one job in a process of its own: it outlives the server that started it, and stopping it
stops whatever it started. All that is known about it stands in its folder, so any process that
sees the folder can watch it and stop it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from components.core.atomic_files import sync
from components.core.errors import Damaged, NotFound, OutOfMemory, PreflightError
from components.core.judgement.runs import RunSpec, RunState, RunStatus
from components.jobs.context import first_status
from components.jobs.folder import RunFolder
from components.jobs.perform import titles
from components.jobs.queue import Queue, place_words
from components.processes.endings import explain_exit, out_of_memory_kills
from components.processes.folder import JobFolder
from components.processes.spawn import end, works

SECONDS_TO_START = 30.0
"""After this, a run that neither waits nor got a process counts as interrupted."""

SECONDS_TO_KNOW = 0.3
"""How long the exit status of a worker is waited for after its end."""


def prepare(path: Path, spec: RunSpec) -> RunFolder:
    """Make the folder of a run and write what is to be checked into it."""
    path.mkdir(mode=0o700, parents=True)
    folder = RunFolder(path)
    folder.write_spec(spec)
    folder.write_status(first_status(spec, titles(spec.checks)))
    sync(path.parent)
    return folder


def start(folder: RunFolder, queue: Queue) -> None:
    """Start a run as soon as a worker is free for it."""
    queue.enter(folder)


def status(folder: RunFolder, queue: Queue, waiting: Sequence[Path] | None = None) -> RunStatus:
    """Return how far a run is; one whose process has died is over.

    Parameters
    ----------
    waiting
        :meth:`Queue.waiting`, where the caller knows it.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    is_active = _is_active(folder, queue)  # before: a status read after the end is the last one
    found = _read(folder)
    if found.state.is_over:
        return found
    if not is_active:
        return _explain_death(folder, found)
    if folder.cancel_asked:
        return replace(found, step="Stopping")
    if folder.owner() is None:
        places = list(queue.waiting() if waiting is None else waiting)
        if folder.path in places:
            return replace(found, step=place_words(1 + places.index(folder.path)))
    return found


def stop(folder: RunFolder, queue: Queue) -> None:
    """Stop a run: ask, then terminate, then kill; returns when it is over, within 2 seconds."""
    folder.ask_cancel()
    if queue.withdraw(folder):
        _close(folder, RunState.CANCELLED, "")
        return
    end(folder, lambda: _read(folder).state.is_over)
    status(folder, queue)
    queue.dispatch()


def died_of(folder: JobFolder) -> PreflightError:
    """Return why the worker of a folder ended without a word."""
    deadline = time.monotonic() + SECONDS_TO_KNOW
    while folder.exit_status() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    owner = folder.owner()
    was_out = owner is not None and out_of_memory_kills() > owner.kills
    return explain_exit(folder.exit_status(), folder.last_words(), was_out_of_memory=was_out)


def _read(folder: RunFolder) -> RunStatus:
    try:
        found = folder.status()
    except Damaged:  # cut off by a power cut, or by somebody's hand
        return RunStatus(
            run_id=folder.path.name,
            state=RunState.INTERRUPTED,
            error="The file that says how far this run is, is damaged. What it found and can "
            "still be read is shown; check the table again.",
        )
    if found is None:
        raise NotFound("There is no such run.", "Choose one from the list.")
    return found


def _is_active(folder: RunFolder, queue: Queue) -> bool:
    if folder.owner() is not None:
        return works(folder)
    if folder.start_error():
        return False
    try:
        age = time.time() - (folder.path / "spec.json").stat().st_mtime
    except FileNotFoundError:
        return False
    return age < SECONDS_TO_START or queue.holds(folder)


def _explain_death(folder: RunFolder, found: RunStatus) -> RunStatus:
    if folder.cancel_asked:
        return _close(folder, RunState.CANCELLED, "")
    if folder.start_error():
        why = f"The worker could not be started: {folder.start_error()}."
        return _close(folder, RunState.FAILED, why)
    if found.state is RunState.QUEUED and folder.owner() is not None:
        words = folder.last_words() or "it printed nothing"
        return _close(folder, RunState.FAILED, f"The worker could not start: {words}")
    again = "Finished checks are kept. Start the run again."
    reason = died_of(folder)
    if isinstance(reason, OutOfMemory):
        return _close(folder, RunState.INTERRUPTED, f"{reason} {again}")
    return _close(
        folder,
        RunState.INTERRUPTED,
        "The worker process ended before the run was done: the computer was restarted, or the "
        f"process was killed. {again}",
    )


def _close(folder: RunFolder, state: RunState, error: str) -> RunStatus:
    ended = replace(_read(folder), state=state, step="", error=error, ended_at=datetime.now(UTC))
    folder.write_status(ended)
    folder.clean()
    return ended
