"""Findings that people accept: only ever added to; one that was taken back counts for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.core.judgement.answers import Acceptance
from components.core.judgement.findings import Severity
from components.store import audit
from components.store.chain import hashes
from components.store.tables import AcceptedFindingRow


def add(session: Session, acceptance: Acceptance) -> Acceptance:
    """Insert an acceptance and return it with its id.

    One that is made here is dated as the newest event where the clock is far behind that.
    """
    if not acceptance.accepted_as:
        acceptance = replace(acceptance, at=audit.not_before(session, acceptance.at))
    row = AcceptedFindingRow(**_values(acceptance))
    session.add(row)
    session.flush()
    return replace(acceptance, id=row.id)


def fingerprint(acceptance: Acceptance) -> str:
    """Return the hash of an acceptance as it is on record, with its id."""
    return hashes.of_row({**_values(acceptance), "id": acceptance.id})


def of_dataset(session: Session, dataset_id: str) -> tuple[Acceptance, ...]:
    """Return every acceptance about a dataset, oldest first, those taken back included."""
    query = select(AcceptedFindingRow).where(AcceptedFindingRow.dataset_id == dataset_id)
    return tuple(map(_acceptance, session.scalars(query.order_by(AcceptedFindingRow.id))))


def standing(session: Session, dataset_id: str) -> dict[str, Acceptance]:
    """Return the acceptances about a dataset that hold, by finding; the newest for each."""
    query = select(AcceptedFindingRow).where(
        AcceptedFindingRow.dataset_id == dataset_id, AcceptedFindingRow.withdrawn.is_(False)
    )
    rows = session.scalars(query.order_by(AcceptedFindingRow.id))
    return {row.finding_id: _acceptance(row) for row in rows}


def withdraw(session: Session, dataset_id: str, finding_id: str) -> tuple[Acceptance, ...]:
    """Take back every acceptance of a finding that holds, and return them; they stay on record."""
    query = select(AcceptedFindingRow).where(
        AcceptedFindingRow.dataset_id == dataset_id,
        AcceptedFindingRow.finding_id == finding_id,
        AcceptedFindingRow.withdrawn.is_(False),
    )
    rows = session.scalars(query.order_by(AcceptedFindingRow.id)).all()
    for row in rows:
        row.withdrawn = True
    session.flush()
    return tuple(_acceptance(row) for row in rows)


def add_carried(session: Session, dataset_id: str, found: Iterable[Acceptance]) -> int:
    """Let acceptances hold for another version, too, unless the finding is accepted there."""
    there = standing(session, dataset_id)
    new = [a for a in found if a.finding_id not in there]
    made = [
        add(
            session,
            replace(a, id=0, dataset_id=dataset_id, accepted_as=a.accepted_as or a.dataset_id),
        )
        for a in new
    ]
    if made:
        told = {a.id: fingerprint(a) for a in made}
        audit.record_carried(session, "acceptances.carried", dataset_id, told)
    return len(new)


def _values(acceptance: Acceptance) -> dict[str, object]:
    return {
        "dataset_id": acceptance.dataset_id,
        "finding_id": acceptance.finding_id,
        "title": acceptance.title,
        "severity": int(acceptance.severity),
        "reason": acceptance.reason,
        "reviewer": acceptance.reviewer,
        "at": acceptance.at,
        "accepted_as": acceptance.accepted_as,
        "withdrawn": acceptance.withdrawn,
        "share": acceptance.share,
    }


def _acceptance(row: AcceptedFindingRow) -> Acceptance:
    return Acceptance(
        id=row.id,
        dataset_id=row.dataset_id,
        finding_id=row.finding_id,
        title=row.title,
        severity=Severity(row.severity),
        reason=row.reason,
        reviewer=row.reviewer,
        at=row.at,
        accepted_as=row.accepted_as,
        withdrawn=row.withdrawn,
        share=row.share,
    )
