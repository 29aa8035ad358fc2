"""Publishing: the corrected table becomes a new version, made by a worker and kept in one step."""

from __future__ import annotations

from typing import Any

import numpy as np

from components import intake
from components.core.data.carry_over import CarryOver, MatchedBy
from components.core.data.source import Dialect
from components.core.errors import Conflict
from components.core.progress import Progress, silent
from components.intake import ReadOptions
from components.services.data import datasets
from components.services.dataset_info import DatasetInfo
from components.services.export.corrected import Changes, write_table
from components.services.export.exports import changes_of, name_of, suffix_of
from components.services.upload import uploads
from components.services.upload.carry_over import keep, prepare, rows_after
from components.services.upload.make_version import Expected
from components.services.worker_calls import ask, workspace_of
from components.services.workspace import Workspace, now
from components.store import datasets as table

COMMAND = "publish"


def publish(ws: Workspace, dataset_id: str, *, actor: str, tell: Progress = silent) -> DatasetInfo:
    """Make the corrected table a new, immutable version; kinds and roles are carried over.

    A worker writes the table, reads it back, and compares before anything is kept.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the worker, and nothing is kept.

    Raises
    ------
    Conflict
        When no decision changes anything, or the corrected table reads back as another table.
    """
    _refuse_nothing(ws, datasets.get(ws, dataset_id))
    made = ask(ws, COMMAND, {"dataset": dataset_id, "actor": actor}, tell)
    return datasets.get(ws, made)


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`publish` asks for."""
    with workspace_of(request) as ws:
        return publish_here(ws, request["dataset"], request["actor"], tell).version.id


def publish_here(ws: Workspace, dataset_id: str, actor: str, tell: Progress) -> DatasetInfo:
    """Do in this process what :func:`publish` has a worker do.

    Raises
    ------
    Conflict
        As :func:`publish`.
    """
    info = datasets.get(ws, dataset_id)
    changes = _refuse_nothing(ws, info)
    tell(0.0, "Writing the corrected table")
    with ws.files.new_folder() as folder:
        path = folder / "corrected"
        with path.open("wb") as out:
            write_table(info, changes, out)
        with path.open("rb") as stream:
            made = uploads.add(
                ws,
                stream,
                name_of(info, "corrected", suffix_of(info)),
                demo=info.version.demo,
                options=_as_written(info.report.dialect),
                progress=tell,
                actor=actor,
                expected=Expected(
                    parent=dataset_id,
                    n_rows=info.version.n_rows - len(changes.excluded),
                    columns=info.version.columns,
                    confirmed=info.confirmed,
                    no_label=info.version.no_label,
                ),
            )
    _carry_decisions(ws, info, made, changes)
    return _carry_roles(ws, info, made, actor)


def _carry_decisions(ws: Workspace, info: DatasetInfo, made: DatasetInfo, changes: Changes) -> None:
    """Let what was decided hold for the same rows of the new version, in one transaction."""
    met = CarryOver(
        dataset_id=made.version.id,
        former_id=info.version.id,
        matched_by=MatchedBy.PUBLISHED,
        at=now(),
        n_rows=made.version.n_rows,
        left_out=tuple(sorted(changes.excluded)),
    )
    places = rows_after(info.version.n_rows, changes.excluded)
    with ws.db.write() as session:
        carried = prepare(
            session,
            met,
            places,
            np.empty(0, dtype=np.int64),
            lambda kept: [changes.text_of(d.cell, d.given) for d, _ in kept],
        )
        keep(session, [carried])


def _carry_roles(ws: Workspace, info: DatasetInfo, made: DatasetInfo, actor: str) -> DatasetInfo:
    """Give a version that was there before, and that nobody confirmed, the kinds and roles."""
    if made.confirmed or (made.version.columns, made.confirmed) == (
        info.version.columns,
        info.confirmed,
    ):
        return made
    intake.retype(made.folder, info.version.columns)
    with ws.db.write() as session:
        if not table.set_columns(
            session,
            made.version.id,
            info.version.columns,
            revision=made.revision,
            confirmed=info.confirmed,
            no_label=info.version.no_label,
        ):
            return datasets.get(ws, made.version.id)
        ws.record(
            session, actor, "dataset.published", info.version.id, {"version": made.version.id}
        )
    return datasets.get(ws, made.version.id)


def _refuse_nothing(ws: Workspace, info: DatasetInfo) -> Changes:
    changes = changes_of(ws, info)
    if not changes.n_changed and not changes.excluded:
        raise Conflict("No decision changes the table.", "Change or exclude a label first.")
    return changes


def _as_written(dialect: Dialect) -> ReadOptions:
    return ReadOptions(
        encoding="utf-8",
        delimiter=dialect.delimiter,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
        header_rows=min(dialect.header_rows, 1),
        preamble_lines=0,
    )
