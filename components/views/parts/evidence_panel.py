"""Evidence of any shape: a figure with words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components.charts.evidence import alt, figure
from components.core.evidence import Evidence, Measure, Unit
from components.views import session, words
from components.views.text import md

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_NUMBERS = 8
MOST_AT_ONCE = 3
QUIET = {"displayModeBar": False, "scrollZoom": False}


def plot(drawn: go.Figure, *, key: str, alt_text: str) -> None:
    """Draw a figure of ours."""
    st.plotly_chart(
        drawn, theme=None, key=f"{key}-{session.theme()}", config=QUIET, alt=alt_text[:500]
    )


def show(evidence: Sequence[Evidence], *, key: str) -> None:
    """Draw pieces of evidence: numbers side by side, then figures, the first ones at once."""
    numbers = [e for e in evidence if isinstance(e, Measure)]
    if numbers:
        with st.container(horizontal=True, gap="large"):
            for measure in numbers[:MOST_NUMBERS]:
                value(measure)
    pieces = [e for e in evidence if not isinstance(e, Measure)]
    _figures(pieces[:MOST_AT_ONCE], key=f"{key}-first")
    rest = pieces[MOST_AT_ONCE:]
    if rest:
        with st.expander(f"{len(rest)} more {'figure' if len(rest) == 1 else 'figures'}"):
            _figures(rest, key=f"{key}-rest")


def _figures(pieces: Sequence[Evidence], *, key: str) -> None:
    for position, piece in enumerate(pieces):
        plot(figure(piece, session.theme()), key=f"{key}-{position}", alt_text=alt(piece))


def value(measure: Measure) -> None:
    """Draw one number as a label with its value, and its interval where it has one."""
    spread = interval(measure)
    line = f"  \n:gray[:small[{md(spread)}]]" if spread else ""
    st.markdown(pair(md(measure.name), measured(measure)) + line, width="content")


def pairs(facts: Sequence[tuple[str, str]], *, narrowest: int = 92) -> None:
    """Draw labels with their values side by side; both must be ours or escaped."""
    with st.grid(max(1, len(facts)), min_column_width=narrowest):
        for label, text in facts:
            st.markdown(pair(label, text))


def pair(label: str, value_text: str) -> str:
    """Return a small grey label over a bold value; both must be ours or escaped."""
    return f":gray[:small[{label}]]  \n**{value_text}**"


def by_unit(amount: float, unit: Unit) -> str:
    """Return a number as its unit asks for."""
    if unit is Unit.SHARE:
        return words.share(amount)
    if unit is Unit.DIFFERENCE:
        return f"{100 * amount:+.1f} points"
    return words.number(amount) if amount == amount else "–"  # noqa: PLR0124 - not a number


def measured(measure: Measure) -> str:
    """Return the value of a measure in words."""
    return by_unit(measure.value, measure.unit)


def interval(measure: Measure) -> str:
    """Return the 95 % interval of a measure and its n, "" where there is none."""
    if measure.ci_low is None or measure.ci_high is None:
        return f"n = {measure.n:,}" if measure.n is not None else ""
    low, high = by_unit(measure.ci_low, measure.unit), by_unit(measure.ci_high, measure.unit)
    behind = f", n = {measure.n:,}" if measure.n is not None else ""
    return f"95 % interval {low} to {high}{behind}"
