"""Whether the tables that say what counts for each cell follow from the decisions.

Where one person is enough the database looks; cells that several people judge are folded again by
the rule (:mod:`components.core.people.several_people`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from components.core.judgement.review import Decision
from components.core.people import several_people
from components.store.review.decision_rows import decision_of
from components.store.tables import (
    DatasetRow,
    DecisionRow,
    StandingDecisionRow,
    WaitingAnswerRow,
)


def problems(session: Session) -> Iterator[str]:
    """Yield what is wrong with what counts."""
    yield from _misplaced(session)
    yield from _forgotten(session)
    yield from _of_several(session)
    yield from _waiting_for_nothing(session)


def _misplaced(session: Session) -> Iterator[str]:
    standing, made = StandingDecisionRow, DecisionRow
    same = and_(
        made.id == standing.decision_id,
        made.dataset_id == standing.dataset_id,
        made.row_id == standing.row_id,
        made.column_name == standing.column_name,
        made.action == standing.action,
        made.answered.is_not_distinct_from(standing.answered),
        made.undone.is_(False),
    )
    wrong = select(standing).outerjoin(made, same).where(made.id.is_(None))
    for row in session.scalars(wrong.order_by(standing.decision_id)).all():
        yield f"What counts for row id {row.row_id:,} is not decision {row.decision_id:,}."


def _forgotten(session: Session) -> Iterator[str]:
    """Yield which decision should count for its cell, for which one person is enough."""
    standing, made, other = aliased(StandingDecisionRow), DecisionRow, aliased(DecisionRow)
    of_several = exists().where(_same_cell(other, made), _is_of_several(other))
    query = (
        select(made.id)
        .outerjoin(standing, _same_cell(standing, made))
        .where(
            made.undone.is_(False),
            made.dataset_id.in_(_there()),
            standing.decision_id.is_(None),
            ~of_several,
        )
        .order_by(made.id)
    )
    for found in session.scalars(query).all():
        yield f"The decision {found:,} counts for no cell."


def _of_several(session: Session) -> Iterator[str]:
    """Yield what is wrong with cells that several people judge."""
    made, other = DecisionRow, aliased(DecisionRow)
    query = (
        select(made)
        .where(
            made.undone.is_(False),
            made.dataset_id.in_(_there()),
            exists().where(_same_cell(other, made), _is_of_several(other)),
        )
        .order_by(made.dataset_id, made.column_name, made.row_id, made.id)
    )
    rows = (decision_of(row) for row in session.scalars(query).all())
    waiting = set(session.execute(select(WaitingAnswerRow.decision_id, WaitingAnswerRow.disputed)))
    for (dataset_id, cell), of_cell in groupby(rows, key=lambda d: (d.dataset_id, d.cell)):
        decisions = tuple(of_cell)
        found = session.get(StandingDecisionRow, (dataset_id, cell.column, cell.row_id))
        stands = several_people.what_stands(decisions)
        told = None if found is None else found.decision_id
        if told != (None if stands is None else stands.id):
            yield f"What counts for row id {cell.row_id:,} is not what several people said."
        expected = set() if stands is not None else _waiting(decisions)
        if expected != {(i, d) for i, d in waiting if i in {one.id for one in decisions}}:
            yield f"The answers about row id {cell.row_id:,} that wait are not those given."


def _waiting(decisions: tuple[Decision, ...]) -> set[tuple[int, bool]]:
    disputed = several_people.is_disputed(decisions)
    return {(d.id, disputed) for d in several_people.answers_of_each(decisions)}


def _waiting_for_nothing(session: Session) -> Iterator[str]:
    """Yield which answer waits though it was taken back, or one person was enough."""
    made, waiting = DecisionRow, WaitingAnswerRow
    same = and_(
        made.id == waiting.decision_id,
        _same_cell(made, waiting),
        made.reviewer == waiting.reviewer,
        made.undone.is_(False),
    )
    other = aliased(DecisionRow)
    of_several = exists().where(_same_cell(other, waiting), _is_of_several(other))
    wrong = select(waiting.decision_id).outerjoin(made, same)
    query = wrong.where(made.id.is_(None) | ~of_several).order_by(waiting.decision_id)
    for found in session.scalars(query).all():
        yield f"The answer {found:,} waits, and no such decision holds."


def _there() -> Select[str]:
    return select(DatasetRow.id).where(DatasetRow.removed_at.is_(None))


def _is_of_several(made: type[DecisionRow]) -> ColumnElement[bool]:
    return and_(made.capacity.is_not(None), made.undone.is_(False))


def _same_cell(
    one: type[DecisionRow | StandingDecisionRow], other: type[DecisionRow | WaitingAnswerRow]
) -> ColumnElement[bool]:
    return and_(
        one.dataset_id == other.dataset_id,
        one.row_id == other.row_id,
        one.column_name == other.column_name,
    )
