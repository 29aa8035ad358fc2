"""How a decision comes about and is kept: made out of a press, refused where a screen is outdated.

All ways to decide lead here: the buttons, the keys of the fast card, other programs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from components.core.data.row_numbers import row_number
from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.review import Action, Capacity, Cell, Decision, ItemType, place_of
from components.core.people import several_people
from components.core.people.person import Person
from components.core.people.random_share import NOT_DRAWN, STRATA
from components.core.people.several_people import Shown
from components.services.data import cells, datasets
from components.services.dataset_info import DatasetInfo
from components.services.people.rights import is_only_owner
from components.services.review.items import edits, said, whole_rows
from components.services.review.mixed_order import planned_order
from components.services.review.queues import ReviewQueue, items, reviewable
from components.services.review.states import spelling_of
from components.services.workspace import Workspace
from components.store import audit
from components.store import datasets as dataset_table
from components.store.review import batches, claims, plans
from components.store.review import decisions as table
from components.store.review.decision_rows import fingerprint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_NOTE = 2_000
"""Characters of a note."""

Given = Mapping[Cell, str]


def given_texts(ws: Workspace, found: ReviewQueue, asked: Collection[Cell]) -> Given:
    """Return the cell texts of those of some cells that are there, read at once.

    A whole row has its mark instead.

    Raises
    ------
    NotFound
        When a column is not there.
    """
    info = datasets.get(ws, found.dataset_id)
    by_column: dict[str, list[Cell]] = {}
    for cell in dict.fromkeys(asked):
        if 0 <= cell.row_id < info.version.n_rows:
            by_column.setdefault(cell.column, []).append(cell)
    told: dict[Cell, str] = {}
    for column, of_column in by_column.items():
        if place_of(column):
            marks = whole_rows.marks(info, [cell.row_id for cell in of_column])
            told |= {cell: marks[cell.row_id] for cell in of_column}
            continue
        texts = cells.texts(info, [cell.row_id for cell in of_column], [column])[column]
        told |= zip(of_column, map(str, texts), strict=True)
    return told


def checked(ws: Workspace, found: ReviewQueue, decision: Decision, given: Given) -> Decision:
    """Return a decision with what the cell holds, where it makes sense.

    Raises
    ------
    NotFound
        When there is no such cell.
    Conflict
        When this cannot be decided about such an item; when what it is changed to is there
        already, is neither suggested nor a value of the label, or does not fit its column.
    """
    if decision.action not in found.actions:
        raise Conflict("This cannot be decided about such an item.", "Choose another answer.")
    cell, info = decision.cell, datasets.get(ws, found.dataset_id)
    text = given.get(cell)
    if text is None:
        raise _no_row(info, cell)
    if decision.action is not Action.CHANGE:
        others = found.order.others_of(cell) if decision.action is Action.EXCLUDE else ()
        return replace(decision, given=text, new=text, note=_note(decision), others=others)
    _refuse_change(ws, found, info, decision, given=text)
    return replace(decision, given=text, note=_note(decision))


def suggested_for(
    ws: Workspace, found: ReviewQueue, asked: Collection[Cell]
) -> dict[Cell, tuple[str | None, ...]]:
    """Return what the checks of the run suggest for cells: one decision answers all of them."""
    told: dict[Cell, tuple[str | None, ...]] = dict.fromkeys(asked, ())
    for result in reviewable(ws, found.run_id):
        order = planned_order(ws, found.run_id, result.check_id, found.plan)
        for cell, text in order.suggested_among(told):
            told[cell] += (text,)
    return told


def keep(
    ws: Workspace,
    session: Session,
    found: ReviewQueue,
    decision: Decision,
    *,
    person: Person,
    suggested: tuple[str | None, ...],
    was_seen: Callable[[Shown], bool],
) -> Decision:
    """Keep a decision and its record, unless the screen on which it was made is outdated.

    Parameters
    ----------
    person
        Who decides; the reviewer of the decision.
    was_seen
        Whether what the person may see of the cell now was on that screen.

    Raises
    ------
    Conflict
        When something else is there to see now, a newer version was published, or the person may
        not decide between these answers: what stands stays, and the sentence tells it.
    UnusableInput
        When it decides between two answers and does not say why.
    """
    dataset_id, cell = decision.dataset_id, decision.cell
    made = table.about(session, dataset_id, cell)
    shown = shown_to(ws, found, made, person)
    if not was_seen(shown):
        if shown.decision is not None and _is_same(shown.decision, decision):
            return shown.decision
        raise _overtaken(cell, shown)
    refuse_newer_version(session, found)
    rules_own = rules_own_answer(ws, found, person)
    own = batches.answers_of(session, dataset_id, [cell], person.name).get(cell, ())
    capacity = _capacity(session, decision, made, own, may_rule_own=rules_own)
    before = made if capacity is Capacity.ADJUDICATOR else [d for d in [shown.decision] if d]
    is_first = decision.judged_first and several_people.is_first_judgement(decision, own)
    decision = replace(_as_drawn(found, decision), capacity=capacity, judged_first=is_first)
    kept = table.add(session, replace(decision, answered=answered(decision, suggested, before)))
    claims.release(session, dataset_id, [cell])
    audit.remember(session, person.name, kept.at)
    told = detail(kept, found.run_id, person)
    ws.record(session, person.name, "decision.made", dataset_id, told)
    return kept


def take_back(
    ws: Workspace, session: Session, found: ReviewQueue, decision: Decision, person: Person
) -> Shown:
    """Take a decision back, and return what its maker may see of the cell then.

    Raises
    ------
    Conflict
        When a later decision about its cell counts: nothing is changed, least of all an older
        decision about something else.
    """
    made = table.about(session, found.dataset_id, decision.cell)
    if decision.id not in several_people.ids_that_hold(made):
        raise _overruled(several_people.what_stands(made) or made[-1])
    table.mark_undone(session, decision.id)
    told = detail(decision, found.run_id, person)
    ws.record(session, person.name, "decision.undone", found.dataset_id, told)
    left = table.about(session, found.dataset_id, decision.cell)
    return shown_to(ws, found, left, person)


def shown_to(ws: Workspace, found: ReviewQueue, made: Sequence[Decision], person: Person) -> Shown:
    """Return what a person may see of the decisions about a cell."""
    return Shown.of(made, person.name, may_rule_own=rules_own_answer(ws, found, person))


def rules_own_answer(ws: Workspace, found: ReviewQueue, person: Person) -> bool:
    """Whether a person may decide between two answers one of which is their own."""
    return is_only_owner(lambda: datasets.get(ws, found.dataset_id).version, person)


def detail(decision: Decision, run_id: str, person: Person) -> dict[str, str | int]:
    """Return a decision as the history keeps it."""
    of_several = decision.capacity is not Capacity.ALONE
    return {
        "run_id": run_id,
        "decision_id": decision.id,
        "row_id": decision.cell.row_id,
        "column": decision.cell.column,
        "action": decision.action.value,
        "given": decision.given,
        "new": decision.new,
        "content": fingerprint(decision),
        **({"left_out": len(decision.others)} if decision.others else {}),
        "identity": person.identity.value,
        **({"capacity": decision.capacity.value} if of_several else {}),
    }


def _capacity(
    session: Session,
    decision: Decision,
    made: Sequence[Decision],
    own: Sequence[Decision],
    *,
    may_rule_own: bool,
) -> Capacity:
    """Return in what capacity somebody decides, where they may."""
    plan = plans.of_dataset(session, decision.dataset_id)
    capacity = several_people.next_capacity(
        made,
        decision.reviewer,
        is_double_now=plan.is_double(decision.cell),
        may_rule_own=may_rule_own,
        took_back=bool(own),
    )
    if capacity is Capacity.ADJUDICATOR:
        _refuse_ruling(made, decision, may_rule_own=may_rule_own)
    return capacity


def _as_drawn(found: ReviewQueue, decision: Decision) -> Decision:
    """Return a decision with the stratum and probability with which its cell was drawn, if so."""
    mixed, position = found.order.mixed, found.position_of(decision.cell)
    if mixed is None or position is None or mixed.stratum[position] == NOT_DRAWN:
        return decision
    stratum = STRATA[int(mixed.stratum[position])]
    return replace(decision, stratum=stratum, probability=float(mixed.probability[position]))


def _note(decision: Decision) -> str:
    return decision.note.strip()[:MAX_NOTE]


def answered(
    decision: Decision, suggested: tuple[str | None, ...], before: Sequence[Decision]
) -> tuple[str | None, ...]:
    """Return the texts that need not be suggested for the cell again.

    They are what is suggested now, what was answered before and is seen to be overruled or
    confirmed, and what the person chose or turned away.
    """
    earlier = [text for d in before if d.answered is not None for text in d.answered]
    chosen = (decision.given, decision.new) if decision.action is Action.CHANGE else ()
    found = dict.fromkeys((*suggested, *earlier, *chosen))
    return tuple(sorted(found, key=lambda text: (text is not None, text or "")))


def _is_same(stands: Decision, decision: Decision) -> bool:
    asked = (decision.action, decision.new, decision.reviewer, decision.note)
    return (stands.action, stands.new, stands.reviewer, stands.note) == asked


def _refuse_ruling(made: Sequence[Decision], decision: Decision, *, may_rule_own: bool) -> None:
    """Refuse a decision between several answers by one who gave one of them, or without a word."""
    own = several_people.own_answer(made, decision.reviewer)
    if own is not None and not may_rule_own:
        raise Conflict(
            f"Your decision was not kept: two people differed about {said.place(decision.cell)}, "
            "you are one of them, and a third one has decided.",
            "Ask the third one to look again.",
        )
    if not decision.note:
        raise UnusableInput(
            f"Your decision was not kept: several people have answered about "
            f"{said.place(decision.cell)}. Who decides after them says why.",
            "Write a note, then decide.",
        )


def _overtaken(cell: Cell, shown: Shown) -> Conflict:
    again = "Look at the row as it is now, and decide again."
    if shown.differing:
        what = f"the answers about {said.place(cell)} that you saw were changed."
        return Conflict(f"Your decision was not kept: meanwhile {what}", again)
    stands = shown.decision
    if stands is None:
        return Conflict(
            f"Your decision was not kept: meanwhile the one about {said.place(cell)} that you saw "
            "was taken back. It is open.",
            again,
        )
    if shown.waits:
        return Conflict(
            f"Your decision was not kept: meanwhile you have answered about {said.place(cell)} "
            f"elsewhere: {said.of(stands)}.",
            "Look at the row as it is now; you can still decide otherwise.",
        )
    return Conflict(
        f"Your decision was not kept: meanwhile {said.place(cell)} was {said.of(stands)} by "
        f"{stands.reviewer}. That stands.",
        "Look at the row as it is now; you can still decide otherwise.",
    )


def _overruled(stands: Decision) -> Conflict:
    return Conflict(
        f"Nothing was undone: your last decision, about {said.place(stands.cell)}, was overruled "
        f"by {stands.reviewer}: {said.of(stands)}. That stands.",
        "Look at the row to decide otherwise; an earlier decision of yours is changed at its row.",
    )


def refuse_newer_version(session: Session, found: ReviewQueue) -> None:
    """Refuse where a newer version was published after the queue was read.

    Raises
    ------
    Conflict
        When one was.
    """
    newer = dataset_table.published_after(session, found.dataset_id, found.read_at)
    if newer is not None:
        raise Conflict(
            f"Your decision was not kept: a new version of this table, {newer.version.name}, was "
            f"published meanwhile{f' by {newer.version.owner}' if newer.version.owner else ''}.",
            "Go on there; or decide again here if this version is meant.",
        )


def _no_row(info: DatasetInfo, cell: Cell) -> NotFound:
    return NotFound(
        f"There is no row {row_number(cell.row_id):,} in {info.version.name}.",
        f"Its rows are numbered 1 to {info.version.n_rows:,}.",
    )


def _refuse_change(
    ws: Workspace, found: ReviewQueue, info: DatasetInfo, decision: Decision, *, given: str
) -> None:
    cell, new, column = decision.cell, decision.new, info.version.column(decision.cell.column)
    if new == given:
        raise Conflict(
            f"“{column.name}” of this row is “{given}” already.",
            "Keep it, or choose another value.",
        )
    if found.item_type is ItemType.CELL:
        edits.refuse_unfit(column, new)
        return
    if column.kind.is_discrete and new in spelling_of(ws, found.run_id, column.name).classes:
        return
    position = found.position_of(cell)
    if position is not None and items(ws, found, position, 1)[0].suggestion.suggested == new:
        return
    raise Conflict(
        f"“{new}” is not a value of “{column.name}”.", "Choose one of the values in the file."
    )
