"""Beside the review card: who reviews, why the cell was flagged, and what was decided so far."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.review import Action
from components.services.review import review
from components.services.review.review import Item, ReviewQueue
from components.views import session, words
from components.views.text import md

_MOST_NAMES = 5


def ask_name() -> None:
    """Ask once for the reviewer's name; known names are one press away."""
    known = review.reviewers(session.workspace())[:_MOST_NAMES]
    with st.container(border=True):
        st.markdown("**Who is reviewing?**")
        st.markdown(":gray[Every decision is kept with a name and a time.]")
        with st.form("reviewer", border=False):
            row = st.container(horizontal=True, vertical_alignment="bottom")
            name = row.text_input("Your name", max_chars=60, placeholder="Your name", width=320)
            pressed = row.form_submit_button("Start the review", type="primary")
        if known:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(":gray[:small[Or go on as]]", width="content")
                for position, other in enumerate(known):
                    st.button(
                        md(other, limit=40),
                        key=f"reviewer-{position}",
                        on_click=_be,
                        args=(other,),
                    )
    if pressed and name.strip():
        _be(name.strip())
        st.rerun()
    elif pressed:
        st.warning("Type a name first.", icon=":material/edit:")


def _be(name: str) -> None:
    review.remember(session.workspace(), name)
    session.session().reviewer = name


def who() -> None:
    """Say whose decisions these are, with a way to change."""
    name = session.session().reviewer
    if name:
        st.button(
            md(name, limit=40),
            key="who",
            type="tertiary",
            icon=":material/person:",
            help="Review under another name",
            on_click=_leave,
        )


def _leave() -> None:
    session.session().reviewer = ""


def why(item: Item) -> None:
    """Draw why the cell was flagged."""
    told = item.suggestion
    with st.container(border=True):
        st.markdown("**Why it was flagged**")
        if told.reason:
            st.markdown(f":gray[{md(told.reason)}]")
        st.progress(_unit(told.quality), text=f":small[Quality {told.quality:.2f} of 1]")
        if told.confidence is not None:
            st.progress(
                _unit(told.confidence),
                text=f":small[Models' probability of the other value: {told.confidence:.0%}]",
            )
            st.caption(
                "This is not the chance that the label is wrong: where labels are hard to predict, "
                "most flags are right labels. The models had not seen this row."
            )


def _unit(value: float) -> float:
    return min(1.0, max(0.0, float(value)))


def counts(queue: ReviewQueue) -> None:
    """Draw the decisions of this session and of everybody."""
    mine = session.session().decided
    with st.container(border=True):
        st.markdown("**Decided so far**")
        st.table(
            {
                "": [words.ACTION[a].text for a in Action],
                "You, now": [mine[queue.check_id, a] for a in Action],
                "All": [queue.decided[a] for a in Action],
            },
            border="horizontal",
            hide_index=True,
            alt="Decisions by kind",
        )
