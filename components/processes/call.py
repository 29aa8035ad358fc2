"""Having a bounded worker do something while the caller waits."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components.core.codec import to_json
from components.core.errors import OutOfTime
from components.processes.endings import explain_exit, out_of_memory_kills
from components.processes.errors_as_json import error_from_json
from components.processes.folder import JobFolder
from components.processes.limits import Limits
from components.processes.spawn import spawn

LOOK_EVERY = 0.1
"""Seconds between two looks at whether anybody still wants the result."""


def call(
    folder: JobFolder,
    command: Sequence[str],
    request: Mapping[str, Any],
    *,
    limits: Limits,
    pulse: Callable[[], None],
    environment: Mapping[str, str],
) -> Any:  # noqa: ANN401 - JSON
    """Return what a worker answers; it ends when this process does.

    Parameters
    ----------
    folder
        An empty folder for request, result and whatever the worker writes.
    request
        Plain JSON values.
    pulse
        Called about ten times a second; what it raises ends the worker.

    Raises
    ------
    OutOfMemory, OutOfTime, OutOfDisk
        When it could not be done within the limits.
    PreflightError
        What the worker raised, or how it ended.
    """
    folder.write_request(
        {"request": dict(request), "limits": to_json(limits), "parent": os.getpid()}
    )
    before = out_of_memory_kills()
    process = spawn(folder, command, environment=environment, own_group=False)
    try:
        _wait(process, limits.seconds, pulse)
    finally:
        process.kill()
        process.wait()
        folder.clean()
    was_out = out_of_memory_kills() > before
    return outcome(folder, process.returncode, was_out_of_memory=was_out)


def outcome(folder: JobFolder, status: int | None, *, was_out_of_memory: bool) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a worker that has ended, or raise why there is none.

    Raises
    ------
    PreflightError
        What the worker raised, or how it ended.
    """
    result = folder.result()
    if result is None:
        raise explain_exit(status, folder.last_words(), was_out_of_memory=was_out_of_memory)
    if "error" in result:
        raise error_from_json(result["error"])
    return result["value"]


def _wait(process: subprocess.Popen[bytes], seconds: int | None, pulse: Callable[[], None]) -> None:
    """Wait for a process; give up after ``seconds``."""
    start = time.monotonic()
    while seconds is None or time.monotonic() < start + seconds:
        pulse()
        try:
            process.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return
    raise OutOfTime("The work took longer than it may take.", "Try a part of the table.")
