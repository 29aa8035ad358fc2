"""Rows that belong together: a model that has seen one of them is not tested on another.

Rows are linked when they hold the same inputs, belong to the same person, device or customer,
carry the same repeated id, share a value of a column whose repeated values settle the label, or
are nearly equal. Rows that are linked by mistake cost next to nothing: they only share a fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import words
from components.checks._lib.features import FloatArray, content_keys, mixed, without_cells
from components.core.data.dataset import DatasetVersion, Kind, Role

if TYPE_CHECKING:
    import pandas as pd

IntArray = NDArray[np.int64]
KeyArray = NDArray[np.uint64]

NEAREST = 11
"""Neighbours among which a gap in the distances is looked for."""
GAP = 3.0
"""A neighbour is nearly equal when the next one after its set is so many times as far away. In
rows without order in d dimensions, a share of 3 ** -d of the first gaps is as wide."""
TINY = 1e-9
MIN_SETS = 20
"""Repeated values that a column needs before they are looked at."""
MAX_SET = 0.1
"""Largest share of the rows that one value may have."""
SETTLED = 0.8
"""How much of the label repeated values must settle, from 0 (as chance would) to 1 (all)."""


@dataclass(frozen=True, slots=True)
class LinkedRows:
    """Which rows belong together.

    Attributes
    ----------
    keys
        Equal for rows that belong together, whatever the row order, shape (n,).
    by
        What links them beyond equal inputs, in words.
    """

    keys: KeyArray
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What links the rows that models are trained on: equal inputs, and whose rows they are.

    Attributes
    ----------
    names
        The columns that models read.
    carriers
        The columns that say whose row it is.
    keys
        Equal for rows with equal inputs, shape (n,).
    links
        The same as ``keys`` for each of ``carriers``.
    """

    names: tuple[str, ...]
    carriers: tuple[str, ...]
    keys: KeyArray
    links: tuple[KeyArray, ...]

    @property
    def sets(self) -> KeyArray:
        """Equal for rows that share a fold: the same inputs, or the same person or id."""
        return named([without_cells(self.keys), *self.links])

    def folds_of(self, frame: pd.DataFrame, fold: IntArray, seed: int) -> IntArray:
        """Return for other rows the fold that left out what belongs to them, else a random one.

        Parameters
        ----------
        fold
            The fold of each of these rows, shape (n,).
        """
        own = content_keys(frame, self.names)
        chosen = (mixed(own, seed) % np.uint64(int(fold.max()) + 1)).astype(np.int64)
        linked = [
            (k, value_keys(frame, c, own)) for c, k in zip(self.carriers, self.links, strict=True)
        ]
        for known, asked in [*linked, (self.keys, own)]:
            keys, first = np.unique(known, return_index=True)
            place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
            chosen = np.where(keys[place] == asked, fold[first][place], chosen)
        return np.asarray(chosen, dtype=np.int64)


def carriers(version: DatasetVersion) -> tuple[str, ...]:
    """Return the columns that say whose row it is."""
    return tuple(
        c.name
        for c in version.columns
        if c.role in {Role.ENTITY, Role.ID}
        or (c.kind is Kind.IDENTIFIER and c.role is not Role.LABEL)
    )


def linked(
    frame: pd.DataFrame,
    content: KeyArray,
    version: DatasetVersion,
    target: FloatArray,
    space: Any,  # noqa: ANN401 - array or sparse matrix
    *,
    expected: FloatArray | None = None,
) -> LinkedRows:
    """Link rows by persons, by values that settle the label, and by near equality.

    Parameters
    ----------
    frame
        The rows, with the inputs and the columns of :func:`carriers`.
    content
        Equal for rows with equal inputs, shape (n,).
    target
        The label as numbers, one column per class, shape (n, m).
    space
        The rows as points, shape (n, p).
    expected
        See :func:`components.checks._lib.features.without_cells`.
    """
    keys, by = [without_cells(content, expected)], []
    for name in carriers(version):
        own = value_keys(frame, name, content)
        if len(np.unique(own)) < len(own):
            keys.append(own)
            by.append(f"rows with the same {words.quoted(name)}")
    for column in version.inputs:
        if column.name in frame and _settles(frame[column.name], target):
            joint = [*keys, value_keys(frame, column.name, content)]
            if _largest(joined(joint)) <= MAX_SET * len(frame):
                keys = joint
                by.append(f"rows with the same {words.quoted(column.name)}")
    near = _nearly_equal(space, content)
    if len(near):
        by.append("nearly equal rows")
    return LinkedRows(_named(joined(keys, near), keys[0]), tuple(by))


def value_keys(frame: pd.DataFrame, name: str, content: KeyArray) -> KeyArray:
    """Return one number per value of a column; a row without a value stands for itself."""
    return np.where(frame[name].isna().to_numpy(), content, content_keys(frame, [name]))


def joined(keys: Sequence[KeyArray], pairs: IntArray | None = None) -> IntArray:
    """Return the number of each row's set: rows that share one of ``keys``, or are a pair."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    n = at = len(keys[0])
    ends: list[tuple[IntArray, IntArray]] = []
    for key in keys:
        values, code = np.unique(key, return_inverse=True)
        ends.append((np.arange(n), at + code))
        at += len(values)
    if pairs is not None and len(pairs):
        ends.append((pairs[:, 0], pairs[:, 1]))
    left = np.concatenate([a for a, _ in ends])
    right = np.concatenate([b for _, b in ends])
    graph = sparse.coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(at, at))
    return np.asarray(connected_components(graph, directed=False)[1][:n], dtype=np.int64)


def named(keys: Sequence[KeyArray]) -> KeyArray:
    """Return one key per set of rows that share one of ``keys``, named by the first of them."""
    return _named(joined(keys), keys[0])


def _named(number: IntArray, content: KeyArray) -> KeyArray:
    """Name each set by the smallest key of its rows, so that the row order does not matter."""
    name = np.full(int(number.max(initial=0)) + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(name, number, content)
    return name[number]


def _largest(number: IntArray) -> int:
    return int(np.bincount(number).max(initial=0))


def _settles(values: pd.Series, target: FloatArray) -> bool:
    """Whether rows with the same value of a column nearly always have the same label.

    From the share of the label's variance inside repeated values, against that of all rows; for
    classes this is how often two rows of one value agree, against two rows at random.
    """
    code, _ = values.factorize()
    size = np.bincount(code[code >= 0])
    if not len(size) or (size > 1).sum() < MIN_SETS or size.max() > MAX_SET * len(values):
        return False
    many = (code >= 0) & (size[code] > 1)
    if many.sum() < len(values) / 2:
        return False
    own, y = np.unique(code[many], return_inverse=True)[1], target[many]
    n = np.bincount(own)
    sums = np.stack([np.bincount(own, weights=y[:, j]) for j in range(y.shape[1])], axis=1)
    inside = float(((y - (sums / n[:, None])[own]) ** 2).sum()) / max(1, len(own) - len(n))
    whole = float(target.var(axis=0, ddof=1).sum())
    return whole > 0 and 1.0 - inside / whole >= SETTLED


def _nearly_equal(space: Any, content: KeyArray) -> IntArray:  # noqa: ANN401 - array or sparse matrix
    """Return pairs of rows that are each other's neighbours before a gap in the distances."""
    from sklearn.neighbors import NearestNeighbors

    _, first = np.unique(content, return_index=True)
    k = min(NEAREST, len(first) - 1)
    if k < 2:  # noqa: PLR2004 - a gap lies between two distances
        return np.empty((0, 2), dtype=np.int64)
    points = space[first]
    distance, at = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(points).kneighbors()
    ratio = distance[:, 1:] / np.maximum(distance[:, :-1], TINY)
    before = np.where(ratio.max(axis=1) >= GAP, ratio.argmax(axis=1) + 1, 0)
    chosen = np.arange(k) < before[:, None]
    left, right = np.broadcast_to(np.arange(len(first))[:, None], at.shape)[chosen], at[chosen]
    there = set(zip(left.tolist(), right.tolist(), strict=True))
    both = [(a, b) for a, b in there if a < b and (b, a) in there]
    return first[np.array(sorted(both), dtype=np.int64).reshape(-1, 2)]
