"""Overview: is this data ready to train on?"""

from __future__ import annotations

import streamlit as st

from components.core.judgement.findings import Severity
from components.reports.words import unread_sentences, verdict_sentence
from components.services.data.datasets import DatasetInfo
from components.services.runs import runs
from components.views import current, session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import check_settings, empty_state, heading, run_progress, version_line
from components.views.parts.findings import coverage_list, drawer, finding_card, verdict_card
from components.views.start import metric_cards
from components.views.text import md

EVERY_S = 1.5
FORM = 600
"""Pixels of the settings of the checks: two inputs beside each other."""


def show() -> None:
    """Draw the page; while the run goes it redraws itself."""
    actions = heading.show(Pages.OVERVIEW.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    if not run.status.state.is_over:
        st.fragment(run_every=EVERY_S)(_live)(info)
        return
    with actions:
        _actions(info)
    run_progress.ended_badly(info, run.status)
    verdict_card.show(info, run)
    version_line.show(info)
    metric_cards.show(run)
    _findings(run)
    heading.section("What was checked")
    for sentence in unread_sentences(runs.spec(session.workspace(), run.id).dataset):
        st.markdown(md(sentence))
    coverage_list.show(run.results, planned=run.status.checks)
    drawer.show(info, run)


def _actions(info: DatasetInfo) -> None:
    with (
        st.popover("Settings of the checks", type="tertiary", icon=":material/settings:"),
        st.container(width=FORM),
    ):
        check_settings.show(info, place="overview")
        if st.button(
            "Check again with these",
            type="primary",
            icon=":material/refresh:",
            key="settings-again",
        ):
            empty_state.start_again(info)
            st.rerun()
    st.button(
        "Check again",
        type="tertiary",
        icon=":material/refresh:",
        on_click=empty_state.start_again,
        args=(info,),
    )
    if st.button("Report", icon=":material/download:"):
        go(Pages.REPORT)


def _live(info: DatasetInfo) -> None:
    run = current.run()
    if run is None:
        return
    run_progress.show(run.status)
    if run.profile is not None:
        metric_cards.show(run)
    if run.findings:
        heading.section("Found so far")
        finding_card.listing(run.findings, run.answers, limit=20)
    drawer.show(info, run)


def _findings(run: Run) -> None:
    findings = run.asking
    place = heading.section("What to fix, by severity, then rows touched")
    if not findings:
        _none(run)
        _answered(run)
        return
    with place:
        level = _filter(run)
    chosen = findings if level is None else tuple(f for f in findings if f.severity is level)
    finding_card.listing(chosen, run.answers)
    _answered(run)


def _answered(run: Run) -> None:
    """List what people have settled or accepted; it decides nothing any more."""
    if run.answered:
        heading.section("Settled or accepted by people")
        finding_card.listing(run.answered, run.answers, place="answered-")


def _none(run: Run) -> None:
    if run.findings:
        st.success(
            "Nothing is left: people have settled or accepted every finding.",
            icon=":material/check_circle:",
        )
    elif run.verdict.is_known:
        said = coverage_list.summary(run.results)
        st.success(f"No finding. Checks: {said}.", icon=":material/check_circle:")
    else:
        st.info(
            f"No finding, and that says little. {verdict_sentence(run.verdict)}.",
            icon=":material/info:",
        )


def _filter(run: Run) -> Severity | None:
    there = sorted({f.severity for f in run.asking}, reverse=True)
    names: dict[str, Severity | None] = {"All": None}
    names.update({words.SEVERITY[s].text: s for s in there})
    chosen = st.segmented_control(
        "Severity", list(names), default="All", required=True, label_visibility="collapsed"
    )
    return names[chosen or "All"]
