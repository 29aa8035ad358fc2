"""What a matrix of associations shows: an order, clusters, and how gaps go together.

The order is that of the leaves of a tree by average linkage (Sokal, Michener 1958, A statistical
method for evaluating systematic relationships, University of Kansas Science Bulletin 38).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from components.core.facts.associations import AssociationMatrix, AssociationMeasure, Cluster, Pair
from components.profiling.pair_measures.codes import Flags, Floats

REDUNDANT = 0.95
"""Strength from which two columns say nearly the same. Ours: above the 0.9 of other tools
(deepchecks, feature-feature correlation; ydata-profiling, high correlation), which mean “related”;
at 0.95, one column leaves less than a tenth of the variance of the other."""

DIGITS = 6
"""Digits after the point of a strength in a matrix."""


def order(values: Floats) -> list[int]:
    """Return an order of the columns that puts those that go together side by side.

    Parameters
    ----------
    values
        Symmetric, in [-1, 1], NaN where unknown; shape (p, p).
    """
    return leaf_order(1.0 - np.abs(np.nan_to_num(values)))


def leaf_order(distance: Floats) -> list[int]:
    """Return the order of the leaves of a tree by average linkage, the lower end first.

    Two branches are joined at those ends that are nearest to each other.

    Parameters
    ----------
    distance
        Finite; shape (p, p), symmetric. The diagonal does not matter.
    """
    p = len(distance)
    branches = [[i] for i in range(p)]
    mean = distance.astype(np.float64)
    np.fill_diagonal(mean, np.inf)
    one = 0
    for _ in range(p - 1):
        one, other = divmod(int(np.argmin(mean)), p)
        n, m = len(branches[one]), len(branches[other])
        branches[one] = _joined(branches[one], branches[other], distance)
        mean[one] = mean[:, one] = (n * mean[one] + m * mean[other]) / (n + m)
        mean[one, one] = mean[other] = mean[:, other] = np.inf
    found = branches[one] if p else []
    return found[::-1] if found and found[-1] < found[0] else found


def _joined(one: list[int], other: list[int], distance: Floats) -> list[int]:
    turns = [(first, second) for first in (one, one[::-1]) for second in (other, other[::-1])]
    first, second = min(turns, key=lambda turn: float(distance[turn[0][-1], turn[1][0]]))
    return first + second


def matrix(names: Sequence[str], values: Floats) -> AssociationMatrix:
    """Return the matrix in a telling order; the diagonal is 1."""
    places = order(values)
    rounded = np.round(values, DIGITS) + 0.0
    np.fill_diagonal(rounded, 1.0)
    ordered = rounded[np.ix_(places, places)].tolist()
    return AssociationMatrix(
        columns=tuple(names[i] for i in places),
        values=tuple(tuple(None if math.isnan(v) else v for v in row) for row in ordered),
    )


def clusters(names: Sequence[str], pairs: Sequence[Pair]) -> tuple[Cluster, ...]:
    """Return the sets of columns that redundant pairs hold together (single linkage).

    Parameters
    ----------
    names
        All columns; the clusters keep their order.
    """
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    weakest: dict[str, float] = {}
    for pair in sorted(filter(redundant, pairs), key=lambda k: -k.strength):
        one, other = find(pair.first), find(pair.second)
        if one != other:
            root[other] = one
            weakest[one] = pair.strength
    sets: dict[str, list[str]] = {}
    for name in names:
        sets.setdefault(find(name), []).append(name)
    return tuple(
        Cluster(columns=tuple(members), weakest=weakest[top])
        for top, members in sets.items()
        if len(members) > 1
    )


def redundant(pair: Pair) -> bool:
    """Return whether two columns say nearly the same.

    Cramér's V and the correlation ratio are 1 when one column follows from the other (a country
    from its city). So each must also tell the other: it saves REDUNDANT² of the squared error.
    """
    if pair.strength < REDUNDANT:
        return False
    if pair.measure is AssociationMeasure.SPEARMAN:
        return True
    powers = (pair.first_predicts or 0.0, pair.second_predicts or 0.0)
    return min(powers) >= REDUNDANT**2


def gaps(names: Sequence[str], missing: Sequence[Flags]) -> AssociationMatrix | None:
    """Return the correlation (phi) of the gaps of columns; None for fewer than two columns.

    Parameters
    ----------
    missing
        Whether each row has no value, shape (n,), one per name. A column without a gap, or
        without a value, in these rows is left out.
    """
    varying = [i for i, flags in enumerate(missing) if 0 < np.count_nonzero(flags) < len(flags)]
    if len(varying) < 2:  # noqa: PLR2004 - a pair
        return None
    flags = np.stack([missing[i] for i in varying]).astype(np.float32)
    n = flags.shape[1]
    both = (flags @ flags.T).astype(np.float64)  # exact: numbers of rows, far below 2^24
    gone = both.diagonal()
    spread = np.sqrt(gone * (n - gone))
    phi = np.clip((n * both - np.outer(gone, gone)) / np.outer(spread, spread), -1.0, 1.0)
    return matrix([names[i] for i in varying], phi)
