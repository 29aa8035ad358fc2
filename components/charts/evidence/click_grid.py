"""A grid of numbers whose cells can be selected; a heat-map alone takes no clicks."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components.charts.evidence.intervals import MOST_CELLS_ACROSS, matrix
from components.charts.style.palette import ThemeName
from components.core.judgement.evidence import Matrix

CLICKED = 1
"""The trace that takes the clicks."""


def click_grid(shape: Matrix, theme: ThemeName) -> go.Figure:
    """Draw a matrix as always; the second trace takes the clicks, wherever in a cell they are.

    Its points stand line by line: :func:`cell_of` tells which cell one is of.
    """
    figure = matrix(shape, theme)
    n, m = _size(shape)
    if not n or not m:
        return figure
    figure.update_layout(title_text="", margin_t=8, hoverdistance=-1)
    (cells,) = figure.data
    line, place = np.divmod(np.arange(n * m), m)
    hover = [text for of_line in cells.hovertext for text in of_line]
    cells.update(hoverinfo="skip", hovertemplate=None, hovertext=None)
    figure.add_scatter(
        x=place, y=line, mode="markers", opacity=0, marker={"size": 20, "symbol": "square"},
        hovertext=np.array(hover, dtype=object), hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip
    figure.update_xaxes(range=[-0.5, m - 0.5])
    figure.update_yaxes(range=[n - 0.5, -0.5], autorange=False)
    return figure


def cell_of(shape: Matrix, position: int) -> tuple[int, int] | None:
    """Return line and column of a point of the trace that takes the clicks, or None."""
    n, m = _size(shape)
    return divmod(position, m) if 0 <= position < n * m else None


def _size(shape: Matrix) -> tuple[int, int]:
    return min(len(shape.rows), MOST_CELLS_ACROSS), min(len(shape.columns), MOST_CELLS_ACROSS)
