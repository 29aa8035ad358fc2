"""How far each person is with a queue, how long a decision takes them, and what is left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import numpy as np

from components.services.review.queues import ReviewQueue
from components.services.review.states import OPEN, states
from components.services.team import several
from components.services.team.several import Waiting
from components.services.workspace import Workspace
from components.store.review import decisions as table

ANYBODY = "anybody"
"""Who asks for the progress is nobody in particular."""

FEWEST = 5
"""Timed decisions under which no median is told (our choice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProgress:
    """What one person has done in a queue.

    Attributes
    ----------
    n_decided
        Cells about which they decided, whatever stands.
    median_seconds
        For which a cell was on their screen; None where too few were timed.
    last
        When they decided last; None where they have not.
    n_kept
        Open items that are kept for them and that they have not answered.
    """

    name: str
    n_decided: int
    median_seconds: float | None
    last: datetime | None
    n_kept: int = 0

    @property
    def seconds_left(self) -> float | None:
        """How long what is kept for them takes at their pace; None where that is not known."""
        return None if self.median_seconds is None else self.n_kept * self.median_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueProgress:
    """How far people are with a queue.

    Attributes
    ----------
    people
        Those who decided most come first.
    n_answers_left
        Answers that are still to be given: two for each open item that two people judge.
    median_seconds
        Of all timed decisions; None where there are too few.
    """

    people: tuple[PersonProgress, ...]
    n_answers_left: int
    median_seconds: float | None

    @property
    def seconds_left(self) -> float | None:
        """How long all that is left takes one person; None where that is not known."""
        return None if self.median_seconds is None else self.n_answers_left * self.median_seconds


def progress(ws: Workspace, found: ReviewQueue) -> QueueProgress:
    """Return how far people are with a queue."""
    with ws.db.read() as session:
        made = table.work_on(session, found.dataset_id, found.check_id)
    cells: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    last: dict[str, datetime] = {}
    for one in made:
        cells[one.reviewer].add((one.row_id, one.column))
        last[one.reviewer] = max(one.at, last.get(one.reviewer, one.at))
        if one.seconds is not None:
            seconds[one.reviewer].append(one.seconds)
    waits = several.waiting(ws, found, ANYBODY)
    n_kept = several.n_kept(ws, found, waits)
    people = [
        PersonProgress(
            name=name,
            n_decided=len(cells[name]),
            median_seconds=_median(seconds[name]),
            last=last.get(name),
            n_kept=n_kept.get(name, 0),
        )
        for name in sorted({*cells, *n_kept})
    ]
    return QueueProgress(
        people=tuple(sorted(people, key=lambda p: -p.n_decided)),
        n_answers_left=_n_left(ws, found, waits),
        median_seconds=_median([s for of_one in seconds.values() for s in of_one]),
    )


def _median(seconds: list[float]) -> float | None:
    return float(median(seconds)) if len(seconds) >= FEWEST else None


def _n_left(ws: Workspace, found: ReviewQueue, waits: Waiting) -> int:
    """Return how many answers are still to be given before each item stands, if people agree."""
    is_open = states(ws, found.dataset_id, found.order) == OPEN
    untouched = np.flatnonzero(is_open & ~(waits.for_second | waits.for_third))
    return int(is_open.sum()) + several.n_double(ws, found, untouched)
