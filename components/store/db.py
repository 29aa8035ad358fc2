"""The workspace database, safe for several processes at once.

What only SQLite does is in ``sqlite.py``: another database differs in a file like that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from components.core.errors import PreflightError
from components.store import sqlite

HEAD = "0002"
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
