"""How columns go together: the heat-map of all pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import clean, count, labels, plain
from components.charts.style.theme import blank, nothing, scale
from components.core.facts.associations import AssociationMatrix

MOST_ACROSS = 60
"""Most columns that are drawn: with more, a cell is too small to be hit."""
MOST_WITH_NUMBERS = 10
MANY = 40
"""From so many columns on, names are small and upright, so that they do not touch."""


def strongest(
    matrix: AssociationMatrix, always: Sequence[str] = (), most: int = MOST_ACROSS
) -> AssociationMatrix:
    """Return the matrix of the columns with the strongest ties, in the same order.

    Parameters
    ----------
    always
        Columns that stay, however weak their ties are.
    """
    if len(matrix.columns) <= most:
        return matrix
    ties = [
        max((abs(v) for j, v in enumerate(line) if v is not None and j != i), default=0.0)
        for i, line in enumerate(matrix.values)
    ]
    order = sorted(range(len(ties)), key=lambda i: (matrix.columns[i] not in always, -ties[i], i))
    kept = sorted(order[:most])
    return AssociationMatrix(
        columns=tuple(matrix.columns[i] for i in kept),
        values=tuple(tuple(matrix.values[i][j] for j in kept) for i in kept),
    )


def heat_map(
    matrix: AssociationMatrix,
    theme: ThemeName,
    *,
    chosen: tuple[str, str] | None = None,
    what: str = "",
) -> go.Figure:
    """Draw strengths as a grid of colours; the second trace takes the clicks.

    Its points stand line by line: the one at ``i * n + j`` is of line i and column j.

    Parameters
    ----------
    chosen
        The pair that is looked at; it gets a frame.
    what
        What a cell says, for the tooltip ("strength").
    """
    n = len(matrix.columns)
    if n < 2:  # noqa: PLR2004 - a pair
        return nothing(theme, words="Fewer than two columns can be compared.")
    colours = palette(theme)
    grid = [
        [None if i == j or v is None or not math.isfinite(v) else v for j, v in enumerate(line)]
        for i, line in enumerate(matrix.values)
    ]
    figure = blank(theme, height=110 + n * max(14.0, min(34.0, 640 / n)))
    # plotly walks through lists value by value, which takes longer than all else here
    line, place = np.divmod(np.arange(n * n), n)
    figure.add_heatmap(
        z=np.array(grid, dtype=np.float64), colorscale=scale(colours.diverging), zmin=-1, zmax=1,
        hoverinfo="skip", xgap=1, ygap=1, showscale=n > MOST_WITH_NUMBERS,
        colorbar=_colour_scale(what), **_numbers(grid, n, theme),
    )  # fmt: skip
    figure.add_scatter(
        x=place, y=line, mode="markers",
        marker={"size": 12, "symbol": "square", "color": colours.text},
        opacity=0, hovertext=np.array(_hover(grid, matrix.columns, what), dtype=object),
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip
    _grid_axes(figure, matrix.columns)
    _frame(figure, matrix.columns, chosen, colours.text)
    return figure


def _colour_scale(what: str) -> dict[str, object]:
    return {
        "thickness": 10, "len": 0.6, "outlinewidth": 0, "tickvals": [-1, -0.5, 0, 0.5, 1],
        "title": {"text": what, "side": "right"},
    }  # fmt: skip


def _numbers(grid: list[list[float | None]], n: int, theme: ThemeName) -> dict[str, object]:
    if n > MOST_WITH_NUMBERS:
        return {}
    texts = [["" if v is None else f"{v:.2f}" for v in line] for line in grid]
    found: dict[str, object] = {"text": texts, "texttemplate": "%{text}"}
    return found | ({"textfont_color": palette(theme).text} if theme == "dark" else {})


def _hover(grid: list[list[float | None]], columns: Sequence[str], what: str) -> list[str]:
    names = labels(columns, 30)
    return [
        f"{one} and {other}<br>" + ("not compared" if v is None else f"{what} {v:.2f}")
        if i != j
        else one
        for i, (one, line) in enumerate(zip(names, grid, strict=True))
        for j, (other, v) in enumerate(zip(names, line, strict=True))
    ]


def _grid_axes(figure: go.Figure, columns: Sequence[str]) -> None:
    n = len(columns)
    many = n > MANY
    axis = {
        "tickmode": "array", "tickvals": list(range(n)), "ticktext": labels(columns, 20),
        "showgrid": False, "tickfont_size": 8 if many else 11, "range": [-0.5, n - 0.5],
    }  # fmt: skip
    figure.update_xaxes(**axis, tickangle=-90 if many else -60)
    figure.update_yaxes(**{**axis, "range": [n - 0.5, -0.5]})


def _frame(
    figure: go.Figure, columns: Sequence[str], chosen: tuple[str, str] | None, colour: str
) -> None:
    if chosen is None or not set(chosen) <= set(columns):
        return
    first, second = (list(columns).index(name) for name in chosen)
    for i, j in ((first, second), (second, first)):
        figure.add_shape(
            type="rect", x0=j - 0.5, x1=j + 0.5, y0=i - 0.5, y1=i + 0.5,
            line={"color": colour, "width": 2},
        )  # fmt: skip


def alt_heat_map(matrix: AssociationMatrix) -> str:
    """Return the strongest cell in one sentence; plain text, not escaped."""
    cells = [
        (abs(v), v, matrix.columns[i], matrix.columns[j])
        for i, line in enumerate(matrix.values)
        for j, v in enumerate(line)
        if i < j and v is not None
    ]
    size = f"Grid of {count(len(matrix.columns))} columns"
    if not cells:
        return f"{size}; no pair could be compared."
    _, value, one, other = max(cells, key=lambda cell: cell[0])
    return f"{size}; the strongest pair is “{clean(one)}” with “{clean(other)}”: {plain(value, 2)}."
