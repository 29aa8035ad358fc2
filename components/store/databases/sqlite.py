"""What only SQLite does: one file, a write-ahead log, locks taken when writing begins."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from components.core.errors import Damaged, NotKept, OutOfDisk, PreflightError

BUSY_SECONDS = 15
"""How long a writer waits for another one; writes here last milliseconds."""

_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

LOST = "What you did last was not kept; what was kept before is as it was."

MAKE_ROOM = (
    "Run “preflight gc --now”, or remove tables that are no longer needed; then do it again."
)
RESTORE = (
    "Stop the app, make a copy of the whole workspace folder, and put preflight.db back from a "
    "backup. Without one, “sqlite3 preflight.db .recover” may save what can still be read."
)


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """The workspace database in one file.

    Attributes
    ----------
    path
        Where it is, in the folder of the workspace.
    """

    path: Path
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return str(self.path)

    def engine(self) -> Engine:
        """Return an engine whose commits are on the disk."""
        return engine(self.path)

    def reader(self, made: Engine) -> Engine:
        """Return the engine for those who see one state and write nothing."""
        return made

    def writer(self, made: Engine) -> Engine:
        """Return the engine for those who write, one at a time."""
        return made.execution_options(write=True)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let the writers of this process wait for each other.

        SQLite lets who is locked out sleep, up to 0.1 s at a time, and the next who comes
        overtakes: with ten people some waited for seconds. Other processes still wait so.

        Raises
        ------
        NotKept
            When another thread writes for longer than a writer waits.
        """
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise _busy(LOST)
        try:
            yield
        finally:
            self._lock.release()

    def prepare(self) -> None:
        """Refuse to begin anew where there was a database, and let only its owner read it.

        Raises
        ------
        Damaged
            When it is gone or empty beside the files of tables or runs.
        """
        _refuse_lost(self.path)
        _close_to_others(self.path)

    def refuse_lost(self, connection: Connection, *, is_new: bool) -> None:
        """Look at what is in it before it is used: nothing more has to be seen."""

    def explain(
        self,
        error: DBAPIError,
        *,
        writing: bool,
        committing: bool = False,  # noqa: ARG002 - a file is never half told
    ) -> PreflightError | None:
        """Return what became of a statement in words for a person; None for a fault of our own.

        Parameters
        ----------
        writing
            Whether something was to be kept. Nothing of it was, and what was kept before is as it
            was: a transaction is written as a whole or not at all.
        committing
            Makes no difference: where it fails then, nothing was kept.
        """
        code = getattr(error.orig, "sqlite_errorcode", None)
        code = None if code is None else code & 0xFF  # the rest says where it happened
        lost = LOST if writing else ""
        if code in _FULL:
            return OutOfDisk(
                f"The workspace database could not use the disk: it is full. {lost}".strip(),
                MAKE_ROOM,
            )
        if code in _BUSY:
            return _busy(lost)
        if code in _CLOSED:
            what = f"The workspace database {self.path} cannot be opened for writing: {error.orig}."
            return NotKept(
                f"{what} {lost}".strip(),
                "Check that the workspace folder is there, is yours, and is not on a disk that is "
                "read-only.",
            )
        if code in _BROKEN or "no such table" in str(error.orig):
            what = f"The workspace database {self.path} is damaged: {error.orig}."
            told = "What you did last was not kept." if writing else ""
            return Damaged(f"{what} {told}".strip(), RESTORE)
        return None


def _busy(lost: str) -> NotKept:
    what = f"Another writer has held the workspace database for {BUSY_SECONDS} seconds."
    return NotKept(f"{what} {lost}".strip(), "Try again in a moment.")


def engine(path: Path) -> Engine:
    """Return an engine whose commits are on disk (WAL, ``synchronous=FULL``)."""
    made = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver starts no transaction: _on_begin does
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait when two processes switch a new file to WAL at the same moment
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _refuse_lost(path: Path) -> None:
    """Refuse to begin anew where files of tables or runs say that there was a database."""
    if path.exists() and path.stat().st_size:
        return
    folders = (path.with_name(name) for name in ("datasets", "runs"))
    kept = [p for f in folders if f.is_dir() for p in f.iterdir() if not p.name.startswith(".")]
    if kept:
        state = "is empty" if path.exists() else "is gone"
        noun, lie = ("folder", "lies") if len(kept) == 1 else ("folders", "lie")
        raise Damaged(
            f"The workspace database {path} {state}, and {len(kept):,} {noun} of tables and "
            f"runs {lie} beside it: decisions and names were in it.",
            f"{RESTORE} If it is on a PostgreSQL server, name that with PREFLIGHT_DATABASE_URL. "
            "To begin anew, choose another folder with PREFLIGHT_HOME.",
        )


def _close_to_others(path: Path) -> None:
    """Let nobody but the owner read the database; SQLite gives its other files the same mode."""
    if path.parent.is_dir():
        path.touch(mode=0o600)
    for file in path.parent.glob(f"{path.name}*"):
        if file.stat().st_mode & 0o077 and file.stat().st_uid == os.getuid():
            file.chmod(0o600)
