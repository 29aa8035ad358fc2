"""Several people at one queue: what each is offered, what each may see, whose answers wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from components.core.judgement.review import Cell, Decision
from components.core.people.person import Person
from components.core.people.several_people import Shown
from components.services.people.names import person_of
from components.services.review.items.orders import BoolArray, IntArray
from components.services.review.keep import rules_own_answer
from components.services.review.queues import Item, ReviewQueue
from components.services.review.states import OPEN, states
from components.services.team import assignments, plans
from components.services.workspace import Workspace
from components.store.review import counting
from components.store.review import decisions as table


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Items of a queue that were answered about while nothing stands; shape (n_items,) each.

    Attributes
    ----------
    for_second
        Those that wait for a second person.
    for_third
        Those about which two differ, so that a third one must decide.
    mine
        Those about which the person has answered and is not asked again.
    kept
        By person, the items that are kept for them.
    """

    for_second: BoolArray
    for_third: BoolArray
    mine: BoolArray
    kept: Mapping[str, BoolArray]

    @property
    def n_second(self) -> int:
        """How many wait for a second person."""
        return int(self.for_second.sum())

    @property
    def n_third(self) -> int:
        """How many wait for a third one."""
        return int(self.for_third.sum())


def waiting(ws: Workspace, found: ReviewQueue, reviewer: str | Person) -> Waiting:
    """Return which items of a queue wait for others, and for whom the person waits."""
    person, order = person_of(reviewer), found.order
    rules_own = rules_own_answer(ws, found, person)
    n = len(order.row_id)
    second, third, mine = (np.zeros(n, dtype=bool) for _ in range(3))
    with ws.db.read() as session:
        for code, name in enumerate(order.names):
            of_column = np.equal(order.column, code)
            for answered in counting.waiting_rows(session, found.dataset_id, name):
                there = np.isin(order.row_id, answered.row_id) & of_column
                (third if answered.disputed else second)[there] = True
                if answered.reviewer == person.name and not (answered.disputed and rules_own):
                    mine[there] = True
        assigned = assignments.of_queue(session, found)
    return Waiting(second, third, mine, assignments.places_by_person(ws, found, assigned))


def offered(positions: IntArray, waits: Waiting, reviewer: str | Person) -> IntArray:
    """Return those of some places of a queue that a person is asked about, in their order.

    They are not asked about what they have answered, nor about what is kept for somebody else. An
    item that waits for another answer than the first one is kept for nobody.

    Parameters
    ----------
    waits
        Of this queue and person.
    """
    name, asked = person_of(reviewer).name, ~waits.mine
    answered = waits.for_second | waits.for_third
    for other, chosen in waits.kept.items():
        if other != name:
            asked &= ~chosen | answered
    return positions[asked[positions]]


def kept_for(item: Item, waits: Waiting, reviewer: str | Person) -> str:
    """Return for whom else an item is kept: the person may look at it only; "" where for nobody.

    Parameters
    ----------
    waits
        Of the queue of the item and this person.
    """
    place, name = item.position, person_of(reviewer).name
    if not item.is_open or waits.for_second[place] or waits.for_third[place]:
        return ""
    others = (other for other, chosen in waits.kept.items() if other != name and chosen[place])
    return next(others, "")


def n_kept(ws: Workspace, found: ReviewQueue, waits: Waiting) -> Mapping[str, int]:
    """Return, by person, how many open items of a queue are kept for them."""
    if not waits.kept:
        return {}
    is_open = states(ws, found.dataset_id, found.order) == OPEN
    free = is_open & ~(waits.for_second | waits.for_third)
    told = {name: int((chosen & free).sum()) for name, chosen in waits.kept.items()}
    return {name: n for name, n in told.items() if n}


def n_double(ws: Workspace, found: ReviewQueue, positions: IntArray) -> int:
    """Return how many items at some places of a queue two people will judge."""
    plan = plans.plan(ws, found.dataset_id)
    if not plan.double_share:
        return 0
    return sum(plan.is_double(found.cell_at(place)) for place in positions.tolist())


def shown(
    ws: Workspace, found: ReviewQueue, items: Collection[Item], reviewer: str | Person
) -> Mapping[Cell, Shown]:
    """Return what a person may see of the decisions about some items."""
    person = person_of(reviewer)
    rules_own = rules_own_answer(ws, found, person)
    open_rows = {item.cell.row_id for item in items if item.decision is None}
    answers: defaultdict[Cell, list[Decision]] = defaultdict(list)
    if open_rows:
        with ws.db.read() as session:
            for made in table.waiting(session, found.dataset_id, open_rows):
                answers[made.cell].append(made)
    return {
        item.cell: _stands(item.decision)
        if item.decision is not None
        else Shown.of(answers.get(item.cell, ()), person.name, may_rule_own=rules_own)
        for item in items
    }


def _stands(decision: Decision) -> Shown:
    return Shown(decision=decision, version=decision.version)
