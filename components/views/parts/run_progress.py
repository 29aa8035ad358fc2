"""A run while it goes: one line per check, findings as they come, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from components.core.judgement.runs import CheckProgress, RunState, RunStatus
from components.reports.words import state_sentence
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import words
from components.views.current import Run
from components.views.session import open_dataset, workspace
from components.views.text import md


def show(status: RunStatus) -> None:
    """Draw how far a running run is."""
    ended = sum(1 for c in status.checks if c.status)
    with st.container(border=True):
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
        )
        row.subheader(
            status.step or "Waiting"
            if status.state is RunState.QUEUED
            else f"Checking: {ended} of {len(status.checks)} done, "
            f"{words.count(status.n_findings, 'finding')} so far",
            anchor=False,
            width="content",
        )
        row.button(
            "Cancel",
            icon=":material/close:",
            on_click=runs.cancel,
            args=(workspace(), status.run_id),
            key="overview-cancel",
        )
        st.progress(min(1.0, status.done), text=f":small[{md(status.step or 'Starting')}]")
        with st.grid(3, min_column_width=240):
            for check in status.checks:
                st.markdown(_line(check))


def _line(check: CheckProgress) -> str:
    title = md(check.title)
    if check.status is not None:
        word = words.STATUS[check.status]
        found = words.count(check.n_findings, "finding") if check.n_findings else word.text.lower()
        return f":{word.colour}[{word.icon}] {title} :gray[:small[{found}]]"
    if check.done > 0:
        note = md(check.note, limit=60) or f"{check.done:.0%}"
        return f":primary[:material/progress_activity:] **{title}** :gray[:small[{note}]]"
    return f":gray[:material/circle: {title}]"


def not_ended(run: Run, concern: str = "") -> str:
    """Return how many checks gave no result so far, of a concern or of all; "" where none is left.

    A sentence of our own words; a run that is over says that nothing more will come.
    """
    checks = [c for c in run.status.checks if concern in {"", c.concern}]
    left = sum(c in run.unfinished for c in checks)
    if not left:
        return ""
    of_all = f"{left:,} of {words.count(len(checks), 'check')}{' of this page' if concern else ''}"
    if run.status.state.is_over:
        return f"{of_all} gave no result before the run ended."
    verb = "has" if left == 1 else "have"
    return f"{of_all} {verb} not ended yet: more may be found."


def ended_badly(info: DatasetInfo, status: RunStatus) -> None:
    """Say so where a run did not reach its end, and offer the last one that did."""
    sentence = state_sentence(status.state, status.error)
    if not sentence or not status.state.is_over:
        return
    st.warning(f"{md(sentence)}", icon=":material/warning:")
    past = runs.history(workspace(), info.version.id)
    whole = next((r.run_id for r in past if r.state is RunState.DONE), None)
    if whole is not None:
        st.button(
            "Show the last complete run",
            icon=":material/history:",
            on_click=open_dataset,
            args=(info.version.id, whole),
            key="last-complete",
        )
