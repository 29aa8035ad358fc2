"""The share of labels that are contradicted however sure the models are.

Honest labels of classes that overlap are contradicted where the models are unsure, and the surer
they are, the less. Labels that something else has changed are contradicted everywhere. So the
chance that a label is another class than the most probable one is fitted as

    floor + (1 - floor) * logistic(-(intercept + slope * log odds of the most probable class))

by maximum likelihood, over all rows, with out-of-fold probabilities. The interval of the floor is
that of the likelihood ratio. The slope is held at or above :data:`MIN_SLOPE`: contradictions must
become rarer at least about as fast as the models' own probabilities say (slope 1 means just as
fast), or a curve with hardly a slope would explain everything and leave nothing for the floor.

One split
---------
How well one split of one column tells the label, on rows that it had not seen.

A label that is drawn honestly, with one chance on each side of a line (70 % yes for one half of the
rows, 40 % for the other), is contradicted on each side as often as that chance says. Models that
look at more columns are surer in some rows than in others by accident, so those contradictions look
as if they came however sure the models are. They cannot be told from labels that something changed.

References
----------
Copas 1988, JRSS B 50, 225-265 (a logistic model for data with a share of wrong labels). Hausman,
Abrevaya, Scott-Morton 1998, Journal of Econometrics 87, 239-269 (the same, and what identifies the
share). Venzon, Moolgavkar 1988, Applied Statistics 37, 87-94 (intervals from the likelihood).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.checks.labels._prepare import Material

IntArray = NDArray[np.int64]
Curve = tuple[float, float, float]
"""Intercept, logarithm of the slope, and log odds of the floor."""

MIN_SLOPE = 0.7
"""Four public tables have 1.03 to 1.13; made tables of few cells, where models are surer than they
should be, 0.7 and less."""
MAX_SLOPE = 150.0
TINY = 1e-6
CHI_SQUARED = 3.841
"""The 95 % point of chi squared with one degree of freedom."""
STARTS: tuple[tuple[float, float, float], ...] = (
    (0.0, 1.0, 0.003),
    (0.0, 3.0, 0.02),
    (0.0, 6.0, 0.05),
    (-2.0, 5.0, 0.1),
)
"""Intercept, slope and floor that the search begins from; the likelihood may have two tops."""
STEPS = 14
"""Halvings of the log odds on the way to an end of the interval (to 0.001 of them)."""
FEWEST = 3.0
"""Labels below the floor that are no accident."""
BETTER = 1.645
"""Standard errors by which all columns must be better: 5 % chance, one-sided."""
ELSEWHERE = 2.0
"""Labels of other classes that the floor takes, from which it is not one class alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseFloor:
    """What is contradicted however sure the models are.

    Attributes
    ----------
    n
        Rows.
    share, low, high
        Of all labels, those that are contradicted whatever the models' probability, with the 95 %
        interval.
    overlap
        The share that is contradicted where the models are unsure.
    slope
        How fast that becomes rarer; 1 is as fast as the probabilities of the models say.
    in_class
        The largest share of the labels of one class that the floor takes.
    elsewhere
        How many labels it takes of the other classes.
    """

    n: int
    share: float
    low: float
    high: float
    overlap: float
    slope: float
    in_class: float
    elsewhere: float

    @property
    def is_some(self) -> bool:
        """Whether more labels lie below it than an accident explains."""
        return self.share * self.n >= FEWEST

    def is_one_class(self, max_class: float) -> bool:
        """Whether it is a part of one class that the columns do not show, and nothing else."""
        return self.in_class > max_class and self.elsewhere < ELSEWHERE


def noise_floor(probabilities: FloatArray, codes: IntArray) -> NoiseFloor:
    """Fit the floor.

    Parameters
    ----------
    probabilities
        Out-of-fold, shape (n, k).
    codes
        The class that each row is given, shape (n,).
    """
    surest = np.clip(probabilities.max(axis=1), TINY, 1.0)
    odds = np.log(surest / np.maximum(1.0 - surest, TINY))
    wrong = (probabilities.argmax(axis=1) != codes).astype(np.float64)
    curve, best = _fitted(odds, wrong, None, STARTS)
    share, overlap = _expit(curve[2]), _overlap(curve, odds)
    taken = wrong * share / (share + (1.0 - share) * overlap)
    k = probabilities.shape[1]
    per_class = np.bincount(codes, weights=taken, minlength=k)
    part = per_class / np.maximum(1, np.bincount(codes, minlength=k))
    most = int(part.argmax())
    return NoiseFloor(
        n=len(codes),
        share=share,
        low=_end(odds, wrong, curve, best, low=True),
        high=_end(odds, wrong, curve, best, low=False),
        overlap=float(((1.0 - share) * overlap).mean()),
        slope=float(np.exp(curve[1])),
        in_class=float(part[most]),
        elsewhere=float(per_class.sum() - per_class[most]),
    )


def _expit(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-x)))


def _overlap(curve: Curve, odds: FloatArray) -> FloatArray:
    from scipy.special import expit

    return np.asarray(expit(-(curve[0] + np.exp(curve[1]) * odds)))


def _loss(
    free: FloatArray, odds: FloatArray, wrong: FloatArray, floor: float | None
) -> tuple[float, FloatArray]:
    """Return the negative log likelihood and its gradient."""
    share = _expit(free[2]) if floor is None else floor
    curve = (float(free[0]), float(free[1]), 0.0)
    overlap = _overlap(curve, odds)
    chance = np.clip(share + (1.0 - share) * overlap, 1e-12, 1.0 - 1e-9)
    value = -float((wrong * np.log(chance) + (1.0 - wrong) * np.log1p(-chance)).sum())
    pull = (1.0 - wrong) / (1.0 - chance) - wrong / chance
    inner = pull * (1.0 - share) * overlap * (1.0 - overlap)
    slope = [-float(inner.sum()), -float((inner * odds).sum() * np.exp(curve[1]))]
    if floor is None:
        slope.append(float((pull * (1.0 - overlap)).sum()) * share * (1.0 - share))
    return value, np.array(slope)


def _fitted(
    odds: FloatArray,
    wrong: FloatArray,
    floor: float | None,
    starts: tuple[tuple[float, float, float], ...],
) -> tuple[Curve, float]:
    """Return the curve of the largest likelihood, with a given floor or any, and its loss."""
    from scipy.optimize import minimize

    n_free = 3 if floor is None else 2
    bounds = [(-30.0, 30.0), (np.log(MIN_SLOPE), np.log(MAX_SLOPE)), (-12.0, 0.0)][:n_free]
    best: tuple[Curve, float] | None = None
    for intercept, slope, share in starts:
        start = np.array([intercept, np.log(slope), np.log(share / (1.0 - share))])[:n_free]
        found = minimize(
            _loss, start, args=(odds, wrong, floor), jac=True, method="L-BFGS-B", bounds=bounds
        )
        if best is None or found.fun < best[1]:
            last = float(found.x[2]) if floor is None else 0.0
            best = (float(found.x[0]), float(found.x[1]), last), float(found.fun)
    assert best is not None  # noqa: S101 - there is a start
    return best


def _end(odds: FloatArray, wrong: FloatArray, curve: Curve, best: float, *, low: bool) -> float:
    """Return where twice the loss of likelihood reaches the 95 % point, below or above."""
    starts = ((curve[0], float(np.exp(curve[1])), 0.01), (0.0, 1.0, 0.01))

    def is_within(log_odds: float) -> bool:
        _, loss = _fitted(odds, wrong, _expit(log_odds), starts)
        return 2.0 * (loss - best) < CHI_SQUARED

    inside, outside = curve[2], -12.0 if low else 2.0
    if is_within(outside):
        return 0.0 if low else 1.0
    for _ in range(STEPS):
        middle = (inside + outside) / 2.0
        inside, outside = (middle, outside) if is_within(middle) else (inside, middle)
    return _expit(outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSplit:
    """One split of one column, beside models that read all columns.

    Attributes
    ----------
    right
        Share of the rows where it names the given label, in [0, 1].
    ahead
        By how many standard errors the models of all columns are right more often (McNemar).
    n
        Rows.
    """

    right: float
    ahead: float
    n: int

    @property
    def is_as_good(self) -> bool:
        """Whether the models of all columns are no better than an accident would make them."""
        return self.ahead <= BETTER


def one_split(material: Material, fold: IntArray, probabilities: FloatArray) -> OneSplit:
    """Split each fold's complement once, by the best column, and judge the fold.

    The split is the one that best tells the largest class from the others; on each side of it the
    most frequent class is named.

    Parameters
    ----------
    fold
        The fold of each row, shape (n,).
    probabilities
        Those of the models of all columns, out-of-fold, shape (n, k).
    """
    codes, rows, is_code = material.codes, material.rows, material.encoder.is_code
    told = np.empty_like(codes)
    for number in np.unique(fold):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        side = _sides(rows.trees, is_code, codes == np.bincount(codes[train]).argmax(), train)
        for own in (side, ~side):
            if own[train].any():
                told[test[own[test]]] = np.bincount(codes[train[own[train]]]).argmax()
    by_one, by_all = told == codes, probabilities.argmax(axis=1) == codes
    apart = int((by_all & ~by_one).sum()), int((by_one & ~by_all).sum())
    return OneSplit(
        right=float(by_one.mean()),
        ahead=(apart[0] - apart[1]) / max(1.0, float(sum(apart)) ** 0.5),
        n=len(codes),
    )


def _sides(
    x: NDArray[np.float32],
    is_code: NDArray[np.bool_],
    is_largest: NDArray[np.bool_],
    train: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Return the side of each row, by the split that some of the rows give, shape (n,)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    if is_largest[train].all():
        return np.ones(len(x), dtype=np.bool_)
    model = HistGradientBoostingClassifier(
        learning_rate=1.0,
        max_iter=1,
        max_leaf_nodes=2,
        categorical_features=is_code if is_code.any() else None,
        early_stopping=False,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column may be constant in one part
        model.fit(x[train], is_largest[train])
    chance = model.predict_proba(x)[:, 1]
    return np.asarray(chance >= chance[train].max() - 1e-9)
