"""The frame of every figure: font, margins, height, and the lines and notes of our own.

Show figures with Streamlit's ``theme=None``: all colours are set here.
"""

from __future__ import annotations

import plotly.graph_objects as go

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import label
from components.core.judgement.evidence import Unit

FONT = "Inter, sans-serif"
SMALLEST, TALLEST = 120, 900
"""Bounds of the height of a figure, in pixels."""
CLEAR = "rgba(0,0,0,0)"
MAX_POINTS = 5_000
"""No figure sends more points than this to the browser."""


def scale(colours: tuple[str, ...]) -> list[tuple[float, str]]:
    """Return ``colours`` as a Plotly colour scale."""
    return [(i / (len(colours) - 1), colour) for i, colour in enumerate(colours)]


def bounded(height: float) -> int:
    """Return ``height`` within the bounds of a figure, in pixels."""
    return int(min(max(height, SMALLEST), TALLEST))


def blank(theme: ThemeName, *, height: float, title: str = "") -> go.Figure:
    """Return an empty figure with our font, colours, tight margins and a bounded height.

    Parameters
    ----------
    title
        Untrusted text; it is escaped here. "" leaves the room above the plot free.
    """
    layout = _layout(theme) | {
        "height": bounded(height + (28 if title else 0)),
        "margin": {"l": 8, "r": 12, "t": 36 if title else 8, "b": 8},
    }
    if title:
        layout["title"] = _title(title, palette(theme).text)
    # our own layout need not be checked at each drawing: that costs 17 ms per figure
    return go.Figure(layout=layout, _validate=False)


def _layout(theme: ThemeName) -> dict[str, object]:
    colours = palette(theme)
    return {
        "paper_bgcolor": colours.surface,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 13, "color": colours.text},
        "colorway": list(colours.classes),
        "hoverlabel": {
            "bgcolor": colours.surface, "bordercolor": colours.grid, "align": "left",
            "font": {"family": FONT, "size": 12, "color": colours.text},
        },
        "legend": {
            "orientation": "h", "x": 0.94, "xanchor": "right", "y": 1.02, "yanchor": "bottom",
            "font": {"color": colours.text, "size": 12}, "title": {"text": ""},
        },
        "showlegend": False,
        "bargap": 0.12,
        "dragmode": False,
        "modebar": {"bgcolor": CLEAR, "color": colours.muted},
        "xaxis": _axis(colours),
        "yaxis": _axis(colours),
    }  # fmt: skip


def _axis(colours: Palette) -> dict[str, object]:
    return {
        "gridcolor": colours.grid, "linecolor": colours.grid, "zeroline": False,
        "tickfont": {"color": colours.muted, "size": 12}, "automargin": True,
        "title": {"font": {"color": colours.muted, "size": 12}, "standoff": 8},
    }  # fmt: skip


def _title(text: str, colour: str) -> dict[str, object]:
    return {
        "text": f"<b>{label(text, 90)}</b>", "font": {"size": 13, "color": colour},
        "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container",
        "yanchor": "top", "pad": {"t": 8, "l": 8},
    }  # fmt: skip


def note(figure: go.Figure, text: str, theme: ThemeName) -> None:
    """Write one line of our own words under the plot and its axis; ``text`` is escaped here."""
    if not text:
        return
    below = 12 if figure.layout.xaxis.title.text else 0
    figure.add_annotation(
        text=label(text, 200), xref="paper", yref="paper", x=1, y=0, yshift=-34 - below,
        xanchor="right", yanchor="top", showarrow=False,
        font={"size": 12, "color": palette(theme).muted},
    )  # fmt: skip
    figure.update_layout(margin_b=58 + below, height=bounded(figure.layout.height + 24 + below))


def nothing(theme: ThemeName, *, title: str = "", words: str = "Nothing to show.") -> go.Figure:
    """Return a figure that says in words that there is nothing to draw."""
    figure = blank(theme, height=SMALLEST, title=title)
    figure.add_annotation(
        text=label(words, 200), xref="paper", yref="paper", x=0.5, y=0.5, showarrow=False,
        font={"size": 13, "color": palette(theme).muted},
    )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def line_at(
    figure: go.Figure, at: float, words: str, theme: ThemeName, *, vertical: bool = True
) -> None:
    """Draw a thin dashed line at a value, with our own words beside it."""
    colours = palette(theme)
    style = {
        "line": {"color": colours.muted, "width": 1.5, "dash": "dash"},
        "annotation": {"text": label(words), "font": {"size": 11, "color": colours.muted}},
    }
    if vertical:
        figure.add_vline(x=at, annotation_position="top", **style)
    else:
        figure.add_hline(y=at, annotation_position="top right", **style)


def axis_value(value: float, unit: Unit) -> float:
    """Return ``value`` on the axis of its unit: shares in percent, differences in points."""
    return 100 * value if unit in {Unit.SHARE, Unit.DIFFERENCE} else value


def axis_unit(unit: Unit) -> str:
    """Return the suffix of the tick labels of an axis."""
    return " %" if unit is Unit.SHARE else ""
