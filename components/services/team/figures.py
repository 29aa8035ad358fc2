"""Figures of what people said, computed by a worker: they need libraries that no page loads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components.checks._lib.agreement import Agreement, of_pair, share_agreed
from components.core.codec import from_json, to_json
from components.core.judgement.review import Action, Cell, Decision
from components.core.people import several_people
from components.core.progress import Progress, silent
from components.services.review.queues import ReviewQueue
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
    """

    agreement: Agreement
    pairs: tuple[PairAgreement, ...] = ()


def figures(ws: Workspace, found: ReviewQueue, tell: Progress = silent) -> ReviewFigures | None:
    """Return what the answers in a queue come to; None where no item has two blind answers.

    A worker computes it, once for what is decided by now.
    """
    with ws.db.read() as session:
        made = table.blind_answers(session, found.dataset_id, found.check_id)
    if not _twice(made):
        return None
    return _computed(ws, found.dataset_id, found.check_id, tuple(d.id for d in made), _Tell(tell))


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
    dataset_id: str,
    check_id: str,
    _ids: tuple[int, ...],
    told: _Tell,
) -> ReviewFigures:
    request = {"dataset": dataset_id, "check": check_id}
    return from_json(ReviewFigures, json.loads(ask(ws, COMMAND, request, told.tell)))


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`figures` asks for."""
    tell(0.0, "Comparing answers")
    with workspace_of(request) as ws, ws.db.read() as session:
        made = table.blind_answers(session, request["dataset"], request["check"])
    return json.dumps(to_json(of_answers(made)))


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
