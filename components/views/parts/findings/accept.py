"""Accepting a finding with a reason, and taking that back."""

from __future__ import annotations

import streamlit as st

from components.core.errors import PreflightError
from components.core.judgement.findings import Finding
from components.core.people.person import Person
from components.services.review import outcome
from components.views import session
from components.views.current import Run
from components.views.parts.findings import finding_card
from components.views.text import md
from components.views.visitors import identity


def show(run: Run, finding: Finding) -> None:
    """Draw what people said about a finding, and the form that accepts it."""
    for line in finding_card.said(finding, run.answers):
        st.markdown(f":material/how_to_reg: {line}")
    if run.answers.acceptance_of(finding) is not None:
        _taking_back(run, finding)
    elif run.status.state.is_over and not run.answers.is_settled(finding):
        _form(run, finding)


def _form(run: Run, finding: Finding) -> None:
    key = finding_card.key(finding)
    with (
        st.expander("Accept it as it is", icon=":material/how_to_reg:"),
        st.form(f"accept-{key}", border=False),
    ):
        st.caption(
            "The verdict then leaves it out. Your name, the time and the reason stay beside it."
        )
        who = identity.person()
        if who.is_proven:
            st.caption(f"You are {md(who.name)}.")
        else:
            typed = st.text_input("Your name", value=who.name, max_chars=60)
            who = Person(typed)
        reason = st.text_area("Why may the table stay as it is?", max_chars=outcome.MAX_REASON)
        pressed = st.form_submit_button("Accept")
    if not pressed:
        return
    try:
        outcome.accept(session.workspace(), run.id, finding.id, reason=reason, reviewer=who)
    except PreflightError as error:
        st.warning(md(error), icon=":material/edit:")
        return
    st.rerun()


def _taking_back(run: Run, finding: Finding) -> None:
    acceptance = run.answers.accepted[finding.id]
    pressed = st.button(
        "Take the acceptance back",
        key=f"take-back-{finding_card.key(finding)}",
        icon=":material/undo:",
        type="tertiary",
    )
    if not pressed:
        return
    who = identity.person()
    who = who if who.name else Person(acceptance.reviewer)
    try:
        outcome.take_back(session.workspace(), acceptance.dataset_id, finding.id, reviewer=who)
    except PreflightError as error:
        st.warning(md(error), icon=":material/error:")
        return
    st.rerun()
