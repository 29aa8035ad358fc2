"""Which decision counts for each cell, and whose answers wait until one does.

Both tables follow from the decisions, by the rule of ``core.people.several_people``. They are
kept in the transaction that adds or takes back a decision: folding 22,000 decisions at every page
cost 1.9 s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from components.core.judgement.review import Cell
from components.core.people import several_people
from components.store.review.decision_rows import decision_of
from components.store.tables import DecisionRow, StandingDecisionRow, WaitingAnswerRow

TOGETHER = 500
"""Rows of a table that are asked for in one statement."""


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """Rows whose cell in one column a person has answered about, and nothing stands yet.

    Attributes
    ----------
    disputed
        Whether somebody else answered otherwise.
    row_id
        Shape (n_rows,), in no order.
    """

    reviewer: str
    disputed: bool
    row_id: NDArray[np.int64]


def rows_about(session: Session, dataset_id: str, cell: Cell) -> Sequence[DecisionRow]:
    """Return all decisions about a cell that were not undone, oldest first."""
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.row_id == cell.row_id,
        DecisionRow.column_name == cell.column,
        DecisionRow.undone.is_(False),
    )
    return session.scalars(query.order_by(DecisionRow.id)).all()


def settle(session: Session, dataset_id: str, cell: Cell) -> None:
    """Let count what stands for a cell after its decisions have changed."""
    rows = rows_about(session, dataset_id, cell)
    standing, waiting = _fold(rows)
    key = (dataset_id, cell.column, cell.row_id)
    there = session.get(StandingDecisionRow, key)
    if standing is None and there is not None:
        session.delete(there)
    elif standing is not None:
        session.merge(StandingDecisionRow(**standing))
    of_cell = (
        WaitingAnswerRow.dataset_id == dataset_id,
        WaitingAnswerRow.row_id == cell.row_id,
        WaitingAnswerRow.column_name == cell.column,
    )
    session.execute(delete(WaitingAnswerRow).where(*of_cell))
    if waiting:
        session.execute(insert(WaitingAnswerRow), waiting)
    session.flush()


def settle_all(
    session: Session, dataset_id: str, cells: Collection[Cell], known: Collection[Cell]
) -> None:
    """Let count what stands for cells about which many decisions were added.

    Parameters
    ----------
    known
        Cells about which there were decisions before.
    """
    rows: defaultdict[Cell, list[DecisionRow]] = defaultdict(list)
    fresh = {cell for cell in cells if cell not in known}
    ids = sorted({cell.row_id for cell in fresh})
    for start in range(0, len(ids), TOGETHER):
        query = select(DecisionRow).where(
            DecisionRow.dataset_id == dataset_id,
            DecisionRow.row_id.in_(ids[start : start + TOGETHER]),
            DecisionRow.undone.is_(False),
        )
        for row in session.scalars(query.order_by(DecisionRow.id)):
            rows[Cell(row.row_id, row.column_name)].append(row)
    folded = [_fold(rows[cell]) for cell in fresh]
    if standing := [values for values, _ in folded if values is not None]:
        session.execute(insert(StandingDecisionRow), standing)
    if waiting := [values for _, of_cell in folded for values in of_cell]:
        session.execute(insert(WaitingAnswerRow), waiting)
    for cell in cells:
        if cell not in fresh:
            settle(session, dataset_id, cell)


def settle_again(session: Session, dataset_id: str, cells: Collection[Cell]) -> None:
    """Let count what stands for cells after many of their decisions were taken back."""
    for column in {cell.column for cell in cells}:
        ids = sorted(cell.row_id for cell in cells if cell.column == column)
        for start in range(0, len(ids), TOGETHER):
            part = ids[start : start + TOGETHER]
            for table in (StandingDecisionRow, WaitingAnswerRow):
                of_part = (table.dataset_id == dataset_id, table.row_id.in_(part))
                gone = delete(table).where(*of_part, table.column_name == column)
                session.execute(gone, execution_options={"synchronize_session": False})
    session.expire_all()
    settle_all(session, dataset_id, cells, known=())


def newest_times(session: Session, dataset_id: str) -> Mapping[Cell, datetime]:
    """Return when the newest decision about each decided cell was made, undone ones aside."""
    query = select(DecisionRow.row_id, DecisionRow.column_name, DecisionRow.at).where(
        DecisionRow.dataset_id == dataset_id, DecisionRow.undone.is_(False)
    )
    return {
        Cell(row_id, column): at
        for row_id, column, at in session.execute(query.order_by(DecisionRow.id))
    }


def waiting_rows(session: Session, dataset_id: str, column: str) -> tuple[WaitingRows, ...]:
    """Return the rows whose cell in a column was answered about while nothing stands."""
    who, disputed = WaitingAnswerRow.reviewer, WaitingAnswerRow.disputed
    ids = func.aggregate_strings(cast(WaitingAnswerRow.row_id, String), ",")
    query = select(who, disputed, ids).where(
        WaitingAnswerRow.dataset_id == dataset_id, WaitingAnswerRow.column_name == column
    )
    return tuple(
        WaitingRows(name, bool(differs), np.fromstring(rows, dtype=np.int64, sep=","))
        for name, differs, rows in session.execute(query.group_by(who, disputed).order_by(who))
    )


def is_waiting(session: Session, dataset_id: str) -> bool:
    """Whether an answer about a dataset waits for that of somebody else."""
    query = select(WaitingAnswerRow.decision_id).where(WaitingAnswerRow.dataset_id == dataset_id)
    return session.scalar(query.limit(1)) is not None


def waiting_about(
    session: Session, dataset_id: str, row_ids: Collection[int]
) -> Sequence[DecisionRow]:
    """Return the answers about some rows that wait, oldest first."""
    query = (
        select(DecisionRow)
        .join(WaitingAnswerRow, WaitingAnswerRow.decision_id == DecisionRow.id)
        .where(WaitingAnswerRow.dataset_id == dataset_id, WaitingAnswerRow.row_id.in_(row_ids))
    )
    return session.scalars(query.order_by(DecisionRow.id)).all()


def _fold(
    rows: Sequence[DecisionRow],
) -> tuple[dict[str, object] | None, list[dict[str, object]]]:
    """Return the row of what stands about a cell, and else those of the answers that wait."""
    made = [decision_of(row) for row in rows]
    stands = several_people.what_stands(made)
    if stands is not None:
        return _standing(next(row for row in rows if row.id == stands.id)), []
    disputed = several_people.is_disputed(made)
    given = {d.id for d in several_people.answers_of_each(made)}
    return None, [_waiting(row, disputed=disputed) for row in rows if row.id in given]


def _standing(row: DecisionRow) -> dict[str, object]:
    return {
        "dataset_id": row.dataset_id,
        "column_name": row.column_name,
        "row_id": row.row_id,
        "decision_id": row.id,
        "action": row.action,
        "answered": row.answered,
    }


def _waiting(row: DecisionRow, *, disputed: bool) -> dict[str, object]:
    return {
        "decision_id": row.id,
        "dataset_id": row.dataset_id,
        "column_name": row.column_name,
        "row_id": row.row_id,
        "reviewer": row.reviewer,
        "disputed": disputed,
    }
