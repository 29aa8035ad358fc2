"""The guidelines for the labels: one key away, and written by the owner of the table."""

from __future__ import annotations

import streamlit as st

from components.core.errors import PreflightError
from components.core.people.guidelines import Guidelines
from components.services.data import datasets
from components.services.review.review import ReviewQueue
from components.services.team import guidelines
from components.views import session, words
from components.views.text import md
from components.views.visitors import identity

TEXT = "guidelines-text"
SHOWN = 10


def button(queue: ReviewQueue) -> None:
    """Draw the button that opens the guidelines."""
    if st.button(
        "Guidelines", icon=":material/menu_book:", type="tertiary", key="guidelines", shortcut="H"
    ):
        session.forget(TEXT)
        _panel(queue)


@st.dialog("Guidelines for the labels", width="large")
def _panel(queue: ReviewQueue) -> None:
    """Draw the guidelines, and for the owner the way to write them."""
    ws, person = session.workspace(), identity.person()
    held = guidelines.newest(ws, queue.dataset_id)
    if held is None or not held.text:
        st.markdown(":gray[Nobody has written guidelines for this table yet.]")
    else:
        st.text(held.text)
        st.caption(f"By {md(held.author, limit=60)}, {words.moment(held.at)} UTC.")
    if person.owns(datasets.get(ws, queue.dataset_id).version.owner):
        with st.expander("Write them", expanded=held is None or not held.text):
            _form(queue, held)
    before = guidelines.versions(ws, queue.dataset_id)[1:]
    if before:
        with st.expander(f"Earlier versions ({len(before):,})"):
            for one in before[:SHOWN]:
                st.caption(f"By {md(one.author, limit=60)}, {words.moment(one.at)} UTC")
                st.text(one.text or "None.")


def _form(queue: ReviewQueue, held: Guidelines | None) -> None:
    text = st.text_area(
        "What the labels mean, and how to decide",
        value="" if held is None else held.text,
        max_chars=guidelines.MOST,
        height=220,
        key=TEXT,
        help="Plain text, shown as it is written to all who review.",
    )
    if st.button("Keep", key="guidelines-keep"):
        seen = 0 if held is None else held.id
        ws, person = session.workspace(), identity.person()
        try:
            guidelines.write(ws, queue.dataset_id, text, seen=seen, reviewer=person)
        except PreflightError as error:
            st.error(f"{md(error.what)} {md(error.todo)}")
            return
        st.rerun(scope="fragment")
