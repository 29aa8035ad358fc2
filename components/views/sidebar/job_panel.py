"""Running checks, in the sidebar of every page: how far they are, and a way to stop them."""

from __future__ import annotations

import streamlit as st

from components.core.errors import Damaged, NotFound
from components.core.judgement.runs import RunState, RunStatus
from components.services.runs import runs
from components.views.session import session, workspace
from components.views.text import md

EVERY_S = 1.0
MOST = 4


def show() -> None:
    """Draw the panel; it looks again every second while something runs."""
    active = runs.active(workspace())
    session().watched.update(status.run_id for status in active)
    st.fragment(run_every=EVERY_S if active else None)(_panel)()


def _panel() -> None:
    active = runs.active(workspace())
    watched = session().watched
    ended = watched - {status.run_id for status in active}
    if ended:
        watched -= ended
        st.rerun()
    for status in active[::-1][:MOST]:  # those that work came first, then the next in the queue
        _job(status)
    if len(active) > MOST:
        st.caption(f"{len(active) - MOST} more are checked after these.")


def _job(status: RunStatus) -> None:
    verb = "Waiting to check" if status.state is RunState.QUEUED else "Checking"
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{verb}** {md(name_of(status.run_id), limit=40)}")
        st.progress(status.done, text=f":small[{md(status.step or 'Starting', limit=80)}]")
        st.button(
            "Cancel",
            key=f"cancel-{status.run_id}",
            type="tertiary",
            icon=":material/close:",
            on_click=runs.cancel,
            args=(workspace(), status.run_id),
        )


def name_of(run_id: str) -> str:
    """Return the file name that a run checks."""
    try:
        return runs.spec(workspace(), run_id).dataset.name
    except (NotFound, Damaged):
        return "a table"
