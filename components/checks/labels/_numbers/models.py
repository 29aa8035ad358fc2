"""Models that predict a number, always for rows that they have not seen.

Two passes: the first finds rows that are grossly off, the second is trained without them. In both,
boosting minimises absolute errors, so that a wrong number pulls no harder than a right one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.encoder import Encoded
from components.checks._lib.features import FloatArray
from components.checks.labels._numbers.scale import Scale, candidates, misfit

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Progress = Callable[[float], None]

GROSS = 3.5
"""Robust standard deviations beyond which a row is left out of the second training."""
MOST_LEFT_OUT = 0.25
"""Share of the rows that are left out at most (ours)."""
BOOST_ROWS = 250
"""Rows from which boosting takes part: its leaves hold 20 (ours)."""
FOREST_ROWS = 5_000
"""Rows up to which randomised trees take part: of five larger tables, the weights left them out of
three and gave them a quarter in two (ours)."""
TREES, TREES_OF_MANY = 60, 30
"""Trees of a forest, and of that which predicts the sizes of errors in larger tables (ours)."""
SPREAD_LEAF = 20
"""Rows in a leaf of the forest that predicts the sizes of errors (ours)."""
CLIPPED = 0.95
"""Part of the errors beyond which they count no more for that (ours): wrong numbers are there."""
LOCAL = 0.75
"""Weight of the local size of errors against the size in all rows (ours)."""
FLOOR = 0.3
"""Least size of errors, of the size in all rows (ours)."""
QUARTERS = 4
BATCH = 8_192
TINY = 1e-9
"""Sizes of errors below it are rounding, in widths of the label."""
TO_NORMAL = 1.4826
"""Times the median absolute deviation: the standard deviation of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The models that have not seen the rows of one fold: linear, trees, boosting; and spread."""

    members: tuple[tuple[str, Any], ...]
    spread: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberModels:
    """Models of each fold, and what they say about the rows that they were made from.

    Attributes
    ----------
    scale
        On which everything here is told.
    predicted, spread
        Out-of-fold: the number expected, and how far right numbers like this one are off; (n,).
    fold
        The fold of each row, shape (n,).
    weights
        Of the members.
    kept
        The models of each fold; empty where they are not needed any more.
    widths
        The least, and the usual spread.
    """

    scale: Scale
    predicted: FloatArray
    spread: FloatArray
    fold: IntArray
    weights: FloatArray
    kept: tuple[Fold, ...]
    widths: tuple[float, float]

    def predict(self, rows: Encoded, fold: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return prediction and spread of other rows, each by the models of one fold, (m,)."""
        predicted, spread = np.zeros(len(fold)), np.zeros(len(fold))
        for number, own in enumerate(self.kept):
            chosen = np.flatnonzero(fold == number)
            if len(chosen):
                part = rows.rows(chosen)
                predicted[chosen] = _each(own.members, part) @ self.weights
                spread[chosen] = _spread(own.spread, part, predicted[chosen], self.widths)
        return predicted, spread


def fit_numbers(
    rows: Encoded,
    is_code: BoolArray,
    y: FloatArray,
    fold: IntArray,
    *,
    seed: int,
    keep_all: bool,
    progress: Progress,
) -> NumberModels:
    """Fit twice on each fold's complement, and predict the fold.

    Parameters
    ----------
    y
        The numbers of the label, shape (n,).
    keep_all
        Whether the models are kept for :meth:`NumberModels.predict`.
    progress
        Called with the share done between fits; may raise to stop.
    """
    fitter = _Fitter(rows=rows, is_code=is_code, fold=fold, seed=seed)
    scale, first = fitter.first(y, lambda d: progress(0.3 * d))
    target = scale.clipped(y)
    off = np.abs(target - first)
    trusted = off <= max(
        GROSS * TO_NORMAL * float(np.median(off)), float(np.quantile(off, 1 - MOST_LEFT_OUT))
    )
    all_of, kept = fitter.out_of_fold(
        target, trusted, fitter.members, lambda d: progress(0.3 + 0.5 * d)
    )
    weights = _weights(all_of, target, trusted)
    predicted = all_of @ weights
    spread, widths, spreads = fitter.spread(target, predicted, lambda d: progress(0.8 + 0.2 * d))
    folds = [Fold(members=m, spread=s) for m, s in zip(kept, spreads, strict=True)]
    return NumberModels(
        scale=scale,
        predicted=predicted,
        spread=spread,
        fold=fold,
        weights=weights,
        kept=tuple(folds) if keep_all else (),
        widths=widths,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitter:
    rows: Encoded
    is_code: BoolArray
    fold: IntArray
    seed: int

    @property
    def n_folds(self) -> int:
        return int(self.fold.max()) + 1

    def first(self, y: FloatArray, progress: Progress) -> tuple[Scale, FloatArray]:
        """Return the scale on which a first model is off least, and what it predicts there."""
        scales = candidates(y)
        found = []
        for n, scale in enumerate(scales):
            predicted, _ = self.out_of_fold(
                scale.clipped(y),
                np.ones(len(y), dtype=np.bool_),
                self.members[-1:],
                partial(_part, progress, n, len(scales)),
            )
            found.append((misfit(scale, y, predicted[:, 0]), n, predicted[:, 0]))
        _, best, predicted = min(found, key=lambda one: one[:2])
        return scales[best], predicted

    def out_of_fold(
        self,
        target: FloatArray,
        trusted: BoolArray,
        members: Sequence[tuple[str, Callable[[], Any]]],
        progress: Progress,
    ) -> tuple[FloatArray, list[tuple[tuple[str, Any], ...]]]:
        """Return out-of-fold predictions, a column per member, and the models of each fold."""
        columns = np.zeros((len(target), len(members)))
        kept = []
        for number in range(self.n_folds):
            train = np.flatnonzero((self.fold != number) & trusted)
            test = np.flatnonzero(self.fold == number)
            models = []
            for step, (space, make) in enumerate(members):
                progress((number + step / len(members)) / self.n_folds)
                models.append((space, _fit(make, getattr(self.rows, space)[train], target[train])))
            columns[test] = _each(tuple(models), self.rows.rows(test))
            kept.append(tuple(models))
        return columns, kept

    @property
    def members(self) -> list[tuple[str, Callable[[], Any]]]:
        """How the models are made, and what they read; the robust one last."""
        found: list[tuple[str, Callable[[], Any]]] = [("linear", self.line)]
        if len(self.fold) <= FOREST_ROWS:
            found.append(("trees", self.trees))
        if len(self.fold) >= BOOST_ROWS:
            found.append(("trees", self.boost))
        return found

    def boost(self) -> Any:  # noqa: ANN401 - a scikit-learn model
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(
            loss="absolute_error",
            categorical_features=self.is_code if self.is_code.any() else None,
            early_stopping=False,
            random_state=self.seed,
        )

    def trees(self) -> Any:  # noqa: ANN401 - a scikit-learn model
        from sklearn.ensemble import ExtraTreesRegressor

        return ExtraTreesRegressor(
            TREES, min_samples_leaf=3, max_features=0.5, random_state=self.seed, n_jobs=1
        )

    def line(self) -> Any:  # noqa: ANN401 - a scikit-learn model
        from sklearn.linear_model import Ridge

        return Ridge(alpha=max(1.0, float(self.rows.linear.shape[1]) / 10))

    def spread(
        self, target: FloatArray, predicted: FloatArray, progress: Progress
    ) -> tuple[FloatArray, tuple[float, float], list[Any]]:
        """Return how far right numbers like each row's are off, out of fold."""
        from sklearn.ensemble import ExtraTreesRegressor

        off = np.abs(target - predicted)
        off = np.minimum(off, np.quantile(off, CLIPPED))
        usual = float(np.mean(off))
        widths = (FLOOR * usual, usual)
        spread, models = np.zeros(len(off)), []
        for number in range(self.n_folds):
            progress(number / self.n_folds)
            train, test = np.flatnonzero(self.fold != number), np.flatnonzero(self.fold == number)
            model = ExtraTreesRegressor(
                TREES if len(off) <= FOREST_ROWS else TREES_OF_MANY,
                min_samples_leaf=max(5, min(SPREAD_LEAF, len(train) // 20)),
                max_features=0.5,
                random_state=self.seed,
                n_jobs=1,
            )
            x = np.column_stack([self.rows.trees[train], predicted[train]])
            model.fit(x, off[train])
            spread[test] = _spread(model, self.rows.rows(test), predicted[test], widths)
            models.append(model)
        return spread, widths, models


def _part(progress: Progress, number: int, n: int, done: float) -> None:
    """Tell how far one of several equal parts is."""
    progress((number + done) / n)


def _fit(make: Callable[[], Any], x: Any, y: FloatArray) -> Any:  # noqa: ANN401 - scikit-learn
    model = make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a singular system is no fault here
        return model.fit(x, y)


def _each(models: tuple[tuple[str, Any], ...], rows: Encoded) -> FloatArray:
    """Return the prediction of each model, shape (n, m)."""
    n = rows.trees.shape[0]
    found = np.zeros((n, len(models)))
    for j, (space, model) in enumerate(models):
        x = getattr(rows, space)
        for start in range(0, n, BATCH):
            part = slice(start, min(n, start + BATCH))
            found[part, j] = model.predict(x[part])
    return found


def _spread(
    model: Any,  # noqa: ANN401 - scikit-learn
    rows: Encoded,
    predicted: FloatArray,
    widths: tuple[float, float],
) -> FloatArray:
    least, usual = widths
    x = np.column_stack([rows.trees, predicted])
    local = model.predict(x)
    return np.asarray(np.maximum(LOCAL * local + (1.0 - LOCAL) * usual, max(least, TINY)))


def _weights(columns: FloatArray, target: FloatArray, trusted: BoolArray) -> FloatArray:
    """Return the weights of the members, in quarters, that are off least in absolute terms."""
    m = columns.shape[1]
    steps = [
        np.array(w) / QUARTERS for w in product(range(QUARTERS + 1), repeat=m) if sum(w) == QUARTERS
    ]
    off = [float(np.abs(columns[trusted] @ w - target[trusted]).mean()) for w in steps]
    return steps[int(np.argmin(off))]
