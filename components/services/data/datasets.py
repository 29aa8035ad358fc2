"""Datasets: bring a file, look at it, say what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from components import intake
from components.core.data.dataset import Column, Kind, Role
from components.core.errors import Conflict, NotFound
from components.core.progress import Progress
from components.intake import SUPPORTED, ReadOptions
from components.services.data import cells
from components.services.data.samples import SampleFile, add_sample, sample_files
from components.services.upload import uploads
from components.services.upload.uploads import DatasetInfo, add, add_file, info_of
from components.services.workspace import Workspace
from components.store import datasets as table
from components.store.files import valid_id

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SUPPORTED",
    "DatasetInfo",
    "SampleFile",
    "add",
    "add_file",
    "add_sample",
    "get",
    "preview",
    "recent",
    "reread",
    "sample_files",
    "set_columns",
    "table_path",
]


def get(ws: Workspace, dataset_id: str) -> DatasetInfo:
    """Return a dataset.

    Raises
    ------
    NotFound
        When there is none with this id.
    """
    with ws.db.read() as session:
        stored = table.get(session, valid_id(dataset_id, "dataset"))
    if stored is None:
        raise NotFound("There is no such dataset in this workspace.", "Choose one from the list.")
    return info_of(ws, stored)


def recent(ws: Workspace, limit: int = 20) -> tuple[DatasetInfo, ...]:
    """Return the datasets, the one added last first."""
    with ws.db.read() as session:
        return tuple(info_of(ws, stored) for stored in table.recent(session, limit))


def set_columns(
    ws: Workspace,
    dataset_id: str,
    changes: Mapping[str, tuple[Kind, Role]],
    *,
    actor: str,
    revision: int | None = None,
    no_label: bool = False,
) -> DatasetInfo:
    """Set what columns mean, as a person chose; the dataset then counts as confirmed.

    Parameters
    ----------
    changes
        Kind and role by display name; columns that are not named stay as they are. Empty: the
        person confirms the guesses.
    revision
        The one that the person has seen; None: the newest one.
    no_label
        Whether the person says that there is no label; kept until a column is made the label.

    Raises
    ------
    NotFound
        When a column is not there.
    Conflict
        When the person says that there is no label and one column is, when more than one column
        would be the label, or somebody else has changed what columns mean since ``revision``.
    UnusableInput
        When the values of a column do not fit the kind.
    """
    info = get(ws, dataset_id)
    _refuse_outdated(info, info.revision if revision is None else revision)
    for name in changes:
        info.version.column(name)
    columns = tuple(
        _changed(c, *changes[c.name], info.folder) if c.name in changes else c
        for c in info.version.columns
    )
    _refuse_labels(columns, none=no_label)
    has_label = any(c.role is Role.LABEL for c in columns)
    told = not has_label and (no_label or info.version.no_label)
    intake.retype(info.folder, columns)
    with ws.db.write() as session:
        seen = info.revision
        if not table.set_columns(session, dataset_id, columns, revision=seen, no_label=told):
            raise _outdated(info)
        chosen = {
            c.name: [c.kind.value, c.role.value]
            for c, before in zip(columns, info.version.columns, strict=True)
            if (c.kind, c.role) != (before.kind, before.role)
        }
        detail = {"columns": chosen, "no_label": told}
        ws.record(session, actor, "columns.set", dataset_id, detail)
    return get(ws, dataset_id)


def reread(
    ws: Workspace,
    dataset_id: str,
    options: ReadOptions,
    *,
    actor: str,
    progress: Progress | None = None,
) -> DatasetInfo:
    """Read the same bytes in another way; gives a version beside the first one.

    Raises
    ------
    UnusableInput
        When the file is no table when read this way.
    """
    info = get(ws, dataset_id)
    return uploads.read_again(ws, info, options, actor=actor, progress=progress)


def preview(ws: Workspace, dataset_id: str, n: int = 20) -> pd.DataFrame:
    """Return the cell texts of the first ``n`` rows by display name, indexed by row id."""
    info = get(ws, dataset_id)
    return cells.texts(info, range(min(n, info.version.n_rows)))


def table_path(info: DatasetInfo) -> Path:
    """Return the typed Parquet file of a dataset, made again where it is gone."""
    path = intake.table_path(info.folder, info.version.columns)
    return path if path.is_file() else intake.retype(info.folder, info.version.columns)


def _changed(column: Column, kind: Kind, role: Role, folder: Path) -> Column:
    new_kind = kind if kind is not column.kind else None
    new_role = role if role is not column.role else None
    if new_kind is None and new_role is None:
        return column
    return intake.choose(column, kind=new_kind, role=new_role, folder=folder)


def _refuse_outdated(info: DatasetInfo, seen: int) -> None:
    if seen != info.revision:
        raise _outdated(info)


def _outdated(info: DatasetInfo) -> Conflict:
    return Conflict(
        f"Somebody else has changed what the columns of {info.version.name} mean meanwhile.",
        "Look at the columns as they are now, then store your choices again.",
    )


def _refuse_labels(columns: tuple[Column, ...], *, none: bool) -> None:
    labels = [c.name for c in columns if c.role is Role.LABEL]
    if labels and none:
        raise Conflict(
            f"The column “{labels[0]}” is the label, and there is said to be none.",
            "Give the column another role, or take the word back.",
        )
    if len(labels) > 1:
        raise Conflict(
            f"{len(labels)} columns have the role “label”: {', '.join(labels)}.",
            "Give the role to one of them.",
        )
