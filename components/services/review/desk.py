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

    Parameters
    ----------
    positions
        Which items of the queue are meant, in their order.
    after
        Place in the queue after which to begin; behind the last one it goes on with the first.

    Returns
    -------
    tuple of Item
        At most ``n``, none of which anybody else holds, or was decided after the queue was read;
        fewer where little is left for several.
    """
    name, at = person_of(reviewer).name, now()
    turned = np.concatenate([positions[positions > after], positions[positions <= after]])
    with ws.db.write() as session:
        held, others = claims.of_others(session, found.dataset_id, name, at)
        taken = held | decisions.settled_since(session, found.dataset_id, found.as_of)
        dealt = _free(found, turned, taken, min(n, MOST, _share(len(turned), others)))
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


def _share(n_left: int, others: int) -> int:
    """Return how many items one of several may hold, so that something is left for each."""
    return max(1, n_left // (2 * (others + 1))) if others else n_left


def _free(found: ReviewQueue, places: IntArray, taken: frozenset[Cell], n: int) -> Sequence[int]:
    """Return the first ``n`` places whose cells are not taken."""
    free: list[int] = []
    for place in places.tolist():
        if len(free) == n:
            break
        if not taken or found.cell_at(place) not in taken:
            free.append(place)
    return free
