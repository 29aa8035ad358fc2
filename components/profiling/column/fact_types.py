"""Types of the facts about one column before the profile is assembled, and limits they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.core.facts.contents import Digits, Texts, Times
from components.profiling.column.value_counts import Frequent

Tell = Callable[[float], None]
"""Takes the share of the work that is done, in [0, 1]."""

T = TypeVar("T")

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)

EXACT_ROWS = 1_000_000
"""Up to so many rows, distinct values and quantiles are computed, above they are estimated.

Measured: exact forms cost next to nothing up to here; HyperLogLog was at most 5.3 % off.
"""

NUMERIC = frozenset({Storage.INTEGER, Storage.NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What one pass over a column tells.

    Attributes
    ----------
    n_distinct, distinct_exact
        Different values, and whether they were counted or estimated.
    quantiles_exact
        Whether the quantiles were computed or estimated.
    minimum, maximum
        Without infinite values.
    n_finite
        Values behind the moments and quantiles.
    quantiles
        At :data:`QUANTILES`; of the seconds since 1970 for times.
    n_bytes
        Of the texts in UTF-8, together.
    """

    n_present: int
    n_distinct: int = 0
    distinct_exact: bool = True
    minimum: Scalar = None
    maximum: Scalar = None
    n_finite: int = 0
    n_zero: int | None = None
    n_negative: int | None = None
    n_infinite: int | None = None
    n_whole: int | None = None
    mean: float | None = None
    sd: float | None = None
    quantiles: tuple[float, ...] | None = None
    quantiles_exact: bool = True
    length_min: int | None = None
    length_mean: float | None = None
    length_max: int | None = None
    n_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Skewness (from three values on), excess kurtosis (from four values on).

    Attributes
    ----------
    sd
        The standard deviation behind both, where it was computed again.
    """

    skew: float | None = None
    kurtosis: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of one column.

    Attributes
    ----------
    top
        At most ``value_counts.TOP`` values and their rows, most frequent first. Where there are
        more different values than that, only those that occur twice.
    n_top
        Rows of the most frequent value; None where it is not known.
    """

    n_distinct: int = 0
    exact: bool = True
    top: Frequent = ()
    n_top: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """Facts about one column.

    Attributes
    ----------
    bins
        Rows per bin and label; bin -1 lies below the edges, bin n above. The label is None where
        there is none.
    by_class
        Rows per frequent value and label.
    """

    measures: Measures
    shape: Shape = field(default_factory=Shape)
    values: Values = field(default_factory=Values)
    bins: Mapping[tuple[int, Scalar], int] = field(default_factory=dict)
    by_class: Mapping[tuple[Scalar, Scalar], int] = field(default_factory=dict)
    texts: Texts | None = None
    times: Times | None = None
    digits: Digits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The label by which values and histograms are split.

    Attributes
    ----------
    names
        Class -> its name.
    """

    column: Column
    names: dict[Scalar, str]


@dataclass(frozen=True, slots=True)
class RowClasses:
    """The class of the label that belongs to each value of a column.

    Attributes
    ----------
    code
        Its place in ``names``, shape (n,).
    names
        The classes; one is None, for rows without a label.
    """

    code: NDArray[np.signedinteger]
    names: tuple[Scalar, ...]

    def of(self, places: IntArray) -> RowClasses:
        """Return the classes at some places."""
        return RowClasses(self.code[places], self.names)

    def count(
        self, slots: IntArray, weights: IntArray | None, keys: Sequence[T]
    ) -> dict[tuple[T, Scalar], int]:
        """Return the rows per slot and class; ``keys`` name the slots, -1 is none of them."""
        width = len(self.names)
        keep = slots >= 0
        places = slots[keep] * width + self.code[keep]
        chosen = None if weights is None else weights[keep]
        totals = np.bincount(places, chosen, minlength=len(keys) * width)
        found = totals.reshape(-1, width)
        return {(keys[i], self.names[j]): int(found[i, j]) for i, j in np.argwhere(found).tolist()}
