"""Judging first: a setting of the reviewer, which stands in the address."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.review import Decision, Suggestion, place_of
from components.services.review.queues import Item, ReviewQueue
from components.views import session
from components.views.review.chosen_items import asked, betrays
from components.views.text import code

PART, FIRST = "judge", "first"
"""The part of the address, and its value where the suggestion comes after the answer."""


def is_wanted() -> bool:
    """Return whether the suggestion is shown after the answer only."""
    return session.asked(PART) == FIRST


def hides(item: Item) -> bool:
    """Return whether the suggestion of an item is not shown yet."""
    return is_wanted() and item.is_open and place_of(item.cell.column) is None


def shows(queue: ReviewQueue, item: Item) -> None:
    """Remember that the suggestion of an item is on the screen."""
    session.session().review.shown.add((queue.check_id, item.cell))


def holds(queue: ReviewQueue, item: Item) -> bool:
    """Return whether an answer about an item comes before its suggestion was seen."""
    has_seen = session.session().review.has_seen(queue.check_id, item.cell)
    return hides(item) and not has_seen and not betrays(asked())


def ask() -> None:
    """Draw the switch; the address keeps it."""
    st.toggle(
        "Judge first",
        value=is_wanted(),
        key="judge-first",
        on_change=_changed,
        help="What is suggested, and all that betrays it, appears after your answer.",
    )


def _changed() -> None:
    session.put(PART, FIRST if session.remembered("judge-first") else "")


def revealed(made: Decision, told: Suggestion) -> str:
    """Return what was suggested, for one who has answered before seeing it."""
    suggested = "nothing" if told.suggested is None else code(told.suggested or "an empty cell")
    share = "" if told.confidence is None else f" (probability {told.confidence:.0%})"
    same = made.new == told.suggested
    return f"Suggested was {suggested}{share}: {'as you said' if same else 'you said otherwise'}."
