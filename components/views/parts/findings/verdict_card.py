"""The answer in one sentence, with the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from components.charts import ring as figures
from components.charts.figure_data import of_ring
from components.core.judgement.findings import Finding
from components.core.judgement.gate import Outcome
from components.core.judgement.runs import RunState
from components.reports.words import doubt_advice, verdict_sentence
from components.services.data.datasets import DatasetInfo
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import empty_state
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import badges
from components.views.text import md

Style = Literal["primary", "secondary"]


def show(info: DatasetInfo, run: Run) -> None:
    """Draw the card of a run that is over."""
    with st.container(border=True, key="verdict"):
        ring, text = st.columns([1, 4], vertical_alignment="center", gap="medium")
        with ring, st.container(gap=None):
            _ring(run)
        with text:
            word = badges.badge(words.OUTCOME[run.verdict.outcome])
            st.header(f"{verdict_sentence(run.verdict)} &nbsp; {word}", anchor=False)
            st.markdown(sentence(run))
            _buttons(info, run)


def _ring(run: Run) -> None:
    drawn = figures.ring(run.results, run.verdict, session.theme())
    evidence_panel.plot(
        drawn,
        key="verdict-ring",
        alt_text=figures.alt_ring(run.results),
        sheet=partial(of_ring, run.results),
        name="checks",
        side="center",
    )


def sentence(run: Run) -> str:
    """Return why, in one or two sentences; text from the data is escaped."""
    verdict, findings = run.verdict, run.findings
    parts = [_stop(findings[0]) if findings else _clean(run)]
    further = verdict.n_warning if verdict.outcome is Outcome.STOP else verdict.n_warning - 1
    if further > 0:
        also = words.count(further, "further finding")
        parts.append(f"{also} {'is' if further == 1 else 'are'} worth a review.")
    if doubtful := in_doubt(run):
        verb = "needs" if doubtful == 1 else "need"
        parts.append(f"{words.count(doubtful, 'label')} {verb} a human look.")
    if verdict.is_incomplete:
        missing = words.count(len(verdict.failed + verdict.missing), "check")
        parts.append(f"{missing} did not come to an answer, so this one is incomplete.")
    elif not verdict.is_known:
        parts.append(doubt_advice(verdict.doubts[0]))
    return " ".join(parts)


def _clean(run: Run) -> str:
    ran = run.verdict.n_answered
    return f"{words.count(ran, 'check')} found nothing." if ran else "No check has given an answer."


def _stop(finding: Finding) -> str:
    title = md(finding.title)
    return title if title.endswith((".", "!", "?")) else f"{title}."


def in_doubt(run: Run) -> int:
    """Return how many labels a check asks people about."""
    return sum(r.n_suggested for r in run.of_concern("labels"))


def _buttons(info: DatasetInfo, run: Run) -> None:
    """Offer the next step first: start again, fix, review, or hand on."""
    doubtful = in_doubt(run)
    steps: list[Callable[[Style], None]] = []
    if run.status.state is not RunState.DONE:
        steps.append(partial(_again, info))
    if run.verdict.n_critical:
        steps.append(partial(_open, run.findings[0], "Open the blocker"))
    if doubtful:
        steps.append(partial(_review, doubtful))
    if run.verdict.n_warning and not steps:
        steps.append(partial(_open, run.findings[0], "Open the first finding"))
    if not steps:
        steps.append(_report)
    with st.container(horizontal=True, gap="small"):
        for position, step in enumerate(steps[:2]):
            step("primary" if position == 0 else "secondary")


def _again(info: DatasetInfo, style: Style) -> None:
    st.button(
        "Check again",
        type=style,
        icon=":material/refresh:",
        on_click=empty_state.start_again,
        args=(info,),
        key="verdict-again",
    )


def _open(finding: Finding, text: str, style: Style) -> None:
    st.button(
        text,
        type=style,
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=session.open_finding,
        args=(finding.id,),
        key="verdict-open",
    )


def _review(doubtful: int, style: Style) -> None:
    text = f"Review {words.count(doubtful, 'label')}"
    if st.button(text, type=style, icon=":material/rule:", key="verdict-review"):
        go(Pages.REVIEW)


def _report(style: Style) -> None:
    if st.button("Get the report", type=style, icon=":material/download:", key="verdict-report"):
        go(Pages.REPORT)
