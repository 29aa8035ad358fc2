"""Dots with intervals, one number, a grid of numbers, and the histogram of a quality."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.evidence.alt_text import flagged_words
from components.charts.evidence.bars import MOST_BARS
from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import (
    QUALITY_AXIS,
    and_more,
    by_unit,
    count,
    interval,
    label,
    labels,
)
from components.charts.style.theme import (
    axis_unit,
    axis_value,
    blank,
    line_at,
    note,
    nothing,
    scale,
)
from components.core.judgement.evidence import GroupMetrics, Matrix, Measure, RowScores, Unit

Cells = list[list[float | None]]

ROW_HEIGHT = 30
FOUR_FIFTHS = 0.8
"""The line of the four-fifths rule (EEOC 1978), as a ratio of two rates."""
STANDARDISED = "standardised_difference"
"""The metric that is told in standard deviations."""
MOST_CELLS_WITH_TEXT = 144
MOST_CELLS_ACROSS = 30
FAINT = 0.02
"""Below this share of the tallest bar a flagged bin could not be seen."""


def measure(shape: Measure, theme: ThemeName) -> go.Figure:
    """Draw one number with its interval; a share on the whole of 0 to 100 %."""
    if not math.isfinite(shape.value):
        return nothing(theme, title=shape.name, words="No value.")
    colours = palette(theme)
    figure = blank(theme, height=120, title=shape.name)
    words = f"<b>{by_unit(shape.value, shape.unit)}</b>"
    spread = interval(shape.ci_low, shape.ci_high, shape.unit)
    words += f"  95 % interval {spread}" if spread else ""
    words += f"  n = {shape.n:,}" if shape.n is not None else ""
    if spread:
        figure.add_scatter(
            x=[
                axis_value(end, shape.unit)
                for end in (shape.ci_low, shape.ci_high)
                if end is not None
            ],
            y=[0, 0], mode="lines", hoverinfo="skip",
            line={"color": colours.shape, "width": 8},
        )  # fmt: skip
    figure.add_scatter(
        x=[axis_value(shape.value, shape.unit)], y=[0], mode="markers", hovertext=[words],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": colours.primary, "size": 13},
    )  # fmt: skip
    figure.add_annotation(
        text=words, xref="paper", yref="paper", x=0, y=1, xanchor="left", yanchor="top",
        showarrow=False,
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-1, 1.6])
    figure.update_xaxes(rangemode="tozero")
    figure.update_xaxes(ticksuffix=axis_unit(shape.unit))
    if shape.unit is Unit.SHARE:
        figure.update_xaxes(range=[0, 100])
    return figure


def group_metrics(shape: GroupMetrics, theme: ThemeName) -> go.Figure:
    """Draw one dot per group with its 95 % interval, and a line at the overall value."""
    n_shown = min(len(shape.groups), MOST_BARS)
    if not n_shown:
        return nothing(theme, title=shape.name)
    colours = palette(theme)
    title = _by_attribute(shape)
    figure = blank(theme, height=ROW_HEIGHT * n_shown + 56, title=title)
    _dots(figure, shape, [i for i in range(n_shown) if _known(shape.value[i])], theme)
    for i in range(n_shown):
        if not _known(shape.value[i]):
            figure.add_annotation(
                x=0.01, xref="paper", y=i, text="not enough rows to say", showarrow=False,
                xanchor="left", font={"size": 12, "color": colours.muted},
            )  # fmt: skip
    names = [
        f"{label(group, 28)}{' (reference)' if group == shape.reference else ''}  n = {n:,}"
        for group, n in zip(shape.groups[:n_shown], shape.n[:n_shown], strict=True)
    ]
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(n_shown)), ticktext=names,
        range=[n_shown - 0.4, -0.6], tickfont_color=colours.text,
    )  # fmt: skip
    figure.update_xaxes(ticksuffix=axis_unit(shape.unit), title_text=label(_axis_title(shape), 90))
    lines = _reference_lines(shape)
    if lines:
        figure.update_layout(margin_t=24 + (28 if title else 0))
    for at, words in lines:
        line_at(figure, axis_value(at, shape.unit), words, theme)
    if shape.unit is Unit.RATIO:
        figure.add_vrect(
            x0=FOUR_FIFTHS, x1=1 / FOUR_FIFTHS, layer="below",
            fillcolor=colours.track, opacity=0.6, line_width=0,
        )  # fmt: skip
        words = "shaded: 0.8 to 1.25, within the four-fifths rule"
        note(figure, words, theme)
    note(figure, and_more(len(shape.groups) - n_shown, "groups"), theme)
    return figure


def _by_attribute(shape: GroupMetrics) -> str:
    """Return the title, which says what the groups are groups of."""
    named = shape.attribute in shape.name
    return shape.name if named or not shape.name else f"{shape.name}, by {shape.attribute}"


def _axis_title(shape: GroupMetrics) -> str:
    what = {
        Unit.SHARE: "share", Unit.RATIO: "ratio", Unit.DIFFERENCE: "percentage points",
        Unit.SCORE: "standard deviations" if shape.metric == STANDARDISED else "score",
    }.get(shape.unit, shape.metric)  # fmt: skip
    return f"{what} (bars: 95 % interval)"


def _reference_lines(shape: GroupMetrics) -> list[tuple[float, str]]:
    """Return where nothing differs, or the value over all rows."""
    if shape.unit is Unit.RATIO:
        return [(1.0, "equal")]
    if shape.unit is Unit.DIFFERENCE or shape.metric == STANDARDISED:
        return [(0.0, "no difference")]
    if shape.overall is not None and math.isfinite(shape.overall):
        return [(shape.overall, f"all {by_unit(shape.overall, shape.unit)}")]
    return []


def _dots(figure: go.Figure, shape: GroupMetrics, at: list[int], theme: ThemeName) -> None:
    colours = palette(theme)
    values = [float(shape.value[i] or 0.0) for i in at]
    spreads = [interval(shape.ci_low[i], shape.ci_high[i], shape.unit) for i in at]
    figure.add_scatter(
        x=[axis_value(v, shape.unit) for v in values],
        y=at,
        mode="markers",
        marker={"color": colours.primary, "size": 10},
        error_x={
            "type": "data", "symmetric": False, "thickness": 2, "width": 5,
            "color": colours.shape,
            "array": [
                axis_value(_gap(shape.ci_high[i], v), shape.unit)
                for i, v in zip(at, values, strict=True)
            ],
            "arrayminus": [
                axis_value(_gap(v, shape.ci_low[i]), shape.unit)
                for i, v in zip(at, values, strict=True)
            ],
        },
        hovertext=[
            f"{label(shape.groups[i])}<br>{by_unit(v, shape.unit)}"
            + (f" (95 % interval {words})" if words else "")
            + f"<br>n = {shape.n[i]:,}"
            for i, v, words in zip(at, values, spreads, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _gap(high: float | None, low: float | None) -> float:
    if high is None or low is None or not (math.isfinite(high) and math.isfinite(low)):
        return 0.0
    return max(0.0, high - low)


def matrix(shape: Matrix, theme: ThemeName) -> go.Figure:
    """Draw a grid of numbers as a heat-map, with the numbers in it while they can be read."""
    rows, columns = shape.rows[:MOST_CELLS_ACROSS], shape.columns[:MOST_CELLS_ACROSS]
    if not rows or not columns:
        return nothing(theme, title=shape.name)
    with_itself = _is_with_itself(shape)
    grid: Cells = [
        [v if _known(v) and not (with_itself and i == j) else None for j, v in enumerate(line)]
        for i, line in enumerate(line[: len(columns)] for line in shape.values[: len(rows)])
    ]
    figure = blank(theme, height=ROW_HEIGHT * len(rows) + 96, title=shape.name)
    figure.add_heatmap(
        z=grid,
        **_cell_words(grid, rows, columns, shape.unit),
        **_cell_colours(grid, theme),
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
        xgap=2,
        ygap=2,
        showscale=False,
    )
    figure.update_xaxes(
        tickmode="array", tickvals=list(range(len(columns))), ticktext=labels(columns, 20),
        showgrid=False, side="bottom",
    )  # fmt: skip
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(rows))), ticktext=labels(rows, 20),
        showgrid=False, autorange="reversed",
    )  # fmt: skip
    more = [
        and_more(len(shape.rows) - len(rows), "rows"),
        and_more(len(shape.columns) - len(columns), "columns"),
    ]
    if any(more):
        figure.update_layout(title_subtitle={"text": "; ".join(m for m in more if m)})
    return figure


def _cell_words(
    grid: Cells, rows: Sequence[str], columns: Sequence[str], unit: Unit
) -> dict[str, object]:
    words = [[by_unit(v, unit) for v in line] for line in grid]
    hover = [
        [f"{label(r)} × {label(c)}<br>{cell}" for c, cell in zip(columns, line, strict=False)]
        for r, line in zip(rows, words, strict=False)
    ]
    if len(rows) * len(columns) > MOST_CELLS_WITH_TEXT:
        return {"hovertext": hover}
    return {"hovertext": hover, "text": words, "texttemplate": "%{text}"}


def _is_with_itself(shape: Matrix) -> bool:
    """Return whether the diagonal tells each thing's share with itself, which is all: no news."""
    own = [line[i] for i, line in enumerate(shape.values) if i < len(line)]
    return shape.unit is Unit.SHARE and shape.rows == shape.columns and set(own) == {1.0}


def _cell_colours(grid: Cells, theme: ThemeName) -> dict[str, object]:
    colours = palette(theme)
    known = [v for line in grid for v in line if v is not None]
    largest = max(map(abs, known), default=1.0) or 1.0
    signed = any(v < 0 for v in known)
    found: dict[str, object] = {
        "colorscale": scale(colours.diverging if signed else colours.sequential),
        "zmin": -largest if signed else 0.0,
        "zmax": largest,
    }
    return {**found, "textfont": {"color": colours.text}} if theme == "dark" else found


def row_scores(shape: RowScores, theme: ThemeName) -> go.Figure:
    """Draw the histogram of the quality, the flagged rows in colour.

    A flagged row has a lower quality than any other, so the flagged rows are the first
    ``n_flagged`` of the histogram, counted from zero. Where they would be too thin to see beside
    the rest, the counts stand on a log scale, and the axis says so.
    """
    if not shape.n_assessed or not shape.histogram:
        return nothing(theme, title=shape.name, words="No row was assessed.")
    colours = palette(theme)
    n_bins = len(shape.histogram)
    flagged = flagged_bins(shape)
    at = [(i + 0.5) / n_bins for i in range(n_bins)]
    figure = blank(theme, height=260, title=shape.name)
    for colour, counts, what in (
        (colours.shape, shape.histogram, "all rows"),
        (colours.primary, flagged, "flagged rows"),
    ):
        figure.add_bar(
            x=at, y=list(counts), width=0.92 / n_bins,
            marker={"color": colour, "line": {"width": 0}}, name=what,
            hovertext=[
                f"score {i / n_bins:.2f} to {(i + 1) / n_bins:.2f}<br>{count(n)} {what}"
                for i, n in enumerate(counts)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    log = 0 < max(flagged) < FAINT * max(shape.histogram)
    figure.update_layout(
        barmode="overlay", showlegend=True, margin_t=36 + (28 if shape.name else 0)
    )
    figure.update_xaxes(title_text=QUALITY_AXIS, range=[0, 1], showgrid=False)
    figure.update_yaxes(
        type="log" if log else "linear", title_text="rows (log scale)" if log else "rows",
        rangemode="tozero", nticks=6,
    )  # fmt: skip
    note(figure, flagged_words(shape), theme)
    return figure


def flagged_bins(shape: RowScores) -> list[int]:
    """Return how many rows of each bin are flagged."""
    left, found = shape.n_flagged, []
    for rows in shape.histogram:
        found.append(min(left, rows))
        left -= found[-1]
    return found
