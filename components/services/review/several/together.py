"""One press about several items: kept as one, answered as one, taken back as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action, Capacity, Cell, Decision
from components.core.people import several_people
from components.core.people.person import Person
from components.core.people.several_people import ReviewPlan
from components.services.people.names import person_of
from components.services.review import keep, selection
from components.services.review.presses import is_mark
from components.services.review.queues import ReviewQueue
from components.services.review.several.similar import MOST, refuse_mixed
from components.services.workspace import Workspace, now
from components.store import audit
from components.store.review import batches, claims, plans

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ACTIONS = (Action.KEEP, Action.CHANGE, Action.EXCLUDE)
"""What may be decided about several items; CHANGE accepts what is suggested for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressForSeveral:
    """One press of one person about several items.

    Attributes
    ----------
    mark
        As in :class:`~components.services.review.presses.Press`.
    places
        The items that were shown, by their places in the queue.
    as_of
        Id of the newest decision when they were shown: about an item for which a later one counts,
        nothing is decided.
    """

    mark: str
    places: Sequence[int]
    as_of: int
    action: Action
    note: str = ""

    def __post_init__(self) -> None:
        if not is_mark(self.mark) or self.action not in ACTIONS:
            raise UnusableInput(
                "This cannot be decided about several items.", "Load the page again."
            )
        if len(self.places) > MOST:
            raise UnusableInput("Too many items at once.", f"Choose at most {MOST:,}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForSeveral:
    """What became of a press about several items.

    Attributes
    ----------
    n_kept
        Items that were decided with it.
    left_out
        Places of those that were not.
    why
        Why they were not, in words; "" where all were.
    """

    mark: str
    n_kept: int
    left_out: tuple[int, ...]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What became of taking back what was decided with one press.

    Attributes
    ----------
    n_taken
        Decisions that were taken back.
    n_overruled
        Those that somebody has overruled meanwhile: what stands there stays.
    """

    n_taken: int
    n_overruled: int


def apply(
    ws: Workspace, found: ReviewQueue, press: PressForSeveral, *, reviewer: str | Person
) -> AnswerForSeveral:
    """Decide about several items at once, in one transaction with one event of the history.

    Left out are items that were decided since they were shown, those that others have on their
    screens, those about which two people differ, and those for which the suggestion cannot be
    accepted. A press that is sent again is answered again and counts once.

    Raises
    ------
    UnusableInput
        When the reviewer has no name, or a place is not in the queue.
    Conflict
        When a newer version was published, or items drawn at random are mixed in: nothing is
        decided.
    """
    refuse_mixed(found)
    person = person_of(reviewer)
    asked = set(press.places)
    ready = _ready(ws, found, press, person.name)
    suggested = keep.suggested_for(ws, found, [one.cell for one in ready.values()])
    with ws.db.write() as session:
        before = batches.cells_of(session, found.dataset_id, press.mark)
        if before:
            return _answer_again(found, press, before)
        keep.refuse_newer_version(session, found)
        at = _Moment.of(session, found, person, [one.cell for one in ready.values()])
        late = {n for n, one in ready.items() if at.is_late(one.cell, press.as_of)}
        shown = {n for n, one in ready.items() if one.cell in at.held} - late
        made = [
            at.answering(one, suggested[one.cell])
            for place, one in ready.items()
            if place not in late | shown
        ]
        if made:
            told = at.keep(made)
            detail = {
                "run_id": found.run_id,
                "batch": press.mark,
                "action": press.action.value,
                "identity": person.identity.value,
            }
            ws.record(session, person.name, "decisions.made", found.dataset_id, detail | told)
    refused = asked - ready.keys()
    return AnswerForSeveral(
        mark=press.mark,
        n_kept=len(made),
        left_out=tuple(sorted(late | shown | refused)),
        why=_why(len(asked), len(late), len(shown), len(refused)),
    )


def take_back(ws: Workspace, found: ReviewQueue, mark: str, *, reviewer: str | Person) -> TakenBack:
    """Take back what a person decided with one press about several items.

    Raises
    ------
    Conflict
        When all of it was overruled meanwhile: nothing is changed.
    """
    person = person_of(reviewer)
    with ws.db.write() as session:
        ids, n_overruled = batches.take_back(session, found.dataset_id, mark, person.name)
        if n_overruled and not ids:
            raise Conflict(
                "Nothing was undone: all that you decided together was overruled meanwhile.",
                "Look at the rows to decide otherwise.",
            )
        if ids:
            detail = {
                "run_id": found.run_id,
                "batch": mark,
                "decision_ids": list(ids),
                "identity": person.identity.value,
            }
            ws.record(session, person.name, "decision.undone", found.dataset_id, detail)
    return TakenBack(n_taken=len(ids), n_overruled=n_overruled)


def _ready(
    ws: Workspace, found: ReviewQueue, press: PressForSeveral, name: str
) -> dict[int, Decision]:
    """Return the decision about each item, by its place; of those for which it makes sense."""
    if found.item_type.place:
        return _ready_rows(ws, found, press, name)
    given = selection.facets(ws, found).given
    texts, order, at = list(found.order.texts), found.order, now()
    ready: dict[int, Decision] = {}
    for place in sorted(set(press.places)):
        if not 0 <= place < found.n_items:
            raise UnusableInput("An item is not in this queue.", "Load the page again.")
        text, suggested = str(given[place]), texts[int(order.suggested[place])]
        new = suggested if press.action is Action.CHANGE else text
        if new is None or (press.action is Action.CHANGE and new == text):
            continue
        ready[place] = Decision(
            dataset_id=found.dataset_id,
            cell=found.cell_at(place),
            check_id=found.check_id,
            action=press.action,
            given=text,
            new=new,
            reviewer=name,
            at=at,
            note=press.note.strip()[: keep.MAX_NOTE],
            batch=press.mark,
        )
    return ready


def _ready_rows(
    ws: Workspace, found: ReviewQueue, press: PressForSeveral, name: str
) -> dict[int, Decision]:
    """Return the same of items that are whole rows, or rows with those that repeat them."""
    places = sorted(set(press.places))
    if places and not 0 <= places[0] <= places[-1] < found.n_items:
        raise UnusableInput("An item is not in this queue.", "Load the page again.")
    if press.action not in found.actions:
        return {}
    cells, at = [found.cell_at(place) for place in places], now()
    given = keep.given_texts(ws, found, cells)
    asked = (
        Decision(
            dataset_id=found.dataset_id,
            cell=cell,
            check_id=found.check_id,
            action=press.action,
            given="",
            new="",
            reviewer=name,
            at=at,
            note=press.note,
            batch=press.mark,
        )
        for cell in cells
    )
    made = (keep.checked(ws, found, decision, given) for decision in asked)
    return dict(zip(places, made, strict=True))


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is there about some cells when a press comes, in one transaction.

    Attributes
    ----------
    made
        The decisions about each cell that were not undone, oldest first.
    held
        Cells that others have on their screens.
    plan
        Which cells two people judge.
    answered
        Cells about which the person has ever decided, also where it was taken back.
    """

    session: Session
    person: Person
    made: Mapping[Cell, Sequence[Decision]]
    held: frozenset[Cell]
    plan: ReviewPlan
    answered: frozenset[Cell]

    @classmethod
    def of(
        cls, session: Session, found: ReviewQueue, person: Person, cells: Sequence[Cell]
    ) -> _Moment:
        made = batches.about(session, found.dataset_id, cells)
        held, _ = claims.of_others(session, found.dataset_id, person.name, now())
        plan = plans.of_dataset(session, found.dataset_id)
        own = batches.answers_of(session, found.dataset_id, cells, person.name)
        return cls(session, person, made, held, plan, frozenset(own))

    def is_late(self, cell: Cell, as_of: int) -> bool:
        """Whether the person has something else to say about a cell than when it was shown.

        It was decided meanwhile, the person has answered already, or two people differ.
        """
        made = self.made.get(cell, ())
        stands = several_people.what_stands(made)
        if stands is not None:
            return stands.id > as_of or self._capacity(cell) is Capacity.ADJUDICATOR
        has_answered = several_people.own_answer(made, self.person.name) is not None
        return has_answered or several_people.is_disputed(made)

    def answering(self, decision: Decision, suggested: tuple[str | None, ...]) -> Decision:
        """Return a decision as it is kept: one of two answers where two people judge the cell."""
        stands = several_people.what_stands(self.made.get(decision.cell, ()))
        answers = keep.answered(decision, suggested, [] if stands is None else [stands])
        return replace(decision, answered=answers, capacity=self._capacity(decision.cell))

    def keep(self, made: Sequence[Decision]) -> dict[str, object]:
        """Keep decisions, and return how their event tells them."""
        told = batches.add(self.session, made, self.made.keys())
        claims.release(self.session, made[0].dataset_id, [one.cell for one in made])
        audit.remember(self.session, self.person.name, made[0].at)
        return audit.several(told)

    def _capacity(self, cell: Cell) -> Capacity:
        return several_people.next_capacity(
            self.made.get(cell, ()),
            self.person.name,
            is_double_now=self.plan.is_double(cell),
            took_back=cell in self.answered,
        )


def _answer_again(
    found: ReviewQueue, press: PressForSeveral, before: frozenset[Cell]
) -> AnswerForSeveral:
    asked = sorted({n for n in press.places if 0 <= n < found.n_items})
    left_out = tuple(n for n in asked if found.cell_at(n) not in before)
    why = f"{len(left_out):,} of {len(asked):,} were left out." if left_out else ""
    return AnswerForSeveral(mark=press.mark, n_kept=len(before), left_out=left_out, why=why)


def _why(n: int, n_late: int, n_shown: int, n_refused: int) -> str:
    n_left = n_late + n_shown + n_refused
    if not n_left:
        return ""
    parts = [
        f"{count:,} {was if count == 1 else were} {what}"
        for count, was, were, what in (
            (n_late, "was", "were", "decided by somebody meanwhile"),
            (n_shown, "is", "are", "on the screen of somebody else"),
            (n_refused, "holds", "hold", "what is suggested already, or nothing is suggested"),
        )
        if count
    ]
    verb = "was" if n_left == 1 else "were"
    return f"{n_left:,} of {n:,} {verb} left out: {'; '.join(parts)}."
