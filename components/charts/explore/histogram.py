"""The shape of one column: a histogram of its numbers or times, or its most frequent values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.evidence.alt_text import alt_column
from components.charts.evidence.bars import MOST_BARS, Layer, bin_bars, layers, list_bars
from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import count, label, percent
from components.charts.style.theme import note, nothing
from components.core.data.dataset import Kind
from components.core.facts.profile import Bins, ColumnProfile, TopValue

__all__ = ["alt_column", "histogram"]


def histogram(
    profile: ColumnProfile, *, theme: ThemeName, by_label: bool = False, log: bool = False
) -> go.Figure:
    """Draw the values of a column from its profile; rows are never needed.

    Parameters
    ----------
    by_label
        Whether bars are split by the class of the label, where the profile holds that.
    log
        Whether the counts stand on a log scale. It is refused for bars that are split, whose
        parts could not be compared on it.
    """
    bins = profile.bins
    if bins is not None and len(bins.edges) > 1 and all(map(math.isfinite, bins.edges)):
        return _bins(profile, bins, theme, by_label=by_label, log=log)
    if profile.top:
        return _top(profile, theme, by_label=by_label, log=log)
    words = "Every value is missing." if profile.n_missing == profile.n else "Nothing to show."
    return nothing(theme, words=words)


def _bins(
    profile: ColumnProfile, bins: Bins, theme: ThemeName, *, by_label: bool, log: bool
) -> go.Figure:
    colours = palette(theme)
    groups: dict[str, Sequence[float]] = dict(bins.by_label or {}) if by_label else {}
    parts = layers(groups, colours) if groups else [Layer("", colours.shape, bins.counts)]
    figure = bin_bars(
        bins.edges,
        parts,
        theme=theme,
        log=log and len(parts) == 1,
        dates=profile.kind is Kind.DATETIME,
    )
    outside = bins.below + bins.above
    note(figure, f"{count(outside)} far values are outside the plot" if outside else "", theme)
    return figure


def _top(profile: ColumnProfile, theme: ThemeName, *, by_label: bool, log: bool) -> go.Figure:
    colours = palette(theme)
    top = profile.top[:MOST_BARS]
    classes = list(dict.fromkeys(k for value in top for k in value.by_label or {}))
    split = by_label and bool(classes)
    parts = (
        layers({name: _of_class(top, name) for name in classes}, colours)
        if split
        else [Layer("", colours.shape, [value.count for value in top])]
    )
    filled = max(profile.n - profile.n_missing, 1)
    figure = list_bars(
        [value.value for value in top],
        parts,
        theme=theme,
        log=log and len(parts) == 1,
        axis="rows (log scale)" if log and len(parts) == 1 else "rows",
        hover=[
            f"{label(v.value)}<br>{count(v.count)} rows ({percent(v.count / filled)} of filled)"
            for v in top
        ],
    )
    note(figure, _rest(profile, top), theme)
    return figure


def _of_class(top: Sequence[TopValue], name: str) -> list[float]:
    return [(value.by_label or {}).get(name, 0) for value in top]


def _rest(profile: ColumnProfile, top: Sequence[TopValue]) -> str:
    more = profile.n_distinct - len(top)
    rows = profile.n - profile.n_missing - sum(value.count for value in top)
    if more <= 0 or rows <= 0:
        return ""
    about = "" if profile.distinct_exact else "about "
    return f"and {about}{count(more)} more values ({count(rows)} rows)"
