"""The last digits of whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column
from components.core.data.table import IntArray
from components.core.facts.contents import Digits
from components.profiling.column.fact_types import NUMERIC, QUANTILES, Measures
from components.profiling.column.value_counts import Counted

UNITS = (5, 10, 100, 1000)
LEAST_SPREAD = 20
"""Between the 5 % and the 95 % quantile: less, and the digits tell about the values themselves."""

EXACT_SIZE = 2.0**53
"""From here on a double has no last digit of its own."""

_TEN, CYCLE = 10, 1000


def spread(column: Column, measures: Measures) -> float | None:
    """Return how far the middle 90 % of a number column spread; None where digits say nothing."""
    if column.storage not in NUMERIC or measures.quantiles is None or not measures.n_whole:
        return None
    points = dict(zip(QUANTILES, measures.quantiles, strict=True))
    found = points[0.95] - points[0.05]
    return found if found > LEAST_SPREAD else None


def digits_counted(column: Column, counted: Counted, measures: Measures) -> Digits | None:
    """Return the last digits of counted values."""
    width = spread(column, measures)
    return None if width is None else digits(rests(counted.values, counted.counts), width)


def rests(values: NDArray[Any], weights: IntArray | None) -> NDArray[Any]:
    """Return the rows per number that the last three digits of whole numbers make, shape (1000,).

    Zeros are left out, and numbers with a fraction or without a last digit of their own.

    Parameters
    ----------
    weights
        Rows per value; one each when None.
    """
    keep = (values > -EXACT_SIZE) & (values < EXACT_SIZE) & (values != 0)
    if not np.issubdtype(values.dtype, np.integer):
        keep &= values == np.floor(values)
    last = np.abs(values[keep].astype(np.int64)) % CYCLE
    return np.bincount(last, None if weights is None else weights[keep], minlength=CYCLE)


def digits(counts: NDArray[Any], width: float) -> Digits | None:
    """Return the last digits from the counts of :func:`rests` and the :func:`spread`."""
    n_whole = int(counts.sum())
    if not n_whole:
        return None
    return Digits(
        n_whole=n_whole,
        last=tuple(int(counts[digit::_TEN].sum()) for digit in range(_TEN)),
        multiples={u: int(counts[::u].sum()) for u in UNITS if u <= width / 2},
    )
