"""One column in detail: its numbers, its picture, its facts, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from components.core.data.query import Missing
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.judgement.findings import Finding
from components.views import session, words
from components.views.current import Run
from components.views.explore.columns import column_facts, column_picture
from components.views.explore.columns.column_facts import scalar
from components.views.parts.figures import evidence_panel
from components.views.parts.findings import badges, finding_card
from components.views.text import code, md

__all__ = ["scalar", "show"]

MOST_FINDINGS = 4
NARROW, WIDE = 54, 88
"""Pixels that a number needs, and a date."""


def show(run: Run, profile: DatasetProfile, column: ColumnProfile) -> None:
    """Draw what is known about a column."""
    findings = [f for f in run.findings if column.name in f.affected.columns]
    marks = _marks(findings)
    role = badges.quiet(words.ROLE[column.role])
    st.markdown(
        f"{code(column.name)} &nbsp; {badges.quiet(words.KIND[column.kind])} {role} {marks}"
    )
    facts = [(label, md(value, limit=24)) for label, value in column_facts.numbers(column)]
    is_time = isinstance(column.minimum, datetime)
    evidence_panel.pairs(facts, narrowest=WIDE if is_time else NARROW)
    column_picture.show(run, profile, column)
    for finding in findings[:MOST_FINDINGS]:
        _finding(finding)
    _facts(column)
    _gaps(column)


def _marks(findings: Sequence[Finding]) -> str:
    """Return one badge per concern, in the colour of its worst finding."""
    worst = {words.concern(f.concern): f.severity for f in reversed(findings)}
    return " ".join(f":{words.SEVERITY[s].colour}-badge[{name}]" for name, s in worst.items())


def _facts(column: ColumnProfile) -> None:
    said = column_facts.sentences(column)
    if said:
        st.markdown("\n".join(f"- {sentence}" for sentence in said))


def _gaps(column: ColumnProfile) -> None:
    if column.n_missing and st.button(
        f"Show the {words.count(column.n_missing, 'row')} without a value",
        key="column-gaps",
        icon=":material/table_rows:",
        type="tertiary",
    ):
        session.open_rows((Missing(column.name),))


def _finding(finding: Finding) -> None:
    word = words.SEVERITY[finding.severity]
    st.markdown(
        f":{word.colour}[{word.icon}] **{md(finding.title)}**  \n"
        f":gray[:material/build:] {md(finding.recommended_action)}"
    )
    st.button(
        "Evidence",
        key=f"column-{finding_card.key(finding)}",
        type="tertiary",
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=session.open_finding,
        args=(finding.id,),
    )
