"""Three PyOD detectors with one scale: how small a part of the rows scores higher."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.checks._lib.features import FloatArray
from components.profiling.pair_measures.ranks import unit_ranks

NAMES = ("isolation forest", "nearest rows", "histograms")
TREES = 100
NEIGHBOURS = 20
REFERENCE = 1_000
"""Rows that distances are measured to. Fewer than all rows on purpose: odd rows that are alike
stop being each other's neighbours; 1,000 did better than all rows on 43 public tables."""
WIDE = 200
"""Columns from which histograms have ten bins: choosing the number gets slow."""
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectors:
    """Fitted detectors and the scores of the rows they were fitted on, ascending, shape (3, n)."""

    models: tuple[Any, ...]
    sorted_scores: FloatArray
    floor: float

    def scores(self, z: FloatArray) -> FloatArray:
        """Return the raw scores, high is unusual, shape (3, m)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # overflow in a cast of a wild cell
            return np.vstack([model.decision_function(z) for model in self.models])

    def surprise(self, scores: FloatArray) -> FloatArray:
        """Return the mean over the detectors of -log(share of rows that score higher), (m,)."""
        n = self.sorted_scores.shape[1]
        total = np.zeros(scores.shape[1])
        for ordered, own in zip(self.sorted_scores, scores, strict=True):
            left = np.searchsorted(ordered, own, side="left")
            right = np.searchsorted(ordered, own, side="right")
            rank = np.minimum((left + right) / 2, n - 0.5)
            total -= np.log(1.0 - rank / n)
        return np.asarray(total / len(scores))

    def distance(self, scores: FloatArray) -> FloatArray:
        """Return the log of the mean distance to the nearest rows, shape (m,)."""
        return np.asarray(np.log(np.maximum(scores[1], self.floor)))


def fit_detectors(z: FloatArray, *, seed: int, progress: Progress) -> tuple[Detectors, FloatArray]:
    """Fit on ``z`` and return the detectors with the scores of its rows, shape (3, n)."""
    from pyod.models.hbos import HBOS
    from pyod.models.iforest import IForest
    from pyod.models.knn import KNN

    reference = np.random.default_rng(seed).permutation(len(z))[:REFERENCE]
    near = max(2, min(NEIGHBOURS, len(z) // 3))
    makers = (
        (IForest(n_estimators=TREES, random_state=seed), z),
        (KNN(n_neighbors=near, method="mean"), z[reference]),
        (HBOS(n_bins="auto" if z.shape[1] <= WIDE else 10), z),
    )
    models = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for done, (model, rows) in enumerate(makers):
            progress(done / len(makers))
            models.append(model.fit(rows))
    bare = Detectors(models=tuple(models), sorted_scores=np.empty((3, 0)), floor=1e-12)
    scores = bare.scores(z)
    usual = scores[1][scores[1] > 0]
    floor = 1e-3 * float(np.median(usual)) if len(usual) else 1.0
    fitted = Detectors(
        models=tuple(models), sorted_scores=np.sort(scores, axis=1), floor=max(floor, 1e-12)
    )
    return fitted, scores


def agreement(scores: FloatArray) -> FloatArray:
    """Return the rank correlations of the detectors (Spearman), shape (3, 3)."""
    ranks = np.vstack([unit_ranks(own) for own in scores])
    return np.asarray(ranks @ ranks.T)
