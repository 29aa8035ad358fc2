"""A column over time: a band of numbers, shares of names, or the share filled; rows below."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.explore.slices import share_layers, shown_value, spread_words
from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import count, label, percent
from components.charts.style.theme import blank, note, nothing
from components.core.data.query import Scalar
from components.core.facts.slices import Slices


def over_time(shape: Slices, theme: ThemeName, *, dates: bool = False) -> go.Figure:
    """Draw a column over time, and under it the rows of each step.

    Numbers are a line at the median in a band of the middle half; names are shares; of other
    columns the share filled is shown.
    """
    if not shape.slices:
        return nothing(theme, words="No row has a time.")
    colours = palette(theme)
    figure = blank(theme, height=330)
    at = [s.key for s in shape.slices]
    if shape.values:
        _time_shares(figure, shape, colours)
    elif any(s.spread for s in shape.slices):
        _band(figure, shape, colours, dates=dates)
    else:
        _time_filled(figure, shape, colours)
    _rows_below(figure, shape, at, colours)
    note(
        figure,
        f"Steps of one {shape.step}" if shape.step[:1].isalpha() else f"Steps of {shape.step}",
        theme,
    )
    return figure


def _band(figure: go.Figure, shape: Slices, colours: Palette, *, dates: bool) -> None:
    at = [s.key for s in shape.slices]
    unit = 1000 if dates else 1
    lines = [[unit * s.spread[i] if s.spread else None for s in shape.slices] for i in range(5)]
    for low, high, shade in ((0, 4, 0.16), (1, 3, 0.4)):
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(x=at, y=lines[low], **edge)
        figure.add_scatter(
            x=at, y=lines[high], fill="tonexty", fillcolor=_faded(colours.info, shade), **edge
        )
    figure.add_scatter(
        x=at, y=lines[2], mode="lines+markers",
        line={"color": colours.primary, "width": 2}, marker={"size": 5},
        hovertext=[spread_words(s, shape, dates=dates) for s in shape.slices],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(type="date" if dates else "linear", selector={"anchor": None})


def _faded(colour: str, share: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def _time_shares(figure: go.Figure, shape: Slices, colours: Palette) -> None:
    at = [s.key for s in shape.slices]
    for part in share_layers(shape, colours):
        figure.add_bar(
            x=at, y=list(part.values), name=label(part.name),
            marker={"color": part.colour, "line": {"width": 0}},
            hovertext=[
                f"{label(shown_value(s.key))}, n = {s.n:,}<br>"
                f"{label(part.name)}: {percent(v / 100)}"
                for s, v in zip(shape.slices, part.values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=True, margin_t=36)
    figure.update_yaxes(range=[0, 100], ticksuffix=" %")


def _time_filled(figure: go.Figure, shape: Slices, colours: Palette) -> None:
    figure.add_scatter(
        x=[s.key for s in shape.slices], y=[100 * s.filled for s in shape.slices],
        mode="lines+markers", line={"color": colours.primary, "width": 2},
        hovertemplate="%{x}<br>%{y:.1f} % filled<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(range=[0, 101], ticksuffix=" %")


def _rows_below(figure: go.Figure, shape: Slices, at: Sequence[Scalar], colours: Palette) -> None:
    figure.add_bar(
        x=list(at), y=[s.n for s in shape.slices], yaxis="y2", showlegend=False,
        marker={"color": colours.shape, "line": {"width": 0}},
        hovertext=[
            f"{label(shown_value(s.key))}<br>{count(s.n)} rows, {percent(s.filled)} filled"
            for s in shape.slices
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        yaxis={"domain": [0.34, 1]},
        yaxis2={
            "domain": [0, 0.22], "anchor": "x", "gridcolor": colours.grid, "zeroline": False,
            "tickfont": {"color": colours.muted, "size": 11}, "nticks": 3, "rangemode": "tozero",
            "title": {"text": "rows", "font": {"color": colours.muted, "size": 12}},
            "automargin": True,
        },
        xaxis={"type": "date", "anchor": "y2", "showgrid": False},
    )  # fmt: skip
