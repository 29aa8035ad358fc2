"""The desk of a reviewer: a few items at a time, which nobody else is asked about meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from components.core.judgement.review import Cell
from components.core.people.person import Person
from components.services.people.names import person_of
from components.services.review.items.orders import IntArray
from components.services.review.queues import Item, ReviewQueue, items_at
from components.services.workspace import Workspace, now
from components.store.review import claims, decisions

HELD = timedelta(minutes=3)
"""How long an item stays with whom it was dealt to; each request of theirs begins it anew."""

MOST = 50
"""Items that are dealt at once."""

PART = 4
"""One of several holds at most one item in this many of those that nobody else holds (our choice:
with half of them the seventh of ten people got none of 73 items)."""


def deal(
    ws: Workspace,
    found: ReviewQueue,
    positions: IntArray,
    *,
    reviewer: str | Person,
    n: int,
    after: int = -1,
) -> tuple[Item, ...]:
    """Return the next items for a reviewer, who holds them from now on.

    Who works alone holds as many as are asked for. Where others are at work, each holds at most a
    quarter of what none of the others holds, and at least one: so whoever comes later gets some,
    and the more people there are, and the fewer items are open, the fewer each holds ahead.

    Parameters
    ----------
    positions
        Which items of the queue are meant, in their order.
    after
        Place in the queue after which to begin; behind the last one it goes on with the first.

    Returns
    -------
    tuple of Item
        At most ``n``, none of which anybody else holds, or was decided after the queue was read.
    """
    name, at = person_of(reviewer).name, now()
    turned = np.concatenate([positions[positions > after], positions[positions <= after]])
    with ws.db.write() as session:
        held, others = claims.of_others(session, found.dataset_id, name, at)
        taken = held | decisions.settled_since(session, found.dataset_id, found.as_of)
        own = claims.of(session, found.dataset_id, name, at) - taken
        n_new = _n_new(found, positions, taken, own) if others else n
        dealt = _free(found, turned, taken, own, n=min(n, MOST), n_new=n_new)
        claims.renew(session, found.dataset_id, name, at, at + HELD)
        mine = [found.cell_at(place) for place in dealt]
        claims.take(session, found.dataset_id, mine, name, at + HELD)
    return items_at(ws, found, dealt)


def stay(ws: Workspace, found: ReviewQueue, *, reviewer: str | Person) -> None:
    """Let a reviewer go on to hold what was dealt."""
    at = now()
    with ws.db.write() as session:
        claims.renew(session, found.dataset_id, person_of(reviewer).name, at, at + HELD)


def leave(ws: Workspace, found: ReviewQueue, *, reviewer: str | Person) -> None:
    """Let a reviewer hold nothing any more."""
    with ws.db.write() as session:
        claims.release_all(session, found.dataset_id, person_of(reviewer).name)


def _n_new(
    found: ReviewQueue, positions: IntArray, taken: frozenset[Cell], own: frozenset[Cell]
) -> int:
    """Return how many more items one of several may hold, so that something is left for each."""
    others, mine = (
        np.isin(found.order.row_id[positions], [cell.row_id for cell in cells])
        for cells in (taken, own)
    )
    return max(1, int((~others).sum()) // PART) - int(mine.sum())


def _free(
    found: ReviewQueue,
    places: IntArray,
    taken: frozenset[Cell],
    own: frozenset[Cell],
    *,
    n: int,
    n_new: int,
) -> Sequence[int]:
    """Return the first ``n`` places that are not taken, at most ``n_new`` beside one's own."""
    free: list[int] = []
    for place in places.tolist():
        if len(free) == n:
            break
        cell = found.cell_at(place)
        if cell in own or (n_new > 0 and cell not in taken):
            free.append(place)
            n_new -= cell not in own
    return free
