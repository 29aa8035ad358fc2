"""What nobody had settled when a version was published, and is not asked about in the new one.

A check looks at the new version anew. Once most cells with a code are emptied, the few that are
left may be under its line; models that learned without a row flag other labels. Such items are in
no queue any more, so somebody has to be told of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.core.data.carry_over import CarryOver, MatchedBy
from components.services.review.items.orders import BoolArray, CellOrder, IntArray
from components.services.review.queues import reviewable
from components.services.review.states import ERROR, ESCALATED, OPEN, UNSURE, cell_order, states
from components.services.runs import runs
from components.services.upload.carry_over import NOT_HERE, rows_after
from components.services.workspace import Workspace
from components.store.review import carry_overs

WAITING = (OPEN, UNSURE, ESCALATED, ERROR)


@dataclass(frozen=True, slots=True)
class NoLongerAsked:
    """Items of one check that waited for somebody in the former version and are asked no more."""

    title: str
    n: int


def no_longer_asked(ws: Workspace, run_id: str) -> tuple[NoLongerAsked, ...]:
    """Return, by check, the items that waited in the former version and are not asked about here.

    They are those of the newest run of the version from which this one was published, in rows that
    are here, for checks that have looked at this version. Empty for a version that was uploaded.
    """
    met = _published_from(ws, runs.spec(ws, run_id).dataset.id)
    former = None if met is None else runs.latest(ws, met.former_id)
    if met is None or former is None:
        return ()
    places = rows_after(runs.spec(ws, former).dataset.n_rows, met.left_out)
    looked = {result.check_id for result in runs.results(ws, run_id)}
    found = []
    for result in reviewable(ws, former):
        if result.check_id in looked:
            order = cell_order(ws, former, result.check_id)
            waits = np.isin(states(ws, met.former_id, order), WAITING)
            n = _n_missing(order, waits, places, cell_order(ws, run_id, result.check_id))
            found.append(NoLongerAsked(result.title, n))
    return tuple(one for one in found if one.n)


def _published_from(ws: Workspace, dataset_id: str) -> CarryOver | None:
    with ws.db.read() as session:
        known = carry_overs.of_dataset(session, dataset_id)
    return next((met for met in known if met.matched_by is MatchedBy.PUBLISHED), None)


def _n_missing(order: CellOrder, waits: BoolArray, places: IntArray, now: CellOrder) -> int:
    """Return how many of the waiting items of an order are not in the one of now."""
    n = 0
    for code, name in enumerate(order.names):
        rows = places[order.row_id[waits & (order.column == code)]]
        asked = now.row_id[now.column == now.names.index(name)] if name in now.names else []
        n += int((~np.isin(rows[rows != NOT_HERE], asked)).sum())
    return n
