"""One finding on one card: what, how bad, how much of the table, and the way to the evidence."""

from __future__ import annotations

import hashlib

import streamlit as st

from components.core.judgement.findings import Finding
from components.views import session, words
from components.views.parts.findings import badges
from components.views.text import md


def key(finding: Finding) -> str:
    """Return a widget key for a finding; ids hold names from the data."""
    return hashlib.sha256(finding.id.encode()).hexdigest()[:12]


def show(finding: Finding, *, place: str = "") -> None:
    """Draw the card.

    Parameters
    ----------
    place
        Sets cards of the same finding on the same page apart.
    """
    with st.container(border=True):
        text, extent, action = st.columns([7, 1.7, 1], vertical_alignment="center", gap="medium")
        text.markdown(
            f"**{md(finding.title)}** &nbsp; {badges.of(finding)}  \n:gray[{md(finding.detail)}]"
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


def _extent(finding: Finding) -> None:
    touched = finding.affected
    if touched.n_rows:
        text = f"{words.count(touched.n_rows, 'row')}, {words.share(touched.share)}"
        st.progress(min(1.0, max(0.0, touched.share)), text=text)
    elif touched.columns:
        st.caption(words.count(len(touched.columns), "column"))


def listing(findings: tuple[Finding, ...], *, limit: int = 50, place: str = "") -> None:
    """Draw cards, worst first, and say how many are left out."""
    for finding in findings[:limit]:
        show(finding, place=place)
    if len(findings) > limit:
        st.caption(f"{len(findings) - limit:,} more are in the report.")
