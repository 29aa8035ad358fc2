"""Cells that are on somebody's screen: nobody else is asked about them for a while."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from components.core.judgement.review import Cell
from components.store.tables import ClaimRow


def of_others(
    session: Session, dataset_id: str, reviewer: str, at: datetime
) -> tuple[frozenset[Cell], int]:
    """Return the cells that others than ``reviewer`` hold at an instant, and how many they are."""
    query = select(ClaimRow.row_id, ClaimRow.column_name, ClaimRow.reviewer).where(
        ClaimRow.dataset_id == dataset_id, ClaimRow.reviewer != reviewer, ClaimRow.until > at
    )
    held = session.execute(query).all()
    cells = frozenset(Cell(row_id, column) for row_id, column, _ in held)
    return cells, len({who for _, _, who in held})


def of(session: Session, dataset_id: str, reviewer: str, at: datetime) -> frozenset[Cell]:
    """Return the cells that a reviewer holds at an instant."""
    query = select(ClaimRow.row_id, ClaimRow.column_name).where(
        ClaimRow.dataset_id == dataset_id, ClaimRow.reviewer == reviewer, ClaimRow.until > at
    )
    return frozenset(Cell(row_id, column) for row_id, column in session.execute(query))


def take(
    session: Session, dataset_id: str, cells: Collection[Cell], reviewer: str, until: datetime
) -> None:
    """Let a reviewer hold cells, whoever held them before."""
    release(session, dataset_id, cells)
    made = [
        {
            "dataset_id": dataset_id,
            "column_name": cell.column,
            "row_id": cell.row_id,
            "reviewer": reviewer,
            "until": until,
        }
        for cell in cells
    ]
    if made:
        session.execute(insert(ClaimRow), made)


def renew(session: Session, dataset_id: str, reviewer: str, at: datetime, until: datetime) -> None:
    """Let a reviewer hold for longer what is still held at an instant."""
    mine = (ClaimRow.dataset_id == dataset_id, ClaimRow.reviewer == reviewer, ClaimRow.until > at)
    session.execute(update(ClaimRow).where(*mine).values(until=until))


def release(session: Session, dataset_id: str, cells: Iterable[Cell]) -> None:
    """Let nobody hold some cells."""
    keys = [(cell.column, cell.row_id) for cell in cells]
    if keys:
        place = tuple_(ClaimRow.column_name, ClaimRow.row_id)
        session.execute(delete(ClaimRow).where(ClaimRow.dataset_id == dataset_id, place.in_(keys)))


def release_all(session: Session, dataset_id: str, reviewer: str) -> None:
    """Let a reviewer hold nothing any more."""
    held = (ClaimRow.dataset_id == dataset_id, ClaimRow.reviewer == reviewer)
    session.execute(delete(ClaimRow).where(*held))
