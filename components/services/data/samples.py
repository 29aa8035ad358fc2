"""The sample files that come with the product."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import components
from components import intake
from components.core.data.dataset import Column, Role
from components.core.errors import NotFound
from components.services.upload import uploads
from components.services.upload.uploads import DatasetInfo
from components.services.workspace import Workspace
from components.store import datasets as table

KNOWN = "It is known for this sample."
"""Why a column of a sample has its role."""

FOLDER = Path(components.__file__).parents[1] / "sample_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """A table to try the product on.

    Attributes
    ----------
    demo
        Whether problems were planted in it.
    label, sensitive
        Names of its label and of its sensitive columns.
    """

    key: str
    title: str
    description: str
    path: Path
    demo: bool = False
    label: str = ""
    sensitive: tuple[str, ...] = ()


@cache
def sample_files() -> tuple[SampleFile, ...]:
    """Return the samples; none where the product was installed without them."""
    index = FOLDER / "index.json"
    if not index.is_file():
        return ()
    return tuple(
        SampleFile(
            key=entry["key"],
            title=entry["title"],
            description=entry["description"],
            path=FOLDER / entry["file"],
            demo=entry.get("demo", False),
            label=entry.get("label") or "",
            sensitive=tuple(entry.get("sensitive", ())),
        )
        for entry in json.loads(index.read_text(encoding="utf-8"))
    )


def add_sample(ws: Workspace, key: str) -> DatasetInfo:
    """Take a sample into the workspace, with the roles that are known for it.

    Raises
    ------
    NotFound
        When there is no such sample.
    """
    sample = next((s for s in sample_files() if s.key == key), None)
    if sample is None:
        raise NotFound("There is no such sample.", "Choose one from the list.")
    with sample.path.open("rb") as stream:
        info = uploads.add(ws, stream, sample.path.name, demo=sample.demo)
    if info.confirmed:
        return info
    columns = tuple(_known(c, sample, info.folder) for c in info.version.columns)
    if columns == info.version.columns:
        return info
    intake.retype(info.folder, columns)
    with ws.db.write() as session:
        # where somebody else was faster, the columns are as he has set them
        table.set_columns(
            session, info.version.id, columns, revision=info.revision, confirmed=False
        )
        stored = table.get(session, info.version.id)
    return info if stored is None else uploads.info_of(ws, stored)


def _known(column: Column, sample: SampleFile, folder: Path) -> Column:
    role = column.role
    if column.name == sample.label:
        role = Role.LABEL
    elif column.name in sample.sensitive:
        role = Role.SENSITIVE
    elif role in {Role.LABEL, Role.SENSITIVE}:
        role = Role.FEATURE
    if role is column.role:
        return column
    chosen = intake.choose(column, kind=None, role=role, folder=folder)
    return replace(chosen, role_why=KNOWN)
