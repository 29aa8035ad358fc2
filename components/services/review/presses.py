"""Keys that were pressed in a browser: each names its cell and what its screen showed.

A press that is sent again, because an answer was lost, is answered as the first time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from components.core.errors import PreflightError, UnusableInput
from components.core.judgement.review import Action, Cell, Decision
from components.core.people.person import Person
from components.core.people.several_people import Shown
from components.services.people.names import person_of
from components.services.review import keep
from components.services.review.queues import ReviewQueue
from components.services.workspace import Workspace, now
from components.store.review import batches
from components.store.review import decisions as table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST = 500
"""Presses that are taken at once."""

MOST_SECONDS = 86_400.0
"""A cell that was on the screen for longer says nothing about the work."""

_MARK = re.compile(r"[A-Za-z0-9-]{8,64}")


def is_mark(text: str) -> bool:
    """Whether a text may tell one press from all others."""
    return _MARK.fullmatch(text) is not None


class Fate(StrEnum):
    """What became of a press."""

    KEPT = "kept"
    STALE = "stale"
    """Something else stands than what its screen showed."""
    REFUSED = "refused"
    """It makes no sense for this cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One key of one person about one cell.

    Attributes
    ----------
    mark
        Tells this press from all others: 8 to 64 letters, digits and hyphens.
    seen
        :attr:`Decision.version` of the decision that was on the screen, "" for none.
    action
        What was decided; None takes the decision ``seen`` back.
    new
        What the cell is changed to, spelled as in the file.
    seconds
        How long the cell was on the screen; None: not measured.
    judged_first
        Whether the suggestion was not shown before.
    """

    mark: str
    cell: Cell
    seen: str
    action: Action | None
    new: str = ""
    note: str = ""
    seconds: float | None = None
    judged_first: bool = False

    def __post_init__(self) -> None:
        if not is_mark(self.mark):
            raise UnusableInput("A press has no proper mark.", "Load the page again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PressAnswer:
    """What the server says about a press.

    Attributes
    ----------
    shown
        What the person may see of the cell now.
    why
        Why it was not kept, in words; "" where it was.
    """

    mark: str
    cell: Cell
    fate: Fate
    shown: Shown
    why: str = ""

    @property
    def stands(self) -> Decision | None:
        """The decision about the cell that the person may see; None where there is none."""
        return self.shown.decision


def apply(
    ws: Workspace, found: ReviewQueue, presses: Sequence[Press], *, reviewer: str | Person
) -> tuple[PressAnswer, ...]:
    """Keep what was decided with some presses, in their order, in one transaction.

    A press about what the reviewer has not seen is not kept; the others are.

    Raises
    ------
    UnusableInput
        When the reviewer has no name, or there are too many presses.
    """
    person = person_of(reviewer)
    if len(presses) > MOST:
        raise UnusableInput("Too many keys came at once.", f"Send at most {MOST:,}.")
    made = _decisions(ws, found, presses, person.name)
    with ws.db.write() as session:
        at = _Desk(ws, session, found, person)
        return tuple(_apply(at, p, decided) for p, decided in zip(presses, made, strict=True))


def last_of(
    ws: Workspace, found: ReviewQueue, *, reviewer: str, limit: int
) -> tuple[Decision, ...]:
    """Return the last decisions of a reviewer in a queue that were not taken back, newest first.

    They are what undo is about, also where somebody has overruled one: it then takes nothing back.
    """
    with ws.db.read() as session:
        return table.last_of(session, found.dataset_id, found.check_id, reviewer, limit=limit)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A decision as it would be kept, and what is suggested for its cell."""

    decision: Decision
    suggested: tuple[str | None, ...]


def _decisions(
    ws: Workspace, found: ReviewQueue, presses: Sequence[Press], name: str
) -> list[_Ready | PreflightError | None]:
    """Return what each press decides, or why it makes no sense; None for one that takes back."""
    asked = [p.cell for p in presses if p.action is not None]
    given = keep.given_texts(ws, found, asked)
    suggested = keep.suggested_for(ws, found, asked)
    ready: list[_Ready | PreflightError | None] = []
    for press in presses:
        decision = _decision(ws, found, press, given, name)
        if isinstance(decision, Decision):
            ready.append(_Ready(decision, suggested[press.cell]))
        else:
            ready.append(decision)
    return ready


def _decision(
    ws: Workspace, found: ReviewQueue, press: Press, given: keep.Given, name: str
) -> Decision | PreflightError | None:
    if press.action is None:
        return None
    seconds = press.seconds
    asked = Decision(
        dataset_id=found.dataset_id,
        cell=press.cell,
        check_id=found.check_id,
        action=press.action,
        given="",
        new=press.new,
        reviewer=name,
        at=now(),
        note=press.note,
        press=press.mark,
        seconds=seconds if seconds is not None and 0 <= seconds <= MOST_SECONDS else None,
        judged_first=press.judged_first,
    )
    try:
        return keep.checked(ws, found, asked, given)
    except PreflightError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where presses are kept: one transaction, one queue, one person."""

    ws: Workspace
    session: Session
    found: ReviewQueue
    person: Person

    def shown(self, cell: Cell) -> Shown:
        """Return what the person may see of a cell."""
        made = table.about(self.session, self.found.dataset_id, cell)
        return keep.shown_to(self.ws, self.found, made, self.person)


def _apply(at: _Desk, press: Press, ready: _Ready | PreflightError | None) -> PressAnswer:
    if isinstance(ready, PreflightError):
        return _not_kept(at, press, Fate.REFUSED, ready)
    try:
        shown = _take_back(at, press) if ready is None else _keep(at, press, ready)
    except PreflightError as error:
        makes_no_sense = ready is not None and isinstance(error, UnusableInput)
        return _not_kept(at, press, Fate.REFUSED if makes_no_sense else Fate.STALE, error)
    return PressAnswer(mark=press.mark, cell=press.cell, fate=Fate.KEPT, shown=shown)


def _not_kept(at: _Desk, press: Press, fate: Fate, error: PreflightError) -> PressAnswer:
    shown = at.shown(press.cell)
    return PressAnswer(mark=press.mark, cell=press.cell, fate=fate, shown=shown, why=str(error))


def _keep(at: _Desk, press: Press, ready: _Ready) -> Shown:
    before = table.of_press(at.session, at.found.dataset_id, press.mark)
    if before is not None:  # sent again: whatever came after it stands
        return at.shown(before.cell)

    def was_seen(shown: Shown) -> bool:
        return press.seen == shown.version

    decision = replace(ready.decision, at=now())
    keep.keep(
        at.ws,
        at.session,
        at.found,
        decision,
        person=at.person,
        suggested=ready.suggested,
        was_seen=was_seen,
    )
    return at.shown(press.cell)


def _take_back(at: _Desk, press: Press) -> Shown:
    decision = batches.of_version(at.session, at.found.dataset_id, press.seen, press.cell)
    if decision is None or decision.cell != press.cell or decision.reviewer != at.person.name:
        raise UnusableInput("This is no decision of yours.", "Look at the row as it is now.")
    if decision.undone:  # sent again
        return at.shown(press.cell)
    return keep.take_back(at.ws, at.session, at.found, decision, at.person)
