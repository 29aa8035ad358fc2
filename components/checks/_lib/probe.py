"""A probe: kinds of models that predict the label, always for rows they have not seen.

The members are those that ranked planted label errors best in our own comparison of 25 scores
on 17 tables (logistic regression, gradient boosting and randomised trees, mean probability). Of
more than :data:`MANY_CLASSES` classes, these take minutes and gigabytes: there, the members are
linear discriminants and nearest neighbours, which take the same time for any number of classes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.encoder import Encoded
from components.checks._lib.features import FloatArray, mixed

IntArray = NDArray[np.int64]
Progress = Callable[[float], None]

BOOST_WORK = 2_000_000
"""Rows times columns times classes up to which gradient boosting takes part."""
TREE_BYTES = 400_000_000
"""Bytes that the leaves of all randomised trees may take."""
MAX_TREES = 100
MANY_CLASSES = 100
"""Classes up to which models are fitted that take time and memory for each class."""
NEIGHBOURS = 10
BATCH = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Models of each fold, and the probabilities of the rows that they were made from.

    Attributes
    ----------
    probabilities
        Out-of-fold, shape (n, k), rows sum to 1.
    fold
        The fold of each row, shape (n,).
    members
        Per fold, the fitted models (linear first).
    """

    probabilities: FloatArray
    fold: IntArray
    members: tuple[tuple[tuple[str, Any], ...], ...]
    n_classes: int

    def predict(self, rows: Encoded, fold: IntArray) -> FloatArray:
        """Return probabilities of other rows, shape (m, k).

        Parameters
        ----------
        fold
            The fold whose models judge each row (its copies were left out there), shape (m,).
        """
        found = np.zeros((rows.trees.shape[0], self.n_classes))
        for number, models in enumerate(self.members):
            chosen = np.flatnonzero(fold == number)
            if len(chosen):
                found[chosen] = _mean(models, rows.rows(chosen), self.n_classes)
        return found

    def linear(self, fold: int) -> Any:  # noqa: ANN401 - a fitted scikit-learn model
        """Return the linear model of a fold."""
        return self.members[fold][0][1]


def deal_folds(groups: NDArray[np.uint64], codes: IntArray, k: int, seed: int) -> IntArray:
    """Deal rows to ``k`` folds, each class evenly; rows of one group stay together.

    The result depends on contents and seed, not on the order of the rows.

    Parameters
    ----------
    groups
        Equal for rows that must stay together, shape (n,).
    codes
        Class of each row, shape (n,).
    """
    order = np.lexsort((codes, groups))
    keys, first = np.unique(groups[order], return_index=True)
    lead = codes[order][first]
    random = mixed(keys, seed)
    fold = np.empty(len(keys), dtype=np.int64)
    offset = 0
    for code in np.unique(lead):
        own = np.flatnonzero(lead == code)
        own = own[np.argsort(random[own], kind="stable")]
        fold[own] = (np.arange(len(own)) + offset) % k
        offset += len(own)
    return fold[np.searchsorted(keys, groups)]


def fit_probe(
    rows: Encoded,
    is_code: NDArray[np.bool_],
    codes: IntArray,
    fold: IntArray,
    *,
    seed: int,
    keep_all: bool,
    progress: Progress,
) -> Probe:
    """Fit the members on each fold's complement and predict the fold.

    Parameters
    ----------
    codes
        Class of each row, 0..k-1, shape (n,).
    keep_all
        Whether the trees are kept for :meth:`Probe.predict`; the linear models always are.
    progress
        Called with the share done between fits; may raise to stop.
    """
    n_classes = int(codes.max()) + 1
    n_folds = int(fold.max()) + 1
    probabilities = np.zeros((len(codes), n_classes))
    kept = []
    for number in range(n_folds):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        makers = _makers(len(train), rows.trees.shape[1], n_classes, is_code, seed)
        models = []
        for step, (space, make) in enumerate(makers):
            progress((number + step / len(makers)) / n_folds)
            models.append((space, _fit(make, getattr(rows, space)[train], codes[train])))
        probabilities[test] = _mean(tuple(models), rows.rows(test), n_classes)
        kept.append(tuple(models) if keep_all else tuple(models[:1]))
    return Probe(probabilities=probabilities, fold=fold, members=tuple(kept), n_classes=n_classes)


def _makers(
    n: int, d: int, k: int, is_code: NDArray[np.bool_], seed: int
) -> list[tuple[str, Callable[[], Any]]]:
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if k > MANY_CLASSES:
        return _makers_of_many()
    trees = int(np.clip(TREE_BYTES / (40 * k * max(1, n / 3)), 10, MAX_TREES))
    boost = lambda: HistGradientBoostingClassifier(  # noqa: E731 - one of three makers
        categorical_features=is_code if is_code.any() else None,
        early_stopping=False,
        random_state=seed,
    )
    makers: list[tuple[str, Callable[[], Any]]] = [
        ("linear", lambda: LogisticRegression(max_iter=200)),
        (
            "trees",
            lambda: ExtraTreesClassifier(trees, min_samples_leaf=3, random_state=seed, n_jobs=1),
        ),
    ]
    if n * d * k <= BOOST_WORK:
        makers.append(("trees", boost))
    return makers


def _makers_of_many() -> list[tuple[str, Callable[[], Any]]]:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.neighbors import KNeighborsClassifier

    return [
        ("linear", lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")),
        ("linear", lambda: KNeighborsClassifier(NEIGHBOURS, weights="distance")),
    ]


def _fit(make: Callable[[], Any], x: Any, y: IntArray) -> Any:  # noqa: ANN401 - scikit-learn
    model = make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence is not needed for a ranking
        return model.fit(x, y)


def _mean(models: tuple[tuple[str, Any], ...], rows: Encoded, k: int) -> FloatArray:
    """Return the mean probability over the models; classes a model never saw get 0."""
    n = rows.trees.shape[0]
    total = np.zeros((n, k))
    for space, model in models:
        x = getattr(rows, space)
        seen = model.classes_.astype(np.intp)
        for start in range(0, n, BATCH):
            part = slice(start, min(n, start + BATCH))
            total[part, seen] += model.predict_proba(x[part])
    summed = total / len(models)
    return np.asarray(summed / summed.sum(axis=1, keepdims=True))
