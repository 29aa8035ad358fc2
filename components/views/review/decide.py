"""The buttons and keys of a decision about one cell.

The cell is bound into each button, so that a burst of keys can never decide about a cell that the
person has not seen: a press for a cell that is no longer on the screen is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.core.errors import PreflightError
from components.core.judgement.review import Action, Decision, ItemType
from components.core.people.several_people import DIFFERING, Shown
from components.services.review import review
from components.services.review.class_keys import class_keys
from components.services.review.items import edits, said
from components.services.review.items.item_words import choices
from components.services.review.keep import MAX_NOTE
from components.services.review.review import Item, ReviewQueue, Undone
from components.views import session, words
from components.views.review import judge_first, key_preset
from components.views.text import md, plain
from components.views.visitors import identity

WHY = "ruling-why"
"""The widget with the reason of who decides between two answers."""


def buttons(queue: ReviewQueue, item: Item, shown: Shown) -> None:
    """Draw the row of buttons for one item; none is preferred, for a suggestion is no answer."""
    if shown.differing:
        _both(shown)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for choice in _choices(queue, item):
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


def _choices(queue: ReviewQueue, item: Item) -> list[_Choice]:
    """Return the answers that make sense about an item, with what they are about."""
    given, suggested = item.suggestion.given, item.suggestion.suggested
    is_cell = not queue.item_type.place and queue.item_type is not ItemType.UNLABELLED
    texts = {Action.KEEP: f"Keep “{md(given, limit=24)}”"} if is_cell else {}
    if suggested is not None and suggested != given and not judge_first.hides(item):
        change = f"Change to “{md(suggested, limit=24)}”" if suggested else "Make it empty"
        texts[Action.CHANGE] = change
    return [
        _Choice(
            texts.get(choice.action, choice.text),
            choice.key.upper(),
            _ICONS[choice.action],
            choice.action,
            (suggested or "") if choice.action is Action.CHANGE else "",
        )
        for choice in choices(queue.item_type, queue.actions, key_preset.wanted())
        if choice.action is not Action.CHANGE or Action.CHANGE in texts
    ]


_ICONS = {action: word.icon for action, word in words.ACTION.items()}


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
    if queue.item_type is ItemType.CELL and not queue.classes:
        _edit(queue, item, seen)
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


def _edit(queue: ReviewQueue, item: Item, seen: str) -> None:
    """Offer to type another value into a cell; its form is checked when it is kept."""
    key = f"edit-{item.position}"
    st.text_input(
        "Another value",
        max_chars=edits.LONGEST,
        placeholder="Another value, then Enter",
        label_visibility="collapsed",
        key=key,
        on_change=_edited,
        args=(queue, item, key, seen),
        width=320,
    )


def _edited(queue: ReviewQueue, item: Item, key: str, seen: str) -> None:
    text = session.remembered(key)
    if isinstance(text, str) and text:
        _decide(queue, item, Action.CHANGE, text, seen)


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
            judged_first=judge_first.holds(queue, item),
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
    place = md(said.place(taken.cell))
    when = f", made before this visit, on {words.moment(taken.at)} UTC" if before_visit else ""
    line = f"Undone: {place} is no longer {_settled_as(taken)}, as you had decided{when}."
    if undone.stands is not None:
        by = "you" if undone.stands.reviewer == taken.reviewer else md(undone.stands.reviewer)
        return f"{line} It is {_settled_as(undone.stands)} by {by} again, as before."
    return f"{line} It is {'open again' if asks else 'undecided, and this run does not ask of it'}."


def _settled_as(decision: Decision) -> str:
    return md(said.of(decision))
