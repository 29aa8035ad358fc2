"""Items that the owner of a table keeps for one person, by what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from components.core.codec import from_json, to_json
from components.core.errors import NotFound
from components.core.people.assignment import Assignment
from components.core.people.person import Person
from components.services.data import datasets
from components.services.people import rights
from components.services.people.names import person_of, valid_name
from components.services.review import selection
from components.services.review.items.orders import BoolArray
from components.services.review.queues import ReviewQueue
from components.services.review.selection import Selection, Stage
from components.services.workspace import Workspace, now
from components.store.review import assignments as table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAY = "say for whom items are kept"


def assign(
    ws: Workspace, found: ReviewQueue, wanted: Selection, *, to: str, reviewer: str | Person
) -> Assignment:
    """Keep items of a queue for one person, whatever became of them so far.

    Parameters
    ----------
    wanted
        Which items; how far people are with them, and who decided, does not matter.

    Raises
    ------
    UnusableInput
        When there is no name.
    Conflict
        When the table belongs to somebody else.
    """
    person, name = person_of(reviewer), valid_name(to)
    rights.refuse_others(datasets.get(ws, found.dataset_id).version, person, MAY)
    told = to_json(replace(wanted, stage=Stage.ALL, decided_by=""))
    made = Assignment(
        dataset_id=found.dataset_id,
        check_id=found.check_id,
        wanted=told,
        person=name,
        by=person.name,
        at=now(),
    )
    with ws.db.write() as session:
        made = table.add(session, made)
        ws.record(session, person.name, "review.assigned", found.dataset_id, _detail(made, person))
    return made


def take_back(
    ws: Workspace, dataset_id: str, assignment_id: int, *, reviewer: str | Person
) -> None:
    """Keep items for nobody any more.

    Raises
    ------
    NotFound
        When that was done already.
    Conflict
        When the table belongs to somebody else.
    """
    person = person_of(reviewer)
    rights.refuse_others(datasets.get(ws, dataset_id).version, person, MAY)
    with ws.db.write() as session:
        taken = table.remove(session, dataset_id, assignment_id)
        if taken is None:
            raise NotFound("These items are kept for nobody.", "Look at the list as it is now.")
        told = _detail(taken, person)
        ws.record(session, person.name, "review.assignment_ended", dataset_id, told)


def assignments(ws: Workspace, found: ReviewQueue) -> tuple[Assignment, ...]:
    """Return for whom items of a queue are kept, oldest first."""
    with ws.db.read() as session:
        return of_queue(session, found)


def of_queue(session: Session, found: ReviewQueue) -> tuple[Assignment, ...]:
    """Return for whom items of a queue are kept, oldest first."""
    all_of_it = table.of_dataset(session, found.dataset_id)
    return tuple(a for a in all_of_it if a.check_id == found.check_id)


def places_by_person(
    ws: Workspace, found: ReviewQueue, there: Sequence[Assignment]
) -> Mapping[str, BoolArray]:
    """Return, by person, which items of a queue are kept for them; shape (n_items,) each.

    An item that several assignments contain is kept for whom it was assigned to last.
    """
    told: dict[str, BoolArray] = {}
    for one in there:
        chosen = np.zeros(found.n_items, dtype=bool)
        chosen[list(places_of(ws, found, one))] = True
        told = {name: others & ~chosen for name, others in told.items()}
        told[one.person] = told.get(one.person, False) | chosen
    return told


def wanted_of(assignment: Assignment) -> Selection:
    """Return which items an assignment is about."""
    return from_json(Selection, dict(assignment.wanted))


def places_of(ws: Workspace, found: ReviewQueue, assignment: Assignment) -> tuple[int, ...]:
    """Return the places of the items of a queue that an assignment is about."""
    return _places(ws, _SameItems(found), wanted_of(assignment))


class _SameItems:
    """A queue; those with the same items in the same order are one to the memory of places."""

    def __init__(self, found: ReviewQueue) -> None:
        self.found = found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameItems) and other.found.order is self.found.order

    def __hash__(self) -> int:
        return hash(self.found.order)


@lru_cache(maxsize=64)
def _places(ws: Workspace, of: _SameItems, wanted: Selection) -> tuple[int, ...]:
    return tuple(selection.positions(ws, of.found, wanted).tolist())


def _detail(assignment: Assignment, person: Person) -> dict[str, object]:
    told = {name: value for name, value in assignment.wanted.items() if value not in {None, ""}}
    return {
        "assignment_id": assignment.id,
        "check_id": assignment.check_id,
        "person": assignment.person,
        "wanted": told,
        "identity": person.identity.value,
    }
