"""The map of rows as a scatter plot: by class, or by a number from low to high."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import clean, label, plain
from components.charts.style.theme import blank, scale
from components.core.data.row_numbers import row_number

HEIGHT = 460
MOST_CLASSES = 9
"""Classes with a colour of their own; the others share one."""
OTHER = "all others"
MISSING = "(missing)"
"""The class of rows without a value; grey like what has no class of its own."""
ENDS = (0.02, 0.98)
"""Quantiles at which the colours of a column of numbers end: one far value must not take all."""
CROWDED = 1_500
"""Points from which on they are drawn smaller."""
HOVER_CUT = 24
"""Characters of one value beside a point."""
MOST_HOVER = 1_200_000
"""Characters of all hover texts; beyond it, points show their row numbers only."""

Drag = Literal["lasso", "select"]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What is drawn; all arrays have shape (n,).

    Attributes
    ----------
    by
        What the colours stand for: untrusted.
    beside
        Values that stand beside a point, by untrusted name.
    classes
        Untrusted texts, or None for a scale.
    scale
        Numbers, NaN where there is none; None for classes.
    flagged
        Rows to draw attention to.
    is_quality
        Whether the scale is a quality: 1 is fine and pale, 0 stands out.
    """

    by: str
    row_id: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    beside: Mapping[str, NDArray[np.object_]]
    classes: NDArray[np.object_] | None = None
    scale: NDArray[np.float64] | None = None
    flagged: NDArray[np.bool_]
    is_quality: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, and the positions of the points of each of its traces."""

    figure: go.Figure
    traces: tuple[Places, ...]

    def rows(self, marks: Sequence[tuple[int, int]]) -> list[int]:
        """Return the positions of marks given as trace and place in it; others are ignored."""
        return [
            int(self.traces[curve][place])
            for curve, place in marks
            if 0 <= curve < len(self.traces) and 0 <= place < len(self.traces[curve])
        ]


def draw(points: Points, theme: ThemeName, *, drag: Drag = "lasso") -> Drawn:
    """Draw at most some thousand rows; all text is escaped and cut.

    Parameters
    ----------
    drag
        What pulling the mouse over the plot does: a free line, or a box.
    """
    colours = palette(theme)
    figure = blank(theme, height=HEIGHT)
    kinds = _scale(points, colours) if points.classes is None else _classes(points.classes, colours)
    words = np.array(_hover(points), dtype=object)  # Plotly looks into every item of a list
    for name, places, marker in kinds:
        figure.add_scatter(
            x=points.x[places], y=points.y[places], name=name, mode="markers",
            marker={"size": _size(points), "opacity": 0.8, "line": {"width": 0}} | marker,
            selected={"marker": {"opacity": 1.0}}, unselected={"marker": {"opacity": 0.12}},
            hovertext=words[places], hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    bare = {
        "showgrid": False,
        "showticklabels": False,
        "ticks": "",
        "showline": False,
        "range": [-1.06, 1.06],
    }
    figure.update_xaxes(**bare)
    figure.update_yaxes(**bare)
    figure.update_layout(
        dragmode=drag, hovermode="closest", showlegend=len(kinds) > 1 or points.scale is None,
        legend={
            "itemsizing": "constant", "itemclick": False, "itemdoubleclick": False,
            "title": {
                "text": f"{label(points.by, 30)} " if points.scale is None else "",
                "font": {"color": colours.muted, "size": 12},
            },
        },
        modebar={"remove": []},
    )  # fmt: skip
    return Drawn(figure, tuple(places for _, places, _ in kinds))


def alt(points: Points) -> str:
    """Return the map in words."""
    flagged = int(points.flagged.sum())
    marked = f" {flagged:,} are flagged." if flagged else ""
    shown = clean(points.by)
    return f"Map of {len(points.row_id):,} rows, near ones alike, coloured by {shown}.{marked}"


def _size(points: Points) -> int:
    return 5 if len(points.row_id) > CROWDED else 8


Kind = tuple[str, Places, dict[str, Any]]


def _classes(classes: NDArray[np.object_], colours: Palette) -> list[Kind]:
    by_class: dict[str, list[int]] = {}
    for place, name in enumerate(classes):
        by_class.setdefault(str(name), []).append(place)
    missing = by_class.pop(MISSING, [])
    order = sorted(by_class, key=lambda name: (-len(by_class[name]), name))
    rest = sorted(place for name in order[MOST_CLASSES:] for place in by_class[name])
    found: list[Kind] = [(OTHER, _places(rest), {"color": colours.other})] if rest else []
    for name, colour in zip(order[:MOST_CLASSES], colours.classes, strict=False):
        found.append((label(name, 30), _places(by_class[name]), {"color": colour}))
    if missing:
        found.insert(0, (MISSING, _places(missing), {"color": colours.other}))
    return found


def _places(positions: list[int]) -> Places:
    return np.array(positions, dtype=np.int64)


def _scale(points: Points, colours: Palette) -> list[Kind]:
    values = points.scale if points.scale is not None else np.full(len(points.x), np.nan)
    known = np.isfinite(values)
    low, high = _ends(values[known], is_quality=points.is_quality)
    shades = colours.sequential[1:]
    shared = {
        "cmin": low, "cmax": high,
        "colorscale": scale(shades[::-1] if points.is_quality else shades),
    }  # fmt: skip
    bar = {
        "thickness": 10, "len": 0.6, "outlinewidth": 0, "x": 1.01, "nticks": 5,
        "tickfont": {"color": colours.muted, "size": 11},
        "title": {
            "text": label(points.by, 30), "side": "right",
            "font": {"color": colours.muted, "size": 12},
        },
    }  # fmt: skip
    calm, marked = np.flatnonzero(known & ~points.flagged), np.flatnonzero(known & points.flagged)
    found: list[Kind] = []
    if not known.all():
        found.append(("no value", np.flatnonzero(~known), {"color": colours.other}))
    found.append(
        ("rows", calm, shared | {"color": values[calm], "colorbar": bar, "showscale": True})
    )
    if len(marked):
        ring = {"color": values[marked], "size": _size(points) + 4, "opacity": 1.0}
        line = {"line": {"width": 1.5, "color": colours.warning}}
        found.append(("flagged", marked, shared | ring | line))
    return found


def _ends(values: NDArray[np.float64], *, is_quality: bool) -> tuple[float, float]:
    if is_quality or not len(values):
        return 0.0, 1.0
    low, high = (float(q) for q in np.quantile(values, ENDS, method="inverted_cdf"))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _hover(points: Points) -> list[str]:
    names = [label(name, HOVER_CUT) for name in points.beside]
    columns = list(points.beside.values())
    heads = [f"<b>Row {row_number(row_id):,}</b>" for row_id in points.row_id.tolist()]
    lines = []
    for i, head in enumerate(heads):
        parts = [head]
        if points.scale is not None and np.isfinite(points.scale[i]):
            parts.append(plain(float(points.scale[i])))
        parts += [f"{n}: {label(c[i], HOVER_CUT)}" for n, c in zip(names, columns, strict=True)]
        lines.append("<br>".join(parts))
    return lines if _sent(lines) <= MOST_HOVER else heads


def _sent(texts: Sequence[str]) -> int:
    """Return the characters of texts on their way to the browser, where signs are spelt out."""
    text = json.dumps(texts)
    return len(text) + 5 * sum(text.count(sign) for sign in "<>&")
