"""Counts of what a check named: flagged cells per column, groups of rows per size."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go

from components.charts.evidence.bars import MOST_BARS, Layer, list_bars
from components.charts.style.palette import ThemeName, palette
from components.charts.style.text import and_more, count, label
from components.charts.style.theme import note, nothing
from components.core.judgement.evidence import CellScores, RowGroups


def cell_scores(shape: CellScores, theme: ThemeName) -> go.Figure:
    """Draw how many of the named cells stand in each column."""
    colours = palette(theme)
    found = Counter(
        str(c) for c, f in zip(shape.column.tolist(), shape.flagged.tolist(), strict=True) if f
    )
    if not found:
        return nothing(theme, title=shape.name, words="No cell was flagged.")
    top = found.most_common(MOST_BARS)
    figure = list_bars(
        [name for name, _ in top],
        [Layer("", colours.primary, [n for _, n in top])],
        theme=theme,
        title=shape.name,
        axis="flagged cells",
        hover=[f"{label(name)}<br>{count(n)} flagged cells" for name, n in top],
    )
    held = sum(found.values())
    words = [and_more(len(found) - len(top), "columns")]
    if held < shape.n_flagged:
        words.append(f"counted over the worst {held:,} of {shape.n_flagged:,} flagged cells")
    note(figure, "; ".join(w for w in words if w), theme)
    return figure


def row_groups(shape: RowGroups, theme: ThemeName) -> go.Figure:
    """Draw how many groups there are of each size (copies with the row they copy)."""
    if not shape.groups:
        return nothing(theme, title=shape.name, words="No rows belong together.")
    sizes = Counter(g.size for g in shape.groups)
    order = sorted(sizes)
    what = "the same" if shape.relation == "copies" else "near one another"
    figure = list_bars(
        [f"{size:,} rows" for size in order[:MOST_BARS]],
        [Layer("", palette(theme).shape, [sizes[size] for size in order[:MOST_BARS]])],
        theme=theme,
        title=shape.name,
        axis="groups",
        hover=[
            f"{count(sizes[size])} groups of {size:,} rows that are {what}"
            for size in order[:MOST_BARS]
        ],
    )
    words = [and_more(len(order) - MOST_BARS, "sizes")]
    if len(shape.groups) < shape.n_groups:
        words.append(f"counted over {len(shape.groups):,} of {shape.n_groups:,} groups")
    note(figure, "; ".join(w for w in words if w), theme)
    return figure
