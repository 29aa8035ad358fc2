"""For whom items are kept: shown to everybody, set and taken back by the owner."""

from __future__ import annotations

import streamlit as st

from components.core.codec import to_json
from components.core.errors import PreflightError
from components.core.people.assignment import Assignment
from components.services.review import review
from components.services.review.review import ReviewQueue
from components.services.review.selection import Selection
from components.services.team import assignments
from components.views import session, words
from components.views.review import chosen_items
from components.views.text import md
from components.views.visitors import identity

NAME = "kept-name"


def show(queue: ReviewQueue, *, may_set: bool) -> None:
    """Draw for whom items are kept."""
    ws = session.workspace()
    st.markdown("**Kept for one person**")
    there = assignments.assignments(ws, queue)
    if not there:
        st.markdown(":gray[No items are kept for anybody: all are offered to everybody.]")
    for one in there:
        with st.container(horizontal=True, vertical_alignment="center"):
            n = words.count(len(assignments.places_of(ws, queue, one)), "item")
            about = _about(assignments.wanted_of(one))
            st.markdown(f"**{md(one.person, limit=40)}**: {about} ({n})", width="content")
            if may_set and st.button("Take back", key=f"kept-{one.id}", type="tertiary"):
                _take_back(queue, one)
    if may_set:
        _form(queue)


def _form(queue: ReviewQueue) -> None:
    """Ask for whom the items that are chosen now are kept."""
    chosen = chosen_items.asked()
    wanted = chosen_items.wanted(chosen)
    st.markdown(f":gray[Chosen now: {_about(wanted)}. “Choose items” on the page chooses others.]")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Keep them for",
            review.reviewers(session.workspace()),
            index=None,
            placeholder="A name",
            accept_new_options=True,
            key=NAME,
            width=280,
        )
        if st.button("Keep", key="kept-add") and name:
            _assign(queue, wanted, name)


def _assign(queue: ReviewQueue, wanted: Selection, name: str) -> None:
    ws, person = session.workspace(), identity.person()
    try:
        assignments.assign(ws, queue, wanted, to=name, reviewer=person)
    except PreflightError as error:
        st.error(f"{md(error.what)} {md(error.todo)}")
        return
    session.forget(NAME)
    st.rerun(scope="fragment")


def _take_back(queue: ReviewQueue, one: Assignment) -> None:
    ws, person = session.workspace(), identity.person()
    try:
        assignments.take_back(ws, queue.dataset_id, one.id, reviewer=person)
    except PreflightError as error:
        st.error(f"{md(error.what)} {md(error.todo)}")
        return
    st.rerun(scope="fragment")


def _about(wanted: Selection) -> str:
    """Return which items are meant, whatever became of them."""
    told = to_json(wanted)
    parts = {name: told[name] for name in chosen_items.PARTS if told[name] not in {None, ""}}
    chosen = {name: str(value) for name, value in parts.items()}
    if wanted.given is not None:
        chosen["suggested"] = wanted.suggested or ""
    for name in ("stage", "decided_by"):
        chosen.pop(name, None)
    return chosen_items.said(chosen) if chosen else "all items"
