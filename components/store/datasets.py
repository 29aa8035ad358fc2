"""Dataset versions in the database."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from components.core.codec import from_json, to_json
from components.core.data.dataset import Column, DatasetVersion
from components.core.data.location import Location
from components.core.data.source import SourceReport
from components.store.tables import AuditRow, Base, DatasetRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataset:
    """A dataset version with what the workspace knows about it.

    Attributes
    ----------
    options
        The reading options a person chose, as canonical JSON; "" where intake decided.
    location
        Where its files lie.
    confirmed
        Whether a person has confirmed the roles.
    revision
        How often the columns got another meaning.
    """

    version: DatasetVersion
    report: SourceReport
    options: str
    location: Location
    confirmed: bool
    added_at: datetime
    revision: int = 0


def header_key(columns: Sequence[Column]) -> str:
    """Return a fingerprint of the header; equal for files with the same columns in order."""
    names = json.dumps([(c.header, c.name) for c in columns])
    return hashlib.sha256(names.encode("utf-8", "surrogatepass")).hexdigest()


def save(session: Session, stored: StoredDataset) -> None:
    """Insert a version."""
    version = stored.version
    row = DatasetRow(id=version.id, revision=stored.revision)
    row.name, row.sha256, row.n_rows = version.name, version.sha256, version.n_rows
    row.parent, row.demo = version.parent, version.demo
    row.location, row.folder = stored.location.place, stored.location.folder
    row.owner, row.options = version.owner, stored.options
    row.no_label = version.no_label
    row.header_key = header_key(version.columns)
    row.columns, row.report = to_json(version.columns), to_json(stored.report)
    row.confirmed, row.added_at, row.removed_at = stored.confirmed, stored.added_at, None
    row.number = (session.scalar(select(func.max(DatasetRow.number))) or 0) + 1
    session.add(row)


def get(session: Session, dataset_id: str) -> StoredDataset | None:
    """Return a version, or None."""
    row = session.get(DatasetRow, dataset_id)
    return None if row is None or row.removed_at is not None else _stored(row)


def ids_of(session: Session, said: str) -> tuple[str, ...]:
    """Return the ids of the versions with this id, or else this name, removed ones included."""
    if session.get(DatasetRow, said) is not None:
        return (said,)
    query = select(DatasetRow.id).where(DatasetRow.name == said).order_by(DatasetRow.number)
    return tuple(session.scalars(query))


def find(session: Session, sha256: str, options: str) -> StoredDataset | None:
    """Return the version made from these bytes under these reading options, or None."""
    query = select(DatasetRow).where(
        DatasetRow.sha256 == sha256,
        DatasetRow.options == options,
        DatasetRow.removed_at.is_(None),
    )
    row = session.scalars(query).first()
    return None if row is None else _stored(row)


def free_id(session: Session, sha256: str, options: str) -> str:
    """Return a short id for a version that nothing was ever said about.

    The id of a version that was removed is not given again: decisions about it would count for
    another one.
    """
    suffix = f"-{hashlib.sha256(options.encode()).hexdigest()[:4]}" if options else ""
    for length in range(10, 41, 2):
        candidate = sha256[:length] + suffix
        if session.get(DatasetRow, candidate) is None:
            return candidate
    while session.get(DatasetRow, candidate := f"{sha256[:10]}-{secrets.token_hex(6)}") is not None:
        continue
    return candidate


def is_folder_of(session: Session, folder: str) -> bool:
    """Whether a version has or had its files in this folder of the workspace."""
    query = select(DatasetRow.id).where(DatasetRow.folder == folder).limit(1)
    return session.scalars(query).first() is not None


def recent(session: Session, limit: int) -> tuple[StoredDataset, ...]:
    """Return the newest versions, newest first."""
    query = (
        select(DatasetRow)
        .where(DatasetRow.removed_at.is_(None))
        .order_by(DatasetRow.number.desc())
        .limit(limit)
    )
    return tuple(_stored(row) for row in session.scalars(query))


def confirmed_like(
    session: Session, columns: Sequence[Column], *, sha256: str = ""
) -> StoredDataset | None:
    """Return the newest version with the same header whose roles a person confirmed, or None.

    One of the bytes ``sha256`` comes before all others: what was said about this very file.
    """
    query = (
        select(DatasetRow)
        .where(
            DatasetRow.header_key == header_key(columns),
            DatasetRow.confirmed,
            DatasetRow.removed_at.is_(None),
        )
        .order_by((DatasetRow.sha256 == sha256).desc(), DatasetRow.number.desc())
        .limit(1)
    )
    row = session.scalars(query).first()
    return None if row is None else _stored(row)


def former(session: Session, dataset_id: str) -> StoredDataset | None:
    """Return the newest version with the same header from other bytes, added before this one.

    Columns whose names were made up are no header: two such tables need not be of one kind.
    """
    row = session.get(DatasetRow, dataset_id)
    if row is None or not is_named(_stored(row).version.columns):
        return None
    query = (
        select(DatasetRow)
        .where(
            DatasetRow.header_key == row.header_key,
            DatasetRow.sha256 != row.sha256,
            DatasetRow.number < row.number,
            DatasetRow.removed_at.is_(None),
        )
        .order_by(DatasetRow.number.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    return None if found is None else _stored(found)


def like(
    session: Session, columns: Sequence[Column], *, sha256: str, limit: int
) -> tuple[StoredDataset, ...]:
    """Return the versions with the same header from other bytes, newest first.

    Columns whose names were made up are no header.
    """
    if not is_named(columns):
        return ()
    query = (
        select(DatasetRow)
        .where(
            DatasetRow.header_key == header_key(columns),
            DatasetRow.sha256 != sha256,
            DatasetRow.removed_at.is_(None),
        )
        .order_by(DatasetRow.number.desc())
        .limit(limit)
    )
    return tuple(_stored(row) for row in session.scalars(query))


def published_after(session: Session, dataset_id: str, at: datetime) -> StoredDataset | None:
    """Return the newest version that was published from this one after an instant, or None."""
    query = (
        select(DatasetRow)
        .where(
            DatasetRow.parent == dataset_id,
            DatasetRow.added_at > at,
            DatasetRow.removed_at.is_(None),
        )
        .order_by(DatasetRow.added_at.desc(), DatasetRow.id)
        .limit(1)
    )
    row = session.scalars(query).first()
    return None if row is None else _stored(row)


def is_named(columns: Sequence[Column]) -> bool:
    """Return whether the file names a column at all."""
    return any(column.header for column in columns)


def set_columns(
    session: Session,
    dataset_id: str,
    columns: tuple[Column, ...],
    *,
    revision: int,
    confirmed: bool = True,
    no_label: bool = False,
) -> bool:
    """Replace kinds and roles, unless somebody else has done so meanwhile.

    Parameters
    ----------
    revision
        The one that ``columns`` were made from.
    confirmed
        Whether a person chose them.
    no_label
        Whether a person said that none of them is the label.

    Returns
    -------
    bool
        Whether ``revision`` was still the newest one; nothing is replaced otherwise.
    """
    statement = (
        update(DatasetRow)
        .where(DatasetRow.id == dataset_id, DatasetRow.revision == revision)
        .values(
            columns=to_json(columns),
            confirmed=confirmed,
            no_label=no_label,
            revision=revision + 1,
        )
        .returning(DatasetRow.id)
    )
    return session.execute(statement).first() is not None


def mark_removed(session: Session, dataset_id: str, at: datetime) -> None:
    """Hide a version, and with it all that was said about it."""
    session.get_one(DatasetRow, dataset_id).removed_at = at


def take_back(session: Session, dataset_id: str) -> None:
    """Show a version again that was removed."""
    session.get_one(DatasetRow, dataset_id).removed_at = None


def removed(session: Session) -> tuple[tuple[StoredDataset, datetime], ...]:
    """Return the versions that may come back, with when they were removed; the last one first."""
    query = select(DatasetRow).where(
        DatasetRow.removed_at.is_not(None), DatasetRow.deleted_at.is_(None)
    )
    rows = session.scalars(query.order_by(DatasetRow.removed_at.desc(), DatasetRow.number.desc()))
    return tuple((_stored(row), row.removed_at) for row in rows if row.removed_at is not None)


def delete_all_of(session: Session, dataset_id: str, at: datetime) -> None:
    """Delete all that is known about a version that was removed; only its id and folder stay taken.

    Runs, decisions and whatever else names the dataset go; the history keeps that it was there.
    """
    row = session.get_one(DatasetRow, dataset_id)
    row.deleted_at, row.columns, row.report = at, [], {}
    session.flush()
    for table in reversed(Base.metadata.sorted_tables):
        if "dataset_id" in table.c and table is not AuditRow.__table__:
            session.execute(delete(table).where(table.c.dataset_id == dataset_id))


def folders(session: Session) -> frozenset[str]:
    """Return the folders of all versions that are there or may come back."""
    query = select(DatasetRow.folder).where(DatasetRow.deleted_at.is_(None))
    return frozenset(session.scalars(query))


@lru_cache(maxsize=32)
def _columns(text: str) -> tuple[Column, ...]:
    """Read columns; every screen asks for them several times, and 2,000 of them take a while."""
    return from_json(tuple[Column, ...], json.loads(text))


@lru_cache(maxsize=32)
def _report(text: str) -> SourceReport:
    return from_json(SourceReport, json.loads(text))


def _stored(row: DatasetRow) -> StoredDataset:
    version = DatasetVersion(
        id=row.id,
        name=row.name,
        sha256=row.sha256,
        n_rows=row.n_rows,
        columns=_columns(json.dumps(row.columns)),
        parent=row.parent,
        demo=row.demo,
        owner=row.owner,
        no_label=row.no_label,
    )
    return StoredDataset(
        version=version,
        report=_report(json.dumps(row.report)),
        options=row.options,
        location=Location(row.folder, row.location),
        confirmed=row.confirmed,
        added_at=row.added_at,
        revision=row.revision,
    )
