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
from components.core.people.several_people import Shown
from components.services.review import review
from components.services.review.class_keys import class_keys
from components.services.review.items import edits, said
from components.services.review.items.item_words import choices
from components.services.review.review import Item, ReviewQueue
from components.views import session, words
from components.views.review import judge_first, key_preset
from components.views.review.buttons import note, steps
from components.views.text import md, plain
from components.views.visitors import identity


def buttons(queue: ReviewQueue, item: Item, shown: Shown, *, kept_for: str = "") -> None:
    """Draw the row of buttons for one item; none is preferred, for a suggestion is no answer.

    Parameters
    ----------
    kept_for
        For whom else the item is kept: nothing is decided about it then.
    """
    if kept_for:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(
                f"Kept for {md(kept_for, limit=40)}: here to look at only.", width="content"
            )
            steps.offer(queue)
        return
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
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        steps.offer(queue)
    _others(queue, item, shown.version)
    stands, mine = shown.decision, identity.person().name
    own = stands if stands is not None and stands.reviewer == mine else None
    noted = partial(_noted, queue, item, own, shown.version)
    note.ask(queue, item, own, must_say_why=bool(shown.differing), on_change=noted)


def _both(shown: Shown) -> None:
    """Show two answers that differ, not whose they are, and ask why it is decided as it will be."""
    st.markdown("**Two people differ. Decide, and write why.**")
    for one in shown.differing:
        why = f": “{md(one.note)}”" if one.note else ""
        st.markdown(f"- {_settled_as(one).capitalize()}{why}")


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
    if item.suggestion.given and item.suggestion.suggested != "":
        st.button(
            "Make it empty",
            key="edit-empty",
            type="tertiary",
            on_click=_make_empty,
            args=(queue, item, seen),
        )


def _noted(queue: ReviewQueue, item: Item, own: Decision | None, seen: str) -> None:
    """Keep another note with a decision that stands."""
    if own is not None and note.of(queue, item).strip() != own.note:
        new = own.new if own.action is Action.CHANGE else ""
        _decide(queue, item, own.action, new, seen)


def _make_empty(queue: ReviewQueue, item: Item, seen: str) -> None:
    _decide(queue, item, Action.CHANGE, "", seen)


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
    who, is_first = identity.person(), judge_first.hides(item)
    try:
        made = review.decide(
            ws,
            queue,
            cell,
            action,
            new=new,
            reviewer=who,
            note=note.of(queue, item),
            seen=seen,
            judged_first=judge_first.holds(queue, item),
        )
    except PreflightError as error:
        here.notice, here.cell = md(error), cell  # the row stays, with what stands now
        return
    here.cell, here.shown_cell = None, None
    here.passed = item.position + 1
    here.review.undone.clear()
    note.forget(queue, item)
    here.count(made)
    if is_first:
        here.notice = judge_first.revealed(made, item.suggestion)


def _settled_as(decision: Decision) -> str:
    return md(said.of(decision))
