"""Who did what, when, each event with the hash of all before it; and the names of reviewers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from components.store.chain import hashes
from components.store.tables import AuditRow, ReviewerRow

_NEWEST = "newest event"

TOLERANCE = timedelta(minutes=5)
"""How far clocks of servers may differ, or a clock be set back, until times are moved (our choice;
the triggers refuse what is further back)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a person did.

    Attributes
    ----------
    action
        What was done: ``dataset.added``, ``columns.set``, ``run.started``, ``decision.made``, ...
    detail
        The particulars, plain JSON values.
    number, hash
        Its number, from 1, and the hash of it and of all before it; given by the store.
    """

    at: datetime
    actor: str
    action: str
    dataset_id: str | None
    detail: dict[str, Any]
    number: int = field(default=0, compare=False)
    hash: str = field(default="", compare=False)


def record(session: Session, event: Event) -> None:
    """Append an event to the chain, in a transaction that holds the write lock.

    One whose clock is behind the newest event by more than ``TOLERANCE`` is dated as that one, and
    says what its clock was: the order of events is that of their times.
    """
    newest = _newest(session)
    at, detail = not_before(session, event.at), event.detail
    if at != event.at:
        detail = {**detail, "clock": hashes.instant(event.at)}
    number, previous = (1, hashes.BEGINNING) if newest is None else (newest[0] + 1, newest[1])
    values = {
        "id": number,
        "at": at,
        "actor": event.actor,
        "action": event.action,
        "dataset_id": event.dataset_id,
        "detail": detail,
    }
    told = hashes.of_event(previous, values)
    session.execute(insert(AuditRow).values({**values, "previous": previous, "hash": told}))
    session.info[_NEWEST] = (number, told, at)


def not_before(session: Session, at: datetime) -> datetime:
    """Return an instant, or that of the newest event where it is further back than may be."""
    newest = _newest(session)
    return at if newest is None or at >= newest[2] - TOLERANCE else newest[2]


def record_carried(session: Session, action: str, dataset_id: str, told: dict[int, str]) -> None:
    """Append one event about all the rows that were taken over from another version.

    Parameters
    ----------
    action
        ``decisions.carried`` or ``acceptances.carried``.
    told
        The hash of each row, by its id.
    """
    detail = several(told)
    event = Event(
        at=datetime.now(UTC), actor="preflight", action=action, dataset_id=dataset_id, detail=detail
    )
    record(session, event)


def several(told: dict[int, str]) -> dict[str, Any]:
    """Return how one event tells rows that were added one after the other, in one transaction.

    Parameters
    ----------
    told
        The hash of each row, by its id.
    """
    return {
        "n": len(told),
        "first": min(told),
        "last": max(told),
        "content": hashes.of_several(told[key] for key in sorted(told)),
    }


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
            number=row.id,
            hash=row.hash,
        )
        for row in session.scalars(query)
    )


def _newest(session: Session) -> tuple[int, str, datetime] | None:
    """Return number, hash and time of the newest event.

    Who holds the write lock asks once: nobody else adds one meanwhile.
    """
    if _NEWEST not in session.info:
        query = select(AuditRow.id, AuditRow.hash, AuditRow.at)
        found = session.execute(query.order_by(AuditRow.id.desc()).limit(1)).first()
        session.info[_NEWEST] = None if found is None else (found.id, found.hash, found.at)
    known: tuple[int, str, datetime] | None = session.info[_NEWEST]
    return known


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
