"""A column in parts: boxes of numbers, shares of names, or the share filled, per group."""

from __future__ import annotations

import plotly.graph_objects as go

from components.charts.evidence.bars import Layer, list_bars
from components.charts.style.palette import Palette, ThemeName, palette
from components.charts.style.text import and_more, clean, count, label, labels, percent, plain
from components.charts.style.theme import blank, note, nothing
from components.core.data.instants import instant_at
from components.core.data.query import Scalar
from components.core.data.value_texts import Spelling, value_text
from components.core.facts.slices import Slice, Slices

ROW_HEIGHT = 34


def shown_value(value: Scalar, spelling: Spelling | None = None) -> str:
    """Return a value for people, numbers in 6 digits; plain text, not escaped.

    Parameters
    ----------
    spelling
        How the file writes true and false.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(float(value), 6)
    return clean(value_text(value, spelling))


def by_group(shape: Slices, theme: ThemeName, *, dates: bool = False) -> go.Figure:
    """Draw a column per group: boxes for numbers, shares for names, the share filled for others.

    Parameters
    ----------
    dates
        Whether the column holds times.
    """
    if not shape.slices:
        return nothing(theme)
    if shape.values:
        figure = _shares(shape, theme)
    elif any(s.spread for s in shape.slices):
        figure = _boxes(shape, theme, dates=dates)
    else:
        figure = _filled(shape, theme)
    more = shape.n_slices - len(shape.slices)
    words = and_more(more, f"groups ({count(shape.n_left_out)} rows)") if more > 0 else ""
    note(figure, words, theme)
    return figure


def alt_slices(shape: Slices) -> str:
    """Return the main numbers in one sentence; plain text, not escaped."""
    what = f"{clean(shape.column)} by {clean(shape.by)}"
    parts = [
        f"{shown_value(s.key, shape.by_spelling)}: {_said(s, shape)}" for s in shape.slices[:4]
    ]
    more = and_more(len(shape.slices) - len(parts))
    return f"{what}: {'; '.join(parts)}{'; ' + more if more else ''}."


def _said(part: Slice, shape: Slices) -> str:
    rows = f"{count(part.n)} rows"
    if part.counts and part.n > part.n_missing:
        top = max(range(len(part.counts)), key=part.counts.__getitem__)
        share = percent(part.counts[top] / (part.n - part.n_missing))
        return f"{rows}, {share} {shown_value(shape.values[top], shape.spelling)}"
    if part.spread:
        return f"{rows}, median {plain(part.spread[2])}"
    return f"{rows}, {percent(part.filled)} filled"


def _names(shape: Slices) -> list[str]:
    texts = labels([shown_value(s.key, shape.by_spelling) for s in shape.slices], 22)
    return [f"{text}  n = {s.n:,}" for text, s in zip(texts, shape.slices, strict=True)]


def _rows_axis(figure: go.Figure, shape: Slices, colours: Palette) -> None:
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(shape.slices))), ticktext=_names(shape),
        range=[len(shape.slices) - 0.4, -0.6], showgrid=False, tickfont_color=colours.text,
    )  # fmt: skip


def _boxes(shape: Slices, theme: ThemeName, *, dates: bool) -> go.Figure:
    colours = palette(theme)
    figure = blank(theme, height=ROW_HEIGHT * len(shape.slices) + 60)
    unit = 1000 if dates else 1
    known = [(i, [unit * v for v in s.spread]) for i, s in enumerate(shape.slices) if s.spread]
    figure.add_box(
        y=[i for i, _ in known], orientation="h", width=0.55,
        lowerfence=[v[0] for _, v in known], q1=[v[1] for _, v in known],
        median=[v[2] for _, v in known], q3=[v[3] for _, v in known],
        upperfence=[v[4] for _, v in known],
        fillcolor=colours.shape, line={"color": colours.muted, "width": 1.5},
        hoverinfo="skip", whiskerwidth=0.4,
    )  # fmt: skip
    figure.add_scatter(
        x=[unit * s.spread[2] if s.spread else None for s in shape.slices],
        y=list(range(len(shape.slices))), mode="markers",
        marker={"color": colours.primary, "size": 9},
        hovertext=[spread_words(s, shape, dates=dates) for s in shape.slices],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    _rows_axis(figure, shape, colours)
    figure.update_xaxes(title_text=label(shape.column, 90), type="date" if dates else "linear")
    return figure


def _key(part: Slice, shape: Slices) -> str:
    return label(shown_value(part.key, shape.by_spelling))


def spread_words(part: Slice, shape: Slices, *, dates: bool) -> str:
    """Return the quantiles of a slice in escaped words."""
    if not part.spread:
        return ""
    low, first, middle, third, high = (_shown(v, dates=dates) for v in part.spread)
    return (
        f"{_key(part, shape)}<br>median {middle}<br>middle half {first} to {third}<br>"
        f"5 % to 95 %: {low} to {high}<br>n = {part.n:,}, {percent(part.filled)} filled"
    )


def _shown(value: float, *, dates: bool) -> str:
    if not dates:
        return plain(value)
    return shown_value(instant_at(value).replace(microsecond=0))


def _remainders(shape: Slices) -> list[int]:
    return [s.n - s.n_missing - sum(s.counts) for s in shape.slices]


def share_layers(shape: Slices, colours: Palette) -> list[Layer]:
    """Return one layer per value with its share of the filled rows in percent, per slice."""
    filled = [max(1, s.n - s.n_missing) for s in shape.slices]
    found = [
        Layer(
            shown_value(value, shape.spelling),
            colours.classes[i],
            [100 * s.counts[i] / n for s, n in zip(shape.slices, filled, strict=True)],
        )
        for i, value in enumerate(shape.values)
    ]
    rest = _remainders(shape)
    if any(rest):
        others = [100 * r / n for r, n in zip(rest, filled, strict=True)]
        found.append(Layer("other values", colours.other, others))
    return found


def _shares(shape: Slices, theme: ThemeName) -> go.Figure:
    parts = share_layers(shape, palette(theme))
    hover = [f"{_key(s, shape)}<br>n = {s.n:,}, {percent(s.filled)} filled" for s in shape.slices]
    names = [str(i) for i in range(len(shape.slices))]
    figure = list_bars(names, parts, theme=theme, hover=hover, axis="% of filled rows")
    for trace, part in zip(figure.data, parts, strict=True):
        trace.hovertext = [
            f"{words}<br>{label(part.name)}: {percent(v / 100)}"
            for words, v in zip(hover, part.values, strict=True)
        ]
    _rows_axis(figure, shape, palette(theme))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %", title_text="share of filled rows")
    return figure


def _filled(shape: Slices, theme: ThemeName) -> go.Figure:
    values = [100 * s.filled for s in shape.slices]
    hover = [
        f"{_key(s, shape)}<br>{percent(s.filled)} filled ({count(s.n_missing)} missing)"
        for s in shape.slices
    ]
    parts = [Layer("", palette(theme).shape, values)]
    names = [str(i) for i in range(len(values))]
    figure = list_bars(names, parts, theme=theme, hover=hover)
    _rows_axis(figure, shape, palette(theme))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %", title_text="share filled")
    return figure
