"""Decisions of people: only ever added to."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.core.judgement.review import Action, Decision
from components.store.tables import DecisionRow


def add(session: Session, decision: Decision) -> Decision:
    """Insert a decision and return it with its id."""
    row = DecisionRow(
        dataset_id=decision.dataset_id,
        row_id=decision.row_id,
        column_name=decision.column,
        check_id=decision.check_id,
        action=decision.action.value,
        given=decision.given,
        new=decision.new,
        reviewer=decision.reviewer,
        at=decision.at,
        note=decision.note,
        undone=False,
    )
    session.add(row)
    session.flush()
    return replace(decision, id=row.id)


def of_dataset(session: Session, dataset_id: str) -> tuple[Decision, ...]:
    """Return all decisions about a dataset, oldest first, undone ones included."""
    query = select(DecisionRow).where(DecisionRow.dataset_id == dataset_id)
    return tuple(_decision(row) for row in session.scalars(query.order_by(DecisionRow.id)))


def mark_undone(session: Session, decision_id: int) -> None:
    """Take a decision back; it stays in the history."""
    session.get_one(DecisionRow, decision_id).undone = True


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        id=row.id,
        dataset_id=row.dataset_id,
        row_id=row.row_id,
        column=row.column_name,
        check_id=row.check_id,
        action=Action(row.action),
        given=row.given,
        new=row.new,
        reviewer=row.reviewer,
        at=row.at,
        note=row.note,
        undone=row.undone,
    )
