"""Review: a machine suggests, a person decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from components.core.judgement.review import Action, Cell, Decision, Tally
from components.core.people.person import Person
from components.core.people.several_people import Shown
from components.services.people.names import person_of, remember, reviewers
from components.services.review import keep
from components.services.review.cards import ReviewCard, card, cards
from components.services.review.queues import (
    Item,
    ReviewQueue,
    item,
    items,
    items_at,
    queue,
    reviewable,
)
from components.services.review.several import together
from components.services.workspace import Workspace, now
from components.store.review import decisions as table

__all__ = [
    "Item",
    "ReviewCard",
    "ReviewQueue",
    "Undone",
    "card",
    "cards",
    "decide",
    "decisions",
    "item",
    "items",
    "items_at",
    "queue",
    "remember",
    "reviewable",
    "reviewers",
    "standing",
    "tally",
    "undo",
]


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back.

    Attributes
    ----------
    stands
        The decision about its cell that the person may see now; None where there is none.
    left
        ``Shown.version`` of what the person may see now.
    n
        How many were taken back: more than one where they were made together.
    n_overruled
        How many that were made with it stay, because somebody has overruled them meanwhile.
    """

    taken: Decision
    stands: Decision | None
    left: str = ""
    n: int = 1
    n_overruled: int = 0


def decide(
    ws: Workspace,
    found: ReviewQueue,
    cell: Cell,
    action: Action,
    *,
    new: str = "",
    reviewer: str | Person,
    note: str = "",
    seen: str | None = None,
    judged_first: bool = False,
) -> Decision:
    """Keep a decision, together with its record in the history, in one transaction.

    Parameters
    ----------
    found
        The queue in which the cell was shown.
    new
        What the cell is changed to, spelled as in the file; for CHANGE only.
    seen
        ``Shown.version`` of what stood on the screen, "" for nothing; None: whatever stood when
        the queue was read. The same decision by the same person again is kept once.
    judged_first
        Whether the suggestion was not shown before.

    Raises
    ------
    NotFound
        When there is no such cell.
    Conflict
        When ``new`` is neither suggested nor a value of the column, or is what is there; when
        another decision about the cell was made meanwhile, or a newer version was published: what
        stands stays, and the sentence tells it.
    UnusableInput
        When the reviewer has no name, or decides between two answers and does not say why.
    """
    person = person_of(reviewer)
    asked = Decision(
        dataset_id=found.dataset_id,
        cell=cell,
        check_id=found.check_id,
        action=action,
        given="",
        new=new,
        reviewer=person.name,
        at=now(),
        note=note,
        judged_first=judged_first,
    )
    decision = keep.checked(ws, found, asked, keep.given_texts(ws, found, [cell]))
    suggested = keep.suggested_for(ws, found, [cell])[cell]

    def was_seen(shown: Shown) -> bool:
        if seen is not None:
            return shown.version == seen
        return shown.decision is None or shown.waits or shown.decision.id <= found.as_of

    with ws.db.write() as session:
        return keep.keep(
            ws, session, found, decision, person=person, suggested=suggested, was_seen=was_seen
        )


def undo(ws: Workspace, found: ReviewQueue, *, reviewer: str | Person) -> Undone | None:
    """Take back the last decision of a reviewer in a queue; None where there is none.

    What was decided together is taken back together.

    Raises
    ------
    Conflict
        When a later decision about its cell counts: nothing is changed, least of all an older
        decision about something else.
    """
    person = person_of(reviewer)
    with ws.db.write() as session:
        last = table.last_of(session, found.dataset_id, found.check_id, person.name, limit=1)
        if not last:
            return None
        if not last[0].batch:
            left = keep.take_back(ws, session, found, last[0], person)
            taken = replace(last[0], undone=True)
            return Undone(taken=taken, stands=left.decision, left=left.version)
    taken = replace(last[0], undone=True)
    told = together.take_back(ws, found, taken.batch, reviewer=person)
    return Undone(taken=taken, stands=None, n=told.n_taken, n_overruled=told.n_overruled)


def decisions(ws: Workspace, dataset_id: str) -> tuple[Decision, ...]:
    """Return every decision about a dataset, oldest first, the undone ones included."""
    with ws.db.read() as session:
        return table.of_dataset(session, dataset_id)


def standing(
    ws: Workspace,
    dataset_id: str,
    *,
    actions: Collection[Action] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Decision, ...]:
    """Return the decisions that count, one per cell, newest first; all of them or one page."""
    with ws.db.read() as session:
        page = table.standing(session, dataset_id, actions=actions, limit=limit, offset=offset)
        return tuple(page)


def tally(ws: Workspace, dataset_id: str) -> Tally:
    """Return how many decisions count, by kind, column and person."""
    with ws.db.read() as session:
        return table.tally(session, dataset_id)
