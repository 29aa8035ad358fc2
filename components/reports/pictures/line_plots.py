"""Lines of a report: a number over time, and a number as a function of another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from components.charts.evidence.alt_text import alt
from components.charts.style.points import kept
from components.charts.style.text import clean, instant
from components.core.judgement.evidence import Curve, TimeSeries, Unit
from components.reports.pictures.axis import Axis, Tick, span

MOST_POINTS = 300
TITLE = 120
"""Longest title of a picture, in characters."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePicture:
    """A line in pieces (a gap parts them), and the outline of its band; places in [0, 1]."""

    form: ClassVar[str] = "line"
    title: str
    alt: str
    x_axis: str
    y_axis: str
    pieces: tuple[tuple[Point, ...], ...]
    band: tuple[Point, ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    note: str = ""


def time_series(shape: TimeSeries) -> LinePicture | None:
    """Return the line of a number over time; None where there is no number."""
    points = [
        (at, value if value is not None and math.isfinite(value) else None)
        for at, value in zip(map(instant, shape.at), shape.value, strict=False)
        if at is not None
    ]
    known = [value for _, value in points if value is not None]
    if not known:
        return None
    first, last = points[0][0], points[-1][0]
    across = Axis(0.0, (last - first).total_seconds())
    up = Axis(*span(known, shape.unit))
    return LinePicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        x_axis="",
        y_axis=clean(shape.axis),
        pieces=_pieces([((at - first).total_seconds(), v) for at, v in points], across, up),
        x_ticks=_ends(first, last),
        y_ticks=up.ticks(shape.unit),
    )


def curve(shape: Curve) -> LinePicture | None:
    """Return the line of a number as a function of another; None where there is none."""
    points = [
        (x, y)
        for x, y in zip(shape.x, shape.y, strict=False)
        if math.isfinite(x) and math.isfinite(y)
    ]
    if not points:
        return None
    banded = len(shape.ci_low) == len(shape.ci_high) == len(shape.x) == len(points)
    values = [y for _, y in points]
    across = Axis(min(x for x, _ in points), max(x for x, _ in points))
    up = Axis(*span([*values, *shape.ci_low, *shape.ci_high] if banded else values, Unit.VALUE))
    return LinePicture(
        title=clean(shape.name, TITLE),
        alt=alt(shape),
        x_axis=clean(shape.x_axis),
        y_axis=clean(shape.y_axis),
        pieces=_pieces(points, across, up),
        band=_band(shape, across, up) if banded else (),
        x_ticks=across.ticks(),
        y_ticks=up.ticks(),
    )


def _pieces(
    points: Sequence[tuple[float, float | None]], across: Axis, up: Axis
) -> tuple[tuple[Point, ...], ...]:
    pieces: list[list[Point]] = [[]]
    for i in kept([y for _, y in points], MOST_POINTS):
        x, y = points[i]
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append((across.at(x), up.at(y)))
    return tuple(tuple(piece) for piece in pieces if piece)


def _band(shape: Curve, across: Axis, up: Axis) -> tuple[Point, ...]:
    shown = kept(shape.y, MOST_POINTS)
    there = [(across.at(shape.x[i]), up.at(shape.ci_high[i])) for i in shown]
    back = [(across.at(shape.x[i]), up.at(shape.ci_low[i])) for i in reversed(shown)]
    return (*there, *back)


def _ends(first: datetime, last: datetime) -> tuple[Tick, ...]:
    if first == last:
        return ((0.5, f"{first:%Y-%m-%d}"),)
    same_day = first.date() == last.date()
    form = "%H:%M" if same_day else "%Y-%m-%d"
    return ((0.0, first.strftime(form)), (1.0, last.strftime(form)))
