"""The note of a decision, with buttons: a field beside them, and a key that leads into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from components.core.judgement.review import Decision
from components.services.review.keep import MAX_NOTE
from components.services.review.review import Item, ReviewQueue
from components.views import session

LABEL, WHY = "Note", "Why"
_FOCUS = st.components.v2.component(
    "preflight_note_focus",
    html="<span></span>\n",
    js=Path(__file__).with_name("note_focus.js").read_text(encoding="utf-8"),
)


def ask(
    queue: ReviewQueue,
    item: Item,
    made: Decision | None,
    *,
    must_say_why: bool,
    on_change: Callable[[], None],
) -> None:
    """Draw the field.

    Parameters
    ----------
    made
        The person's own decision about the item; None where there is none.
    must_say_why
        Whether the person decides between two answers.
    on_change
        Called when another text was written.
    """
    label = WHY if must_say_why else LABEL
    st.text_input(
        label,
        value="" if made is None else made.note,
        max_chars=MAX_NOTE,
        key=key_of(queue, item),
        on_change=on_change,
        placeholder=f"{label}, then decide (M)",
        label_visibility="visible" if must_say_why else "collapsed",
    )
    visit = session.session().review
    if visit.n_noting > visit.n_focused:  # once: else it took the next key, too
        visit.n_focused = visit.n_noting
        _FOCUS(key=f"note-focus-{visit.n_noting}", data={"label": label})


def begin() -> None:
    """Let the field have the cursor on the page that is drawn next."""
    session.session().review.n_noting += 1


def of(queue: ReviewQueue, item: Item) -> str:
    """Return what is written in the field of an item."""
    text = session.remembered(key_of(queue, item))
    return text if isinstance(text, str) else ""


def forget(queue: ReviewQueue, item: Item) -> None:
    """Let the field begin anew: its text is kept with the decision."""
    session.forget(key_of(queue, item))


def key_of(queue: ReviewQueue, item: Item) -> str:
    """Return the key of the field of an item."""
    return f"note-{queue.check_id}-{item.position}"
