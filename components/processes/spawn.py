"""Starting and ending the process of a job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import components
from components.core.settings import environment_with
from components.processes.endings import out_of_memory_kills
from components.processes.folder import JobFolder, Owner
from components.processes.identity import ProcessId, identify, is_alive

PACKAGE_ROOT = Path(components.__file__).parents[1]
WORKER = (sys.executable, "-m", "components.worker")

SECONDS_TO_NOTICE = 0.8
"""How long a worker may take to see that it should stop, before it is terminated."""

SECONDS_TO_END = 0.5
"""How long a terminated worker may take to end, before it is killed."""


def spawn(
    folder: JobFolder,
    command: Sequence[str] = WORKER,
    *,
    environment: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    own_group: bool = True,
) -> subprocess.Popen[bytes]:
    """Start ``command`` with the path of a folder as its last argument.

    Parameters
    ----------
    environment
        All that it gets beside the path of the package; that of this process where it is None.
    extra
        What it gets on top of ``environment``.
    own_group
        Whether it outlives this process, and is stopped together with all that it starts.

    Raises
    ------
    OSError
        When it cannot be started.
    """
    folder.scratch.mkdir(exist_ok=True)
    ours = {
        **(extra or {}),
        "PYTHONPATH": str(PACKAGE_ROOT),
        "TMPDIR": str(folder.scratch.absolute()),
    }
    kills = out_of_memory_kills()
    with folder.log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, str(folder.path.absolute())],  # it works in another folder
            cwd=PACKAGE_ROOT,
            env=environment_with(ours) if environment is None else {**environment, **ours},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=own_group,
        )
    # one that has ended already is nobody's, and known to have been started
    identity = identify(process.pid) or ProcessId(pid=process.pid, started="")
    folder.write_owner(Owner(process=identity, kills=kills))
    return process


def works(folder: JobFolder) -> bool:
    """Whether a process works in a folder."""
    owner = folder.owner()
    return owner is not None and is_alive(owner.process)


def end(folder: JobFolder, is_over: Callable[[], bool]) -> None:
    """End the worker of a folder that was asked to stop, and all that it started.

    It is terminated where it does not notice, killed where it does not obey.

    Parameters
    ----------
    is_over
        Whether the worker has said all that it had to say.
    """
    if _wait(folder, is_over, SECONDS_TO_NOTICE) or not _send(folder, signal.SIGTERM):
        return
    if not _wait(folder, is_over, SECONDS_TO_END):
        _send(folder, signal.SIGKILL)
        _wait(folder, is_over, SECONDS_TO_END)


def _wait(folder: JobFolder, is_over: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while works(folder) and not is_over():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _send(folder: JobFolder, number: signal.Signals) -> bool:
    """Send a signal to a worker and all it started; False when it is not a worker of its own."""
    owner = folder.owner()
    if owner is None or not is_alive(owner.process):
        return False
    pid = owner.process.pid
    with suppress(ProcessLookupError):
        if pid != os.getpid() and os.getpgid(pid) == pid:
            os.killpg(pid, number)
            return True
    return False
