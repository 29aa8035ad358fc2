"""One figure and one sentence per shape of evidence."""

from __future__ import annotations

from typing import assert_never

import plotly.graph_objects as go

from components.charts.evidence import bars, intervals, lines, tallies
from components.charts.evidence.alt_text import alt
from components.charts.style.palette import ThemeName
from components.core.judgement.evidence import (
    CellScores,
    Curve,
    Distribution,
    Evidence,
    GroupMetrics,
    Matrix,
    Measure,
    Ranking,
    RowGroups,
    RowScores,
    TimeSeries,
)

Figure = go.Figure
"""What is drawn; rooms above name the type from here, so that only charts know plotly."""

__all__ = ["Figure", "alt", "figure"]


def figure(evidence: Evidence, theme: ThemeName, *, title: bool = True) -> go.Figure:  # noqa: C901 - one branch per shape
    """Draw one piece of evidence.

    Bounded: at most 30 bars (the rest is said in words), 200 bins, 30 by 30 cells and 1,000
    points of a line; 120 to 900 pixels high. All text from the data is escaped and cut.

    Parameters
    ----------
    title
        Whether the name of the evidence stands above the plot.
    """
    match evidence:
        case Measure():
            drawn = intervals.measure(evidence, theme)
        case Distribution():
            drawn = bars.distribution(evidence, theme)
        case Matrix():
            drawn = intervals.matrix(evidence, theme)
        case GroupMetrics():
            drawn = intervals.group_metrics(evidence, theme)
        case Ranking():
            drawn = bars.ranking(evidence, theme)
        case RowScores():
            drawn = intervals.row_scores(evidence, theme)
        case CellScores():
            drawn = tallies.cell_scores(evidence, theme)
        case RowGroups():
            drawn = tallies.row_groups(evidence, theme)
        case TimeSeries():
            drawn = lines.time_series(evidence, theme)
        case Curve():
            drawn = lines.curve(evidence, theme)
        case _:
            assert_never(evidence)
    return drawn if title else _untitled(drawn)


def _untitled(drawn: go.Figure) -> go.Figure:
    if drawn.layout.title.text:
        top, height = drawn.layout.margin.t, drawn.layout.height
        drawn.update_layout(title_text="", margin_t=max(8, top - 28), height=height - 28)
    return drawn
