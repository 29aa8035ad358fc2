"""Whose keys decide: a setting of the reviewer, which stands in the address."""

from __future__ import annotations

import streamlit as st

from components.services.review.items.item_words import KeyPreset
from components.views import session

PART = "keys"
"""The part of the address."""

NAMES = {KeyPreset.OWN: "Preflight", KeyPreset.CLEANLAB_STUDIO: "Cleanlab Studio"}


def wanted() -> KeyPreset:
    """Return whose keys decide."""
    asked = session.asked(PART)
    return KeyPreset(asked) if asked in set(KeyPreset) else KeyPreset.OWN


def ask() -> None:
    """Draw the choice; the address keeps it."""
    st.segmented_control(
        "Keys as in",
        list(NAMES),
        default=wanted(),
        format_func=NAMES.__getitem__,
        required=True,
        key="key-preset",
        on_change=_changed,
        help="Cleanlab Studio: Q keeps, W accepts, E leaves out, N is not sure. X hands on.",
    )


def _changed() -> None:
    session.put(PART, str(session.remembered("key-preset") or ""))
