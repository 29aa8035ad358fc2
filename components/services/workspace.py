"""The workspace: settings, database and files, passed explicitly to every service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.jobs.queue import Queue
from components.store import audit
from components.store.db import Database, open_database
from components.store.files import Files

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything that is kept: files in one folder, and a database there or on a server."""

    settings: Settings
    db: Database
    files: Files

    @property
    def queue(self) -> Queue:
        """The jobs that wait or work."""
        return Queue(self.files.home, self.settings.max_workers)

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    def record(
        self,
        session: Session,
        actor: str,
        action: str,
        dataset_id: str | None,
        detail: dict[str, Any],
    ) -> None:
        """Append to the history, in the transaction of ``session``."""
        event = audit.Event(
            at=now(), actor=actor, action=action, dataset_id=dataset_id, detail=detail
        )
        audit.record(session, event)


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Open the workspace that the settings name, made where it is not there.

    Raises
    ------
    UnusableInput
        When its folder cannot be made.
    PreflightError
        When its database cannot be opened.
    """
    settings = settings or Settings.from_environment()
    try:
        files = Files(settings.home.absolute())
        files.probe()
        files.sweep()
    except OSError as error:
        raise UnusableInput(
            f"The workspace folder {settings.home} cannot be used: {error.strerror}.",
            "Make room, or set PREFLIGHT_HOME to a folder that you can write to.",
        ) from error
    return Workspace(settings, open_database(files.database, settings.database_url), files)


def history(
    ws: Workspace, *, dataset_id: str | None = None, limit: int = 200
) -> tuple[audit.Event, ...]:
    """Return who did what, newest first."""
    with ws.db.read() as session:
        return audit.events(session, dataset_id=dataset_id, limit=limit)


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
