"""The buttons and keys of a decision about one cell.

The cell is bound into each button, so that a burst of keys can never decide about a cell that the
person has not seen: a press for a cell that is no longer on the screen is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.core.errors import PreflightError
from components.core.judgement.review import Action
from components.services.review import review
from components.services.review.review import Item, ReviewQueue
from components.views import session
from components.views.text import md, plain

MOST_KEYS = 9


def buttons(queue: ReviewQueue, item: Item) -> None:
    """Draw the row of buttons for one item; none is preferred, for a suggestion is no answer."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for choice in _choices(item):
            st.button(
                choice.text,
                key=f"decide-{choice.action.value}",
                icon=choice.icon,
                shortcut=choice.key,
                on_click=_decide,
                args=(queue, item, choice.action, choice.new),
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
    _others(queue, item)


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
    ]
    can_change = suggested is not None and suggested != given
    return choices if can_change else [c for c in choices if c.action is not Action.CHANGE]


def _others(queue: ReviewQueue, item: Item) -> None:
    """Offer the other classes: keys for a few, a list for many."""
    known = {item.suggestion.given, item.suggestion.suggested}
    others = [c for c in queue.classes if c not in known]
    if not others:
        return
    if len(others) <= MOST_KEYS:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown(":gray[:small[Or change to]]", width="content")
            for number, name in enumerate(others, 1):
                st.button(
                    md(name, limit=24),
                    key=f"other-{number}",
                    shortcut=str(number),
                    type="tertiary",
                    on_click=_decide,
                    args=(queue, item, Action.CHANGE, name),
                )
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
        args=(queue, item, others, key),
        width=320,
    )


def _name(names: list[str], position: int) -> str:
    return plain(names[position], limit=80)


def _chosen(queue: ReviewQueue, item: Item, names: list[str], key: str) -> None:
    position = session.remembered(key)
    if isinstance(position, int):
        _decide(queue, item, Action.CHANGE, names[position])


def _decide(queue: ReviewQueue, item: Item, action: Action, new: str) -> None:
    here, cell, ws = session.session(), item.cell, session.workspace()
    if here.shown_cell != cell:
        return
    seen = 0 if item.decision is None else item.decision.id
    try:
        review.decide(ws, queue, cell, action, new=new, reviewer=here.reviewer, seen=seen)
    except PreflightError as error:
        here.notice, here.cell = md(error), cell  # the row stays, with what stands now
        return
    here.cell, here.shown_cell = None, None
    here.count(queue.check_id, action)


def undo(queue: ReviewQueue) -> None:
    """Take the reviewer's last decision back, and return to its cell."""
    here = session.session()
    taken = review.undo(session.workspace(), queue, reviewer=here.reviewer)
    if taken is None:
        here.notice = "There is nothing of yours to undo."
        return
    here.cell = taken.cell
    here.count(queue.check_id, taken.action, -1)
