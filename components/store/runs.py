"""Which runs there are; what they found stands in their folders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from components.store.tables import RunRow


def add(session: Session, run_id: str, dataset_id: str, created_at: datetime) -> None:
    """Insert a run."""
    last = session.scalar(select(func.max(RunRow.number))) or 0
    row = RunRow(id=run_id, dataset_id=dataset_id, created_at=created_at, number=last + 1)
    session.add(row)


def exists(session: Session, run_id: str) -> bool:
    """Whether there is such a run."""
    return session.get(RunRow, run_id) is not None


def dataset_of(session: Session, run_id: str) -> str | None:
    """Return the id of the dataset that a run checks, None where there is no such run."""
    row = session.get(RunRow, run_id)
    return None if row is None else row.dataset_id


def of_dataset(session: Session, dataset_id: str) -> tuple[str, ...]:
    """Return the ids of the runs of a dataset, newest first."""
    query = select(RunRow.id).where(RunRow.dataset_id == dataset_id)
    return tuple(session.scalars(query.order_by(RunRow.number.desc())))


def newest(session: Session, limit: int) -> tuple[str, ...]:
    """Return the ids of the newest runs, newest first."""
    query = select(RunRow.id).order_by(RunRow.number.desc()).limit(limit)
    return tuple(session.scalars(query))


def all_ids(session: Session) -> frozenset[str]:
    """Return the ids of all runs."""
    return frozenset(session.scalars(select(RunRow.id)))
