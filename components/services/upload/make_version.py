"""From the bytes of a file in a folder to an immutable dataset version, in this process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from components import intake
from components.core.codec import to_json
from components.core.data.dataset import Column, DatasetVersion
from components.core.data.location import Location
from components.core.data.source import SourceReport
from components.core.errors import Conflict
from components.core.progress import Progress
from components.engine.connect import keep_open
from components.intake import Loaded, ReadOptions
from components.services.dataset_info import DatasetInfo
from components.services.upload.former_rows import FoundAgain, NewTable, carry_all, find
from components.services.workspace import Workspace, now
from components.store import datasets as table
from components.store.datasets import StoredDataset
from components.store.files import sync_folder

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SYSTEM = "preflight"
"""The actor of what nobody asked for by name."""

CARRIED = "As you chose for "
"""How the reason of a role begins that was carried over from an earlier version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a file must be read as that we have written ourselves.

    Attributes
    ----------
    parent
        The version of which it is a correction.
    columns
        The columns as they are in ``parent``; their kinds and roles are carried over.
    confirmed
        Whether a person has confirmed them.
    no_label
        Whether a person said that none of them is the label.
    """

    parent: str
    n_rows: int
    columns: tuple[Column, ...]
    confirmed: bool
    no_label: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made of a file.

    Attributes
    ----------
    name
        Of the file, for people.
    options
        How to read it; intake decides what is None.
    expected
        What it must be read as; None for the file of a person.
    small_only
        Whether this process reads small tables only, of the former ones, too.
    """

    name: str
    sha256: str
    demo: bool = False
    parent: str | None = None
    options: ReadOptions | None = None
    expected: Expected | None = None
    small_only: bool = False
    actor: str


def info_of(ws: Workspace, stored: StoredDataset) -> DatasetInfo:
    """Return what a person wants to know about a stored version."""
    return DatasetInfo(
        version=stored.version,
        report=stored.report,
        added_at=stored.added_at,
        folder=ws.files.dataset(stored.location),
        confirmed=stored.confirmed,
        revision=stored.revision,
    )


def take(ws: Workspace, folder: Path, wanted: Wanted, tell: Progress) -> DatasetInfo:
    """Make a dataset of ``folder/source`` in this process; the folder is moved to its place.

    What was decided about a former version of a person's table goes along with its rows.

    Raises
    ------
    UnusableInput
        When the file is no table.
    Conflict
        When it is another table than the expected one; nothing is kept.
    NeedsWorker
        When a former table is large, and ``wanted.small_only``; nothing is kept.
    """
    with keep_open(ws.settings.memory_limit):  # for the file and the tables it is compared with
        return _take(ws, folder, wanted, tell)


def _take(ws: Workspace, folder: Path, wanted: Wanted, tell: Progress) -> DatasetInfo:
    loaded = intake.load(
        folder / "source",
        folder,
        name=wanted.name,
        settings=ws.settings,
        options=wanted.options,
        progress=tell,
    )
    if wanted.expected is not None:
        _refuse_loss(loaded, wanted.expected)
        columns, no_label = wanted.expected.columns, wanted.expected.no_label
    else:
        columns, no_label = _remembered(ws, loaded.columns, folder, wanted.sha256)
    if columns != loaded.columns:
        intake.retype(folder, columns)
    new = NewTable(folder, columns, loaded.n_rows, wanted.sha256, no_label=no_label)
    found = () if wanted.expected else find(ws, new, tell, small_only=wanted.small_only)
    sync_folder(folder)
    info = _keep(ws, new, wanted, loaded.report, found)
    tell(1.0, "Done")
    return info


def known(ws: Workspace, wanted: Wanted) -> DatasetInfo | None:
    """Return the dataset of the same bytes, read in the same way, where there is one."""
    with ws.db.read() as session:
        stored = table.find(session, wanted.sha256, _options_key(wanted.options))
    if stored is None or not ws.files.dataset(stored.location).is_dir():
        return None
    return info_of(ws, stored)


def _keep(
    ws: Workspace, new: NewTable, wanted: Wanted, report: SourceReport, found: Sequence[FoundAgain]
) -> DatasetInfo:
    """Move a folder that is ready to its place and say so in the database, in one step."""
    folder = new.folder
    key = _options_key(wanted.options)
    with ws.db.write() as session:  # one writer at a time: nobody else adds the same bytes now
        twin = table.find(session, wanted.sha256, key)
        if twin is not None:
            place = ws.files.dataset(twin.location)
            if not place.is_dir():  # its files were lost: these are the same
                folder.rename(place)
            return info_of(ws, twin)
        version_id = table.free_id(session, wanted.sha256, key)
        stored = StoredDataset(
            version=_version(version_id, wanted, new),
            report=report,
            options=key,
            location=_free_location(session, version_id, wanted.sha256, key),
            confirmed=wanted.expected is not None and wanted.expected.confirmed,
            added_at=now(),
        )
        final = ws.files.dataset(stored.location)
        ws.files.discard(final)  # left by a process that was killed before it could say so
        folder.rename(final)
        table.save(session, stored)
        ws.record(session, wanted.actor, "dataset.added", version_id, {"name": wanted.name})
        if wanted.expected is not None:
            detail = {"version": version_id}
            ws.record(session, wanted.actor, "dataset.published", wanted.expected.parent, detail)
        session.flush()  # the version is there before anything is said about it
        carry_all(session, version_id, new, final, found)
    return info_of(ws, stored)


def _version(version_id: str, wanted: Wanted, new: NewTable) -> DatasetVersion:
    return DatasetVersion(
        id=version_id,
        name=wanted.name,
        sha256=wanted.sha256,
        n_rows=new.n_rows,
        columns=new.columns,
        parent=wanted.parent or (wanted.expected.parent if wanted.expected else None),
        demo=wanted.demo,
        owner="" if wanted.actor == SYSTEM else wanted.actor,
        no_label=new.no_label,
    )


def _refuse_loss(loaded: Loaded, expected: Expected) -> None:
    headers = [c.name for c in expected.columns] == [c.name for c in loaded.columns]
    if loaded.n_rows != expected.n_rows or not headers:
        raise Conflict(
            f"The corrected table reads back as {loaded.n_rows:,} rows instead of "
            f"{expected.n_rows:,}, or with other columns.",
            "Download the corrected file instead, and report this.",
        )


def _options_key(options: ReadOptions | None) -> str:
    record = to_json(options) if options is not None else {}
    chosen = {name: value for name, value in record.items() if value is not None}
    return json.dumps(chosen, sort_keys=True) if chosen else ""


def _free_location(session: Session, version_id: str, sha256: str, key: str) -> Location:
    """Return a folder that no removed version had: its removal may not be over yet."""
    name = f"{sha256}-{hashlib.sha256(key.encode()).hexdigest()[:8]}" if key else sha256
    return Location(f"{sha256}-{version_id}" if table.is_folder_of(session, name) else name)


def _remembered(
    ws: Workspace, columns: tuple[Column, ...], folder: Path, sha256: str
) -> tuple[tuple[Column, ...], bool]:
    """Give the columns the roles that a person chose for this file, or the last one like it.

    Returns
    -------
    tuple
        The columns, and whether the person said then that none of them is the label.
    """
    if not table.is_named(columns):
        return columns, False
    with ws.db.read() as session:
        like = table.confirmed_like(session, columns, sha256=sha256)
    if like is None:
        return columns, False
    why = f"{CARRIED}{like.version.name}."
    chosen = tuple(
        column
        if column.role is before.role
        else replace(
            intake.choose(column, kind=None, role=before.role, folder=folder), role_why=why
        )
        for column, before in zip(columns, like.version.columns, strict=True)
    )
    return chosen, like.version.no_label
