"""Columns made ready to be compared: every value becomes a small number, once per column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.core.dataset import Column, Kind

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

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
        of the largest one, in [-1, 1] and ascending from code 1 on; 0 for missing. Times are
        seconds. None for categories.
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

    def counts(self) -> NDArray[np.int64]:
        """Return the rows per code, missing ones first, shape (k + 1,)."""
        return np.bincount(self.codes, minlength=self.n_levels + 1)


def sums_by(cells: NDArray[np.signedinteger], weights: NDArray[np.generic], size: int) -> Floats:
    """Return the sum of ``weights`` per cell, shape (size,)."""
    return np.bincount(cells, weights, minlength=size).astype(np.float64, copy=False)


def prepare(column: Column, values: pd.Series) -> Prepared:
    """Return a column ready to be compared: as a number, a time, or a category.

    Infinite values are missing. Steps in order that are numbers are compared as numbers.
    """
    if column.is_number or column.kind is Kind.DATETIME:
        present, numbers = _numbers(column, values)
        levels, place = np.unique(numbers, return_inverse=True)
        codes = np.zeros(len(values), dtype=np.int32)
        codes[present] = place + 1
        n_missing = len(codes) - len(numbers)
        return Prepared(column.name, codes, len(levels), n_missing, _located(levels, place))
    return _category(column, values)


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


def _numbers(column: Column, values: pd.Series) -> tuple[Flags, NDArray[np.generic]]:
    """Return which rows have a finite value, and these values.

    Whole numbers stay whole: beyond 2^53, neighbours would become equal otherwise.
    """
    present = values.notna().to_numpy(dtype=bool)
    if column.kind is Kind.DATETIME:
        at = values.to_numpy()[present]
        return present, at.astype("datetime64[us]").astype(np.int64) / 1e6
    if values.dtype.kind in "iu":
        return present, values[present].to_numpy(dtype=np.int64)
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(numbers)
    return finite, numbers[finite]


def _category(column: Column, values: pd.Series) -> Prepared:
    import pandas as pd

    place, levels = pd.factorize(values)
    codes = (place + 1).astype(np.int32)
    return Prepared(column.name, codes, len(levels), int((codes == 0).sum()))


def _located(levels: NDArray[np.generic], place: NDArray[np.int64]) -> Floats:
    """Return 0 and the distances of the levels from the median, as shares of the largest.

    Squares of huge values would overflow, and those of values far from 0 lose their digits.
    """
    located = np.zeros(len(levels) + 1)
    if len(levels):
        middle = int(np.partition(place, len(place) // 2)[len(place) // 2])
        located[1:] = _from(levels, middle)
        largest = np.abs(located).max()
        located /= largest if largest > 0 else 1.0
    return located


def _from(levels: NDArray[np.generic], middle: int) -> Floats:
    """Return half the distance of ascending levels from the one at ``middle``.

    Whole numbers are subtracted as such where no difference overflows.
    """
    if levels.dtype.kind == "i" and int(levels[-1]) - int(levels[0]) < 2**63:
        return np.asarray(levels - levels[middle], dtype=np.float64) / 2
    half = np.asarray(levels, dtype=np.float64) / 2
    return np.asarray(half - half[middle], dtype=np.float64)
