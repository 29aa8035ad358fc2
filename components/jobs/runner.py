"""Starting, watching and stopping the process of a run.

A run is one process in its own session: it outlives the server that started it, and stopping it
stops whatever it started. All that is known about it stands in its folder, so any process that
sees the folder can watch it and stop it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

import components
from components.core.errors import NotFound
from components.core.judgement.runs import RunSpec, RunState, RunStatus
from components.core.settings import environment_with
from components.jobs.context import first_status
from components.jobs.folder import Owner, RunFolder
from components.jobs.perform import titles

PACKAGE_ROOT = Path(components.__file__).parents[1]
WORKER = (sys.executable, "-m", "components.worker")

SECONDS_TO_NOTICE = 0.8
"""How long a worker may take to see that it should stop, before it is terminated."""

SECONDS_TO_END = 0.5
"""How long a terminated worker may take to end, before it is killed."""

SECONDS_TO_START = 30.0
"""After this, a run that never got a process counts as interrupted."""

CLOCK_TOLERANCE = 5.0
"""Seconds by which two readings of when a process was created may differ (the clock was set)."""


def prepare(path: Path, spec: RunSpec) -> RunFolder:
    """Make the folder of a run and write what is to be checked into it."""
    path.mkdir(mode=0o700)
    folder = RunFolder(path)
    folder.write_spec(spec)
    folder.write_status(first_status(spec, titles(spec.checks)))
    return folder


def start(folder: RunFolder, *, command: Sequence[str] = WORKER) -> None:
    """Start the worker process; a start that fails becomes the status of the run."""
    folder.scratch.mkdir(exist_ok=True)
    try:
        process = _launch(folder, command)
    except OSError as error:
        _end(folder, RunState.FAILED, f"The worker could not be started: {error.strerror}.")
        return
    try:
        created = psutil.Process(process.pid).create_time()
        folder.write_owner(Owner(pid=process.pid, created=created))
    except psutil.NoSuchProcess:
        pass  # it has ended already; status() reads how from its log
    # a process that nobody waits for stays in the process table
    threading.Thread(target=process.wait, name=f"wait-{process.pid}", daemon=True).start()


def status(folder: RunFolder) -> RunStatus:
    """Return how far a run is; one whose process has died is over.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    alive = _is_alive(folder)  # before reading: a status read after the death is the last one
    found = folder.status()
    if found is None:
        raise NotFound("There is no such run.", "Choose one from the list.")
    if found.state.is_over:
        return found
    if alive:
        return replace(found, step="Stopping") if folder.cancel_asked else found
    return _explain_death(folder, found)


def stop(folder: RunFolder) -> None:
    """Stop a run: ask, then terminate, then kill; returns when it is over, within 2 seconds."""
    folder.ask_cancel()
    if _wait_for_death(folder, SECONDS_TO_NOTICE) or not _signal(folder, signal.SIGTERM):
        status(folder)
        return
    if not _wait_for_death(folder, SECONDS_TO_END):
        _signal(folder, signal.SIGKILL)
        _wait_for_death(folder, SECONDS_TO_END)
    status(folder)


def _launch(folder: RunFolder, command: Sequence[str]) -> subprocess.Popen[bytes]:
    environment = environment_with({"PYTHONPATH": str(PACKAGE_ROOT), "TMPDIR": str(folder.scratch)})
    with folder.log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, str(folder.path)],
            cwd=PACKAGE_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _process(folder: RunFolder) -> psutil.Process | None:
    owner = folder.owner()
    if owner is None:
        return None
    try:
        process = psutil.Process(owner.pid)
        same = abs(process.create_time() - owner.created) < CLOCK_TOLERANCE
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _is_alive(folder: RunFolder) -> bool:
    if folder.owner() is not None:
        return _process(folder) is not None
    try:
        age = time.time() - (folder.path / "spec.json").stat().st_mtime
    except FileNotFoundError:
        return False
    return age < SECONDS_TO_START


def _wait_for_death(folder: RunFolder, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _is_alive(folder):
        if time.monotonic() > deadline:
            return False
        found = folder.status()
        if found is not None and found.state.is_over:
            return True
        time.sleep(0.02)
    return True


def _signal(folder: RunFolder, number: signal.Signals) -> bool:
    """Send a signal to the worker and all it started; False when it is not a worker of its own."""
    process = _process(folder)
    try:
        if process is None or os.getpgid(process.pid) != process.pid:
            return False
        if process.pid == os.getpid():
            return False
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def _explain_death(folder: RunFolder, found: RunStatus) -> RunStatus:
    if folder.cancel_asked:
        return _end(folder, RunState.CANCELLED, "")
    if found.state is RunState.QUEUED and folder.owner() is not None:
        words = folder.last_words() or "it printed nothing"
        return _end(folder, RunState.FAILED, f"The worker could not start: {words}")
    return _end(
        folder,
        RunState.INTERRUPTED,
        "The worker process ended before the run was done (the computer was restarted, ran out of "
        "memory, or the process was killed). Finished checks are kept. Start the run again.",
    )


def _end(folder: RunFolder, state: RunState, error: str) -> RunStatus:
    found = folder.status()
    if found is None:
        raise NotFound("There is no such run.", "Choose one from the list.")
    ended = replace(found, state=state, step="", error=error, ended_at=datetime.now(UTC))
    folder.write_status(ended)
    folder.clean()
    return ended
