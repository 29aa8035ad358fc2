"""One finding on one card: what, how bad, how much of the table, and the way to the evidence."""

from __future__ import annotations

import hashlib

import streamlit as st

from components.core.judgement.answers import Answers
from components.core.judgement.findings import Finding
from components.reports.words import acceptance_sentence, review_sentence
from components.views import session, words
from components.views.parts.findings import badges
from components.views.text import md

MOST_DETAIL = 420
"""Characters of a detail on a card."""


def key(finding: Finding) -> str:
    """Return a widget key for a finding; ids hold names from the data."""
    return hashlib.sha256(finding.id.encode()).hexdigest()[:12]


def show(finding: Finding, answers: Answers, *, place: str = "") -> None:
    """Draw the card.

    Parameters
    ----------
    answers
        What people said about the run.
    place
        Sets cards of the same finding on the same page apart.
    """
    with st.container(border=True):
        text, extent, action = st.columns([7, 1.7, 1], vertical_alignment="center", gap="medium")
        detail = md(opening(finding.detail))
        text.markdown(
            f"**{md(finding.title)}** &nbsp; {badges.of(finding)}  \n:gray[{detail}]"
            + "".join(f"  \n:material/how_to_reg: {line}" for line in said(finding, answers))
        )
        with extent:
            _extent(finding)
        action.button(
            "Details",
            key=f"details-{place}{key(finding)}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=session.open_finding,
            args=(finding.id,),
        )


def opening(detail: str) -> str:
    """Return the first sentences of a detail, as many as a card takes; the drawer shows all."""
    if len(detail) <= MOST_DETAIL:
        return detail
    kept, _, rest = detail[:MOST_DETAIL].rpartition(". ")
    return f"{kept}. …" if kept and rest else detail[:MOST_DETAIL]


def _extent(finding: Finding) -> None:
    touched = finding.affected
    if touched.n_rows:
        text = f"{words.count(touched.n_rows, 'row')}, {words.share(touched.share)}"
        st.progress(min(1.0, max(0.0, touched.share)), text=text)
    elif touched.columns:
        st.caption(words.count(len(touched.columns), "column"))


def said(finding: Finding, answers: Answers) -> list[str]:
    """Return what people said about a finding, in Markdown: one line each."""
    lines = []
    if (counts := answers.reviewed.get(finding.id)) is not None and counts.n_open < counts.n_items:
        lines.append(review_sentence(counts).capitalize())
    if (acceptance := answers.acceptance_of(finding)) is not None:
        text = acceptance_sentence(acceptance, finding)
        lines.append(md(text[:1].upper() + text[1:]))
    return lines


def listing(
    findings: tuple[Finding, ...], answers: Answers, *, limit: int = 50, place: str = ""
) -> None:
    """Draw cards, worst first, and say how many are left out."""
    for finding in findings[:limit]:
        show(finding, answers, place=place)
    if len(findings) > limit:
        st.caption(f"{len(findings) - limit:,} more are in the report.")
