"""The answer in one sentence, with the one thing to do next."""

from __future__ import annotations

import streamlit as st

from components.charts import overview as figures
from components.core.findings import Finding
from components.core.gate import Outcome
from components.reports.words import verdict_sentence
from components.views import session, words
from components.views.current import Run
from components.views.navigation import Pages, go
from components.views.parts import badges, evidence_panel
from components.views.text import md

LABEL_ERRORS = "labels.label_errors"


def show(run: Run) -> None:
    """Draw the card of a run that is over."""
    with st.container(border=True, key="verdict"):
        ring, text = st.columns([1, 4], vertical_alignment="center", gap="medium")
        with ring:
            _ring(run)
        with text:
            word = badges.badge(words.OUTCOME[run.verdict.outcome])
            st.markdown(f"## {headline(run)} &nbsp; {word}")
            st.markdown(sentence(run))
            _buttons(run)


def _ring(run: Run) -> None:
    drawn = figures.ring(run.results, run.verdict, session.theme())
    evidence_panel.plot(drawn, key="verdict-ring", alt_text=figures.alt_ring(run.results))


def headline(run: Run) -> str:
    """Return the verdict in a few words."""
    status = run.status
    return verdict_sentence(
        run.verdict, run.results, n_planned=len(status.checks), state=status.state
    )


def sentence(run: Run) -> str:
    """Return why, in one or two sentences; text from the data is escaped."""
    verdict, findings = run.verdict, run.findings
    parts = []
    if verdict.outcome is Outcome.STOP:
        parts.append(_stop(findings[0]))
        if verdict.n_warning:
            also = words.count(verdict.n_warning, "further finding")
            parts.append(f"{also} {'is' if verdict.n_warning == 1 else 'are'} worth a review.")
    elif findings and verdict.n_warning:
        parts.append(_stop(findings[0]))
    elif not findings:
        parts.append("The checks that ran found nothing worth your time.")
    else:
        parts.append(f"{words.count(verdict.n_info, 'note')} for your information.")
    if doubtful := in_doubt(run):
        verb = "needs" if doubtful == 1 else "need"
        parts.append(f"{words.count(doubtful, 'label')} {verb} a human look.")
    if verdict.not_run:
        failed = words.count(len(verdict.not_run), "check")
        parts.append(f"{failed} stopped with an error, so this answer is incomplete.")
    return " ".join(parts)


def _stop(finding: Finding) -> str:
    title = md(finding.title)
    return title if title.endswith((".", "!", "?")) else f"{title}."


def in_doubt(run: Run) -> int:
    """Return how many labels were flagged."""
    result = run.result(LABEL_ERRORS)
    scores = result.row_scores if result is not None else None
    return scores.n_flagged if scores is not None else 0


def _buttons(run: Run) -> None:
    doubtful = in_doubt(run)
    blocked = run.verdict.outcome is Outcome.STOP
    primary = True
    with st.container(horizontal=True, gap="small"):
        if run.findings and (blocked or not doubtful):
            first = "Open the blocker" if blocked else "Open the first finding"
            st.button(
                first,
                type="primary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=session.open_finding,
                args=(run.findings[0].id,),
                key="verdict-open",
            )
            primary = False
        if doubtful and st.button(
            f"Review {words.count(doubtful, 'label')}",
            type="primary" if primary else "secondary",
            icon=":material/rule:",
            key="verdict-review",
        ):
            go(Pages.REVIEW)
        if not run.findings and st.button("Get the report", type="primary", key="verdict-report"):
            go(Pages.REPORT)
