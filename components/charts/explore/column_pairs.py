"""The picture of a pair of columns: points of two numbers, a mosaic of two columns of names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import count, label, labels, percent
from components.charts.style.theme import blank, nothing, scale

Floats = NDArray[np.float64]
Ends = tuple[float, float]

MANY_POINTS = 300
"""From so many points on, their density is drawn under them."""
GRID = 36
REACH = 0.5
"""How far the axes reach beyond the 1 % and 99 % quantiles, as a share of what lies between."""
NARROW = 0.05
"""A bar of a mosaic that is narrower gets no name under it."""
FEW = 0.5
"""Share of rows with a named value below which the bars of a mosaic are equally wide: most would be
too thin to see beside that of all others."""
OTHERS = "all others"


def scatter(
    x: Floats, y: Floats, names: tuple[str, str], theme: ThemeName, *, dates: tuple[bool, bool]
) -> go.Figure:
    """Draw points of two columns of numbers, over their density when there are many.

    Parameters
    ----------
    x, y
        Finite values, shape (n,); milliseconds since 1970-01-01 UTC where ``dates``.
    """
    if not len(x):
        return nothing(theme, words="No row has a value in both columns.")
    colours = palette(theme)
    figure = blank(theme, height=380)
    ends = _bulk(x), _bulk(y)
    many = len(x) >= MANY_POINTS
    if many and ends[0][0] < ends[0][1] and ends[1][0] < ends[1][1]:
        _density(figure, x, y, ends, colours)
    figure.add_scatter(
        x=x.tolist(), y=y.tolist(), mode="markers",
        marker={"size": 5, "color": colours.primary, "opacity": 0.35 if many else 0.7},
        hovertemplate="%{x}, %{y}<extra></extra>",
        unselected={"marker": {"opacity": 0.1}},
    )  # fmt: skip
    figure.update_layout(dragmode="select")
    for update, name, date, end in zip(
        (figure.update_xaxes, figure.update_yaxes), names, dates, ends, strict=True
    ):
        margin = 0.03 * (end[1] - end[0]) or 0.5
        update(
            title_text=label(name, 60), type="date" if date else "linear",
            range=[end[0] - margin, end[1] + margin],
        )  # fmt: skip
    inside = (x >= ends[0][0]) & (x <= ends[0][1]) & (y >= ends[1][0]) & (y <= ends[1][1])
    outside = len(x) - int(inside.sum())
    if outside:
        points = "far point" if outside == 1 else "far points"
        figure.add_annotation(
            text=f"{count(outside)} {points} outside the plot", xref="paper", yref="paper",
            x=0, y=1, yshift=4, xanchor="left", yanchor="bottom", showarrow=False,
            font={"size": 12, "color": colours.muted},
        )  # fmt: skip
        figure.update_layout(margin_t=30)
    return figure


def _bulk(values: Floats) -> Ends:
    low, high = float(values.min()), float(values.max())
    first, last = (float(q) for q in np.quantile(values, [0.01, 0.99]))
    if first == last:
        return low, high
    reach = REACH * (last - first)
    return max(low, first - reach), min(high, last + reach)


def _density(
    figure: go.Figure, x: Floats, y: Floats, ends: tuple[Ends, Ends], colours: Palette
) -> None:
    counts, across, up = np.histogram2d(x, y, bins=GRID, range=ends)
    figure.add_heatmap(
        x=((across[1:] + across[:-1]) / 2).tolist(),
        y=((up[1:] + up[:-1]) / 2).tolist(),
        z=[[v or None for v in line] for line in np.sqrt(counts.T).tolist()],
        colorscale=scale(colours.sequential[1:-1]),
        showscale=False,
        hoverinfo="skip",
    )


def mosaic(
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    names: tuple[str, str],
    theme: ThemeName,
) -> go.Figure:
    """Draw two columns of names: width is the share of the first, height that of the second in it.

    The bars are equally wide where :func:`has_shares` says so.

    Parameters
    ----------
    rows, columns
        The values of the first and the second column; a last line or count beyond them is of all
        others together.
    """
    sizes = [sum(line) for line in counts]
    if not sum(sizes):
        return nothing(theme, words="No row has a value in both columns.")
    colours = palette(theme)
    across = [*rows, *[OTHERS] * (len(counts) - len(rows))]
    ups = [*columns, *[OTHERS] * (max(map(len, counts)) - len(columns))]
    equal = not has_shares(rows, counts)
    widths = [1 / len(sizes) if equal else n / sum(sizes) for n in sizes]
    middles = [end - w / 2 for end, w in zip(accumulate(widths), widths, strict=True)]
    figure = blank(theme, height=400)
    for j, name in enumerate(ups):
        part = [line[j] for line in counts]
        figure.add_bar(
            x=middles,
            y=[100 * n / size if size else 0 for n, size in zip(part, sizes, strict=True)],
            width=[max(0.0, w - 0.004) for w in widths], name=label(name, 30),
            marker={"color": _colour(colours, j, len(columns)), "line": {"width": 0}},
            hovertext=[
                f"{label(one, 40)}, {label(name, 40)}<br>{count(n)} rows "
                f"({percent(n / size if size else None)} of {label(one, 40)})"
                for one, n, size in zip(across, part, sizes, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    _mosaic_axes(figure, names, across, widths)
    return figure


def has_shares(rows: Sequence[str], counts: Sequence[Sequence[int]]) -> bool:
    """Whether the widths of a mosaic show shares: the named values hold half of the rows."""
    sizes = [sum(line) for line in counts]
    return sum(sizes[: len(rows)]) >= FEW * sum(sizes)


def _colour(colours: Palette, position: int, n_named: int) -> str:
    """Return the colour of a value; what has none of its own is grey."""
    is_named = position < min(n_named, len(colours.classes))
    return colours.classes[position] if is_named else colours.other


def _mosaic_axes(
    figure: go.Figure, names: tuple[str, str], across: Sequence[str], widths: Sequence[float]
) -> None:
    ends = accumulate(widths)
    middles = [end - w / 2 for end, w in zip(ends, widths, strict=True)]
    named = [i for i, w in enumerate(widths) if w >= NARROW]
    figure.update_layout(barmode="stack", showlegend=True, margin_t=60)
    figure.update_xaxes(
        tickmode="array", tickvals=[middles[i] for i in named],
        ticktext=labels([across[i] for i in named], 14), range=[0, 1], showgrid=False,
        title_text=label(names[0], 60),
    )  # fmt: skip
    figure.update_yaxes(range=[0, 100], ticksuffix=" %", title_text=label(names[1], 60))
