"""The answer in one sentence, with the one thing to do next."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from components.charts import ring as figures
from components.charts.figure_data import of_ring
from components.core.judgement.findings import Doubt, Finding, Severity
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
Step = partial[None]
"""Draws one button, in the style that it is given."""


def show(info: DatasetInfo, run: Run) -> None:
    """Draw the card of a run that is over."""
    with st.container(border=True, key="verdict"):
        ring, text = st.columns([1.8, 4], vertical_alignment="center", gap="medium")
        with ring, st.container(gap=None):
            _ring(run)
        with text:
            word = badges.badge(words.OUTCOME[run.verdict.outcome])
            st.header(f"{verdict_sentence(run.verdict)} &nbsp; {word}", anchor=False)
            st.markdown(sentence(run))
            _buttons(info, run)


def _ring(run: Run) -> None:
    drawn = figures.ring(run.results, run.verdict, session.theme(), run.answers)
    evidence_panel.plot(
        drawn,
        key="verdict-ring",
        alt_text=figures.alt_ring(run.results, run.answers),
        sheet=partial(of_ring, run.results),
        name="checks",
        side="center",
    )


def sentence(run: Run) -> str:
    """Return why, in one or two sentences; text from the data is escaped."""
    verdict, first = run.verdict, _first(run)
    parts = [_stop(first) if first else _clean(run)]
    further = verdict.n_to_review - (first is not None and _is_to_review(first))
    if further > 0:
        also = words.count(further, "further finding")
        parts.append(f"{also} {'is' if further == 1 else 'are'} worth a review.")
    if doubtful := in_doubt(run):
        parts.append(f"A person can take a closer look at {words.count(doubtful, 'label')}.")
    if verdict.settled:
        verb = "was" if len(verdict.settled) == 1 else "were"
        parts.append(f"{words.count(len(verdict.settled), 'finding')} {verb} settled by people.")
    if verdict.is_incomplete:
        missing = words.count(len(verdict.failed + verdict.missing), "check")
        parts.append(f"{missing} did not come to an answer, so this one is incomplete.")
    elif not verdict.is_known:
        parts.append(doubt_advice(verdict.doubts[0]))
    return " ".join(parts)


def _first(run: Run) -> Finding | None:
    """Return the finding that the headline is about: what decided, else the worst one."""
    reasons = run.verdict.reasons
    named = next((f for f in run.asking if reasons and f.id == reasons[0]), None)
    return named or next(iter(run.asking), None)


def _is_to_review(finding: Finding) -> bool:
    return finding.severity is Severity.WARNING and finding.doubt is None


def _clean(run: Run) -> str:
    ran = run.verdict.n_answered
    if run.findings:
        return f"Nothing is left to look at of {words.count(len(run.findings), 'finding')}."
    return f"{words.count(ran, 'check')} found nothing." if ran else "No check has given an answer."


def _stop(finding: Finding) -> str:
    title = md(finding.title)
    return title if title.endswith((".", "!", "?")) else f"{title}."


def in_doubt(run: Run) -> int:
    """Return how many labels still need somebody: open ones, and those marked as not sure."""
    asking = (run.answers.by_check.get(r.check_id) for r in run.of_concern("labels"))
    return sum(counts.n_waiting for counts in asking if counts is not None)


def _buttons(info: DatasetInfo, run: Run) -> None:
    """Offer what the headline names first, then the next step: review, or hand on."""
    steps = [*_of_headline(info, run)]
    if (doubtful := in_doubt(run)) and not any(step.func is _review for step in steps):
        steps.append(partial(_review, doubtful))
    if not steps:
        steps.append(partial(_report))
    with st.container(horizontal=True, gap="small"):
        for position, step in enumerate(steps[:2]):
            step("primary" if position == 0 else "secondary")


def _of_headline(info: DatasetInfo, run: Run) -> list[Step]:
    """Return what answers the headline: start again, choose, fix or review what it names."""
    verdict, first = run.verdict, _first(run)
    if run.status.state is not RunState.DONE:
        return [partial(_again, info)]
    if verdict.outcome is Outcome.UNKNOWN:
        return _of_doubt(info, verdict.doubts[0], first)
    if verdict.outcome is Outcome.PASS or first is None:
        return [partial(_report)]
    if verdict.outcome is Outcome.STOP:
        return [partial(_open, first, "Open the blocker")]
    result = run.result(first.check_id)
    if first.concern == "labels" and result is not None and result.n_suggested:
        return [partial(_review, in_doubt(run))]
    return [partial(_open, first, "Open the first finding")]


def _of_doubt(info: DatasetInfo, doubt: Doubt, first: Finding | None) -> list[Step]:
    if doubt is Doubt.FAILED:
        return [partial(_again, info)]
    if doubt is Doubt.NO_LABEL:
        return [partial(_choose, "Choose a label"), partial(_none, info)]
    if first is not None and first.doubt is doubt:
        return [partial(_open, first, "See what is not known")]
    return [partial(_choose, "Say what the columns are")]


def _choose(text: str, style: Style) -> None:
    if st.button(text, type=style, icon=":material/label:", key="verdict-choose"):
        go(Pages.UPLOAD)


def _none(info: DatasetInfo, style: Style) -> None:
    st.button(
        "There is no label",
        type=style,
        icon=":material/label_off:",
        on_click=empty_state.without_label,
        args=(info,),
        help="Says so for this table, and checks it again; checks that need a label do not count.",
        key="verdict-no-label",
    )


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
