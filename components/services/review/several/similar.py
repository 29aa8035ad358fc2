"""Which open items are like one of them, and what a decision about all does to groups of people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from components.checks._lib.groups.changed_rates import ChangedRate
from components.core.errors import Conflict
from components.core.judgement.review import Action, Cell
from components.core.people.person import Person
from components.services.people.names import person_of
from components.services.review import selection
from components.services.review.beside.people import groups_of_people
from components.services.review.items.orders import IntArray
from components.services.review.queues import ReviewQueue, item
from components.services.review.selection import Selection, Stage
from components.services.review.several.changed_rates import changed_rates
from components.services.workspace import Workspace, now
from components.store.review import claims, counting

MOST = 10_000
"""Items that are decided with one press."""

REASONS_END = "; "
"""What stands between the reasons of a check, the strongest first."""


class Likeness(StrEnum):
    """In what items are alike, beside their column, given and suggested value; closest first."""

    REASON = "reason"
    """In the whole reason."""
    STRONGEST = "strongest"
    """In the strongest reason, which stands first."""
    VALUES = "values"
    """In nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEffect:
    """How many rows of a group of people a decision is about.

    Attributes
    ----------
    column, group
        A sensitive column, and the value or band of numbers of the group.
    n_decided
        Rows of the group among the items.
    n_rows
        Rows of the group in the table.
    """

    column: str
    group: str
    n_decided: int
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Open items that are alike, as they are now.

    Attributes
    ----------
    likeness
        In what the items are alike.
    n_by_likeness
        How many open items there are for each, those included that others hold.
    places
        Where the items stand in the queue, ascending; at most ``MOST``.
    n_held
        Items that are left out because others have them on their screens.
    n_alone
        Items that are left out because each is decided by itself: the person has answered about
        it, or two people differ.
    n_more
        Items beyond ``MOST``.
    as_of
        Id of the newest decision: a later one was not seen.
    effects
        By sensitive column and group; groups without an item are left out.
    changed
        What accepting would do to the rates of groups of people; empty where that is not offered.
    given, suggested, reason
        What the items have in common; ``suggested`` is None where it is not known, ``reason`` ""
        where it is any.
    """

    likeness: Likeness
    n_by_likeness: dict[Likeness, int]
    places: tuple[int, ...]
    n_held: int
    n_alone: int
    n_more: int
    as_of: int
    effects: tuple[GroupEffect, ...]
    changed: tuple[ChangedRate, ...]
    given: str
    suggested: str | None
    reason: str

    @property
    def can_accept(self) -> bool:
        """Whether the suggestion is something else than what is there."""
        return self.suggested is not None and self.suggested != self.given


def similar_to(
    ws: Workspace,
    found: ReviewQueue,
    cell: Cell,
    wanted: Selection,
    *,
    reviewer: str | Person,
    likeness: Likeness | None = None,
) -> Similar:
    """Return the open items that are like one, among those that a person has chosen.

    Parameters
    ----------
    likeness
        None: the closest in which more than one item is alike, else the closest.

    Raises
    ------
    NotFound
        When the cell is not in the queue.
    Conflict
        When items drawn at random are mixed in: each is judged by itself.
    """
    refuse_mixed(found)
    of_it = item(ws, found, cell)
    among = selection.positions(ws, found, replace(wanted, stage=Stage.OPEN))
    alike = _alike(ws, found, of_it.position, among)
    if likeness is None:
        likeness = next((n for n in Likeness if len(alike[n]) > 1), Likeness.REASON)
    free, n_held = _free(ws, found, alike[likeness], person_of(reviewer).name)
    places = free[:MOST]
    given = of_it.suggestion.given
    suggested = of_it.suggestion.suggested if Action.CHANGE in found.actions else None
    return Similar(
        likeness=likeness,
        n_by_likeness={name: len(those) for name, those in alike.items()},
        places=tuple(places.tolist()),
        n_held=n_held,
        n_alone=len(alike[likeness]) - len(free) - n_held,
        n_more=len(free) - len(places),
        as_of=found.as_of,
        effects=_effects(ws, found, places),
        changed=() if suggested is None else changed_rates(ws, found, places, given, suggested),
        given=given,
        suggested=suggested,
        reason=_common_reason(of_it.suggestion.reason, likeness),
    )


def refuse_mixed(found: ReviewQueue) -> None:
    """Refuse to decide several at once where items drawn at random are mixed in.

    Raises
    ------
    Conflict
        When they are.
    """
    if found.is_mixed:
        raise Conflict(
            "Items drawn at random are mixed in here: each is judged by itself.",
            "Decide one by one.",
        )


def _alike(
    ws: Workspace, found: ReviewQueue, place: int, among: IntArray
) -> dict[Likeness, IntArray]:
    told, order = selection.facets(ws, found), found.order
    same = among[
        (order.column[among] == order.column[place])
        & (order.suggested[among] == order.suggested[place])
        & (told.given[among] == told.given[place])
    ]
    reasons, own = told.reason[same], str(told.reason[place])
    first = _common_reason(own, Likeness.STRONGEST)
    strongest = [_common_reason(str(r), Likeness.STRONGEST) == first for r in reasons]
    return {
        Likeness.REASON: same[reasons == own],
        Likeness.STRONGEST: same[np.array(strongest, dtype=bool)],
        Likeness.VALUES: same,
    }


def _common_reason(reason: str, likeness: Likeness) -> str:
    match likeness:
        case Likeness.REASON:
            return reason
        case Likeness.STRONGEST:
            return reason.partition(REASONS_END)[0]
        case Likeness.VALUES:
            return ""


def _free(
    ws: Workspace, found: ReviewQueue, places: IntArray, reviewer: str
) -> tuple[IntArray, int]:
    """Return the places that the person may decide about, and how many others hold.

    Where the person has answered already, or two people differ, it is decided one by one.
    """
    order, asked = found.order, np.ones(len(places), dtype=bool)
    with ws.db.read() as session:
        held, _ = claims.of_others(session, found.dataset_id, reviewer, now())
        for code, name in enumerate(order.names):
            for answers in counting.waiting_rows(session, found.dataset_id, name):
                if answers.disputed or answers.reviewer == reviewer:
                    there = np.isin(order.row_id[places], answers.row_id)
                    asked &= ~(there & (order.column[places] == code))
    left = places[asked]
    free = [n for n in left.tolist() if not held or found.cell_at(n) not in held]
    return np.array(free, dtype=np.int64), len(left) - len(free)


def _effects(ws: Workspace, found: ReviewQueue, places: IntArray) -> tuple[GroupEffect, ...]:
    return tuple(
        GroupEffect(column=groups.column, group=name, n_decided=n, n_rows=n_rows)
        for groups in groups_of_people(ws, found.run_id, found.order)
        for name, n, n_rows in zip(groups.names, groups.counted(places), groups.n_rows, strict=True)
        if n
    )
