"""Back and forth with buttons: undo, redo, the item before and the next, with the same keys.

What can be done again, and the order in which items were shown, are those of this visit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from secrets import token_hex

import streamlit as st

from components.core.errors import PreflightError
from components.core.judgement.review import Action, Cell, Decision
from components.services.review import presses, review
from components.services.review.items import said
from components.services.review.presses import Fate, Press
from components.services.review.review import ReviewQueue, Undone
from components.services.review.several import together
from components.services.review.several.together import PressForSeveral
from components.views import session, words
from components.views.review.buttons import note
from components.views.text import md
from components.views.visitors import identity


def offer(queue: ReviewQueue) -> None:
    """Draw the buttons."""
    _button("Undo", "Z", "undo", undo, queue)
    _button("Redo", "Y", "redo", redo, queue)
    _button("Previous", "Left", "arrow_back", partial(step, by=-1), queue)
    _button("Next", "Right", "arrow_forward", partial(step, by=1), queue)
    _button("Note", "M", "edit_note", note.begin)


def _button(
    text: str, key: str, icon: str, act: Callable[..., None], *arguments: ReviewQueue
) -> None:
    st.button(
        text,
        key=text.lower(),
        shortcut=key,
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=act,
        args=arguments,
    )


def shown(queue: ReviewQueue, cell: Cell) -> None:
    """Remember that an item is on the screen."""
    trail, place = session.session().review.trail, (queue.check_id, cell)
    if place not in trail:
        trail.append(place)


def step(queue: ReviewQueue, *, by: int) -> None:
    """Go to the item that was shown before or after the one on the screen, or to a new one."""
    here = session.session()
    own = [cell for check_id, cell in here.review.trail if check_id == queue.check_id]
    place = own.index(here.shown_cell) + by if here.shown_cell in own else len(own)
    if place < 0:
        here.notice = "This is the first item of this visit."
        return
    here.cell = own[place] if place < len(own) else None
    if here.cell is None:
        here.passed += 1  # over the one on the screen


def undo(queue: ReviewQueue) -> None:
    """Take the reviewer's last decision back, say which, and return to its cell."""
    here = session.session()
    try:
        undone = review.undo(session.workspace(), queue, reviewer=identity.person())
    except PreflightError as error:
        here.notice = md(error)
        return
    if undone is None:
        here.notice = "There is nothing of yours to undo."
        return
    if undone.taken.batch:
        here.decided[undone.taken.check_id, undone.taken.action] -= undone.n
        here.notice = _undone_together(undone)
        if (press := here.review.together.get(undone.taken.batch)) is not None:
            here.review.undone.append(press)
            here.cell = queue.cell_at(min(press.places))
        return
    here.review.undone.append((undone.taken, undone.left))
    before_visit = not here.uncount(undone.taken)
    here.cell = undone.taken.cell
    asks = queue.position_of(undone.taken.cell) is not None
    here.notice = _undone(undone, before_visit=before_visit, asks=asks)


def redo(queue: ReviewQueue) -> None:
    """Decide again what was undone last in this visit, unless somebody decided meanwhile."""
    here = session.session()
    if not here.review.undone:
        here.notice = "There is nothing to do again."
        return
    last = here.review.undone.pop()
    try:
        if isinstance(last, PressForSeveral):
            here.notice = _redo_together(queue, last)
        else:
            here.notice = _redo(queue, *last)
    except PreflightError as error:
        here.notice = md(error)


def _redo(queue: ReviewQueue, taken: Decision, left: str) -> str:
    here = session.session()
    press = Press(
        mark=token_hex(16),
        cell=taken.cell,
        seen=left,
        action=taken.action,
        new=taken.new if taken.action is Action.CHANGE else "",
        note=taken.note,
        seconds=taken.seconds,
        judged_first=taken.judged_first,
    )
    (told,) = presses.apply(session.workspace(), queue, [press], reviewer=identity.person())
    if told.fate is not Fate.KEPT or told.stands is None:
        here.cell = taken.cell
        return md(told.why)
    here.count(told.stands)
    here.cell, here.shown_cell = None, None
    return f"Done again: {md(said.place(taken.cell))} is {md(said.of(taken))}."


def _redo_together(queue: ReviewQueue, press: PressForSeveral) -> str:
    here, mark = session.session(), token_hex(16)
    again = PressForSeveral(mark=mark, places=press.places, as_of=press.as_of, action=press.action)
    told = together.apply(session.workspace(), queue, again, reviewer=identity.person())
    here.review.together[mark] = again
    here.decided[queue.check_id, press.action] += told.n_kept
    here.cell, here.shown_cell = None, None
    return f"Done again: {words.count(told.n_kept, 'item')} decided together. {told.why}".strip()


def _undone_together(undone: Undone) -> str:
    line = f"Undone: {words.count(undone.n, 'decision')} taken back together, as they were made."
    if undone.n_overruled:
        line += f" {undone.n_overruled:,} stay, overruled meanwhile."
    return line


def _undone(undone: Undone, *, before_visit: bool, asks: bool) -> str:
    """Return what was undone and what the cell is now."""
    taken = undone.taken
    place = md(said.place(taken.cell))
    when = f", made before this visit, on {words.moment(taken.at)} UTC" if before_visit else ""
    line = f"Undone: {place} is no longer {md(said.of(taken))}, as you had decided{when}."
    if undone.stands is not None:
        by = "you" if undone.stands.reviewer == taken.reviewer else md(undone.stands.reviewer)
        return f"{line} It is {md(said.of(undone.stands))} by {by} again, as before."
    return f"{line} It is {'open again' if asks else 'undecided, and this run does not ask of it'}."
