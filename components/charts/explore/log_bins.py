"""A histogram on a log scale, and what has no place on it."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from components.charts.evidence.bars import Layer, bin_bars
from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import count, plain
from components.charts.style.theme import nothing
from components.core.facts.slices import LogBins

_TICKS = (1, 2, 5)
_FEW_DECADES = 2
_MOST_TICKS = 10


def log_histogram(shape: LogBins, theme: ThemeName) -> go.Figure:
    """Draw positive values in bins of equal ratio; the axis has the numbers themselves."""
    if len(shape.edges) < 2:  # noqa: PLR2004 - one bin has two edges
        return nothing(theme, words="No two different positive values.")
    colours = palette(theme)
    places = [math.log10(edge) for edge in shape.edges]
    figure = bin_bars(places, [Layer("", colours.shape, shape.counts)], theme=theme)
    figure.data[0].hovertext = [
        f"{plain(a)} to {plain(b)}<br>{count(n)} rows"
        for a, b, n in zip(shape.edges, shape.edges[1:], shape.counts, strict=False)
    ]
    ticks = _log_ticks(places[0], places[-1])
    figure.update_xaxes(
        tickmode="array", tickvals=[math.log10(t) for t in ticks],
        ticktext=[plain(t) for t in ticks], title_text="log scale",
    )  # fmt: skip
    return figure


def left_out_of_log(shape: LogBins) -> str:
    """Return which rows have no place on a log scale; "" where all have one."""
    reasons = [
        (shape.n_zero, "zero"),
        (shape.n_negative, "below zero"),
        (shape.n_infinite, "infinite"),
        (shape.n_missing, "missing"),
    ]
    found = [f"{count(n)} {words}" for n, words in reasons if n]
    words = "Left out, because a log scale has no place for them"
    return f"{words}: {', '.join(found)}." if found else ""


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(math.floor(low), math.ceil(high) + 1)
    steps = _TICKS if high - low <= _FEW_DECADES else (1,)
    every = max(1, math.ceil(len(decades) / _MOST_TICKS))
    ticks = [step * 10.0**d for d in decades[::every] for step in steps]
    return [t for t in ticks if low <= math.log10(t) <= high]
