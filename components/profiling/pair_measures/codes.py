"""Columns made ready to be compared: every value becomes a small number, once per column.

Pure NumPy. :mod:`from_arrow` and :mod:`from_frame` read the values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Kind

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Levels = NDArray[np.generic]
Places = NDArray[np.signedinteger]

MAX_ROWS = 100_000
"""Rows up to which all are used; above, a seeded sample of so many. On 100,000 rows the bound for
all pairs of 50 columns at once is 0.013, which no picture shows."""

MIN_ROWS = 10
"""Rows with both values that a pair needs: with 10, the 95 % interval of a correlation of 0 is
still as wide as -0.63 to 0.63 (Fisher's z)."""

MAX_CATEGORIES = 1_000
"""Different values of a category that is compared; the names of more are hardly categories."""

MAX_SHARE_DISTINCT = 0.5
"""Different values per filled row of a category that is compared: with more, most of them stand
once, and any second column goes together with them by chance."""


@dataclass(frozen=True)
class Prepared:
    """One column over the rows that are used.

    Attributes
    ----------
    codes
        One number per row, shape (n,): 0 for missing, 1..k for the value. The numbers of a
        numeric column are in the order of its values.
    n_missing
        Rows without a value.
    values
        Where the value of each code lies, shape (k + 1,): its distance from the median, as a share
        of the largest one, in [-1, 1] and ascending from code 1 on; 0 for missing. None for
        categories.
    """

    name: str
    codes: Codes
    n_levels: int
    n_missing: int
    values: Floats | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether the values have an order and a distance."""
        return self.values is not None

    @property
    def present(self) -> Flags:
        """Whether each row has a value, shape (n,)."""
        return self.codes > 0

    @cached_property
    def counts(self) -> NDArray[np.int32]:
        """The rows per code, missing ones first, shape (k + 1,)."""
        return np.bincount(self.codes, minlength=self.n_levels + 1).astype(np.int32)


def sums_by(cells: NDArray[np.signedinteger], weights: NDArray[np.generic], size: int) -> Floats:
    """Return the sum of ``weights`` per cell, shape (size,)."""
    return np.bincount(cells, weights, minlength=size).astype(np.float64, copy=False)


def is_compared_as_number(column: Column) -> bool:
    """Whether a column is compared as a number: steps in order and times are."""
    return column.is_number or column.kind is Kind.DATETIME


def of_levels(column: Column, levels: Levels, place: Places, present: Flags | None) -> Prepared:
    """Return a column of numbers ready to be compared; infinite values are missing.

    Parameters
    ----------
    levels
        The different values, ascending.
    place
        The level of each row with a value.
    present
        Which rows have a value, shape (n,); None for all.
    """
    n = len(place) if present is None else len(present)
    is_number = is_compared_as_number(column)
    if levels.dtype.kind == "f":
        wanted = np.isfinite(levels) if is_number else ~np.isnan(levels)
        present, levels, place = _only(wanted, present, levels, place)
    located = _located(levels, place) if is_number else None
    return Prepared(column.name, codes_of(place, present), len(levels), n - len(place), located)


def unusable(column: Prepared) -> str:
    """Return why a column cannot be compared on the rows that are used; "" when it can."""
    n_present = len(column.codes) - column.n_missing
    if n_present < MIN_ROWS:
        return f"It has a value in {n_present:,} of the rows that were used; {MIN_ROWS} are needed."
    if column.n_levels < 2:  # noqa: PLR2004 - one value does not vary
        return "It has one value only in the rows that were used."
    if column.is_numeric:
        return ""
    return too_many(column.n_levels, n_present)


def too_many(n_levels: int, n_present: int) -> str:
    """Return why a category with so many values is not compared; "" when it is."""
    if n_levels > MAX_CATEGORIES:
        return f"It has {n_levels:,} different values; up to {MAX_CATEGORIES:,} are compared."
    if n_levels > MAX_SHARE_DISTINCT * n_present:
        return f"It has {n_levels:,} different values in {n_present:,} rows: most stand alone."
    return ""


def _only(
    wanted: Flags, present: Flags | None, levels: Levels, place: Places
) -> tuple[Flags | None, Levels, Places]:
    """Return the same without the levels that are not wanted: the first and last ones."""
    if wanted.all():
        return present, levels, place
    keep = wanted.take(place)
    there = np.ones(len(place), dtype=bool) if present is None else present.copy()
    there[np.flatnonzero(there)] = keep
    return there, levels[wanted], place[keep] - int(np.argmax(wanted))


def codes_of(place: Places, present: Flags | None) -> Codes:
    """Return one more than the place of each present value, 0 for the other rows."""
    if present is None:
        return (place + 1).astype(np.int32)
    codes = np.zeros(len(present), dtype=np.int32)
    codes[present] = place + 1
    return codes


def _located(levels: Levels, place: Places) -> Floats:
    """Return 0 and the distances of the levels from the median, as shares of the largest.

    Squares of huge values would overflow, and those of values far from 0 lose their digits.
    """
    located = np.zeros(len(levels) + 1)
    if len(levels):
        middle = int(np.searchsorted(np.cumsum(np.bincount(place)), len(place) // 2, side="right"))
        located[1:] = _from(levels, middle)
        largest = np.abs(located).max()
        located /= largest if largest > 0 else 1.0
    return located


def _from(levels: Levels, middle: int) -> Floats:
    """Return half the distance of ascending levels from the one at ``middle``.

    Whole numbers are subtracted as such where no difference overflows.
    """
    if levels.dtype.kind == "i" and int(levels[-1]) - int(levels[0]) < 2**63:
        return np.asarray(levels - levels[middle], dtype=np.float64) / 2
    half = np.asarray(levels, dtype=np.float64) / 2
    return np.asarray(half - half[middle], dtype=np.float64)
