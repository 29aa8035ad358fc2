"""Reading a file in a thread of its own: the page shows how far it is, and stays alive.

The thread knows nothing of Streamlit; large files are read in a process that it watches. A page
that is drawn again, left and opened again, or loaded anew finds the reading where it is.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from components.core.errors import Cancelled, ChoiceNeeded, PreflightError
from components.core.progress import Progress
from components.intake import ReadOptions
from components.services.data.datasets import DatasetInfo
from components.services.workspace import now


class Take(Protocol):
    """Reads a file and says how far it is."""

    def __call__(self, progress: Progress, /, *, options: ReadOptions | None = None) -> DatasetInfo:
        """Return the table."""


AT_ONCE = 2
"""Files read at the same time; each may use the memory of the engine once."""
_TURN = threading.BoundedSemaphore(AT_ONCE)

PATIENCE = 0.2
"""Seconds between two looks of a waiting file at whether it is still wanted."""

MOST_KEPT = 100
"""Readings that a page which was loaded anew can find, the latest ones."""
_KEPT: dict[str, Reading] = {}
_KEPT_LOCK = threading.Lock()


class Reading:
    """One file that is being read.

    Parameters
    ----------
    name, size
        Of the file; bytes.
    take
        Reads it, and says how far it is.
    after
        Called at the end, however it ends, unless a person must choose among several tables.
    """

    def __init__(
        self, name: str, size: int, take: Take, after: Callable[[], None] = lambda: None
    ) -> None:
        self.name, self.size = name, size
        self.key = secrets.token_urlsafe(16)
        self.share, self.note = 0.0, "Waiting for other files"
        self.began: datetime = now()
        self._start = time.monotonic()
        self._take, self._after = take, after
        self._info: DatasetInfo | None = None
        self._error: Exception | None = None
        self._stop, self._end = threading.Event(), threading.Event()
        _keep(self)
        threading.Thread(target=self._run, name="reading", daemon=True).start()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._start

    def wait(self, seconds: float) -> bool:
        """Return whether it has ended, after at most ``seconds``."""
        return self._end.wait(seconds)

    def stop(self) -> None:
        """Ask it to end; it does so at its next step, or within a second where it is large."""
        self._stop.set()

    def result(self) -> DatasetInfo:
        """Return the table once it has ended.

        Raises
        ------
        PreflightError
            When the file cannot be used.
        """
        self._end.wait()
        if self._error is not None:
            raise self._error
        if self._info is None:
            raise PreflightError("The file was not read.", "Choose it again.")
        return self._info

    def again(self, options: ReadOptions) -> Reading:
        """Read the same file with a choice that was needed."""
        return Reading(self.name, self.size, partial(self._take, options=options), self._after)

    def drop(self) -> None:
        """Give up a file about which a choice was needed."""
        self._after()

    def _run(self) -> None:
        try:
            self._wait_for_turn()
            try:
                self.note = "Reading the file"
                self._info = self._take(self._tell)
            finally:
                _TURN.release()
        except Exception as error:  # noqa: BLE001 - raised again in the thread of the page
            self._error = error
        finally:
            if not isinstance(self._error, ChoiceNeeded):
                self._after()
            self._end.set()

    def _wait_for_turn(self) -> None:
        while not _TURN.acquire(timeout=PATIENCE):
            self._obey()

    def _tell(self, share: float, note: str) -> None:
        self._obey()
        self.share, self.note = min(1.0, max(0.0, share)), note

    def _obey(self) -> None:
        if self._stop.is_set():
            raise Cancelled


def find(key: str) -> Reading | None:
    """Return the reading with this key, None where there is none (any more)."""
    with _KEPT_LOCK:
        return _KEPT.get(key)


def forget(reading: Reading) -> None:
    """Let no page find a reading any more."""
    with _KEPT_LOCK:
        _KEPT.pop(reading.key, None)


def _keep(reading: Reading) -> None:
    with _KEPT_LOCK:
        _KEPT[reading.key] = reading
        while len(_KEPT) > MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
