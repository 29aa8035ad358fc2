"""Several items with one press, as the fast card asks for it."""

from __future__ import annotations

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Cell
from components.core.people.person import Person
from components.services.review.queues import ReviewQueue
from components.services.review.several import together
from components.services.review.several.similar import Likeness, Similar, similar_to
from components.services.review.several.together import PressForSeveral
from components.services.workspace import Workspace
from components.views.desk_parts.plain import Said, selection, text, whole, wholes


def similar(ws: Workspace, queue: ReviewQueue, person: Person, said: Said) -> Said:
    """Return which open items are like one, and what a decision does to groups of people."""
    cell = Cell(whole(said.get("row_id"), -1), text(said, "column") or queue.column)
    asked = text(said, "likeness")
    found = similar_to(
        ws,
        queue,
        cell,
        selection(said.get("selection")),
        reviewer=person,
        likeness=Likeness(asked) if asked in set(Likeness) else None,
    )
    return _told(found)


def press(ws: Workspace, queue: ReviewQueue, person: Person, said: Said) -> Said:
    """Decide about several items, or take back what was decided so, and say what became of it."""
    try:
        action = text(said, "action")
        if not action:
            taken = together.take_back(ws, queue, text(said, "batch"), reviewer=person)
            n, n_overruled = taken.n_taken, taken.n_overruled
            return {"fate": "kept", "n": n, "left": [], "why": _overruled(n_overruled)}
        asked = PressForSeveral(
            mark=text(said, "mark"),
            places=wholes(said.get("places")),
            as_of=whole(said.get("as_of"), 0),
            action=_action(action),
            note=text(said, "note"),
        )
        answer = together.apply(ws, queue, asked, reviewer=person)
    except (Conflict, UnusableInput) as error:  # what else fails is sent again
        return {"fate": "refused", "n": 0, "left": wholes(said.get("places")), "why": str(error)}
    return {"fate": "kept", "n": answer.n_kept, "left": answer.left_out, "why": answer.why}


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError as error:
        raise UnusableInput("There is no such decision.", "Load the page again.") from error


def _overruled(n: int) -> str:
    if not n:
        return ""
    return f"{n:,} {'was' if n == 1 else 'were'} overruled meanwhile: what stands there stays."


def _told(found: Similar) -> Said:
    return {
        "likeness": found.likeness,
        "n": found.n_by_likeness,
        "places": found.places,
        "n_held": found.n_held,
        "n_alone": found.n_alone,
        "n_more": found.n_more,
        "as_of": found.as_of,
        "effects": [[e.column, e.group, e.n_decided, e.n_rows] for e in found.effects],
        "changed": [changed.sentence("Accepting them") for changed in found.changed],
        "given": found.given,
        "suggested": found.suggested,
        "reason": found.reason,
        "can_accept": found.can_accept,
    }
