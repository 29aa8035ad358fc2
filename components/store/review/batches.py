"""Decisions that were made together, with one press: added, and taken back, as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from components.core.judgement.review import Cell, Decision
from components.core.people import several_people
from components.store import audit
from components.store.review import counting
from components.store.review.decision_rows import decision_of, fingerprint, values_of
from components.store.review.decisions import BATCH
from components.store.tables import DecisionRow

PART = 5_000
"""Rows that one statement names."""

DIGITS = 18
"""Of an id; a longer number is none."""

T = TypeVar("T")


def add(session: Session, made: Sequence[Decision], known: Collection[Cell]) -> dict[int, str]:
    """Insert decisions that were made with one press, and return the hash of each by its id.

    Parameters
    ----------
    made
        At least one, about different cells of one dataset.
    known
        Those of the cells about which there were decisions before.
    """
    at = audit.not_before(session, made[0].at)
    told: dict[int, str] = {}
    for part in parts(made, BATCH):
        added = insert(DecisionRow).returning(DecisionRow, sort_by_parameter_order=True)
        rows = session.scalars(added, [values_of(replace(one, at=at)) for one in part]).all()
        told |= {row.id: fingerprint(decision_of(row)) for row in rows}
    cells = {one.cell for one in made}
    counting.settle_all(session, made[0].dataset_id, cells, known)
    return told


def about(
    session: Session, dataset_id: str, cells: Collection[Cell]
) -> Mapping[Cell, Sequence[Decision]]:
    """Return the decisions about some cells that were not undone, oldest first.

    Cells about which there is none are left out.
    """
    wanted, found = frozenset(cells), defaultdict[Cell, list[Decision]](list)
    for part in parts(sorted({cell.row_id for cell in wanted}), PART):
        query = select(DecisionRow).where(
            DecisionRow.dataset_id == dataset_id,
            DecisionRow.row_id.in_(part),
            DecisionRow.undone.is_(False),
        )
        for row in session.scalars(query.order_by(DecisionRow.id)):
            found[Cell(row.row_id, row.column_name)].append(decision_of(row))
    return {cell: made for cell, made in found.items() if cell in wanted}


def answers_of(
    session: Session, dataset_id: str, cells: Collection[Cell], reviewer: str
) -> Mapping[Cell, Sequence[Decision]]:
    """Return all that a reviewer has decided about some cells, what was taken back included.

    Cells about which they decided nothing are left out.
    """
    wanted, found = frozenset(cells), defaultdict[Cell, list[Decision]](list)
    for part in parts(sorted({cell.row_id for cell in wanted}), PART):
        # by rows only: an index by person would lead through all that they ever decided
        query = select(DecisionRow).where(
            DecisionRow.dataset_id == dataset_id, DecisionRow.row_id.in_(part)
        )
        for row in session.scalars(query.order_by(DecisionRow.id)):
            if row.reviewer == reviewer:
                found[Cell(row.row_id, row.column_name)].append(decision_of(row))
    return {cell: made for cell, made in found.items() if cell in wanted}


def cells_of(session: Session, dataset_id: str, batch: str) -> frozenset[Cell]:
    """Return the cells that were decided with one press, whatever became of them."""
    query = select(DecisionRow.row_id, DecisionRow.column_name).where(
        DecisionRow.dataset_id == dataset_id, DecisionRow.batch == batch
    )
    return frozenset(Cell(row_id, column) for row_id, column in session.execute(query))


def of_version(session: Session, dataset_id: str, version: str, cell: Cell) -> Decision | None:
    """Return the decision that a screen names (:attr:`Decision.version`), taken back or not."""
    if version.startswith("#"):
        number = version[1:]
        is_id = number.isdecimal() and len(number) < DIGITS
        named = DecisionRow.id == (int(number) if is_id else 0)
    else:
        made_together = (
            (DecisionRow.batch == version)
            & (DecisionRow.row_id == cell.row_id)
            & (DecisionRow.column_name == cell.column)
        )
        named = (DecisionRow.press == version) | made_together
    rows = session.scalars(select(DecisionRow).where(DecisionRow.dataset_id == dataset_id, named))
    found = rows.first()
    return None if found is None else decision_of(found)


def take_back(
    session: Session, dataset_id: str, batch: str, reviewer: str
) -> tuple[tuple[int, ...], int]:
    """Take back what a reviewer decided with one press, as far as it holds.

    Of each cell that counts which stands without it. What was overruled meanwhile stays.

    Returns
    -------
    tuple of int, int
        The ids of the decisions that were taken back, and how many were overruled.
    """
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.batch == batch,
        DecisionRow.reviewer == reviewer,
        DecisionRow.undone.is_(False),
    )
    own = [decision_of(row) for row in session.scalars(query.order_by(DecisionRow.id))]
    made = about(session, dataset_id, [one.cell for one in own])
    taken = [one for one in own if one.id in several_people.ids_that_hold(made[one.cell])]
    for part in parts([one.id for one in taken], PART):
        undone = update(DecisionRow).where(DecisionRow.id.in_(part)).values(undone=True)
        session.execute(undone, execution_options={"synchronize_session": False})
    session.expire_all()
    counting.settle_again(session, dataset_id, {one.cell for one in taken})
    return tuple(one.id for one in taken), len(own) - len(taken)


def parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield some values ``size`` at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
