"""Ranks and Spearman's correlation: the only implementation in the house. Pure NumPy.

References
----------
Spearman 1904, Am. J. Psychology 15.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def level_ranks(counts: NDArray[np.integer]) -> Floats:
    """Return the rank of each level less the mean rank, ties in the middle, shape (k,).

    Parameters
    ----------
    counts
        Rows per level, levels ascending, shape (k,).
    """
    return np.asarray(np.cumsum(counts) - counts / 2.0 - int(counts.sum()) / 2.0, dtype=np.float64)


def unit_ranks(values: Floats) -> Floats:
    """Return the ranks of some values, shifted and scaled to mean 0 and length 1, shape (n,).

    The product of two such columns without missing values is Spearman's correlation. Missing
    values are 0, and so is a column that does not vary.
    """
    present = ~np.isnan(values)
    _, place, counts = np.unique(values[present], return_inverse=True, return_counts=True)
    ranks = np.zeros(len(values))
    ranks[present] = level_ranks(counts)[place]
    length = float(np.linalg.norm(ranks))
    return ranks / length if length > 0 else ranks


def spearman(one: Floats, other: Floats) -> float:
    """Return the rank correlation of two columns without missing values, in [-1, 1]."""
    return float(np.clip(unit_ranks(one) @ unit_ranks(other), -1.0, 1.0))
