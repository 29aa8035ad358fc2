"""Guidelines for the labels: only ever added to; the newest version holds."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.core.people.guidelines import Guidelines
from components.store import audit
from components.store.chain import hashes
from components.store.tables import GuidelinesRow


def add(session: Session, guidelines: Guidelines) -> Guidelines:
    """Insert a version, and return it with its id."""
    row = GuidelinesRow(**_values(guidelines))
    session.add(row)
    session.flush()
    return replace(guidelines, id=row.id)


def fingerprint(guidelines: Guidelines) -> str:
    """Return the hash of a version as it is on record, with its id."""
    return hashes.of_row({**_values(guidelines), "id": guidelines.id})


def of_dataset(session: Session, dataset_id: str) -> tuple[Guidelines, ...]:
    """Return all versions of a dataset, oldest first."""
    query = select(GuidelinesRow).where(GuidelinesRow.dataset_id == dataset_id)
    return tuple(map(_guidelines, session.scalars(query.order_by(GuidelinesRow.id))))


def newest(session: Session, dataset_id: str) -> Guidelines | None:
    """Return the version that holds, None where nobody wrote any."""
    query = select(GuidelinesRow).where(GuidelinesRow.dataset_id == dataset_id)
    row = session.scalars(query.order_by(GuidelinesRow.id.desc()).limit(1)).first()
    return None if row is None else _guidelines(row)


def carry(session: Session, former_id: str, dataset_id: str) -> None:
    """Let the guidelines of a dataset hold for a later version that has none."""
    before = newest(session, former_id)
    if before is None or newest(session, dataset_id) is not None:
        return
    made = add(session, replace(before, id=0, dataset_id=dataset_id))
    audit.record_carried(session, "guidelines.carried", dataset_id, {made.id: fingerprint(made)})


def _values(guidelines: Guidelines) -> dict[str, object]:
    return {
        "dataset_id": guidelines.dataset_id,
        "text": guidelines.text,
        "author": guidelines.author,
        "at": guidelines.at,
    }


def _guidelines(row: GuidelinesRow) -> Guidelines:
    return Guidelines(
        id=row.id, dataset_id=row.dataset_id, text=row.text, author=row.author, at=row.at
    )
