"""From marks that a person selects in a figure to the rows behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from components.charts.explore.gaps import by_gaps
from components.core.data.dataset import Column, DatasetVersion, Storage
from components.core.data.instants import instant_at
from components.core.data.query import Compare, Condition, Missing, OneOf, Op, Scalar
from components.core.data.value_texts import truth_of
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.core.facts.slices import LogBins, Slice, Slices
from components.profiling.value_text import LONGEST
from components.services.explore.associations import Contingency
from components.views import session, words
from components.views.parts.figures.evidence_panel import Point


@dataclass(frozen=True, slots=True)
class Pick:
    """Rows behind selected marks: the conditions that all hold, and how many rows there are."""

    conditions: tuple[Condition, ...]
    n: int


def offer(pick: Pick | None, *, key: str) -> None:
    """Draw the way to the rows of a selection, where there is one."""
    if pick is not None and st.button(
        f"Show these {words.count(pick.n, 'row')}",
        key=f"rows-{key}",
        icon=":material/table_rows:",
        type="primary",
        disabled=pick.n == 0,
    ):
        session.open_rows(pick.conditions)


def typed(column: Column, text: str) -> Scalar:
    """Return a value of the profile, which is a text, as its column holds it; None where it cannot.

    A text that the profile has cut stands for no value.
    """
    try:
        match column.storage:
            case Storage.BOOLEAN:
                return truth_of(text, column.spelling)
            case Storage.INTEGER:
                return int(text)
            case Storage.NUMBER:
                return float(text)
            case Storage.DATETIME:
                return datetime.fromisoformat(text).replace(tzinfo=None)
            case Storage.TEXT:
                return None if len(text) >= LONGEST and text.endswith("…") else text
    except ValueError:
        return None


def of_bins(
    version: DatasetVersion, profile: ColumnProfile, points: Sequence[Point], *, by_label: bool
) -> Pick | None:
    """Return the rows from the first to the last selected bar of a histogram."""
    bins = profile.bins
    places = _places(points, len(bins.counts) if bins else 0)
    if bins is None or not places:
        return None
    column, label = version.column(profile.name), version.label
    first, last = min(places), max(places)
    conditions = _between(column, bins.edges, first, last)
    counts: Sequence[int] = bins.counts
    name = _class(list(bins.by_label or {}), points) if by_label else ""
    value = typed(label, name) if name and label else None
    if bins.by_label and label and value is not None:
        counts = bins.by_label[name]
        conditions = (*conditions, Compare(label.name, Op.EQ, value))
    return Pick(conditions, sum(counts[first : last + 1]))


def of_log_bins(name: str, shape: LogBins, points: Sequence[Point]) -> Pick | None:
    """Return the rows from the first to the last selected bar of a histogram on a log scale."""
    places = _places(points, len(shape.counts))
    if not places:
        return None
    first, last = min(places), max(places)
    end = Op.LE if last + 1 == len(shape.counts) else Op.LT
    low = Compare(name, Op.GE, shape.edges[first])
    return Pick(
        (low, Compare(name, end, shape.edges[last + 1])), sum(shape.counts[first : last + 1])
    )


def of_top(
    version: DatasetVersion, profile: ColumnProfile, points: Sequence[Point], *, by_label: bool
) -> Pick | None:
    """Return the rows that hold one of the selected values."""
    column, label = version.column(profile.name), version.label
    chosen = [profile.top[i] for i in sorted(set(_places(points, len(profile.top))))]
    values = [typed(column, value.value) for value in chosen]
    known = tuple(value for value in values if value is not None)
    if not known or len(known) < len(values):
        return None
    conditions: tuple[Condition, ...] = (OneOf(column.name, known),)
    classes = list(dict.fromkeys(k for value in profile.top for k in value.by_label or {}))
    name = _class(classes, points) if by_label else ""
    wanted = typed(label, name) if name and label else None
    if label is None or wanted is None:
        return Pick(conditions, sum(value.count for value in chosen))
    n = sum((value.by_label or {}).get(name, 0) for value in chosen)
    return Pick((*conditions, Compare(label.name, Op.EQ, wanted)), n)


def of_slices(shape: Slices, points: Sequence[Point]) -> Pick | None:
    """Return the rows of the selected group or step, and of the selected value in it."""
    if not points:
        return None
    point = points[-1]
    if not 0 <= point.position < len(shape.slices):
        return None
    part = shape.slices[point.position]
    conditions = _of_slice(shape, part)
    if 0 <= point.curve < len(shape.values):
        value = shape.values[point.curve]
        if value is not None:
            chosen = Compare(shape.column, Op.EQ, value)
            return Pick((*conditions, chosen), part.counts[point.curve])
    return Pick(conditions, part.n)


def of_gaps(profile: DatasetProfile, points: Sequence[Point]) -> Pick | None:
    """Return the rows without a value in the column whose bar was selected last."""
    columns = by_gaps(profile)
    if not points or not 0 <= points[-1].position < len(columns):
        return None
    column = columns[points[-1].position]
    return Pick((Missing(column.name),), column.n_missing)


def of_cell(version: DatasetVersion, shape: Contingency, points: Sequence[Point]) -> Pick | None:
    """Return the rows of the selected part of a mosaic; None for one of all others together."""
    if not points:
        return None
    up, across = points[-1].curve, points[-1].position
    if not (0 <= across < len(shape.rows) and 0 <= up < len(shape.columns)):
        return None
    halves = ((shape.first, shape.rows[across]), (shape.second, shape.columns[up]))
    conditions: list[Condition] = []
    for name, text in halves:
        value = typed(version.column(name), text)
        if value is None:
            return None
        conditions.append(Compare(name, Op.EQ, value))
    return Pick(tuple(conditions), shape.counts[across][up])


def _of_slice(shape: Slices, part: Slice) -> tuple[Condition, ...]:
    if part.key is None:
        return (Missing(shape.by),)
    if part.until is None:
        return (Compare(shape.by, Op.EQ, part.key),)
    return (Compare(shape.by, Op.GE, part.key), Compare(shape.by, Op.LT, part.until))


def _places(points: Sequence[Point], n: int) -> list[int]:
    return [p.position for p in points if 0 <= p.position < n]


def _class(names: Sequence[str], points: Sequence[Point]) -> str:
    """Return the one class of the label that was selected, "" where there are several."""
    curves = {p.curve for p in points}
    only = next(iter(curves)) if len(curves) == 1 else -1
    return names[only] if 0 <= only < len(names) else ""


def _between(
    column: Column, edges: Sequence[float], first: int, last: int
) -> tuple[Condition, ...]:
    end = Op.LE if last + 2 == len(edges) else Op.LT
    low, high = edges[first], edges[last + 1]
    if column.storage is Storage.DATETIME:
        start, stop = instant_at(low), instant_at(high)
        return (Compare(column.name, Op.GE, start), Compare(column.name, end, stop))
    if column.storage is Storage.INTEGER:
        return _whole(column.name, math.ceil(low), math.floor(high))
    return (Compare(column.name, Op.GE, low), Compare(column.name, end, high))


def _whole(name: str, low: int, high: int) -> tuple[Condition, ...]:
    if low == high:
        return (Compare(name, Op.EQ, low),)
    return (Compare(name, Op.GE, low), Compare(name, Op.LE, high))
