"""Decisions of people: only ever added to while their table is there.

Which of those about a cell count is in :mod:`.counting`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from components.core.judgement.review import REPEATS, Action, Capacity, Cell, Decision, Tally
from components.store import audit
from components.store.review import counting
from components.store.review.decision_rows import (
    answers_of,
    decision_of,
    fingerprint,
    rows_in,
    values_of,
)
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
    """Insert a decision, let count what stands then, and return it with its id.

    It is dated as the newest event where the clock is far behind that (:mod:`..audit`).
    """
    decision = replace(decision, at=audit.not_before(session, decision.at))
    row = DecisionRow(**values_of(decision))
    session.add(row)
    session.flush()
    counting.settle(session, decision.dataset_id, decision.cell)
    return replace(decision, id=row.id)


def add_carried(session: Session, decisions: Sequence[Decision]) -> int:
    """Insert decisions that were made about another version, and let count what stands then.

    A cell about which somebody decided at the same time or later keeps what was decided.

    Returns
    -------
    int
        How many were inserted.
    """
    if not decisions:
        return 0
    dataset_id = decisions[0].dataset_id
    there = counting.newest_times(session, dataset_id)
    new = [d for d in decisions if d.cell not in there or there[d.cell] < d.at]
    told: dict[int, str] = {}
    for start in range(0, len(new), BATCH):
        made = insert(DecisionRow).returning(DecisionRow, sort_by_parameter_order=True)
        rows = session.scalars(made, [values_of(d) for d in new[start : start + BATCH]]).all()
        told |= {row.id: fingerprint(decision_of(row)) for row in rows}
    if told:
        counting.settle_all(session, dataset_id, {d.cell for d in new}, there)
        audit.record_carried(session, "decisions.carried", dataset_id, told)
    return len(new)


def of_press(session: Session, dataset_id: str, press: str) -> Decision | None:
    """Return the decision that was made with one press of a key, taken back or not."""
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id, DecisionRow.press == press
    )
    row = session.scalars(query).first()
    return None if row is None else decision_of(row)


def newest_id(session: Session, dataset_id: str) -> int:
    """Return the id of the newest decision about a dataset, 0 where there is none."""
    query = select(func.max(StandingDecisionRow.decision_id))
    return session.scalar(query.where(StandingDecisionRow.dataset_id == dataset_id)) or 0


def settled_since(session: Session, dataset_id: str, as_of: int) -> frozenset[Cell]:
    """Return the cells whose standing decision is newer than the one with an id."""
    made = StandingDecisionRow
    query = select(made.row_id, made.column_name).where(
        made.dataset_id == dataset_id, made.decision_id > as_of
    )
    return frozenset(Cell(row_id, column) for row_id, column in session.execute(query))


def mark_undone(session: Session, decision_id: int) -> None:
    """Take a decision back; it stays in the history, and what stands without it counts."""
    row = session.get_one(DecisionRow, decision_id)
    row.undone = True
    session.flush()
    counting.settle(session, row.dataset_id, Cell(row.row_id, row.column_name))


def of_dataset(session: Session, dataset_id: str) -> tuple[Decision, ...]:
    """Return the whole history of a dataset, oldest first, undone decisions included."""
    query = select(DecisionRow).where(DecisionRow.dataset_id == dataset_id)
    return tuple(decision_of(row) for row in session.scalars(query.order_by(DecisionRow.id)))


def about(session: Session, dataset_id: str, cell: Cell) -> tuple[Decision, ...]:
    """Return all decisions about a cell that were not undone, oldest first."""
    return tuple(map(decision_of, counting.rows_about(session, dataset_id, cell)))


def to_carry(session: Session, dataset_id: str) -> tuple[Decision, ...]:
    """Return what goes on with the rows of a dataset, oldest first.

    It is what stands; of cells that several people judge also the newest answer of each.
    """
    found = {d.id: d for d in standing(session, dataset_id)}
    several = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.undone.is_(False),
        DecisionRow.capacity.is_not(None),
    )
    newest: dict[tuple[Cell, str, Capacity], Decision] = {}
    for row in session.scalars(several.order_by(DecisionRow.id)):
        made = decision_of(row)
        newest[made.cell, made.reviewer, made.capacity] = made
    found |= {d.id: d for d in newest.values()}
    return tuple(found[key] for key in sorted(found))


def blind_answers(session: Session, dataset_id: str, check_id: str) -> tuple[Decision, ...]:
    """Return the blind answers where a check suggested, not taken back, oldest first."""
    query = select(DecisionRow).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.check_id == check_id,
        DecisionRow.capacity == Capacity.BLIND.value,
        DecisionRow.undone.is_(False),
    )
    return tuple(map(decision_of, session.scalars(query.order_by(DecisionRow.id))))


@dataclass(frozen=True, slots=True)
class TimedWork:
    """When and how long a person worked on a cell."""

    reviewer: str
    row_id: int
    column: str
    at: datetime
    seconds: float | None


def work_on(session: Session, dataset_id: str, check_id: str) -> tuple[TimedWork, ...]:
    """Return the work of people where a check suggested, oldest first; undone decisions aside."""
    made = DecisionRow
    query = select(made.reviewer, made.row_id, made.column_name, made.at, made.seconds).where(
        made.dataset_id == dataset_id,
        made.check_id == check_id,
        made.undone.is_(False),
        made.carried_from.is_(None),
    )
    return tuple(TimedWork(*row) for row in session.execute(query.order_by(made.id)))


def waiting(session: Session, dataset_id: str, row_ids: Collection[int]) -> tuple[Decision, ...]:
    """Return the answers about some rows that wait for those of others, oldest first."""
    return tuple(map(decision_of, counting.waiting_about(session, dataset_id, row_ids)))


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
        yield decision_of(row)


def last_of(
    session: Session, dataset_id: str, check_id: str, reviewer: str, *, limit: int
) -> tuple[Decision, ...]:
    """Return the decisions of a reviewer where a check suggested, not taken back, newest first.

    They need not count: somebody may have overruled them. One that was carried over from an earlier
    version was not made here. Of those that were made together one stands for all: one that holds,
    where there is one. Once they were taken back together, those that stayed are not named again.
    """
    own = (
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.reviewer == reviewer,
        DecisionRow.check_id == check_id,
        DecisionRow.undone.is_(False),
        DecisionRow.carried_from.is_(None),
    )
    counts = and_(
        StandingDecisionRow.dataset_id == dataset_id,
        StandingDecisionRow.decision_id == DecisionRow.id,
    )
    taken = select(DecisionRow.batch).where(
        DecisionRow.dataset_id == dataset_id,
        DecisionRow.batch.is_not(None),
        DecisionRow.undone.is_(True),
    )
    is_whole = DecisionRow.batch.not_in(taken)
    holds = or_(
        StandingDecisionRow.decision_id.is_not(None),
        and_(DecisionRow.capacity.is_not(None), is_whole),
    )
    of_those = (func.max(case((rule, DecisionRow.id))) for rule in (holds, is_whole))
    together = (
        select(func.coalesce(*of_those))
        .outerjoin(StandingDecisionRow, counts)
        .where(*own, DecisionRow.batch.is_not(None))
        .group_by(DecisionRow.batch)
    )
    one_each = or_(DecisionRow.batch.is_(None), DecisionRow.id.in_(together))
    query = select(DecisionRow).where(*own, one_each)
    rows = session.scalars(query.order_by(DecisionRow.id.desc()).limit(limit))
    return tuple(map(decision_of, rows))


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
    n_changed, n_excluded = _effect(session, dataset_id)
    return Tally(
        actions=sum(by_column.values(), Counter()),
        by_column=by_column,
        reviewers=reviewers,
        n_changed=n_changed,
        n_excluded=n_excluded,
    )


def _effect(session: Session, dataset_id: str) -> tuple[int, int]:
    """Return how many cells are changed in rows that stay, and how many rows are left out."""
    repeats = _repeats_left_out(session, dataset_id)
    excluded = _rows_excluded(dataset_id)
    changed = select(StandingDecisionRow.row_id).where(
        StandingDecisionRow.dataset_id == dataset_id,
        StandingDecisionRow.action == Action.CHANGE.value,
        StandingDecisionRow.row_id.not_in(excluded),
    )
    if not repeats:
        counted = select(func.count()).select_from(changed.subquery())
        gone = select(func.count()).select_from(excluded.subquery())
        return session.scalar(counted) or 0, session.scalar(gone) or 0
    repeats |= set(session.scalars(excluded))
    return sum(row_id not in repeats for row_id in session.scalars(changed)), len(repeats)


def _repeats_left_out(session: Session, dataset_id: str) -> set[int]:
    """Return the rows that are left out because they repeat another one."""
    query = _standing(dataset_id).where(
        StandingDecisionRow.column_name == REPEATS,
        StandingDecisionRow.action == Action.EXCLUDE.value,
    )
    texts = session.scalars(query.with_only_columns(DecisionRow.others))
    return {row_id for text in texts for row_id in rows_in(text or "")}


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
        DecidedRows(Action(kind), answers_of(texts), np.fromstring(rows, dtype=np.int64, sep=","))
        for kind, texts, rows in session.execute(query.group_by(action, answered))
    )


def _rows_excluded(dataset_id: str) -> Select[int]:
    other = aliased(StandingDecisionRow)
    is_excluded = and_(
        other.dataset_id == dataset_id,
        other.action == Action.EXCLUDE.value,
        other.column_name != REPEATS,  # the row that it names stays
    )
    return select(other.row_id).where(is_excluded).distinct()


def _standing(dataset_id: str) -> Select[DecisionRow]:
    together: ColumnElement[bool] = and_(
        StandingDecisionRow.decision_id == DecisionRow.id,
        StandingDecisionRow.dataset_id == dataset_id,
    )
    return select(DecisionRow).join(StandingDecisionRow, together)
