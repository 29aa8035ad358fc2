"""Who the visitor is; the page that asks for a login where there is one."""

from __future__ import annotations

import streamlit as st

from components.core.people.person import Identity, Person
from components.services.upload.make_version import SYSTEM
from components.views import session
from components.views.visitors import visitor


def person() -> Person:
    """Return who the visitor is; the name is "" where nobody has said."""
    return visitor.proven() or Person(session.session().reviewer)


def actor() -> str:
    """Return in whose name the visitor acts; what is made without a name belongs to nobody."""
    return person().name or SYSTEM


def must_prove() -> bool:
    """Whether the visitor must say who they are before they see anything."""
    known = visitor.proven()
    return known is not None and not known.name


def ask() -> None:
    """Draw the page of who must say first who they are."""
    with st.container(border=True):
        if visitor.known_by() is Identity.HEADER:
            st.markdown("**The proxy in front of this server did not say who you are.**")
            st.markdown(":gray[Reach the app by its proper address, and log in there.]")
            return
        st.markdown("**Log in to see the tables of this server.**")
        st.button("Log in", type="primary", icon=":material/login:", on_click=visitor.log_in)
