"""A column looked at in parts: per group, per step of time, on a log scale; without judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from components.core.data.query import Scalar
from components.core.data.value_texts import Spelling

POINTS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of a :attr:`Slice.spread`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The rows of one group, or of one step of time.

    Attributes
    ----------
    key
        The value of the group (None: missing), or the start of the step.
    until
        The end of a step of time, not part of it; None for a group.
    n, n_missing
        Rows, and those among them without a value in the column.
    spread
        The quantiles :data:`POINTS` of the column, for numbers and times (seconds since
        1970-01-01 UTC); None where there is no value.
    counts
        Rows per value of :attr:`Slices.values`.
    """

    key: Scalar
    until: datetime | None = None
    n: int
    n_missing: int
    spread: tuple[float, ...] | None = None
    counts: tuple[int, ...] = ()

    @property
    def filled(self) -> float:
        """The share of rows with a value, in [0, 1]; 1 without rows."""
        return 1.0 if self.n == 0 else 1.0 - self.n_missing / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """A column by another one.

    Attributes
    ----------
    values
        The most frequent values of a column of names, which are counted per slice.
    slices
        Largest group first, or in the order of time.
    n_slices
        Groups there are; more than ``slices`` where only the largest were asked for.
    n_rows
        Rows of the table.
    step
        The length of a step of time in words (``month``); "" for groups.
    spelling, by_spelling
        How the file writes true and false in ``values``, and in the keys of ``slices``.
    """

    column: str
    by: str
    values: tuple[Scalar, ...] = ()
    slices: tuple[Slice, ...]
    n_slices: int
    n_rows: int
    step: str = ""
    spelling: Spelling | None = None
    by_spelling: Spelling | None = None

    @property
    def n_left_out(self) -> int:
        """Rows that are in none of the slices."""
        return self.n_rows - sum(s.n for s in self.slices)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBins:
    """A histogram of the positive values of a column, in bins of equal ratio.

    Attributes
    ----------
    edges
        Ascending, all positive, one more than ``counts``.
    n_zero, n_negative, n_missing, n_infinite
        Rows that have no place on a log scale.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_zero: int
    n_negative: int
    n_missing: int
    n_infinite: int
