"""Items that are kept for one person, until that is taken back; the history keeps both."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.core.people.assignment import Assignment
from components.store.tables import AssignmentRow


def add(session: Session, assignment: Assignment) -> Assignment:
    """Insert an assignment, and return it with its id."""
    row = AssignmentRow(
        dataset_id=assignment.dataset_id,
        check_id=assignment.check_id,
        wanted=dict(assignment.wanted),
        person=assignment.person,
        by=assignment.by,
        at=assignment.at,
    )
    session.add(row)
    session.flush()
    return replace(assignment, id=row.id)


def of_dataset(session: Session, dataset_id: str) -> tuple[Assignment, ...]:
    """Return the assignments about a dataset, oldest first."""
    query = select(AssignmentRow).where(AssignmentRow.dataset_id == dataset_id)
    return tuple(map(_assignment, session.scalars(query.order_by(AssignmentRow.id))))


def remove(session: Session, dataset_id: str, assignment_id: int) -> Assignment | None:
    """Delete an assignment and return it; None where there is none."""
    row = session.get(AssignmentRow, assignment_id)
    if row is None or row.dataset_id != dataset_id:
        return None
    taken = _assignment(row)
    session.delete(row)
    session.flush()
    return taken


def carry(session: Session, former_id: str, dataset_id: str) -> None:
    """Let the assignments about a dataset hold for a later version that has none."""
    if not of_dataset(session, dataset_id):
        for one in of_dataset(session, former_id):
            add(session, replace(one, id=0, dataset_id=dataset_id))


def _assignment(row: AssignmentRow) -> Assignment:
    return Assignment(
        id=row.id,
        dataset_id=row.dataset_id,
        check_id=row.check_id,
        wanted=row.wanted,
        person=row.person,
        by=row.by,
        at=row.at,
    )
