"""The closed union of shapes in which a check shows what it saw.

Charts, report, CSV and JSON are written once per shape. A check that needs a new picture argues for
a new shape. Names of columns, groups and values come from the data: untrusted text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from components.core.codec import Shaped
from components.core.judgement.row_evidence import CellScores, RowGroup, RowGroups, RowScores

__all__ = [
    "CellScores",
    "Curve",
    "Distribution",
    "Evidence",
    "GroupMetrics",
    "Matrix",
    "Measure",
    "Ranking",
    "RowGroup",
    "RowGroups",
    "RowScores",
    "TimeSeries",
    "Unit",
]


class Unit(StrEnum):
    """What a number counts.

    ``DIFFERENCE`` is one of two shares, said in percentage points.
    """

    SHARE = "share"
    COUNT = "count"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    SCORE = "score"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Shaped):
    """One number, with its uncertainty where it is an estimate.

    Attributes
    ----------
    n
        Rows behind the number.
    ci_low, ci_high
        Ends of the 95 % interval.
    """

    name: str
    value: float
    unit: Unit
    n: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution(Shaped):
    """Counts of one thing over bins or categories, whole or by group.

    Attributes
    ----------
    edges
        Bin edges (one more than counts) for numbers; None for categories.
    categories
        Names, one per count, for categories; None for bins.
    counts
        One list per group; the key is the group's name ("" where there is one group only).
    marker
        A value on the axis worth a line (a threshold), for bins.
    """

    name: str
    axis: str
    counts: dict[str, tuple[int, ...]]
    edges: tuple[float, ...] | None = None
    categories: tuple[str, ...] | None = None
    marker: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Shaped):
    """A number for each pair of a row name and a column name; None where there is none."""

    name: str
    unit: Unit
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMetrics(Shaped):
    """One metric for each group of an attribute, with 95 % intervals.

    Attributes
    ----------
    overall
        The metric over all rows.
    reference
        The group that the others are compared with, where there is one.
    """

    name: str
    metric: str
    attribute: str
    unit: Unit
    groups: tuple[str, ...]
    value: tuple[float | None, ...]
    ci_low: tuple[float | None, ...]
    ci_high: tuple[float | None, ...]
    n: tuple[int, ...]
    overall: float | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Shaped):
    """Named things with a number each, largest first, and a note each where it helps."""

    name: str
    axis: str
    unit: Unit
    items: tuple[str, ...]
    values: tuple[float, ...]
    notes: tuple[str, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries(Shaped):
    """A number over time; ``at`` holds ISO 8601 instants."""

    name: str
    axis: str
    unit: Unit
    at: tuple[str, ...]
    value: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Shaped):
    """A number as a function of another, with an optional 95 % band."""

    name: str
    x_axis: str
    y_axis: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    ci_low: tuple[float, ...] = ()
    ci_high: tuple[float, ...] = ()


Evidence = (
    Measure
    | Distribution
    | Matrix
    | GroupMetrics
    | Ranking
    | RowScores
    | CellScores
    | RowGroups
    | TimeSeries
    | Curve
)
