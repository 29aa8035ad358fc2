"""Who did what, when; and the names of those who review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.store.tables import AuditRow, ReviewerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a person did.

    Attributes
    ----------
    action
        What was done: ``dataset.added``, ``columns.set``, ``run.started``, ``decision.made``, ...
    detail
        The particulars, plain JSON values.
    """

    at: datetime
    actor: str
    action: str
    dataset_id: str | None
    detail: dict[str, Any]


def record(session: Session, event: Event) -> None:
    """Append an event."""
    session.add(
        AuditRow(
            at=event.at,
            actor=event.actor,
            action=event.action,
            dataset_id=event.dataset_id,
            detail=event.detail,
        )
    )


def events(
    session: Session, *, dataset_id: str | None = None, limit: int = 200
) -> tuple[Event, ...]:
    """Return the newest events, newest first, of one dataset or of all."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if dataset_id is not None:
        query = query.where(AuditRow.dataset_id == dataset_id)
    return tuple(
        Event(
            at=row.at,
            actor=row.actor,
            action=row.action,
            dataset_id=row.dataset_id,
            detail=row.detail,
        )
        for row in session.scalars(query)
    )


def remember(session: Session, name: str, at: datetime) -> None:
    """Note that a reviewer of this name was here."""
    row = session.get(ReviewerRow, name)
    if row is None:
        session.add(ReviewerRow(name=name, first_seen=at, last_seen=at))
    else:
        row.last_seen = at


def reviewers(session: Session) -> tuple[str, ...]:
    """Return the names of the reviewers, the last one seen first."""
    query = select(ReviewerRow.name).order_by(ReviewerRow.last_seen.desc(), ReviewerRow.name)
    return tuple(session.scalars(query))
