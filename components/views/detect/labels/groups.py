"""Whom doubts about labels are about, and what accepting every suggestion would do to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.charts.evidence.figure import alt, figure
from components.charts.figure_data import of_evidence
from components.charts.style.text import by_unit, interval
from components.core.judgement.evidence import Evidence, GroupMetrics, Measure, Ranking
from components.core.judgement.findings import CheckResult
from components.views import session, words
from components.views.parts import heading
from components.views.parts.figures import evidence_panel
from components.views.text import code, md

FLAGGED, THEN = "flagged", "_if_accepted"
RESTS = "suggestions that rest on sensitive columns"
LEFT_OUT = "Columns left out for a second opinion"
RIGHT = "labels that randomised trees predict"
MOST_GROUPS = 12
MOST_AT_ONCE = 3
GLUE = "\u00a0"
"""Keeps a number, its unit and its interval on one line each."""


def shows(piece: Evidence) -> bool:
    """Whether a piece of evidence that is about no group stands here."""
    return piece.name.startswith((RESTS, LEFT_OUT, RIGHT))


def show(result: CheckResult) -> None:
    """Draw it for each sensitive column; nothing where there is none."""
    metrics = [e for e in result.evidence if isinstance(e, GroupMetrics)]
    flagged = [m for m in metrics if m.metric == FLAGGED]
    if not flagged:
        return
    heading.section("Groups of people")
    for place, rates in enumerate(flagged[:MOST_AT_ONCE]):
        _of_column(rates, metrics, place)
    rest = flagged[MOST_AT_ONCE:]
    if rest:
        with st.expander(f"{words.count(len(rest), 'more column')} with groups of people"):
            for place, rates in enumerate(rest, start=MOST_AT_ONCE):
                _of_column(rates, metrics, place)
    _second_opinion(result)


def _of_column(rates: GroupMetrics, metrics: Sequence[GroupMetrics], place: int) -> None:
    with st.container(border=True):
        st.markdown(f"**Labels flagged, by {md(rates.attribute, limit=40)}**")
        evidence_panel.plot(
            figure(rates, session.theme(), title=False),
            key=f"flagged-{place}",
            alt_text=alt(rates),
            sheet=partial(of_evidence, rates),
            name=f"flagged by {rates.attribute}",
        )
        _accepted([m for m in metrics if m.attribute == rates.attribute])


def _accepted(metrics: Sequence[GroupMetrics]) -> None:
    """Draw the rates and ratios as they are, and as accepting everything would make them."""
    rate, rate_then = _of("rate", metrics)
    if rate is None or rate_then is None:
        return
    ratio, ratio_then = _of("ratio", metrics)
    outcome = md(rate.metric.partition(":")[2], limit=40)
    st.markdown(f"**If every suggestion were accepted: share of “{outcome}”**")
    groups = rate.groups[:MOST_GROUPS]
    columns = {
        "Group": [md(group, limit=40) for group in groups],
        "Rows": [f"{n:,}" for n in rate.n[:MOST_GROUPS]],
        "Now": [_rate(rate, group) for group in groups],
        "Then": [_rate(rate_then, group) for group in groups],
    }
    if ratio is not None and ratio_then is not None:
        columns["Ratio now"] = [_ratio(ratio, group) for group in groups]
        columns["Ratio then"] = [_ratio(ratio_then, group) for group in groups]
    st.table(
        columns,
        border="horizontal",
        hide_index=True,
        alt="Rates of groups with the labels as they are and with all suggestions accepted",
    )
    st.caption(_about(rate))


def _about(rate: GroupMetrics) -> str:
    more = len(rate.groups) - MOST_GROUPS
    rest = f" {more:,} more groups stand in the results." if more > 0 else ""
    return (
        "In brackets the 95 % interval. The ratio is the share of a group over that of "
        f"“{md(rate.reference or '', limit=40)}”, its largest; below 0.8 or above 1.25 it "
        f"leaves the four-fifths rule. Nothing is accepted unless a person does so.{rest}"
    )


def _of(
    kind: str, metrics: Sequence[GroupMetrics]
) -> tuple[GroupMetrics | None, GroupMetrics | None]:
    """Return a metric as it is, and as it would be."""

    def first(start: str) -> GroupMetrics | None:
        return next((m for m in metrics if m.metric.startswith(start)), None)

    return first(f"{kind}:"), first(f"{kind}{THEN}:")


def _rate(shape: GroupMetrics, group: str) -> str:
    at = shape.groups.index(group)
    value = shape.value[at]
    if value is None:
        return "–"
    told = by_unit(value, shape.unit).replace(" ", GLUE)
    ends = interval(shape.ci_low[at], shape.ci_high[at], shape.unit)
    return f"{told} ({ends.replace(' %', '').replace(' ', GLUE)})" if ends else told


def _ratio(shape: GroupMetrics, group: str) -> str:
    if group == shape.reference:
        return "1"
    at = shape.groups.index(group) if group in shape.groups else -1
    value = shape.value[at] if at >= 0 else None
    return "too few rows" if value is None else f"**{value:.3f}**"


def _second_opinion(result: CheckResult) -> None:
    told = [e for e in result.evidence if isinstance(e, Measure) and shows(e)]
    rests = next((m for m in told if m.name.startswith(RESTS)), None)
    if rests is None or not rests.n:
        return
    with st.container(border=True):
        st.markdown("**A second opinion, without sensitive columns and what tells them**")
        x = round(rests.value * rests.n)
        verb = "rests" if x == 1 else "rest"
        st.markdown(
            f"**{x:,} of {words.count(rests.n, 'suggestion')}** {verb} on them: models make "
            f"{'it' if x == 1 else 'these'} with all columns, and not without. The card in the "
            "review says so, and what they expect instead."
        )
        for left_out in (e for e in result.evidence if isinstance(e, Ranking) and shows(e)):
            st.markdown(f"Left out: {_columns(left_out)}.")
        with st.container(horizontal=True, gap="large"):
            for measure in told:
                if measure is not rests:
                    evidence_panel.value(measure)


def _columns(left_out: Ranking) -> str:
    return ", ".join(
        f"{code(name, limit=40)} ({md(note, limit=80)})"
        for name, note in zip(left_out.items, left_out.notes, strict=True)
    )
