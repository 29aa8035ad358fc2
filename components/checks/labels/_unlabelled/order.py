"""Which rows to label first: those of which models are unsure, spread over the table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.core.judgement.row_evidence import IntArray

TIMES = 10
"""Candidates for each row of the first ones (Zhdanov 2019: 10)."""


def uncertainty(probabilities: FloatArray) -> FloatArray:
    """Return 1 less the margin between the two most probable classes, shape (n,).

    References
    ----------
    Scheffer, Decomain, Wrobel 2001, Active hidden Markov models for information extraction.
    """
    top = np.sort(probabilities, axis=1)[:, -2:]
    return np.asarray(1.0 - (top[:, 1] - top[:, 0]))


def by_uncertainty(unsure: FloatArray, keys: NDArray[np.uint64], row_id: IntArray) -> IntArray:
    """Return the places of the rows, the most uncertain first, no content twice before the last.

    Parameters
    ----------
    unsure
        The uncertainty of each row, shape (n,).
    keys
        Equal for rows with equal inputs, shape (n,).
    """
    order = np.lexsort((row_id, -unsure))
    nth = np.empty(len(order), dtype=np.int64)
    _, code = np.unique(keys[order], return_inverse=True)
    grouped = np.argsort(code, kind="stable")
    sizes = np.bincount(code)
    nth[grouped] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[np.argsort(nth, kind="stable")]


def spread(points: Any, unsure: FloatArray, n: int, seed: int) -> IntArray:  # noqa: ANN401 - array or sparse matrix
    """Return the places of ``n`` candidates that lie in different parts of the table.

    The candidates are grouped by k-means in which an uncertain one weighs more; of each group, the
    one nearest to its centre is taken.

    Parameters
    ----------
    points
        The candidates as points, shape (m, p); no two are equal.

    Returns
    -------
        Places in ``points``, the most uncertain first.

    References
    ----------
    Zhdanov 2019, Diverse mini-batch active learning, arXiv 1901.05954.
    """
    from sklearn.cluster import KMeans

    if points.shape[0] <= n:
        return np.argsort(-unsure, kind="stable")
    weights = np.maximum(unsure, 1e-6)
    model = KMeans(n, n_init=1, random_state=seed, max_iter=50).fit(points, sample_weight=weights)
    distance = model.transform(points)[np.arange(points.shape[0]), model.labels_]
    order = np.lexsort((-unsure, distance, model.labels_))
    _, first = np.unique(model.labels_[order], return_index=True)
    chosen = order[first]
    return np.asarray(chosen[np.argsort(-unsure[chosen], kind="stable")], dtype=np.int64)
