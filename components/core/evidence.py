"""The closed union of shapes in which a check shows what it saw.

Charts, report, CSV and JSON are written once per shape. A check that needs a new picture argues for
a new shape. Names of columns, groups and values come from the data: untrusted text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.object_]

BRIEF_ROWS = 200
"""Rows of a row-level shape that JSON keeps; all of them stand in Parquet beside the run."""


class Unit(StrEnum):
    """What a number counts."""

    SHARE = "share"
    COUNT = "count"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    SCORE = "score"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
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
class Distribution:
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
class Matrix:
    """A number for each pair of a row name and a column name; None where there is none."""

    name: str
    unit: Unit
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMetrics:
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
class Ranking:
    """Named things with a number each, largest first, and a note each where it helps."""

    name: str
    axis: str
    unit: Unit
    items: tuple[str, ...]
    values: tuple[float, ...]
    notes: tuple[str, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowScores:
    """A quality per row; 1 = surely fine. A flagged row has a lower quality than any other.

    Rows that were not assessed are left out. Use :meth:`of` to make one.

    Attributes
    ----------
    name
        What the quality is of ("label quality", "normality").
    n_assessed, n_flagged
        Totals; the arrays may hold fewer rows after :meth:`brief`.
    histogram
        Rows per twentieth of [0, 1], for all assessed rows, 20 counts.
    row_id, quality, flagged
        Shape (n,), worst first.
    given, suggested
        Labels, shape (n,), for label checks.
    confidence
        Of the suggestion, in [0, 1], shape (n,).
    reason
        Why, in words, shape (n,); None where nothing is said.
    """

    name: str
    n_assessed: int
    n_flagged: int
    histogram: tuple[int, ...]
    row_id: IntArray
    quality: FloatArray
    flagged: BoolArray
    given: TextArray | None = None
    suggested: TextArray | None = None
    confidence: FloatArray | None = None
    reason: TextArray | None = None

    @classmethod
    def of(
        cls,
        name: str,
        *,
        row_id: IntArray,
        quality: FloatArray,
        flagged: BoolArray,
        given: TextArray | None = None,
        suggested: TextArray | None = None,
        confidence: FloatArray | None = None,
        reason: TextArray | None = None,
    ) -> RowScores:
        """Sort the rows worst first (flagged before the rest) and count them."""
        order = np.lexsort((row_id, quality, ~flagged))
        counts, _ = np.histogram(quality, bins=20, range=(0.0, 1.0))

        def picked(values: TextArray | None) -> TextArray | None:
            return None if values is None else values[order]

        return cls(
            name=name,
            n_assessed=len(row_id),
            n_flagged=int(flagged.sum()),
            histogram=tuple(int(c) for c in counts),
            row_id=row_id[order],
            quality=quality[order],
            flagged=flagged[order],
            given=picked(given),
            suggested=picked(suggested),
            confidence=None if confidence is None else confidence[order],
            reason=picked(reason),
        )

    def brief(self, n: int = BRIEF_ROWS) -> RowScores:
        """Return the same scores with the ``n`` worst rows only."""
        return replace(
            self,
            row_id=self.row_id[:n],
            quality=self.quality[:n],
            flagged=self.flagged[:n],
            given=None if self.given is None else self.given[:n],
            suggested=None if self.suggested is None else self.suggested[:n],
            confidence=None if self.confidence is None else self.confidence[:n],
            reason=None if self.reason is None else self.reason[:n],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellScores:
    """Cells worth naming, worst first; quality as for rows.

    Attributes
    ----------
    n_assessed, n_flagged
        Totals of cells; the arrays may hold fewer after :meth:`brief`.
    row_id, column, value, quality, flagged
        Shape (n,).
    suggested, reason
        Shape (n,); None where nothing is said.
    """

    name: str
    n_assessed: int
    n_flagged: int
    row_id: IntArray
    column: TextArray
    value: TextArray
    quality: FloatArray
    flagged: BoolArray
    suggested: TextArray | None = None
    reason: TextArray | None = None

    def brief(self, n: int = BRIEF_ROWS) -> CellScores:
        """Return the same scores with the ``n`` worst cells only."""
        return replace(
            self,
            row_id=self.row_id[:n],
            column=self.column[:n],
            value=self.value[:n],
            quality=self.quality[:n],
            flagged=self.flagged[:n],
            suggested=None if self.suggested is None else self.suggested[:n],
            reason=None if self.reason is None else self.reason[:n],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows that belong together.

    Attributes
    ----------
    anchor
        The row the others are compared with.
    row_id
        The others.
    distance
        From the anchor, one per row, or empty.
    """

    anchor: int
    row_id: tuple[int, ...]
    distance: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroups:
    """Sets of rows: copies of one another, or the nearest rows of a flagged row.

    Attributes
    ----------
    relation
        ``copies`` or ``nearest``.
    n_groups, n_rows
        Totals (``n_rows`` without the anchors); ``groups`` may hold fewer.
    """

    name: str
    relation: str
    n_groups: int
    n_rows: int
    groups: tuple[RowGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries:
    """A number over time; ``at`` holds ISO 8601 instants."""

    name: str
    axis: str
    unit: Unit
    at: tuple[str, ...]
    value: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
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
