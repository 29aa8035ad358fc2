"""A person's choices of kinds and roles for a large table, worked in by a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.core.data.dataset import Kind, Role
from components.core.progress import Progress
from components.services.data import datasets
from components.services.data.datasets import DatasetInfo
from components.services.worker_calls import ask, workspace_of
from components.services.workspace import Workspace

COMMAND = "choose"

SMALL = 20_000_000
"""Bytes of a dataset's files up to which choices are worked in here: it takes a second or two."""

Changes = Mapping[str, tuple[Kind, Role]]


def set_columns(
    ws: Workspace,
    dataset_id: str,
    changes: Changes,
    *,
    actor: str,
    tell: Progress,
    revision: int | None = None,
    no_label: bool = False,
) -> DatasetInfo:
    """Do :func:`datasets.set_columns`, for a large table in a process of its own.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the process, and nothing is changed.

    Raises
    ------
    PreflightError
        As in this process.
    """
    info = datasets.get(ws, dataset_id)
    if not changes or _size(info.folder) <= SMALL:
        return datasets.set_columns(
            ws, dataset_id, changes, actor=actor, revision=revision, no_label=no_label
        )
    plain = {name: [kind.value, role.value] for name, (kind, role) in changes.items()}
    request = {
        "dataset": dataset_id,
        "changes": plain,
        "actor": actor,
        "revision": info.revision if revision is None else revision,
        "no_label": no_label,
    }
    ask(ws, COMMAND, request, tell)
    return datasets.get(ws, dataset_id)


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`set_columns` asks for."""
    tell(0.0, "Storing your choices")
    changes = {name: (Kind(kind), Role(role)) for name, (kind, role) in request["changes"].items()}
    dataset_id, actor = str(request["dataset"]), str(request["actor"])
    revision = int(request["revision"])
    no_label = bool(request["no_label"])
    with workspace_of(request) as ws:
        made = datasets.set_columns(
            ws, dataset_id, changes, actor=actor, revision=revision, no_label=no_label
        )
        return made.version.id


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
