"""Decisions of people: only ever added to while their table is there.

Per cell the newest one that was not undone counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from components.core.judgement.review import Action, Cell, Decision, Tally
from components.store.tables import DecisionRow, StandingDecisionRow

BATCH = 1_000
"""Decisions that are made objects at a time."""


def add(session: Session, decision: Decision) -> Decision:
    """Insert a decision, let it count for its cell, and return it with its id."""
    row = DecisionRow(
        dataset_id=decision.dataset_id,
        row_id=decision.cell.row_id,
        column_name=decision.cell.column,
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
    _let_count(session, row)
    return replace(decision, id=row.id)


def mark_undone(session: Session, decision_id: int) -> None:
    """Take a decision back; it stays in the history, and the one before it counts again."""
    row = session.get_one(DecisionRow, decision_id)
    row.undone = True
    session.flush()
    same_cell = (
        DecisionRow.dataset_id == row.dataset_id,
        DecisionRow.row_id == row.row_id,
        DecisionRow.column_name == row.column_name,
    )
    before = select(DecisionRow).where(*same_cell, DecisionRow.undone.is_(False))
    last = session.scalars(before.order_by(DecisionRow.id.desc()).limit(1)).first()
    if last is not None:
        _let_count(session, last)
        return
    standing = session.get(StandingDecisionRow, (row.dataset_id, row.column_name, row.row_id))
    if standing is not None:
        session.delete(standing)


def of_dataset(session: Session, dataset_id: str) -> tuple[Decision, ...]:
    """Return the whole history of a dataset, oldest first, undone decisions included."""
    query = select(DecisionRow).where(DecisionRow.dataset_id == dataset_id)
    return tuple(_decision(row) for row in session.scalars(query.order_by(DecisionRow.id)))


def standing(
    session: Session,
    dataset_id: str,
    *,
    column: str | None = None,
    row_ids: Collection[int] | None = None,
    actions: Collection[Action] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Decision]:
    """Yield the decisions that count, one per cell, newest first.

    Parameters
    ----------
    column, row_ids, actions
        Only those about this column, these rows, of these kinds.
    limit, offset
        One page of them.
    """
    query = _standing(dataset_id)
    if column is not None:
        query = query.where(StandingDecisionRow.column_name == column)
    if row_ids is not None:
        query = query.where(StandingDecisionRow.row_id.in_(row_ids))
    if actions is not None:
        query = query.where(StandingDecisionRow.action.in_([a.value for a in actions]))
    query = query.order_by(StandingDecisionRow.decision_id.desc()).limit(limit).offset(offset)
    for row in session.scalars(query.execution_options(yield_per=BATCH)):
        yield _decision(row)


def last_of(session: Session, dataset_id: str, check_id: str, reviewer: str) -> Decision | None:
    """Return the newest decision of a reviewer that counts, made where a check suggested."""
    query = _standing(dataset_id).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.reviewer == reviewer,
        DecisionRow.check_id == check_id,
    )
    row = session.scalars(query.order_by(DecisionRow.id.desc()).limit(1)).first()
    return None if row is None else _decision(row)


def tally(session: Session, dataset_id: str) -> Tally:
    """Return what the decisions about a dataset that count add up to."""
    of_it = StandingDecisionRow.dataset_id == dataset_id
    column, action = StandingDecisionRow.column_name, StandingDecisionRow.action
    by_column: dict[str, Counter[Action]] = {}
    kinds = select(column, action, func.count()).where(of_it).group_by(column, action)
    for name, kind, n in session.execute(kinds):
        by_column.setdefault(name, Counter())[Action(kind)] += n
    people = (
        select(DecisionRow.reviewer, func.count().label("n"))
        .join(StandingDecisionRow, StandingDecisionRow.decision_id == DecisionRow.id)
        .where(of_it)
        .group_by(DecisionRow.reviewer)
    )
    reviewers = Counter({found.reviewer: found.n for found in session.execute(people)})
    excluded = _rows_excluded(dataset_id).subquery()
    changed = select(func.count()).where(
        of_it,
        action == Action.CHANGE.value,
        StandingDecisionRow.row_id.not_in(_rows_excluded(dataset_id)),
    )
    return Tally(
        actions=sum(by_column.values(), Counter()),
        by_column=by_column,
        reviewers=reviewers,
        n_changed=session.scalar(changed) or 0,
        n_excluded=session.scalar(select(func.count()).select_from(excluded)) or 0,
    )


def decided_rows(session: Session, dataset_id: str, column: str) -> dict[Action, NDArray[np.int64]]:
    """Return the ids of the rows whose cell in ``column`` is decided, by kind; in no order.

    The database joins the ids to one string per kind: 22,000 of them as records would take longer
    than a page may.
    """
    row_id, action = StandingDecisionRow.row_id, StandingDecisionRow.action
    ids = func.aggregate_strings(cast(row_id, String), ",")
    query = select(action, ids).where(
        StandingDecisionRow.dataset_id == dataset_id, StandingDecisionRow.column_name == column
    )
    return {
        Action(kind): np.fromstring(text, dtype=np.int64, sep=",")
        for kind, text in session.execute(query.group_by(action))
    }


def _rows_excluded(dataset_id: str) -> Select[int]:
    other = aliased(StandingDecisionRow)
    is_excluded = and_(other.dataset_id == dataset_id, other.action == Action.EXCLUDE.value)
    return select(other.row_id).where(is_excluded).distinct()


def _standing(dataset_id: str) -> Select[DecisionRow]:
    together: ColumnElement[bool] = and_(
        StandingDecisionRow.decision_id == DecisionRow.id,
        StandingDecisionRow.dataset_id == dataset_id,
    )
    return select(DecisionRow).join(StandingDecisionRow, together)


def _let_count(session: Session, row: DecisionRow) -> None:
    session.merge(
        StandingDecisionRow(
            dataset_id=row.dataset_id,
            column_name=row.column_name,
            row_id=row.row_id,
            decision_id=row.id,
            action=row.action,
        )
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        id=row.id,
        dataset_id=row.dataset_id,
        cell=Cell(row.row_id, row.column_name),
        check_id=row.check_id,
        action=Action(row.action),
        given=row.given,
        new=row.new,
        reviewer=row.reviewer,
        at=row.at,
        note=row.note,
        undone=row.undone,
    )
