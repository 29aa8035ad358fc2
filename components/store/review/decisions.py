"""Decisions of people: only ever added to while their table is there.

Per cell the newest one that was not undone counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, and_, cast, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from components.core.judgement.review import Action, Cell, Decision, Tally
from components.store import audit
from components.store.chain import hashes
from components.store.tables import DecisionRow, StandingDecisionRow

BATCH = 1_000
"""Decisions that are made objects at a time."""


@dataclass(frozen=True, slots=True)
class DecidedRows:
    """Rows whose cell in one column was decided in the same way.

    Attributes
    ----------
    answered
        As in :class:`~components.core.judgement.review.Decision`.
    row_id
        Shape (n_rows,), in no order.
    """

    action: Action
    answered: tuple[str | None, ...] | None
    row_id: NDArray[np.int64]


def add(session: Session, decision: Decision) -> Decision:
    """Insert a decision, let it count for its cell, and return it with its id.

    It is dated as the newest event where the clock is far behind that (:mod:`..audit`).
    """
    decision = replace(decision, at=audit.not_before(session, decision.at))
    row = DecisionRow(**_values(decision))
    session.add(row)
    session.flush()
    _let_count(session, row)
    return replace(decision, id=row.id)


def fingerprint(decision: Decision) -> str:
    """Return the hash of a decision as it is on record, with its id, by which an event tells it."""
    return hashes.of_row({**_values(decision), "id": decision.id})


def add_carried(session: Session, decisions: Sequence[Decision]) -> int:
    """Insert decisions that were made about another version, and let them count.

    A cell about which somebody decided at the same time or later keeps that decision.

    Returns
    -------
    int
        How many were inserted.
    """
    if not decisions:
        return 0
    dataset_id = decisions[0].dataset_id
    there = {d.cell: d.at for d in standing(session, dataset_id)}
    new = [d for d in decisions if d.cell not in there or there[d.cell] < d.at]
    told: dict[int, str] = {}
    for start in range(0, len(new), BATCH):
        told |= _add_all(session, new[start : start + BATCH], there)
    if told:
        audit.record_carried(session, "decisions.carried", dataset_id, told)
    return len(new)


def _add_all(session: Session, new: Sequence[Decision], there: Collection[Cell]) -> dict[int, str]:
    """Insert some decisions, and return the hash of each by its id."""
    made = insert(DecisionRow).returning(DecisionRow, sort_by_parameter_order=True)
    rows = session.scalars(made, [_values(d) for d in new]).all()
    of_it = StandingDecisionRow.dataset_id == new[0].dataset_id
    for column in {d.cell.column for d in new if d.cell in there}:
        ids = [d.cell.row_id for d in new if d.cell.column == column]
        former = (StandingDecisionRow.column_name == column, StandingDecisionRow.row_id.in_(ids))
        session.execute(delete(StandingDecisionRow).where(of_it, *former))
    session.execute(insert(StandingDecisionRow), [_standing_values(row) for row in rows])
    return {row.id: fingerprint(_decision(row)) for row in rows}


def standing_of(session: Session, dataset_id: str, cell: Cell) -> Decision | None:
    """Return the decision that counts for a cell, None where there is none."""
    found = session.get(StandingDecisionRow, (dataset_id, cell.column, cell.row_id))
    return None if found is None else _decision(session.get_one(DecisionRow, found.decision_id))


def of_press(session: Session, dataset_id: str, press: str) -> Decision | None:
    """Return the decision that was made with one press of a key, taken back or not."""
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id, DecisionRow.press == press
    )
    row = session.scalars(query).first()
    return None if row is None else _decision(row)


def of_version(session: Session, dataset_id: str, version: str) -> Decision | None:
    """Return the decision that a screen names (:attr:`Decision.version`), taken back or not."""
    if not version.startswith("#"):
        return of_press(session, dataset_id, version)
    number = version[1:]
    row = session.get(DecisionRow, int(number)) if number.isdecimal() else None
    return None if row is None or row.dataset_id != dataset_id else _decision(row)


def newest_id(session: Session, dataset_id: str) -> int:
    """Return the id of the newest decision about a dataset, 0 where there is none."""
    query = select(func.max(StandingDecisionRow.decision_id))
    return session.scalar(query.where(StandingDecisionRow.dataset_id == dataset_id)) or 0


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
        session.flush()


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


def last_of(
    session: Session, dataset_id: str, check_id: str, reviewer: str, *, limit: int
) -> tuple[Decision, ...]:
    """Return the decisions of a reviewer where a check suggested, not taken back, newest first.

    They need not count: somebody may have overruled them. One that was carried over from an earlier
    version was not made here.
    """
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.reviewer == reviewer,
        DecisionRow.check_id == check_id,
        DecisionRow.undone.is_(False),
        DecisionRow.carried_from.is_(None),
    )
    rows = session.scalars(query.order_by(DecisionRow.id.desc()).limit(limit))
    return tuple(map(_decision, rows))


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


def decided_rows(session: Session, dataset_id: str, column: str) -> tuple[DecidedRows, ...]:
    """Return the rows whose cell in ``column`` is decided, by kind and by what was answered.

    The database joins the ids to one string per kind: 22,000 of them as records would take longer
    than a page may.
    """
    action, answered = StandingDecisionRow.action, StandingDecisionRow.answered
    ids = func.aggregate_strings(cast(StandingDecisionRow.row_id, String), ",")
    query = select(action, answered, ids).where(
        StandingDecisionRow.dataset_id == dataset_id, StandingDecisionRow.column_name == column
    )
    return tuple(
        DecidedRows(Action(kind), _answers(texts), np.fromstring(rows, dtype=np.int64, sep=","))
        for kind, texts, rows in session.execute(query.group_by(action, answered))
    )


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
    session.merge(StandingDecisionRow(**_standing_values(row)))


def _standing_values(row: DecisionRow) -> dict[str, object]:
    return {
        "dataset_id": row.dataset_id,
        "column_name": row.column_name,
        "row_id": row.row_id,
        "decision_id": row.id,
        "action": row.action,
        "answered": row.answered,
    }


def _values(decision: Decision) -> dict[str, object]:
    answered = decision.answered
    return {
        "dataset_id": decision.dataset_id,
        "row_id": decision.cell.row_id,
        "column_name": decision.cell.column,
        "check_id": decision.check_id,
        "action": decision.action.value,
        "given": decision.given,
        "new": decision.new,
        "reviewer": decision.reviewer,
        "at": decision.at,
        "note": decision.note,
        "undone": decision.undone,
        "answered": None if answered is None else json.dumps(answered),
        "carried_from": decision.carried_from,
        "press": decision.press or None,
        "seconds": decision.seconds,
    }


def _answers(text: str | None) -> tuple[str | None, ...] | None:
    return None if text is None else tuple(json.loads(text))


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
        answered=_answers(row.answered),
        carried_from=row.carried_from,
        press=row.press or "",
        seconds=row.seconds,
    )
