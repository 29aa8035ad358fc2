"""The buttons and keys of a decision about one cell.

The cell is bound into each button, so that a burst of keys can never decide about a cell that the
person has not seen: a press for a cell that is no longer on the screen is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.core.data.row_numbers import row_number
from components.core.errors import PreflightError
from components.core.judgement.review import Action, Decision
from components.core.people.several_people import DIFFERING, Shown
from components.services.review import review
from components.services.review.class_keys import class_keys
from components.services.review.keep import MAX_NOTE
from components.services.review.review import Item, ReviewQueue, Undone
from components.views import session, words
from components.views.review import judge_first
from components.views.text import md, plain
from components.views.visitors import identity

WHY = "ruling-why"
"""The widget with the reason of who decides between two answers."""


def buttons(queue: ReviewQueue, item: Item, shown: Shown) -> None:
    """Draw the row of buttons for one item; none is preferred, for a suggestion is no answer."""
    if shown.differing:
        _both(shown)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for choice in _choices(item):
            st.button(
                choice.text,
                key=f"decide-{choice.action.value}",
                icon=choice.icon,
                shortcut=choice.key,
                on_click=_decide,
                args=(queue, item, choice.action, choice.new, shown.version),
            )
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            shortcut="Z",
            type="tertiary",
            on_click=undo,
            args=(queue,),
        )
    _others(queue, item, shown.version)


def _both(shown: Shown) -> None:
    """Show two answers that differ, not whose they are, and ask why it is decided as it will be."""
    st.markdown("**Two people differ. Decide, and write why.**")
    for one in shown.differing:
        note = f": “{md(one.note)}”" if one.note else ""
        st.markdown(f"- {_settled_as(one).capitalize()}{note}")
    st.text_input("Why", key=WHY, max_chars=MAX_NOTE)


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    key: str
    icon: str
    action: Action
    new: str = ""


def _choices(item: Item) -> list[_Choice]:
    given, suggested = item.suggestion.given, item.suggestion.suggested
    keep = f"Keep “{md(given, limit=24)}”"
    change = f"Change to “{md(suggested or '', limit=24)}”" if suggested else "Make it empty"
    choices = [
        _Choice(keep, "K", ":material/check:", Action.KEEP),
        _Choice(change, "L", ":material/swap_horiz:", Action.CHANGE, suggested or ""),
        _Choice("Leave out", "X", ":material/remove_circle:", Action.EXCLUDE),
        _Choice("Not sure", "N", ":material/help:", Action.UNSURE),
        _Choice("Hand on", "E", ":material/forward_to_inbox:", Action.ESCALATE),
    ]
    can_change = suggested is not None and suggested != given and not judge_first.hides(item)
    return choices if can_change else [c for c in choices if c.action is not Action.CHANGE]


def _others(queue: ReviewQueue, item: Item, seen: str) -> None:
    """Offer the classes: each has one key on every card; without keys there is a list of all."""
    keys = class_keys(queue.classes)
    if keys:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            for key, name in keys.items():
                action = Action.KEEP if name == item.suggestion.given else Action.CHANGE
                st.button(
                    md(name, limit=24),
                    key=f"class-{key}",
                    shortcut=key,
                    type="tertiary",
                    on_click=_decide,
                    args=(queue, item, action, name, seen),
                )
    others = [c for c in queue.classes if c not in {*keys.values(), item.suggestion.given}]
    if not others:
        return
    key = f"class-{item.cell.row_id}"
    st.selectbox(
        "Or change to",
        range(len(others)),
        index=None,
        format_func=partial(_name, others),
        placeholder="Another class",
        label_visibility="collapsed",
        key=key,
        on_change=_chosen,
        args=(queue, item, others, key, seen),
        width=320,
    )


def _name(names: list[str], position: int) -> str:
    return plain(names[position], limit=80)


def _chosen(queue: ReviewQueue, item: Item, names: list[str], key: str, seen: str) -> None:
    position = session.remembered(key)
    if isinstance(position, int):
        _decide(queue, item, Action.CHANGE, names[position], seen)


def _decide(queue: ReviewQueue, item: Item, action: Action, new: str, seen: str) -> None:
    here, cell, ws = session.session(), item.cell, session.workspace()
    if here.shown_cell != cell:
        return
    why = session.remembered(WHY)
    note = why if isinstance(why, str) and DIFFERING in seen else ""
    who, is_first = identity.person(), judge_first.hides(item)
    try:
        made = review.decide(
            ws,
            queue,
            cell,
            action,
            new=new,
            reviewer=who,
            note=note,
            seen=seen,
            judged_first=is_first,
        )
    except PreflightError as error:
        here.notice, here.cell = md(error), cell  # the row stays, with what stands now
        return
    here.cell, here.shown_cell = None, None
    session.preset(WHY, "")
    here.count(made)
    if is_first:
        here.notice = judge_first.revealed(made, item.suggestion)


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
        return
    before_visit = not here.uncount(undone.taken)
    here.cell = undone.taken.cell
    here.notice = _undone(undone, before_visit=before_visit, asks=_asks(queue, undone))


def _undone_together(undone: Undone) -> str:
    line = f"Undone: {words.count(undone.n, 'decision')} taken back together, as they were made."
    if undone.n_overruled:
        line += f" {undone.n_overruled:,} stay, overruled meanwhile."
    return line


def _asks(queue: ReviewQueue, undone: Undone) -> bool:
    return queue.position_of(undone.taken.cell) is not None


def _undone(undone: Undone, *, before_visit: bool, asks: bool) -> str:
    """Return what was undone and what the cell is now."""
    taken = undone.taken
    place = f"“{md(taken.cell.column, limit=40)}” of row {row_number(taken.cell.row_id):,}"
    when = f", made before this visit, on {words.moment(taken.at)} UTC" if before_visit else ""
    line = f"Undone: {place} is no longer {_settled_as(taken)}, as you had decided{when}."
    if undone.stands is not None:
        by = "you" if undone.stands.reviewer == taken.reviewer else md(undone.stands.reviewer)
        return f"{line} It is {_settled_as(undone.stands)} by {by} again, as before."
    return f"{line} It is {'open again' if asks else 'undecided, and this run does not ask of it'}."


def _settled_as(decision: Decision) -> str:
    return {
        Action.KEEP: f"kept as “{md(decision.given, limit=40)}”",
        Action.CHANGE: f"changed to “{md(decision.new, limit=40)}”",
        Action.EXCLUDE: "left out with its row",
        Action.UNSURE: "marked as not sure",
        Action.ESCALATE: "handed on to somebody who knows more",
    }[decision.action]
