"""Figures of what people said, computed by a worker: they need libraries that no page loads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from components.checks._lib.agreement import Agreement, of_pair, share_agreed
from components.checks._lib.stats import wilson
from components.core.codec import from_json, to_json
from components.core.errors import NotFound
from components.core.judgement.review import Action, Cell, Decision
from components.core.people import several_people
from components.core.people.random_share import NEVER_FLAGGED, STRATA, EstimatedRate
from components.core.progress import Progress, silent
from components.services.review.items.orders import IntArray
from components.services.review.queues import ReviewQueue, queue
from components.services.review.states import ACTIONS, OPEN, states
from components.services.worker_calls import ask, workspace_of
from components.services.workspace import Workspace
from components.store.review import decisions as table

COMMAND = "review-figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """How far two people agree."""

    one: str
    other: str
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFigures:
    """What the answers of several people come to.

    Attributes
    ----------
    agreement
        Of the two blind answers, over all items that have them.
    pairs
        The same for each two people, those with most items first.
    rates
        Of flagged rows, and of rows never flagged; empty where nothing is drawn at random.
    thirds
        Of flagged rows by thirds of their order, the worst first; empty as ``rates``.
    """

    agreement: Agreement
    pairs: tuple[PairAgreement, ...] = ()
    rates: tuple[EstimatedRate, ...] = ()
    thirds: tuple[EstimatedRate, ...] = ()


def figures(ws: Workspace, found: ReviewQueue, tell: Progress = silent) -> ReviewFigures | None:
    """Return what the answers in a queue come to.

    A worker computes it, once for what is decided by now. None where no item has two blind answers
    and none was drawn at random.
    """
    with ws.db.read() as session:
        made = table.blind_answers(session, found.dataset_id, found.check_id)
    if not _twice(made) and not found.is_mixed:
        return None
    known = (*(d.id for d in made), found.as_of, found.counts, states_of(ws, found).tobytes())
    return _computed(ws, found.run_id, found.check_id, known, _Tell(tell))


def states_of(ws: Workspace, found: ReviewQueue) -> IntArray:
    """Return what became of each item of a queue."""
    return states(ws, found.dataset_id, found.order)


class _Tell:
    """Who is told how far it is; all are the same to the memory of what was computed."""

    def __init__(self, tell: Progress) -> None:
        self.tell = tell

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tell)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _computed(
    ws: Workspace,
    run_id: str,
    check_id: str,
    _known: tuple[object, ...],
    told: _Tell,
) -> ReviewFigures:
    request = {"run": run_id, "check": check_id}
    return from_json(ReviewFigures, json.loads(ask(ws, COMMAND, request, told.tell)))


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`figures` asks for."""
    tell(0.0, "Comparing answers")
    with workspace_of(request) as ws:
        found = queue(ws, request["run"], request["check"])
        if found is None:
            raise NotFound("What was reviewed here is gone.", "Load the page again.")
        with ws.db.read() as session:
            made = table.blind_answers(session, found.dataset_id, found.check_id)
        state = states_of(ws, found)
    told = replace(of_answers(made), rates=of_drawn(found, state), thirds=of_thirds(found, state))
    return json.dumps(to_json(told))


def of_answers(made: Iterable[Decision]) -> ReviewFigures:
    """Return what blind answers come to, in this process."""
    pairs: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for both in _twice(made):
        first, second = sorted(both, key=lambda d: d.reviewer)
        pairs[first.reviewer, second.reviewer].append((_answer(first), _answer(second)))
    said = [answers for of_pair in pairs.values() for answers in of_pair]
    compared = [
        PairAgreement(one=one, other=other, agreement=of_pair(*zip(*answers, strict=True)))
        for (one, other), answers in pairs.items()
    ]
    return ReviewFigures(
        agreement=share_agreed(sum(a == b for a, b in said), len(said)),
        pairs=tuple(sorted(compared, key=lambda p: (-p.agreement.n, p.one, p.other))),
    )


def of_drawn(found: ReviewQueue, state: IntArray) -> tuple[EstimatedRate, ...]:
    """Return what the items of a queue that were drawn at random come to.

    Of each third of the flagged items the same share was drawn, so that all count the same.
    """
    mixed = found.order.mixed
    if mixed is None:
        return ()
    parts = ((True, mixed.in_turn(*STRATA[:-1])), (False, mixed.in_turn(NEVER_FLAGGED)))
    return tuple(_rate(state[places], is_flagged=is_flagged) for is_flagged, places in parts)


def of_thirds(found: ReviewQueue, state: IntArray) -> tuple[EstimatedRate, ...]:
    """Return the same for flagged items by thirds of their order, the worst first."""
    mixed = found.order.mixed
    if mixed is None:
        return ()
    thirds = (mixed.in_turn(stratum) for stratum in STRATA[:-1])
    return tuple(_rate(state[places], is_flagged=True) for places in thirds)


def _rate(state: IntArray, *, is_flagged: bool) -> EstimatedRate:
    """Return the rate of wrong labels among items, in the order in which they were drawn."""
    is_open = np.flatnonzero(state == OPEN)
    used = state[: int(is_open[0])] if len(is_open) else state
    wrong = int((used == ACTIONS.index(Action.CHANGE)).sum())
    clear = wrong + int((used == ACTIONS.index(Action.KEEP)).sum())
    low, high = wilson(wrong, clear)
    return EstimatedRate(
        is_flagged=is_flagged,
        n_drawn=len(state),
        n_answered=len(state) - len(is_open),
        n_used=len(used),
        n_clear=clear,
        n_wrong=wrong,
        low=low,
        high=high,
    )


def _twice(made: Iterable[Decision]) -> list[tuple[Decision, Decision]]:
    """Return the two blind answers about each cell that has them."""
    by_cell: defaultdict[Cell, list[Decision]] = defaultdict(list)
    for decision in made:
        by_cell[decision.cell].append(decision)
    found = (several_people.first_two(of_cell) for of_cell in by_cell.values())
    return [both for both in found if both is not None]


def _answer(decision: Decision) -> str:
    """Return the label that somebody meant: keeping a label and naming it are one answer."""
    action = decision.action
    if action in {Action.KEEP, Action.CHANGE}:
        return json.dumps(["label", decision.new])
    return json.dumps([action.value])
