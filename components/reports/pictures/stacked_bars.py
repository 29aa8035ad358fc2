"""Counts as bars made of coloured pieces."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from components.charts.evidence.alt_text import alt
from components.charts.style.text import and_more, clean, count, percent, plain
from components.core.judgement.evidence import Distribution
from components.reports.pictures.axis import Axis
from components.reports.pictures.line_plots import TITLE
from components.reports.pictures.picture_parts import (
    BarPiece,
    BinsPicture,
    Picture,
    PictureRow,
    RowsPicture,
)

MOST_BARS = 20
MOST_COLOURS = 10
AXIS = 90
"""Longest words under an axis, in characters."""
NAME = 30
"""Longest name beside a bar, in characters."""


def layers(groups: Mapping[str, Sequence[int]]) -> list[tuple[str, str, Sequence[int]]]:
    """Return name, colour and counts per group; the smallest beyond ten are added up."""
    if len(groups) == 1:
        return [("", "shape", counts) for counts in groups.values()]
    order = list(groups)
    if len(order) > MOST_COLOURS:
        order = sorted(order, key=lambda name: -sum(groups[name]))[: MOST_COLOURS - 1]
    found = [(clean(name, NAME), f"k{i}", groups[name]) for i, name in enumerate(order)]
    rest = [counts for name, counts in groups.items() if name not in order]
    if rest:
        added = [sum(column) for column in zip(*rest, strict=False)]
        return [*found, (f"{len(rest):,} others", "other", added)]
    return found


def stack(values: Sequence[tuple[str, float]], whole: float) -> tuple[BarPiece, ...]:
    """Return the pieces of one bar, one after another, as shares of ``whole``."""
    parts, at = [], 0.0
    for colour, value in values:
        size = value / whole if whole else 0.0
        parts.append(BarPiece(start=at, size=size, colour=colour))
        at += size
    return tuple(parts)


def distribution(shape: Distribution) -> Picture | None:
    """Return counts over bins or the largest categories; None where there is nothing."""
    piles = layers(shape.counts) if shape.counts else []
    totals = [sum(column) for column in zip(*(c for _, _, c in piles), strict=False)]
    if not totals or not sum(totals):
        return None
    legend = tuple((name, colour) for name, colour, _ in piles) if len(piles) > 1 else ()
    if shape.categories is not None:
        return _categories(shape, shape.categories, piles, totals, legend)
    edges = shape.edges or ()
    if len(edges) != len(totals) + 1 or not all(map(math.isfinite, edges)):
        return None
    scale = Axis(edges[0], edges[-1])
    stacks = [[(colour, c[i]) for _, colour, c in piles] for i in range(len(totals))]
    marker = shape.marker
    inside = marker is not None and edges[0] <= marker <= edges[-1]
    return BinsPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        axis=clean(shape.axis, AXIS),
        bars=bars(edges, stacks, scale, max(totals)),
        ticks=scale.ticks(),
        top=count(max(totals)),
        line=scale.at(marker) if marker is not None and inside else None,
        line_words=plain(marker) if inside else "",
        legend=legend,
    )


def bars(
    edges: Sequence[float],
    stacks: Sequence[Sequence[tuple[str, float]]],
    scale: Axis,
    tallest: float,
) -> tuple[tuple[float, float, tuple[BarPiece, ...]], ...]:
    """Return start, width and pieces of each upright bar."""
    return tuple(
        (scale.at(a), scale.at(b) - scale.at(a), stack(pieces, tallest))
        for a, b, pieces in zip(edges[:-1], edges[1:], stacks, strict=True)
    )


def _categories(
    shape: Distribution,
    names: Sequence[str],
    piles: Sequence[tuple[str, str, Sequence[int]]],
    totals: Sequence[int],
    legend: tuple[tuple[str, str], ...],
) -> RowsPicture:
    order = sorted(range(min(len(totals), len(names))), key=lambda i: (-totals[i], i))
    kept = sorted(order[:MOST_BARS]) if len(order) <= MOST_BARS else order[:MOST_BARS]
    left = sum(totals[i] for i in order[MOST_BARS:])
    more = and_more(len(order) - len(kept), f"({count(left)} rows)")
    return RowsPicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        axis="rows",
        rows=tuple(
            PictureRow(
                name=clean(names[i], NAME),
                value=f"{count(totals[i])} ({percent(totals[i] / sum(totals))})",
                parts=stack([(colour, c[i]) for _, colour, c in piles], max(totals)),
            )
            for i in kept
        ),
        legend=legend,
        note=more,
    )
