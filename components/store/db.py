"""The workspace database, safe for several processes at once.

What only SQLite does is in ``databases/sqlite.py``, what only PostgreSQL does in
``databases/postgres.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from components.core.errors import NotKept, PreflightError
from components.store.databases.postgres import PostgresServer, address_of
from components.store.databases.sqlite import SqliteFile

HEAD = "0012"
"""The newest migration; a test compares it with the scripts."""

MIGRATIONS = Path(__file__).parent / "migrations"


class Backend(Protocol):
    """One kind of database: how it is opened, locked, and what its errors mean."""

    @property
    def place(self) -> str:
        """Where it is, for a person; never a password."""
        ...

    def engine(self) -> Engine:
        """Return an engine whose commits are on the disk."""
        ...

    def reader(self, made: Engine) -> Engine:
        """Return the engine for those who see one state and write nothing."""
        ...

    def writer(self, made: Engine) -> Engine:
        """Return the engine for those who write, one at a time."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """Let the writers of this process wait for each other where the database does not."""
        ...

    def prepare(self) -> None:
        """Do what has to be done before the database is opened."""
        ...

    def refuse_lost(self, connection: Connection, *, is_new: bool) -> None:
        """Refuse a database that does not belong to the files of the workspace."""
        ...

    def explain(
        self, error: DBAPIError, *, writing: bool, committing: bool = False
    ) -> PreflightError | None:
        """Return what became of a statement in words; None for a fault of our own."""
        ...


class Database:
    """Sessions on the workspace database.

    Readers see a snapshot and never wait. Writers take the write lock when they begin, so that
    what they read is still true when they write. A commit returns after the data is on disk: an
    acknowledged decision survives a killed process and a power cut.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._engine = backend.engine()
        self._reader = backend.reader(self._engine)
        self._writer = backend.writer(self._engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the database and must not write.

        Raises
        ------
        PreflightError
            When the database cannot be read: full, busy, damaged, out of reach, in words.
        """
        with self._told(writing=False), Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at its end, or rolls back when an error leaves it.

        Raises
        ------
        PreflightError
            When it could not be kept: disk full, read-only, busy, damaged, out of reach, in words.
        """
        with self.backend.turn(), Session(self._writer) as session:
            with self._told(writing=True):
                yield session
                session.flush()
            with self._told(writing=True, committing=True):
                session.commit()

    def upgrade(self) -> None:
        """Bring the tables to the newest migration; cheap when they are there.

        Raises
        ------
        PreflightError
            When a newer version of the product made the database, or it cannot be reached.
        Damaged
            When it does not belong to the files of the workspace.
        """
        with self._told(writing=False):
            with self._engine.connect() as connection:
                found = _revision(connection)
                self.backend.refuse_lost(connection, is_new=found is None)
            if found == HEAD:
                return
            with self._writer.begin() as connection:
                if _revision(connection) != HEAD:
                    _migrate(connection, self.backend.place)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _told(self, *, writing: bool, committing: bool = False) -> Iterator[None]:
        """Say in words what became of the database where that is no fault of ours."""
        try:
            yield
        except DBAPIError as error:
            words = self.backend.explain(error, writing=writing, committing=committing)
            if words is None:
                raise
            raise words from error
        except NoConnectionFree as error:
            lost = " What you did last was not kept." if writing else ""
            raise NotKept(
                f"Too many requests used the database at the same time.{lost}", "Do it again."
            ) from error


def open_database(path: Path, url: str = "") -> Database:
    """Open the database of a workspace, made and migrated where needed.

    Parameters
    ----------
    path
        The file in the workspace folder where there is no server; only its owner may read it.
    url
        The address of a PostgreSQL database; "" where there is none.

    Raises
    ------
    Damaged
        When it is gone or empty beside the files of tables or runs, or cannot be read.
    UnusableInput
        When ``url`` is not the address of a PostgreSQL database.
    PreflightError
        When it cannot be opened, or a newer version of the product made it.
    """
    backend = PostgresServer(address_of(url), path.parent) if url else SqliteFile(path)
    backend.prepare()
    database = Database(backend)
    try:
        database.upgrade()
    except DBAPIError as error:
        database.close()
        raise PreflightError(
            f"The workspace database {backend.place} cannot be opened: {error.orig}.",
            "Check that it can be written to and that its disk is not full.",
        ) from error
    except BaseException:
        database.close()
        raise
    return database


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def _migrate(connection: Connection, place: str) -> None:
    from alembic import command  # 0.2 s of import that an up-to-date workspace does not need
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise PreflightError(
            f"The workspace database {place} was made by another version of Preflight.",
            "Use that version, or choose another folder with PREFLIGHT_HOME.",
        ) from error
