"""Columns: a list of all, and one of them in detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from components.core.facts import ColumnProfile, DatasetProfile
from components.core.findings import Finding
from components.views import column_detail, session, words
from components.views.current import Run
from components.views.navigation import PAGE_OF_CONCERN, Pages
from components.views.parts import drawer, empty_state, heading
from components.views.text import plain

MOST_COLUMNS = 500
SHAPE_BARS = 24
KEY = "columns-list"
COLOURS = {"leakage": "red", "labels": "violet", "completeness": "orange", "bias": "yellow"}


def show() -> None:
    """Draw the page."""
    actions = heading.show(Pages.COLUMNS.value.signal)
    here = empty_state.need_run()
    if here is None:
        return
    info, run = here
    if run.profile is None:
        st.info(
            "The facts are being counted. The page fills itself.", icon=":material/hourglass_top:"
        )
        return
    with actions:
        only = st.text_input(
            "Find a column", placeholder="Find a column", label_visibility="collapsed", key="find"
        )
    shown = _matching(run.profile, only)
    if not shown:
        st.info("No column has this in its name.", icon=":material/search_off:")
        return
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        chosen = _list(shown, run, run.profile)
    with right:
        column_detail.show(run, run.profile, chosen)
    drawer.show(info, run)


def _matching(profile: DatasetProfile, text: str) -> list[ColumnProfile]:
    wanted = text.strip().casefold()
    return [c for c in profile.columns if wanted in c.name.casefold()]


def _list(shown: Sequence[ColumnProfile], run: Run, profile: DatasetProfile) -> ColumnProfile:
    """Draw the list and return the column that is chosen; the worst one at first."""
    touching = by_column(run.findings)
    page = shown[:MOST_COLUMNS]
    first = _start(page, touching)
    state = st.dataframe(
        _frame(page, touching),
        key=f"{KEY}-{run.id}",
        hide_index=True,
        height="content" if len(page) <= 18 else 700,  # noqa: PLR2004 - rows that fit
        row_height=37,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        column_config=_config(),
        alt=f"{len(page)} columns with their findings and shapes",
    )
    if len(shown) > MOST_COLUMNS:
        st.caption(f"The first {MOST_COLUMNS} of {len(profile.columns):,} columns are listed.")
    rows = state["selection"]["rows"] if isinstance(state, Mapping) else []
    position = rows[0] if rows and rows[0] < len(page) else first
    return page[position]


def _start(page: Sequence[ColumnProfile], touching: Mapping[str, Sequence[Finding]]) -> int:
    asked = session.session().column
    names = [c.name for c in page]
    if asked in names:
        return names.index(asked)
    worst = max(
        range(len(page)),
        key=lambda i: (max((f.severity for f in touching.get(names[i], ())), default=0), -i),
    )
    return int(worst)


def by_column(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Return the findings that touch each column, worst first."""
    touching: dict[str, list[Finding]] = {}
    for finding in findings:
        for name in finding.affected.columns:
            touching.setdefault(name, []).append(finding)
    return touching


def _frame(
    page: Sequence[ColumnProfile], touching: Mapping[str, Sequence[Finding]]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Column": [plain(c.name, limit=60) for c in page],
            "Findings": [_concerns(touching.get(c.name, ())) for c in page],
            "Filled": [100 * c.completeness for c in page],
            "Shape": [shape(c) for c in page],
            "Distinct": [c.n_distinct for c in page],
            "Kind": [words.KIND[c.kind] for c in page],
        }
    )


def _concerns(findings: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(short(f.concern) for f in findings))[:3]


def short(concern: str) -> str:
    """Return the first word of a concern, for narrow cells."""
    return words.concern(concern).partition(" ")[0]


def shape(profile: ColumnProfile) -> list[int]:
    """Return the counts of a small bar chart: bins, or the most frequent values."""
    counts = list(profile.bins.counts) if profile.bins else [t.count for t in profile.top[:8]]
    while len(counts) > SHAPE_BARS:
        counts = [sum(counts[i : i + 2]) for i in range(0, len(counts), 2)]
    return counts


def _config() -> dict[str, ColumnConfig]:
    names = [short(name) for name in PAGE_OF_CONCERN]
    return {
        "Column": st.column_config.TextColumn(width=118),
        "Findings": st.column_config.MultiselectColumn(
            width=128,
            options=names,
            color=[COLOURS.get(name, "gray") for name in PAGE_OF_CONCERN],
        ),
        "Filled": st.column_config.ProgressColumn(
            format="%.0f %%", min_value=0, max_value=100, width=96
        ),
        "Shape": st.column_config.BarChartColumn(width=80, y_min=0, color="gray"),
        "Distinct": st.column_config.NumberColumn(format="localized", width=68),
        "Kind": st.column_config.TextColumn(width=106),
    }
