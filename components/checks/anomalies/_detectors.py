"""Three PyOD detectors with one scale: how small a part of the rows scores higher."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from components.checks._lib.features import FloatArray
from components.core.judgement.row_evidence import BoolArray, IntArray
from components.profiling.pair_measures.ranks import unit_ranks

NAMES = ("isolation forest", "nearest rows", "histograms")
TREES = 100
NEAREST = NAMES.index("nearest rows")
OTHERS = tuple(i for i in range(len(NAMES)) if i != NEAREST)
NEIGHBOURS = 20
"""To rank by, and of a full reference for where outliers begin."""
GROUP = 0.03
"""Share of the rows that is a group, not outliers. Of fewer rows than a full reference, the nearest
ones that say where outliers begin are two thirds of such a group's others, as 20 of 1,000 rows are:
the distances to all of them are those of a sparse group."""
REFERENCE = 1_000
"""Rows that distances are measured to. Fewer than all rows on purpose: odd rows that are alike
stop being each other's neighbours; 1,000 did better than all rows on 43 public tables."""
WIDE = 200
"""Columns from which histograms have ten bins: choosing the number gets slow."""
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectors:
    """Fitted detectors and the scores of the rows they were fitted on.

    Attributes
    ----------
    models
        The three of ``NAMES``; where the rows are fewer than ``REFERENCE`` also a second one of
        distances, to fewer nearest rows, which says where outliers begin.
    sorted_scores
        Of the rows that the three were fitted on, each ascending, shape (3, n).
    reference
        Ids of the rows that distances are measured to, ascending, shape (r,).
    floor
        The least distance whose logarithm is taken.
    """

    models: tuple[Any, ...]
    sorted_scores: FloatArray
    reference: IntArray
    floor: float

    def scores(self, z: FloatArray, row_id: IntArray) -> FloatArray:
        """Return the raw scores of the models, high is unusual, shape (3 or 4, m).

        A reference row is not its own neighbour: it gets its distance to the others.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # overflow in a cast of a wild cell
            scores = np.vstack([model.decision_function(z) for model in self.models])
        at = np.minimum(np.searchsorted(self.reference, row_id), len(self.reference) - 1)
        own = self.reference[at] == row_id
        for place in {NEAREST, self._closest}:
            scores[place, own] = self.models[place].decision_scores_[at[own]]
        return scores

    def surprise(self, scores: FloatArray) -> FloatArray:
        """Return the mean over the detectors of -log(share of rows that score higher), (m,)."""
        return np.asarray(-np.log(self.higher(scores)).mean(axis=0))

    def higher(self, scores: FloatArray) -> FloatArray:
        """Return the share of the fitted rows that score higher, per detector, shape (3, m)."""
        n = self.sorted_scores.shape[1]
        shares = []
        for ordered, own in zip(self.sorted_scores, scores[: len(NAMES)], strict=True):
            left = np.searchsorted(ordered, own, side="left")
            right = np.searchsorted(ordered, own, side="right")
            shares.append(1.0 - np.minimum((left + right) / 2, n - 0.5) / n)
        return np.vstack(shares)

    def seconded(self, scores: FloatArray, share: float) -> BoolArray:
        """Return whether the forest or the histograms put a row among their highest ``share``."""
        return np.asarray((self.higher(scores)[list(OTHERS)] <= share).any(axis=0))

    def distance_of(self, z: FloatArray) -> FloatArray:
        """Return :meth:`distance` of changed rows, none of which is in the reference, (m,)."""
        found = np.asarray(self.models[self._closest].decision_function(z))
        return np.asarray(np.log(np.maximum(found, self.floor)))

    def distance(self, scores: FloatArray) -> FloatArray:
        """Return the log of the mean distance to the nearest rows, shape (m,)."""
        return np.asarray(np.log(np.maximum(scores[self._closest], self.floor)))

    @property
    def _closest(self) -> int:
        return NEAREST if len(self.models) == len(NAMES) else len(NAMES)


def fit_detectors(
    z: FloatArray, row_id: IntArray, *, seed: int, progress: Progress
) -> tuple[Detectors, FloatArray]:
    """Fit on ``z`` and return the detectors with the scores of its rows, shape (3 or 4, n)."""
    reference = np.random.default_rng(seed).permutation(len(z))[:REFERENCE]
    reference = reference[np.argsort(row_id[reference])]
    models = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        makers = _makers(z, z[reference], seed)
        for done, (model, rows) in enumerate(makers):
            progress(done / len(makers))
            models.append(model.fit(rows))
    bare = Detectors(
        models=tuple(models),
        sorted_scores=np.empty((len(NAMES), 0)),
        reference=row_id[reference],
        floor=1e-300,
    )
    scores = bare.scores(z, row_id)
    distance = np.exp(bare.distance(scores))
    usual = distance[distance > bare.floor]
    floor = 1e-3 * float(np.median(usual)) if len(usual) else 1.0
    ordered = np.sort(scores[: len(NAMES)], axis=1)
    return replace(bare, sorted_scores=ordered, floor=max(floor, 1e-12)), scores


def _makers(z: FloatArray, reference: FloatArray, seed: int) -> list[tuple[Any, FloatArray]]:
    """Return the models and what each is fitted on."""
    from pyod.models.hbos import HBOS
    from pyod.models.iforest import IForest
    from pyod.models.knn import KNN

    n = len(reference)
    near, close = max(2, min(NEIGHBOURS, n // 3)), max(1, int((GROUP * n - 1) * 2 / 3))
    makers: list[tuple[Any, FloatArray]] = [
        (IForest(n_estimators=TREES, random_state=seed), z),
        (KNN(n_neighbors=near, method="mean"), reference),
        (HBOS(n_bins="auto" if z.shape[1] <= WIDE else 10), z),
    ]
    if n < REFERENCE and close < near:
        makers.append((KNN(n_neighbors=close, method="mean"), reference))
    return makers


def agreement(scores: FloatArray) -> FloatArray:
    """Return the rank correlations of the three detectors (Spearman), shape (3, 3)."""
    ranks = np.vstack([unit_ranks(own) for own in scores[: len(NAMES)]])
    return np.asarray(ranks @ ranks.T)
