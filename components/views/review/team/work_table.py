"""How far each person is with a queue, and how long what is left may take."""

from __future__ import annotations

import streamlit as st

from components.services.review.review import ReviewQueue
from components.services.team.progress import PersonProgress, progress
from components.views import session, words
from components.views.text import md

MOST = 50


def show(queue: ReviewQueue) -> None:
    """Draw the progress of each person."""
    told = progress(session.workspace(), queue)
    st.markdown("**Progress**")
    if not told.people:
        st.markdown(":gray[Nobody has decided anything in this queue yet.]")
    else:
        rows = [_row(person) for person in told.people[:MOST]]
        st.table(
            {name: [row[name] for row in rows] for name in rows[0]},
            hide_index=True,
            border="horizontal",
            alt="Progress of each person",
        )
    left = words.count(told.n_answers_left, "answer")
    verb = "is" if told.n_answers_left == 1 else "are"
    if told.seconds_left is not None and told.median_seconds is not None:
        pace = f"{words.minutes(told.seconds_left)} of work at {told.median_seconds:.1f} s each"
        st.markdown(f"{left} {verb} still to be given: {pace}, the median of everybody.")
    else:
        st.markdown(f"{left} {verb} still to be given.")


def _row(person: PersonProgress) -> dict[str, str]:
    pace = "too few" if person.median_seconds is None else f"{person.median_seconds:.1f} s"
    left = ""
    if person.n_kept and person.seconds_left is not None:
        left = f", {words.minutes(person.seconds_left)}"
    return {
        "Person": md(person.name, limit=40),
        "Decided": f"{person.n_decided:,}",
        "Median per decision": pace,
        "Kept for them": f"{person.n_kept:,} open{left}" if person.n_kept else "none",
        "Last, UTC": "" if person.last is None else words.moment(person.last),
    }
