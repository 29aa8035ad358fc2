"""Lines: a number over time, and a number as a function of another."""

from __future__ import annotations

import math
from datetime import datetime

import plotly.graph_objects as go

from components.charts.style.palette import ThemeName, palette
from components.charts.style.points import kept
from components.charts.style.text import by_unit, instant, label, plain
from components.charts.style.theme import axis_unit, axis_value, blank, note, nothing
from components.core.judgement.evidence import Curve, TimeSeries


def time_series(shape: TimeSeries, theme: ThemeName) -> go.Figure:
    """Draw a number over time; a gap where there is none."""
    moments = [instant(at) for at in shape.at]
    points = [
        (at, value if value is not None and math.isfinite(value) else None)
        for at, value in zip(moments, shape.value, strict=False)
        if at is not None
    ]
    if not any(value is not None for _, value in points):
        return nothing(theme, title=shape.name)
    shown = [points[i] for i in kept([value for _, value in points])]
    figure = blank(theme, height=260, title=shape.name)
    figure.add_scatter(
        x=[at for at, _ in shown],
        y=[None if value is None else axis_value(value, shape.unit) for _, value in shown],
        mode="lines+markers" if len(shown) <= 60 else "lines",  # noqa: PLR2004 - readable dots
        line={"color": palette(theme).primary, "width": 2},
        hovertext=[f"{_moment(at)}<br>{by_unit(value, shape.unit)}" for at, value in shown],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(type="date", showgrid=False)
    figure.update_yaxes(
        title_text=label(shape.axis, 28), ticksuffix=axis_unit(shape.unit), nticks=6
    )
    if len(shown) < len(points):
        note(figure, f"{len(shown):,} of {len(points):,} points, with all extremes", theme)
    return figure


def _moment(at: datetime) -> str:
    at_midnight = (at.hour, at.minute, at.second) == (0, 0, 0)
    return f"{at:%Y-%m-%d}" if at_midnight else f"{at:%Y-%m-%d %H:%M}"


def curve(shape: Curve, theme: ThemeName) -> go.Figure:
    """Draw a number as a function of another, with its 95 % band where there is one."""
    points = [
        i
        for i, (x, y) in enumerate(zip(shape.x, shape.y, strict=False))
        if math.isfinite(x) and math.isfinite(y)
    ]
    if not points:
        return nothing(theme, title=shape.name)
    colours = palette(theme)
    shown = [points[i] for i in kept([shape.y[i] for i in points])]
    figure = blank(theme, height=260, title=shape.name)
    x = [shape.x[i] for i in shown]
    if len(shape.ci_low) == len(shape.x) == len(shape.ci_high):
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*(shape.ci_high[i] for i in shown), *(shape.ci_low[i] for i in reversed(shown))],
            fill="toself", mode="none", hoverinfo="skip",
            fillcolor=colours.shape, opacity=0.35,
        )  # fmt: skip
    figure.add_scatter(
        x=x,
        y=[shape.y[i] for i in shown],
        mode="lines" if len(shown) > 1 else "markers",
        line={"color": colours.primary, "width": 2},
        hovertext=[f"{plain(shape.x[i])}<br>{plain(shape.y[i])}" for i in shown],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(title_text=label(shape.x_axis), showgrid=False)
    figure.update_yaxes(title_text=label(shape.y_axis, 28), nticks=6)
    return figure
