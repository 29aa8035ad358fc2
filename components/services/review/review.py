"""Review: a machine suggests labels, a person decides."""

from __future__ import annotations

from dataclasses import replace

from components.core.data.dataset import Column
from components.core.errors import Conflict, NotFound
from components.core.judgement.review import Action, Decision, resolve
from components.services.data import cells
from components.services.data.label_spelling import Spelling
from components.services.review.queues import (
    CHECK,
    Card,
    Item,
    Queue,
    card,
    card_of,
    decisions,
    queue,
    subject,
    words_of,
)
from components.services.review.reviewers import remember, reviewers, valid_name
from components.services.upload.uploads import DatasetInfo
from components.services.workspace import Workspace, now
from components.store import audit
from components.store import decisions as table

__all__ = [
    "CHECK",
    "Card",
    "Item",
    "Queue",
    "card",
    "card_of",
    "decide",
    "decisions",
    "queue",
    "remember",
    "reviewers",
    "undo",
]

MAX_NOTE = 2_000


def decide(
    ws: Workspace,
    run_id: str,
    row_id: int,
    action: Action,
    *,
    new: str = "",
    reviewer: str,
    note: str = "",
) -> Decision:
    """Keep a decision, together with its record in the history, in one transaction.

    Parameters
    ----------
    new
        The class the label is changed to, spelled as in the file; for CHANGE only.

    Raises
    ------
    NotFound
        When there is no such row.
    Conflict
        When ``new`` is not a class of the label, or is the label that is there.
    UnusableInput
        When the reviewer has no name.
    """
    name = valid_name(reviewer)
    info, label = subject(ws, run_id)
    given = _given(info, label, row_id)
    if action is Action.CHANGE:
        _refuse_change(given, new, words_of(ws, run_id, info, label), label)
    decision = Decision(
        dataset_id=info.version.id,
        row_id=row_id,
        column=label.name,
        check_id=CHECK,
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
        ws.record(session, name, "decision.made", info.version.id, _detail(made, run_id))
    return made


def undo(ws: Workspace, run_id: str, *, reviewer: str) -> Decision | None:
    """Take back the last decision of a reviewer that holds; None where there is none."""
    name = valid_name(reviewer)
    info, label = subject(ws, run_id)
    with ws.db.write() as session:
        made = (d for d in table.of_dataset(session, info.version.id) if d.column == label.name)
        own = [d for d in resolve(made).values() if d.reviewer == name]
        if not own:
            return None
        last = max(own, key=lambda d: d.id)
        table.mark_undone(session, last.id)
        ws.record(session, name, "decision.undone", info.version.id, _detail(last, run_id))
    return replace(last, undone=True)


def _given(info: DatasetInfo, label: Column, row_id: int) -> str:
    if not 0 <= row_id < info.version.n_rows:
        raise NotFound(
            f"There is no row {row_id} in {info.version.name}.",
            f"Its rows are numbered 0 to {info.version.n_rows - 1:,}.",
        )
    return str(cells.texts(info, [row_id], [label.name])[label.name].iloc[0])


def _refuse_change(given: str, new: str, words: Spelling, label: Column) -> None:
    if new not in words.classes:
        raise Conflict(
            f"“{new}” is not a class of “{label.name}”.",
            "Choose one of the classes in the file.",
        )
    if new == given:
        raise Conflict(
            f"The label of this row is “{given}” already.", "Keep it, or choose another class."
        )


def _detail(decision: Decision, run_id: str) -> dict[str, str | int]:
    return {
        "run_id": run_id,
        "decision_id": decision.id,
        "row_id": decision.row_id,
        "column": decision.column,
        "action": decision.action.value,
        "given": decision.given,
        "new": decision.new,
    }
