"""The workspace database, safe for several processes at once.

What only SQLite does is in ``sqlite.py``: another database differs in a file like that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from components.core.errors import Damaged, PreflightError
from components.store import sqlite

HEAD = "0006"
"""The newest migration; a test compares it with the scripts."""

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Sessions on the workspace database.

    Readers see a snapshot and never wait. Writers take the write lock when they begin, so that
    what they read is still true when they write. A commit returns after the data is on disk: an
    acknowledged decision survives a killed process and a power cut.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sqlite.engine(path)
        self._writer = self._engine.execution_options(write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the database and must not write.

        Raises
        ------
        PreflightError
            When the database cannot be read: full, busy, damaged, in words.
        """
        with _told(self.path, writing=False), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at its end, or rolls back when an error leaves it.

        Raises
        ------
        PreflightError
            When it could not be kept: disk full, read-only, busy, damaged, in words.
        """
        with _told(self.path, writing=True), Session(self._writer) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """Bring the tables to the newest migration; cheap when they are there.

        Raises
        ------
        PreflightError
            When a newer version of the product made the database.
        """
        with self._engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
        with self._writer.begin() as connection:
            if _revision(connection) != HEAD:
                _migrate(connection, self.path)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_database(path: Path) -> Database:
    """Open the database at ``path``, made and migrated where needed; only its owner may read it.

    Raises
    ------
    Damaged
        When it is gone or empty beside the files of tables or runs, or cannot be read.
    PreflightError
        When it cannot be opened, or a newer version of the product made it.
    """
    _refuse_lost(path)
    _close_to_others(path)
    database = Database(path)
    try:
        with _told(path, writing=False):
            database.upgrade()
    except DBAPIError as error:
        database.close()
        raise PreflightError(
            f"The workspace database {path} cannot be opened: {error.orig}.",
            "Check that the folder can be written to and that the disk is not full.",
        ) from error
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _told(path: Path, *, writing: bool) -> Iterator[None]:
    """Say in words what became of the database where that is no fault of ours."""
    try:
        yield
    except DBAPIError as error:
        words = sqlite.explain(error, path, writing=writing)
        if words is None:
            raise
        raise words from error


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
            f"{sqlite.RESTORE} To begin anew, choose another folder with PREFLIGHT_HOME.",
        )


def _close_to_others(path: Path) -> None:
    """Let nobody but the owner read the database; SQLite gives its other files the same mode."""
    if path.parent.is_dir():
        path.touch(mode=0o600)
    for file in path.parent.glob(f"{path.name}*"):
        if file.stat().st_mode & 0o077 and file.stat().st_uid == os.getuid():
            file.chmod(0o600)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def _migrate(connection: Connection, path: Path) -> None:
    from alembic import command  # 0.2 s of import that an up-to-date workspace does not need
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise PreflightError(
            f"The workspace database {path} was made by another version of Preflight.",
            "Use that version, or choose another folder with PREFLIGHT_HOME.",
        ) from error
