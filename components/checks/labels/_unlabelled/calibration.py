"""Probabilities that mean what they say: of suggestions given 80 %, about 80 % are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import wilson
from components.core.judgement.evidence import Curve
from components.core.judgement.row_evidence import BoolArray, IntArray

LEAST = 1e-6
"""What a probability of nothing is read as."""
COLDEST, HOTTEST = 0.1, 10.0
"""Between these a temperature is sought."""
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Ends of the bands of probability in which suggestions are counted."""
FEWEST = 5
"""Rows of a band that is shown."""


def temperature(probabilities: FloatArray, codes: IntArray, weights: FloatArray) -> float:
    """Return the temperature under which the given labels are most likely.

    Parameters
    ----------
    probabilities
        Of rows that the models had not seen, shape (n, k).
    codes, weights
        Class of each row, and how much it counts, shape (n,).

    References
    ----------
    Guo, Pleiss, Sun, Weinberger 2017, On calibration of modern neural networks, ICML.
    """
    from scipy.optimize import minimize_scalar

    logs = np.log(np.clip(probabilities, LEAST, 1.0))
    at = np.arange(len(codes))

    def loss(log_t: float) -> float:
        tempered = logs / np.exp(log_t)
        top = tempered.max(axis=1, keepdims=True)
        norm = top[:, 0] + np.log(np.exp(tempered - top).sum(axis=1))
        return float(np.average(norm - tempered[at, codes], weights=weights))

    found = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def scaled(probabilities: FloatArray, at: float) -> FloatArray:
    """Return probabilities under a temperature; rows sum to 1."""
    logs = np.log(np.clip(probabilities, LEAST, 1.0)) / at
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class RightOf:
    """The share of some rows where the suggestion is the label, with its 95 % interval (Wilson).

    The interval is that of as many rows as the weights are worth (Kish).
    """

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A temperature, and how the suggestions made with it would do on rows whose label is known.

    Each of these rows is judged by models, and scaled by a temperature, that had not seen it.

    Attributes
    ----------
    at
        The temperature from all rows, for rows without a label.
    probability, is_right
        Of the most probable class of each row with a label, shape (n,).
    weights
        How many rows of the table each stands for, shape (n,).
    """

    at: float
    probability: FloatArray
    is_right: BoolArray
    weights: FloatArray

    @staticmethod
    def of(
        probabilities: FloatArray, codes: IntArray, fold: IntArray, weights: FloatArray
    ) -> Calibrated:
        """Fit it, and for each fold one more that leaves it out."""
        apart = np.empty_like(probabilities)
        for number in np.unique(fold):
            own = fold == number
            other = temperature(probabilities[~own], codes[~own], weights[~own])
            apart[own] = scaled(probabilities[own], other)
        return Calibrated(
            at=temperature(probabilities, codes, weights),
            probability=apart.max(axis=1),
            is_right=apart.argmax(axis=1) == codes,
            weights=weights,
        )

    def right_from(self, least: float, below: float = np.inf) -> RightOf | None:
        """Return how many are right of the rows in a band of probability; None for no row."""
        own = (self.probability >= least) & (self.probability < below)
        weights = self.weights[own]
        if not len(weights):
            return None
        share = float(np.average(self.is_right[own], weights=weights))
        worth = float(weights.sum() ** 2 / (weights**2).sum())
        low, high = wilson(share * worth, worth)
        return RightOf(share=share, low=low, high=high, n=int(own.sum()))

    def curve(self) -> Curve | None:
        """Return the reliability curve; None where fewer than two bands have enough rows."""
        x, y, low, high = [], [], [], []
        for start, end in zip(BANDS[:-1], (*BANDS[1:-1], np.inf), strict=True):
            found = self.right_from(start, end)
            if found is None or found.n < FEWEST:
                continue
            own = (self.probability >= start) & (self.probability < end)
            x.append(float(np.average(self.probability[own], weights=self.weights[own])))
            y.append(found.share)
            low.append(found.low)
            high.append(found.high)
        if len(x) < 2:  # noqa: PLR2004 - one point is no curve
            return None
        return Curve(
            name="How often the most probable class is the label, by its probability",
            x_axis="probability of the most probable class",
            y_axis="share of the rows with a label where it is the label",
            x=tuple(x),
            y=tuple(y),
            ci_low=tuple(low),
            ci_high=tuple(high),
        )
