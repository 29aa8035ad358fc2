"""Whether a column names persons or devices: values that repeat, each seldom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ENTITY_FROM = 0.5
"""Score from which it is asked whether a column names persons or devices."""
MIN_ENTITIES, MIN_ROWS_EACH, MAX_VALUE_SHARE, EVEN, MAX_EVEN_SHARE = 20, 1.5, 0.02, 3.0, 0.05
"""Lines of :func:`repeats`; ours."""


def is_repeated(codes: NDArray[np.intp]) -> bool:
    """Whether values repeat as ids of persons do; -1 is a missing value, shape (n,)."""
    sizes = np.bincount(codes[codes >= 0])
    return repeats(len(sizes), int(sizes.sum()), int(sizes.max(initial=0)))


def repeats(n_different: int, n: int, largest: int) -> bool:
    """Whether values repeat as ids of persons do: many of them, and none frequent.

    None holds over 2 % of the rows, or they are about as frequent as one another (the ``largest``
    has three times the mean at most) and none holds over 5 %.
    """
    if n_different < MIN_ENTITIES or n < MIN_ROWS_EACH * n_different:
        return False
    even = min(EVEN * n / n_different, MAX_EVEN_SHARE * n)
    return largest <= max(2.0, MAX_VALUE_SHARE * n, even)
