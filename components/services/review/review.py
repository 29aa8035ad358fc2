"""Review: a machine suggests, a person decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components.core.data.dataset import Column
from components.core.data.row_numbers import row_number
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
)
from components.services.review.reviewers import remember, reviewers, valid_name
from components.services.review.states import cell_order, spelling_of
from components.services.workspace import Workspace, now
from components.store import audit
from components.store import datasets as dataset_table
from components.store import decisions as table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "Item",
    "ReviewCard",
    "ReviewQueue",
    "Undone",
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


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back.

    Attributes
    ----------
    stands
        The decision about its cell that counts again; None where the cell is undecided now.
    """

    taken: Decision
    stands: Decision | None


def decide(
    ws: Workspace,
    found: ReviewQueue,
    cell: Cell,
    action: Action,
    *,
    new: str = "",
    reviewer: str,
    note: str = "",
    seen: int | None = None,
) -> Decision:
    """Keep a decision, together with its record in the history, in one transaction.

    Parameters
    ----------
    found
        The queue in which the cell was shown.
    new
        What the cell is changed to, spelled as in the file; for CHANGE only.
    seen
        Id of the decision that stood on the screen, 0 for none; None: whatever stood when the
        queue was read. The same decision by the same person again is kept once.

    Raises
    ------
    NotFound
        When there is no such cell.
    Conflict
        When ``new`` is neither suggested nor a value of the column, or is what is there; when
        another decision about the cell was made meanwhile, or a newer version was published: what
        stands stays, and the sentence tells it.
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
    return _keep(ws, found, decision, seen)


def _keep(ws: Workspace, found: ReviewQueue, decision: Decision, seen: int | None) -> Decision:
    """Keep a decision and its record, unless the screen on which it was made is outdated."""
    suggested, dataset_id = _suggested(ws, found.run_id, decision.cell), decision.dataset_id
    with ws.db.write() as session:
        stands = table.standing_of(session, dataset_id, decision.cell)
        if stands is not None and not _was_seen(stands, found, seen):
            if _is_same(stands, decision):
                return stands
            raise _overtaken(stands)
        _refuse_newer_version(session, found)
        answered = _answered(decision, suggested, stands)
        made = table.add(session, replace(decision, answered=answered))
        audit.remember(session, decision.reviewer, decision.at)
        detail = _detail(made, found.run_id)
        ws.record(session, decision.reviewer, "decision.made", dataset_id, detail)
    return made


def undo(ws: Workspace, found: ReviewQueue, *, reviewer: str) -> Undone | None:
    """Take back the last decision of a reviewer in a queue; None where there is none.

    Raises
    ------
    Conflict
        When a later decision about its cell counts: nothing is changed, least of all an older
        decision about something else.
    """
    name = valid_name(reviewer)
    with ws.db.write() as session:
        last = table.last_of(session, found.dataset_id, found.check_id, name)
        if last is None:
            return None
        stands = table.standing_of(session, found.dataset_id, last.cell)
        if stands is not None and stands.id != last.id:
            raise _overruled(stands)
        table.mark_undone(session, last.id)
        before = table.standing_of(session, found.dataset_id, last.cell)
        detail = _detail(last, found.run_id)
        ws.record(session, name, "decision.undone", found.dataset_id, detail)
    return Undone(taken=replace(last, undone=True), stands=before)


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


def _suggested(ws: Workspace, run_id: str, cell: Cell) -> tuple[str | None, ...]:
    """Return what the checks of a run suggest for a cell: one decision answers all of them."""
    orders = (cell_order(ws, run_id, r.check_id) for r in reviewable(ws, run_id))
    return tuple(text for order in orders for text in order.suggested_for(cell))


def _answered(
    decision: Decision, suggested: tuple[str | None, ...], before: Decision | None
) -> tuple[str | None, ...]:
    """Return the texts that need not be suggested for the cell again.

    They are what is suggested now, what was answered before and is seen to be overruled or
    confirmed, and what the person chose or turned away.
    """
    earlier = () if before is None or before.answered is None else before.answered
    said = (decision.given, decision.new) if decision.action is Action.CHANGE else ()
    found = dict.fromkeys((*suggested, *earlier, *said))
    return tuple(sorted(found, key=lambda text: (text is not None, text or "")))


def _was_seen(stands: Decision, found: ReviewQueue, seen: int | None) -> bool:
    return stands.id <= found.as_of if seen is None else stands.id == seen


def _is_same(stands: Decision, decision: Decision) -> bool:
    asked = (decision.action, decision.new, decision.reviewer, decision.note)
    return (stands.action, stands.new, stands.reviewer, stands.note) == asked


def _overtaken(stands: Decision) -> Conflict:
    return Conflict(
        f"Your decision was not kept: meanwhile {_place(stands)} was {_said(stands)} by "
        f"{stands.reviewer}. That stands.",
        "Look at the row as it is now; you can still decide otherwise.",
    )


def _overruled(stands: Decision) -> Conflict:
    return Conflict(
        f"Nothing was undone: your last decision, about {_place(stands)}, was overruled by "
        f"{stands.reviewer}: {_said(stands)}. That stands.",
        "Look at the row to decide otherwise; an earlier decision of yours is changed at its row.",
    )


def _place(decision: Decision) -> str:
    return f"“{decision.cell.column}” of row {row_number(decision.cell.row_id):,}"


def _said(decision: Decision) -> str:
    return {
        Action.KEEP: f"kept as “{decision.given}”",
        Action.CHANGE: f"changed to “{decision.new}”",
        Action.EXCLUDE: "left out with its row",
        Action.UNSURE: "marked as not sure",
    }[decision.action]


def _refuse_newer_version(session: Session, found: ReviewQueue) -> None:
    newer = dataset_table.published_after(session, found.dataset_id, found.read_at)
    if newer is not None:
        raise Conflict(
            f"Your decision was not kept: a new version of this table, {newer.version.name}, was "
            f"published meanwhile{f' by {newer.version.owner}' if newer.version.owner else ''}.",
            "Go on there; or decide again here if this version is meant.",
        )


def _given(info: DatasetInfo, cell: Cell) -> str:
    if not 0 <= cell.row_id < info.version.n_rows:
        raise NotFound(
            f"There is no row {row_number(cell.row_id):,} in {info.version.name}.",
            f"Its rows are numbered 1 to {info.version.n_rows:,}.",
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
