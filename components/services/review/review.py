"""Review: a machine suggests, a person decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from components.core.data.dataset import Column
from components.core.errors import Conflict, NotFound
from components.core.judgement.review import Action, Cell, Decision, Tally
from components.services.data import cells, datasets
from components.services.dataset_info import DatasetInfo
from components.services.review.queues import (
    Item,
    ReviewCard,
    ReviewQueue,
    card,
    item,
    items,
    queue,
    reviewable,
    spelling_of,
)
from components.services.review.reviewers import remember, reviewers, valid_name
from components.services.workspace import Workspace, now
from components.store import audit
from components.store import decisions as table

__all__ = [
    "Item",
    "ReviewCard",
    "ReviewQueue",
    "card",
    "decide",
    "decisions",
    "item",
    "items",
    "queue",
    "remember",
    "reviewable",
    "reviewers",
    "standing",
    "tally",
    "undo",
]

MAX_NOTE = 2_000


def decide(
    ws: Workspace,
    found: ReviewQueue,
    cell: Cell,
    action: Action,
    *,
    new: str = "",
    reviewer: str,
    note: str = "",
) -> Decision:
    """Keep a decision, together with its record in the history, in one transaction.

    Parameters
    ----------
    found
        The queue in which the cell was shown.
    new
        What the cell is changed to, spelled as in the file; for CHANGE only.

    Raises
    ------
    NotFound
        When there is no such cell.
    Conflict
        When ``new`` is neither suggested nor a value of the column, or is what is there.
    UnusableInput
        When the reviewer has no name.
    """
    name = valid_name(reviewer)
    info = datasets.get(ws, found.dataset_id)
    column = info.version.column(cell.column)
    given = _given(info, cell)
    if action is Action.CHANGE:
        _refuse_change(ws, found, cell, column, given=given, new=new)
    decision = Decision(
        dataset_id=info.version.id,
        cell=cell,
        check_id=found.check_id,
        action=action,
        given=given,
        new=new if action is Action.CHANGE else given,
        reviewer=name,
        at=now(),
        note=note.strip()[:MAX_NOTE],
    )
    with ws.db.write() as session:
        made = table.add(session, decision)
        audit.remember(session, name, decision.at)
        ws.record(session, name, "decision.made", info.version.id, _detail(made, found.run_id))
    return made


def undo(ws: Workspace, found: ReviewQueue, *, reviewer: str) -> Decision | None:
    """Take back the last decision of a reviewer in a queue; None where none counts."""
    name = valid_name(reviewer)
    with ws.db.write() as session:
        last = table.last_of(session, found.dataset_id, found.check_id, name)
        if last is None:
            return None
        table.mark_undone(session, last.id)
        detail = _detail(last, found.run_id)
        ws.record(session, name, "decision.undone", found.dataset_id, detail)
    return replace(last, undone=True)


def decisions(ws: Workspace, dataset_id: str) -> tuple[Decision, ...]:
    """Return every decision about a dataset, oldest first, the undone ones included."""
    with ws.db.read() as session:
        return table.of_dataset(session, dataset_id)


def standing(
    ws: Workspace,
    dataset_id: str,
    *,
    actions: Collection[Action] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Decision, ...]:
    """Return the decisions that count, one per cell, newest first; all of them or one page."""
    with ws.db.read() as session:
        page = table.standing(session, dataset_id, actions=actions, limit=limit, offset=offset)
        return tuple(page)


def tally(ws: Workspace, dataset_id: str) -> Tally:
    """Return how many decisions count, by kind, column and person."""
    with ws.db.read() as session:
        return table.tally(session, dataset_id)


def _given(info: DatasetInfo, cell: Cell) -> str:
    if not 0 <= cell.row_id < info.version.n_rows:
        raise NotFound(
            f"There is no row {cell.row_id} in {info.version.name}.",
            f"Its rows are numbered 0 to {info.version.n_rows - 1:,}.",
        )
    return str(cells.texts(info, [cell.row_id], [cell.column])[cell.column].iloc[0])


def _refuse_change(
    ws: Workspace, found: ReviewQueue, cell: Cell, column: Column, *, given: str, new: str
) -> None:
    if new == given:
        raise Conflict(
            f"“{column.name}” of this row is “{given}” already.",
            "Keep it, or choose another value.",
        )
    if column.kind.is_discrete and new in spelling_of(ws, found.run_id, column.name).classes:
        return
    place = found.position_of(cell)
    if place is not None and items(ws, found, place, 1)[0].suggestion.suggested == new:
        return
    raise Conflict(
        f"“{new}” is not a value of “{column.name}”.", "Choose one of the values in the file."
    )


def _detail(decision: Decision, run_id: str) -> dict[str, str | int]:
    return {
        "run_id": run_id,
        "decision_id": decision.id,
        "row_id": decision.cell.row_id,
        "column": decision.cell.column,
        "action": decision.action.value,
        "given": decision.given,
        "new": decision.new,
    }
