"""Which items of a queue a person works on: open ones, of one class, doubted for one reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from components.core.judgement.evidence import CellScores, RowScores
from components.services.data import cells, datasets
from components.services.review.queues import ReviewQueue
from components.services.review.states import (
    ESCALATED,
    OPEN,
    UNSURE,
    CellOrder,
    IntArray,
    cell_order,
    states,
)
from components.services.runs import runs
from components.services.workspace import Workspace


class Stage(StrEnum):
    """How far people are with an item."""

    OPEN = "open"
    SETTLED = "settled"
    UNSURE = "unsure"
    """Somebody was not sure, or handed it on."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Items that satisfy all of this.

    Attributes
    ----------
    given, suggested
        Cell texts; None: any.
    reason
        Part of the reason, in any case; "": any.
    """

    stage: Stage = Stage.OPEN
    given: str | None = None
    suggested: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """What items can be chosen by; shape (n_items,), in the order of the queue.

    Attributes
    ----------
    suggested
        The texts; "" where the check does not know one, or suggests an empty cell.
    """

    given: NDArray[np.object_]
    suggested: NDArray[np.object_]
    reason: NDArray[np.object_]


@lru_cache(maxsize=16)
def facets(ws: Workspace, run_id: str, check_id: str) -> Facets:
    """Return what the items of a queue can be chosen by; they never change, as results never do."""
    order = cell_order(ws, run_id, check_id)
    texts = np.array([text or "" for text in order.texts], dtype=object)
    scores = _scores(ws, run_id, check_id)
    return Facets(
        given=_given(ws, runs.spec(ws, run_id).dataset.id, order),
        suggested=texts[order.suggested] if len(texts) else np.empty(0, dtype=object),
        reason=_reasons(None if scores is None else scores.reason, len(order.row_id)),
    )


def _scores(ws: Workspace, run_id: str, check_id: str) -> RowScores | CellScores | None:
    """Return what a check says about rows, where it suggests; else about cells; worst first."""
    rows = runs.row_scores(ws, run_id, check_id, flagged_only=True)
    if rows is not None and rows.suggested is not None:
        return rows
    return runs.cell_scores(ws, run_id, check_id)


def pairs(ws: Workspace, found: ReviewQueue, *, most: int) -> list[tuple[str, str, int]]:
    """Return given and suggested texts that stand together, and in how many items; most first."""
    told = facets(ws, found.run_id, found.check_id)
    counted: dict[tuple[str, str], int] = {}
    for pair in zip(told.given.tolist(), told.suggested.tolist(), strict=True):
        counted[pair] = counted.get(pair, 0) + 1
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(given, suggested, n) for (given, suggested), n in ordered[:most]]


def positions(ws: Workspace, found: ReviewQueue, wanted: Selection) -> IntArray:
    """Return the places of the chosen items in the queue, worst first."""
    state = states(ws, found.dataset_id, found.order)
    chosen = _at_stage(state, wanted.stage)
    told = facets(ws, found.run_id, found.check_id)
    if wanted.given is not None:
        chosen &= told.given == wanted.given
    if wanted.suggested is not None:
        chosen &= told.suggested == wanted.suggested
    if wanted.reason:
        part = wanted.reason.casefold()
        chosen &= np.array([part in text.casefold() for text in told.reason], dtype=bool)
    return np.flatnonzero(chosen)


def _at_stage(state: IntArray, stage: Stage) -> NDArray[np.bool_]:
    is_open, doubtful = np.equal(state, OPEN), np.isin(state, (UNSURE, ESCALATED))
    match stage:
        case Stage.ALL:
            return np.ones(len(state), dtype=bool)
        case Stage.OPEN:
            return is_open
        case Stage.UNSURE:
            return doubtful
        case Stage.SETTLED:
            return ~(is_open | doubtful)


def _reasons(reason: NDArray[np.object_] | None, n: int) -> NDArray[np.object_]:
    if reason is None:
        return np.full(n, "", dtype=object)
    return np.array([text or "" for text in reason[:n]], dtype=object)


def _given(ws: Workspace, dataset_id: str, order: CellOrder) -> NDArray[np.object_]:
    """Return what the cells of a queue hold, one column after the other."""
    info = datasets.get(ws, dataset_id)
    told = np.full(len(order.row_id), "", dtype=object)
    for code, name in enumerate(order.names):
        there = order.column == code
        told[there] = cells.texts(info, order.row_id[there], [name])[name].to_numpy()
    return told
