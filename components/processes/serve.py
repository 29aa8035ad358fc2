"""The side of the worker: do what the request in a folder asks for, and write what came of it."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from components.core.codec import from_json
from components.core.errors import Cancelled, PreflightError
from components.core.progress import Progress
from components.processes.endings import explain
from components.processes.errors_as_json import error_to_json
from components.processes.folder import JobFolder
from components.processes.limits import Limits

Work = Callable[[dict[str, Any], Progress], object]
"""Given the request and a way to tell how far it is; returns plain JSON values."""

LOOK_EVERY = 0.5
"""Seconds between two looks at whether the caller is still there."""
WRITE_EVERY = 0.1
"""Seconds between two writes of the progress, and two looks at whether to stop."""

log = logging.getLogger(__name__)


def serve(folder: JobFolder, work: Work) -> bool:
    """Do the work whose request is in ``folder``; whether it was done is in the result, too."""
    asked = folder.request()
    if asked is None:
        folder.write_result({"error": error_to_json(PreflightError("There is no such job."))})
        return False
    if asked.get("parent"):
        _end_with(int(asked["parent"]))
    if asked.get("limits"):
        from_json(Limits, asked["limits"]).apply()
    try:
        value = work(asked["request"], _teller(folder))
    except Exception as error:
        if not isinstance(error, PreflightError):
            log.exception("a job failed")
        folder.write_result({"error": error_to_json(explain(error))})
        return False
    folder.write_result({"value": value})
    return True


def _teller(folder: JobFolder) -> Progress:
    """Return a progress that is written down, and stops the work when a person asked for it."""
    last = 0.0

    def tell(share: float, note: str) -> None:
        nonlocal last
        clock = time.monotonic()
        if clock - last < WRITE_EVERY:
            return
        last = clock
        if folder.cancel_asked:
            raise Cancelled
        folder.write_progress(share, note)

    return tell


def _end_with(parent: int) -> None:
    """End this process when the one that waits for it has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
