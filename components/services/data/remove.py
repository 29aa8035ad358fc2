"""Removing tables: hidden at once, back for a while, then gone with all that was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.core.data.dataset import DatasetVersion
from components.core.errors import Conflict, NotFound
from components.core.people.person import Person
from components.jobs import runner
from components.jobs.folder import RunFolder
from components.services.data import datasets
from components.services.dataset_info import DatasetInfo
from components.services.people import rights
from components.services.upload.make_version import info_of
from components.services.workspace import Workspace, now
from components.store import datasets as table
from components.store import runs as run_table
from components.store.files import size_of, valid_id

GRACE = timedelta(days=7)
"""How long a removed table can be taken back (our choice: a week holds a weekend)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedTable:
    """A table that may come back.

    Attributes
    ----------
    until
        When it goes for good.
    """

    info: DatasetInfo
    removed_at: datetime

    @property
    def until(self) -> datetime:
        """When it goes for good."""
        return self.removed_at + GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSize:
    """Bytes on the disk."""

    table: int
    runs: int

    @property
    def total(self) -> int:
        """Table and runs together."""
        return self.table + self.runs


def remove(
    ws: Workspace, dataset_id: str, *, actor: str | Person, is_operator: bool = False
) -> None:
    """Hide a table with its runs and decisions; :func:`restore` takes that back for a week.

    Parameters
    ----------
    is_operator
        Whether who asks runs the server, and may remove the tables of others.

    Raises
    ------
    NotFound
        When there is none with this id.
    Conflict
        When it belongs to somebody else.
    """
    end_grace(ws)  # a server may run for months
    version = datasets.get(ws, dataset_id).version
    person = _person(actor)
    if not is_operator:
        or_else = f"whoever runs the server (“preflight remove {dataset_id}”)"
        rights.refuse_others(version, person, "remove it here", or_else=or_else)
    with ws.db.write() as session:
        run_ids = run_table.of_dataset(session, dataset_id)
        table.mark_removed(session, dataset_id, now())
        ws.record(session, person.name, "dataset.removed", dataset_id, _told(version, person))
    _stop(ws, run_ids)


def restore(ws: Workspace, dataset_id: str, *, actor: str | Person) -> DatasetInfo:
    """Take the removal of a table back: it is there with all its runs and decisions.

    Raises
    ------
    NotFound
        When no such table can be taken back (any more).
    Conflict
        When the same file was uploaded again meanwhile, or it belongs to somebody else.
    """
    person = _person(actor)
    with ws.db.write() as session:
        found = [s for s, _ in table.removed(session) if s.version.id == dataset_id]
        if not found or not ws.files.dataset(found[0].location).is_dir():
            raise NotFound(
                "This table cannot be taken back: its files are deleted.", "Upload it again."
            )
        version = found[0].version
        rights.refuse_others(version, person, "take it back")
        if table.find(session, version.sha256, found[0].options) is not None:
            raise Conflict(
                f"The file of {version.name} was uploaded again after it was removed.",
                "Remove the newer one first; then take this one back.",
            )
        table.take_back(session, dataset_id)
        ws.record(session, person.name, "dataset.restored", dataset_id, _told(version, person))
    return datasets.get(ws, dataset_id)


def removed(ws: Workspace) -> tuple[RemovedTable, ...]:
    """Return the tables that can be taken back, the one removed last first."""
    with ws.db.read() as session:
        found = table.removed(session)
    made = (RemovedTable(info=info_of(ws, stored), removed_at=at) for stored, at in found)
    return tuple(m for m in made if m.info.folder.is_dir() and m.until > now())


def end_grace(ws: Workspace, *, at_once: bool = False) -> tuple[int, int]:
    """Delete removed tables for good whose week is over; return how many, and their bytes.

    Rows of the database go in one transaction, before the files: where this is interrupted, files
    are left that belong to nobody, which are swept.

    Parameters
    ----------
    at_once
        Whether the others go, too.
    """
    with ws.db.read() as session:
        found = [s for s, at in table.removed(session) if at_once or at + GRACE <= now()]
    size = 0
    for stored in found:
        size += _delete(ws, stored)
    return len(found), size


def size(ws: Workspace, dataset_id: str) -> TableSize:
    """Return what a table takes on the disk.

    Raises
    ------
    NotFound
        When there is none with this id.
    """
    info = datasets.get(ws, valid_id(dataset_id, "dataset"))
    with ws.db.read() as session:
        run_ids = run_table.of_dataset(session, dataset_id)
    runs = sum(size_of(ws.files.run(run_id)) for run_id in run_ids)
    return TableSize(table=size_of(info.folder), runs=runs)


def _delete(ws: Workspace, stored: table.StoredDataset) -> int:
    version, folder = stored.version, ws.files.dataset(stored.location)
    with ws.db.write() as session:
        run_ids = run_table.of_dataset(session, version.id)
        table.delete_all_of(session, version.id, now())
        ws.record(session, "preflight", "dataset.deleted", version.id, {"name": version.name})
    _stop(ws, run_ids)
    freed = 0
    for path in (folder, *map(ws.files.run, run_ids)):
        freed += size_of(path)
        ws.files.discard(path)
    return freed


def _person(actor: str | Person) -> Person:
    return actor if isinstance(actor, Person) else Person(actor)


def _told(version: DatasetVersion, person: Person) -> dict[str, str]:
    return {"name": version.name, "identity": person.identity.value}


def _stop(ws: Workspace, run_ids: tuple[str, ...]) -> None:
    for run_id in run_ids:
        folder = RunFolder(ws.files.run(run_id))
        if (folder.path / "status.json").is_file() and not runner.status(
            folder, ws.queue
        ).state.is_over:
            runner.stop(folder, ws.queue)
