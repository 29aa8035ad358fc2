"""Gaps: the share missing per column, and the columns that are missing together."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go

from components.charts.evidence.bars import MOST_BARS, Layer, list_bars
from components.charts.evidence.intervals import matrix
from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import and_more, clean, count, label, percent
from components.charts.style.theme import note, nothing
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.judgement.evidence import Matrix


def missing_bars(profile: DatasetProfile, theme: ThemeName) -> go.Figure:
    """Draw the share missing of each column that has gaps, most first, the largest thirty."""
    gaps = by_gaps(profile)
    if not gaps:
        return nothing(theme, words="No value is missing.")
    shown = gaps[:MOST_BARS]
    figure = list_bars(
        [column.name for column in shown],
        [Layer("", palette(theme).primary, [100 * _share(column) for column in shown])],
        theme=theme,
        axis="share missing",
        hover=[
            f"{label(c.name)}<br>{percent(_share(c))} missing ({count(c.n_missing)} rows)"
            for c in shown
        ],
    )
    figure.update_xaxes(range=[0, min(100.0, max(10.0, 115 * _share(shown[0])))], ticksuffix=" %")
    figure.update_traces(
        text=[percent(_share(c)) for c in shown], textposition="auto", cliponaxis=False
    )
    note(figure, and_more(len(gaps) - len(shown), "columns with gaps"), theme)
    return figure


def missing_together(shape: Matrix, theme: ThemeName) -> go.Figure:
    """Draw how often columns are missing in the same rows; a column with itself says nothing."""
    others = tuple(
        tuple(None if one == other else v for other, v in zip(shape.columns, line, strict=True))
        for one, line in zip(shape.rows, shape.values, strict=True)
    )
    return matrix(replace(shape, values=others), theme)


def alt_missing(profile: DatasetProfile) -> str:
    """Return the gaps in one sentence; plain text, not escaped."""
    gaps = by_gaps(profile)
    if not gaps:
        return "No value is missing in any column."
    first = gaps[0]
    return (
        f"{count(len(gaps))} of {count(profile.n_columns)} columns have gaps, "
        f"most of all “{clean(first.name)}” with {percent(_share(first))} missing."
    )


def by_gaps(profile: DatasetProfile) -> list[ColumnProfile]:
    """Return the columns that have gaps, most first: the order of the bars."""
    found = [column for column in profile.columns if column.n_missing]
    return sorted(found, key=lambda column: (-_share(column), column.name))


def _share(column: ColumnProfile) -> float:
    return 1 - column.completeness
