"""The workspace database: one SQLite file, safe for several processes at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from components.core.errors import PreflightError

HEAD = "0001"
"""The newest migration; a test compares it with the scripts."""

BUSY_SECONDS = 15
"""How long a writer waits for another one; writes here last milliseconds."""

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Sessions on the workspace database.

    Readers see a snapshot and never wait. Writers take the write lock when they begin, so that
    what they read is still true when they write. A commit returns after the data is on disk
    (WAL, ``synchronous=FULL``): an acknowledged decision survives a killed process and a power cut.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        self._writer = self._engine.execution_options(write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the database and must not write."""
        with Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at its end, or rolls back when an error leaves it."""
        with Session(self._writer) as session, session.begin():
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
    """Open the database at ``path``, made and migrated where needed.

    Raises
    ------
    PreflightError
        When it cannot be opened, or a newer version of the product made it.
    """
    database = Database(path)
    try:
        database.upgrade()
    except OperationalError as error:
        database.close()
        raise PreflightError(
            f"The workspace database {path} cannot be opened: {error.orig}.",
            "Check that the folder can be written to and that the disk is not full.",
        ) from error
    except BaseException:
        database.close()
        raise
    return database


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


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


def _revision(connection: Connection) -> str | None:
    known = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).scalar()
    if known is None:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
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
