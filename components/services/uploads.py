"""Taking a file into the workspace: bytes in, an immutable dataset version out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from components import intake
from components.core.codec import to_json
from components.core.dataset import Column, DatasetVersion
from components.core.source import SourceReport
from components.intake import Loaded, ReadOptions
from components.services.source_bytes import (
    clean_name,
    fingerprint,
    link,
    link_or_move,
    receive,
    refuse_large,
)
from components.services.workspace import Workspace, now
from components.store import datasets as table
from components.store.datasets import StoredDataset
from components.store.files import sync_folder

Progress = Callable[[float, str], None]

CARRIED = "As you chose for "
"""How the reason of a role begins that was carried over from an earlier version."""
SYSTEM = "preflight"
"""The actor of what nobody asked for by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """A dataset version with what a person wants to know about it.

    Attributes
    ----------
    folder
        Where its files are.
    confirmed
        Whether a person has confirmed the roles.
    """

    version: DatasetVersion
    report: SourceReport
    added_at: datetime
    folder: Path
    confirmed: bool


def add(
    ws: Workspace,
    stream: BinaryIO,
    name: str,
    *,
    demo: bool = False,
    parent: str | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    actor: str = SYSTEM,
) -> DatasetInfo:
    """Take a file into the workspace; bytes that are known already give the known dataset.

    Parameters
    ----------
    stream
        The bytes, read to the end in pieces.
    name
        The name of the file, for people; folders in it are cut off.
    options
        How to read it; intake decides what is None.

    Raises
    ------
    UnusableInput
        When the file is too large, or is no table.
    """
    with ws.files.new_folder() as folder:
        sha256 = receive(stream, folder / "source", ws.settings.max_upload)
        wanted = _Wanted(clean_name(name), sha256, demo, parent, options, actor)
        return _take(ws, folder, wanted, progress)


def add_file(
    ws: Workspace,
    path: Path,
    name: str,
    *,
    sha256: str | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    actor: str = SYSTEM,
) -> DatasetInfo:
    """Take over a file that lies in the workspace already, without copying a byte.

    Parameters
    ----------
    path
        A file that nobody writes to any more. Whoever made it deletes it afterwards; until then a
        reading that was interrupted can start again.
    sha256
        Its fingerprint where it is known.
    options
        How to read it; intake decides what is None.

    Raises
    ------
    ChoiceNeeded
        When it holds several tables, and ``options`` names none.
    UnusableInput
        When the file is too large, or is no table.
    """
    refuse_large(path.stat().st_size, ws.settings.max_upload)
    with ws.files.new_folder() as folder:
        source = folder / "source"
        link_or_move(path, source)
        known = sha256 or fingerprint(source)
        wanted = _Wanted(clean_name(name), known, options=options, actor=actor)
        return _take(ws, folder, wanted, progress)


def read_again(
    ws: Workspace, info: DatasetInfo, options: ReadOptions, *, actor: str
) -> DatasetInfo:
    """Read the same bytes in another way; gives a version beside the first one.

    A member of an archive or a sheet that was read stays chosen where ``options`` names none.

    Raises
    ------
    UnusableInput
        When the file is no table when read this way.
    """
    version = info.version
    options = _still_chosen(options, info.report)
    with ws.files.new_folder() as folder:
        link(info.folder / "source", folder / "source")
        wanted = _Wanted(version.name, version.sha256, version.demo, version.parent, options, actor)
        return _take(ws, folder, wanted, None)


def _still_chosen(options: ReadOptions, report: SourceReport) -> ReadOptions:
    several = len(report.choices) > 1
    return replace(
        options,
        member=options.member or report.member or None,
        sheet=options.sheet or (report.sheet if several else "") or None,
    )


def info_of(ws: Workspace, stored: StoredDataset) -> DatasetInfo:
    """Return what a person wants to know about a stored version."""
    return DatasetInfo(
        version=stored.version,
        report=stored.report,
        added_at=stored.added_at,
        folder=ws.files.dataset(stored.folder),
        confirmed=stored.confirmed,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    sha256: str
    demo: bool = False
    parent: str | None = None
    options: ReadOptions | None = None
    actor: str = SYSTEM


def _take(ws: Workspace, folder: Path, wanted: _Wanted, progress: Progress | None) -> DatasetInfo:
    key = _options_key(wanted.options)
    known = _known(ws, wanted.sha256, key)
    if known is not None:
        return known
    loaded = intake.load(
        folder / "source",
        folder,
        name=wanted.name,
        settings=ws.settings,
        options=wanted.options,
        progress=progress,
    )
    columns = _remembered(ws, loaded.columns, folder)
    if columns != loaded.columns:
        intake.retype(folder, columns)
    sync_folder(folder)
    return _keep(ws, folder, wanted, replace(loaded, columns=columns))


def _keep(ws: Workspace, folder: Path, wanted: _Wanted, loaded: Loaded) -> DatasetInfo:
    """Move a folder that is ready to its place and say so in the database, in one step."""
    key = _options_key(wanted.options)
    with ws.db.write() as session:  # one writer at a time: nobody else adds the same bytes now
        twin = table.find(session, wanted.sha256, key)
        if twin is not None and ws.files.dataset(twin.folder).is_dir():
            return info_of(ws, twin)
        version_id = table.free_id(session, wanted.sha256, key)
        stored = StoredDataset(
            version=_version(version_id, wanted, loaded),
            report=loaded.report,
            options=key,
            folder=_folder_name(wanted.sha256, key),
            confirmed=False,
            added_at=now(),
        )
        final = ws.files.dataset(stored.folder)
        ws.files.discard(final)  # left by a process that was killed before it could say so
        folder.rename(final)
        table.save(session, stored)
        ws.record(session, wanted.actor, "dataset.added", version_id, {"name": wanted.name})
    return info_of(ws, stored)


def _version(version_id: str, wanted: _Wanted, loaded: Loaded) -> DatasetVersion:
    return DatasetVersion(
        id=version_id,
        name=wanted.name,
        sha256=wanted.sha256,
        n_rows=loaded.n_rows,
        columns=loaded.columns,
        parent=wanted.parent,
        demo=wanted.demo,
    )


def _known(ws: Workspace, sha256: str, key: str) -> DatasetInfo | None:
    with ws.db.read() as session:
        stored = table.find(session, sha256, key)
    if stored is None or not ws.files.dataset(stored.folder).is_dir():
        return None
    return info_of(ws, stored)


def _options_key(options: ReadOptions | None) -> str:
    record = to_json(options) if options is not None else {}
    chosen = {name: value for name, value in record.items() if value is not None}
    return json.dumps(chosen, sort_keys=True) if chosen else ""


def _folder_name(sha256: str, key: str) -> str:
    return f"{sha256}-{hashlib.sha256(key.encode()).hexdigest()[:8]}" if key else sha256


def _remembered(ws: Workspace, columns: tuple[Column, ...], folder: Path) -> tuple[Column, ...]:
    """Give the columns the roles that a person chose for the last file with this header."""
    if not table.is_named(columns):
        return columns
    with ws.db.read() as session:
        like = table.confirmed_like(session, columns)
    if like is None:
        return columns
    why = f"{CARRIED}{like.version.name}."
    return tuple(
        column
        if column.role is before.role
        else replace(
            intake.choose(column, kind=None, role=before.role, folder=folder), role_why=why
        )
        for column, before in zip(columns, like.version.columns, strict=True)
    )
