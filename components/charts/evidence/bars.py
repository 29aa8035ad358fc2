"""Bars: distributions and rankings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import and_more, by_unit, count, label, labels, percent, plain
from components.charts.style.theme import axis_unit, axis_value, blank, line_at, note, nothing
from components.core.judgement.evidence import Distribution, Ranking

MOST_BARS = 30
"""Most bars of a list; the rest is said in words."""
MOST_BINS = 200
"""Most bins of a histogram; more are added up in neighbours."""
MOST_CLASSES = 10
"""Most groups with a colour of their own; the rest is added up in grey."""
MOST_EDGE_TICKS = 11
"""Up to so many bin edges, each is written under the plot."""
BAR_HEIGHT = 27
_EXACT_HALVES = 2.0**50


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a bar chart: a name (untrusted), a colour, one number per bar."""

    name: str
    colour: str
    values: Sequence[float]


def layers(groups: Mapping[str, Sequence[float]], colours: Palette) -> list[Layer]:
    """Return at most :data:`MOST_CLASSES` layers; the smallest groups are added up in grey."""
    if not groups:
        return []
    if len(groups) == 1:
        name, values = next(iter(groups.items()))
        return [Layer(name, colours.shape, values)]
    order = list(groups)
    if len(order) <= MOST_CLASSES:
        return [Layer(name, colours.classes[i], groups[name]) for i, name in enumerate(order)]
    kept = sorted(order, key=lambda name: -sum(groups[name]))[: MOST_CLASSES - 1]
    rest = [groups[name] for name in order if name not in kept]
    found = [Layer(name, colours.classes[i], groups[name]) for i, name in enumerate(kept)]
    added = [sum(column) for column in zip(*rest, strict=False)]
    return [*found, Layer(f"{len(rest):,} others", colours.other, added)]


def list_bars(
    names: Sequence[str],
    parts: Sequence[Layer],
    *,
    theme: ThemeName,
    hover: Sequence[str],
    title: str = "",
    axis: str = "rows",
    log: bool = False,
) -> go.Figure:
    """Draw horizontal bars, first name on top, layers stacked.

    Bars sit at 0, 1, ... with the names as tick texts, so that a name that looks like a number or
    a date stays a name and two names that are cut alike stay two bars.

    Parameters
    ----------
    names, hover
        Untrusted names, and escaped texts for the tooltip; one per bar.
    """
    positions = list(range(len(names)))
    figure = blank(theme, height=BAR_HEIGHT * len(names) + 56, title=title)
    for part in parts:
        group = f"{label(part.name)}: " if len(parts) > 1 else ""
        figure.add_bar(
            x=[v if math.isfinite(v) else 0 for v in part.values],
            y=positions,
            orientation="h",
            marker={"color": part.colour, "line": {"width": 0}, "cornerradius": 2},
            name=label(part.name) if len(parts) > 1 else "",
            hovertext=[
                f"{text}<br>{group}{plain(v)}" if group else text
                for text, v in zip(hover, part.values, strict=False)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.28)
    figure.update_xaxes(
        title_text=label(axis, 90), rangemode="tozero", type="log" if log else "linear"
    )
    figure.update_yaxes(
        tickmode="array", tickvals=positions, ticktext=labels(names, 28),
        range=[len(names) - 0.5, -0.5], showgrid=False, tickfont_color=palette(theme).text,
    )  # fmt: skip
    return _with_legend(figure, parts, title)


def bin_bars(
    edges: Sequence[float],
    parts: Sequence[Layer],
    *,
    theme: ThemeName,
    title: str = "",
    axis: str = "",
    log: bool = False,
    dates: bool = False,
) -> go.Figure:
    """Draw a histogram over bin edges, layers stacked.

    Parameters
    ----------
    dates
        Whether the edges are seconds since 1970-01-01 UTC.
    """
    edges, parts = _fewer_bins(edges, parts)
    unit = 1000 if dates else 1
    spans = list(pairwise(edges))
    figure = blank(theme, height=260, title=title)
    for part in parts:
        figure.add_bar(
            x=[unit * (a + b) / 2 for a, b in spans],
            y=list(part.values),
            width=[unit * (b - a) * 0.94 for a, b in spans],
            marker={"color": part.colour, "line": {"width": 0}},
            name=label(part.name) if len(parts) > 1 else "",
            hovertext=_bin_hover(spans, part, named=len(parts) > 1, dates=dates),
            hovertemplate="%{x}<br>%{hovertext}<extra></extra>"
            if dates
            else "%{hovertext}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(
        title_text=label(axis, 90) if axis else "",
        showgrid=False,
        type="date" if dates else "linear",
    )
    if len(edges) <= MOST_EDGE_TICKS and not dates:
        ticks = [(a + b) / 2 for a, b in spans] if _is_single(spans) else edges
        figure.update_xaxes(tickmode="array", tickvals=ticks, ticktext=[plain(t) for t in ticks])
    figure.update_yaxes(
        title_text="rows (log scale)" if log else "rows",
        type="log" if log else "linear", rangemode="tozero", nticks=6,
    )  # fmt: skip
    return _with_legend(figure, parts, title)


def _with_legend(figure: go.Figure, parts: Sequence[Layer], title: str) -> go.Figure:
    if len(parts) > 1:
        figure.update_layout(showlegend=True, margin_t=36 + (28 if title else 0))
    return figure


def _bin_hover(
    spans: Sequence[tuple[float, float]], part: Layer, *, named: bool, dates: bool
) -> list[str]:
    group = f"{label(part.name)}: " if named else ""
    return [
        ("" if dates else f"{_span(a, b)}<br>") + f"{group}{count(n)} rows"
        for (a, b), n in zip(spans, part.values, strict=False)
    ]


def _is_single(spans: Sequence[tuple[float, float]]) -> bool:
    """Return whether each bin holds one whole number."""
    return all(_is_between(a) and b - a == 1 for a, b in spans)


def _is_between(edge: float) -> bool:
    """Return whether an edge lies in the middle between two whole numbers, as whole bins do."""
    return abs(edge) < _EXACT_HALVES and (edge - 0.5).is_integer()


def _span(low: float, high: float) -> str:
    """Return a bin in words; one of whole numbers by the numbers in it."""
    if not (_is_between(low) and _is_between(high)):
        return f"{plain(low)} to {plain(high)}"
    first, last = low + 0.5, high - 0.5
    return plain(first) if first == last else f"{plain(first)} to {plain(last)}"


def _fewer_bins(edges: Sequence[float], parts: Sequence[Layer]) -> tuple[list[float], list[Layer]]:
    n = len(edges) - 1
    step = math.ceil(n / MOST_BINS)
    if step <= 1:
        return list(edges), list(parts)
    starts = range(0, n, step)
    kept = [*(edges[i] for i in starts), edges[n]]
    return kept, [
        Layer(p.name, p.colour, [sum(p.values[i : i + step]) for i in starts]) for p in parts
    ]


def distribution(shape: Distribution, theme: ThemeName) -> go.Figure:
    """Draw counts over bins (upright) or categories (lying, the largest thirty)."""
    parts = layers(dict(shape.counts), palette(theme))
    if not parts:
        return nothing(theme, title=shape.name)
    if shape.edges is not None and len(shape.edges) > 1 and all(map(math.isfinite, shape.edges)):
        figure = bin_bars(shape.edges, parts, theme=theme, title=shape.name, axis=shape.axis)
        if shape.marker is not None and math.isfinite(shape.marker):
            line_at(figure, shape.marker, plain(shape.marker), theme)
        return figure
    if not shape.categories:
        return nothing(theme, title=shape.name)
    return _categories(shape, shape.categories, parts, theme)


def _categories(
    shape: Distribution, categories: tuple[str, ...], parts: Sequence[Layer], theme: ThemeName
) -> go.Figure:
    totals = [sum(column) for column in zip(*(p.values for p in parts), strict=False)]
    order = sorted(range(len(totals)), key=lambda i: (-totals[i], i))
    kept = order[:MOST_BARS] if len(order) > MOST_BARS else list(range(len(totals)))
    everything = sum(totals) or 1
    cut = [Layer(p.name, p.colour, [p.values[i] for i in kept]) for p in parts]
    figure = list_bars(
        [categories[i] for i in kept],
        cut,
        theme=theme,
        title=shape.name,
        axis="rows",
        hover=[
            f"{label(categories[i])}<br>{count(totals[i])} ({percent(totals[i] / everything)})"
            for i in kept
        ],
    )
    left = [totals[i] for i in order[MOST_BARS:]]
    note(figure, and_more(len(left), f"({count(sum(left))} rows)"), theme)
    return figure


def ranking(shape: Ranking, theme: ThemeName) -> go.Figure:
    """Draw named numbers as lying bars; those that reach the threshold in colour."""
    colours = palette(theme)
    items, values = shape.items[:MOST_BARS], shape.values[:MOST_BARS]
    if not items:
        return nothing(theme, title=shape.name)
    notes = [*shape.notes[:MOST_BARS], *[""] * (len(items) - len(shape.notes[:MOST_BARS]))]
    figure = list_bars(
        items,
        [Layer("", colours.shape, [axis_value(v, shape.unit) for v in values])],
        theme=theme,
        title=shape.name,
        axis=shape.axis,
        hover=[
            f"{label(item)}<br>{by_unit(value, shape.unit)}"
            + (f"<br>{label(words, 120)}" if words else "")
            for item, value, words in zip(items, values, notes, strict=False)
        ],
    )
    line = shape.threshold
    over = [line is None or value >= line for value in values]
    figure.update_traces(
        marker_color=[colours.primary if o else colours.shape for o in over],
        text=[by_unit(v, shape.unit) for v in values],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": colours.muted, "size": 11},
    )
    figure.update_layout(margin_r=56)
    figure.update_xaxes(ticksuffix=axis_unit(shape.unit))
    if line is not None and math.isfinite(line):
        figure.update_layout(margin_t=24 + (28 if shape.name else 0))
        at = axis_value(line, shape.unit)
        line_at(figure, at, f"threshold {by_unit(line, shape.unit)}", theme)
    note(figure, and_more(len(shape.items) - len(items)), theme)
    return figure
