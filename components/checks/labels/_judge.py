"""From probabilities to flags and qualities."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import wilson
from components.core.judgement.row_evidence import BoolArray, IntArray

CAUTIOUS = 2.33
"""One-sided 99 % normal quantile: a probe counts as informed beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where a label becomes suspicious, learnt from rows with out-of-fold probabilities.

    Attributes
    ----------
    cut
        Highest normalised margin that cleanlab flags, in [0, 1]; negative when it flags none.
    typical
        Mean probability of its own class, per class, shape (k,).
    lead
        Least difference between the probabilities of the suggested and of the given class.
    """

    cut: float
    typical: FloatArray
    lead: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement per row; all arrays have shape (n,)."""

    row_id: IntArray
    given: IntArray
    suggested: IntArray
    confidence: FloatArray
    margin: FloatArray
    flagged: BoolArray

    @property
    def quality(self) -> FloatArray:
        """Half the margin for flagged rows, half above it for the others.

        So a flagged row is always below 0.5 and any other row is not, and the order within
        both parts is that of the normalised margin.
        """
        return np.where(self.flagged, 0.5 * self.margin, 0.5 + 0.5 * self.margin)

    @staticmethod
    def of(parts: list[Judged]) -> Judged:
        """Return several judgements as one."""
        return Judged(
            row_id=np.concatenate([p.row_id for p in parts]),
            given=np.concatenate([p.given for p in parts]),
            suggested=np.concatenate([p.suggested for p in parts]),
            confidence=np.concatenate([p.confidence for p in parts]),
            margin=np.concatenate([p.margin for p in parts]),
            flagged=np.concatenate([p.flagged for p in parts]),
        )


def learn_rule(probabilities: FloatArray, codes: IntArray, lead: float) -> Rule:
    """Ask cleanlab how many labels look wrong, and how low their margin is."""
    from cleanlab.filter import find_label_issues

    base = find_label_issues(codes, probabilities, filter_by="low_normalized_margin", n_jobs=1)
    margin = _margin(probabilities, codes)
    own = probabilities[np.arange(len(codes)), codes]
    size = np.maximum(1, np.bincount(codes, minlength=probabilities.shape[1]))
    typical = np.bincount(codes, weights=own, minlength=probabilities.shape[1]) / size
    cut = float(margin[base].max()) if base.any() else -1.0
    return Rule(cut=cut, typical=typical, lead=lead)


def judge(probabilities: FloatArray, codes: IntArray, row_id: IntArray, rule: Rule) -> Judged:
    """Flag the labels that are beyond the cut, the class's typical confidence, and the lead."""
    index = np.arange(len(codes))
    others = probabilities.copy()
    others[index, codes] = -1.0
    best = others.argmax(axis=1)
    confidence = others[index, best]
    margin = _margin(probabilities, codes)
    flagged = (
        (margin <= rule.cut)
        & (confidence >= rule.typical[best])
        & (confidence - probabilities[index, codes] >= rule.lead)
    )
    return Judged(
        row_id=row_id,
        given=codes,
        suggested=probabilities.argmax(axis=1),
        confidence=probabilities.max(axis=1),
        margin=margin,
        flagged=flagged,
    )


def _margin(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    from cleanlab.rank import get_label_quality_scores

    scores = get_label_quality_scores(codes, probabilities, method="normalized_margin")
    return np.clip(np.asarray(scores, dtype=np.float64), 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """How good the probe is, on rows that it had not seen.

    Attributes
    ----------
    accuracy, low, high
        Share of the rows where it names the given label, with its 95 % interval.
    majority
        Share of the most frequent class.
    undoubted
        The same as ``accuracy`` among the rows that it does not flag.
    informed
        Whether it knows more than the frequencies of the classes, beyond chance.
    """

    n: int
    accuracy: float
    low: float
    high: float
    majority: float
    undoubted: float
    informed: bool


def skill(probabilities: FloatArray, codes: IntArray, flagged: BoolArray) -> Skill:
    """Compare the probe with the frequencies of the classes."""
    n, k = probabilities.shape
    right = probabilities.argmax(axis=1) == codes
    shares = np.bincount(codes, minlength=k) / n
    low, high = wilson(int(right.sum()), n)
    return Skill(
        n=n,
        accuracy=float(right.mean()),
        low=low,
        high=high,
        majority=float(shares.max()),
        undoubted=float(right[~flagged].mean()) if (~flagged).any() else 0.0,
        informed=_gains(probabilities, codes, shares) or _balanced(right, codes, k),
    )


def _gains(probabilities: FloatArray, codes: IntArray, shares: FloatArray) -> bool:
    """Whether the log loss beats that of the class frequencies."""
    own = np.clip(probabilities[np.arange(len(codes)), codes], 1e-6, 1.0)
    gain = np.log(own) - np.log(shares[codes])
    return bool(gain.mean() > CAUTIOUS * gain.std() / math.sqrt(len(gain)))


def _balanced(right: NDArray[np.bool_], codes: IntArray, k: int) -> bool:
    """Whether the mean of the shares of right rows per class beats guessing."""
    shares = [right[codes == c] for c in range(k)]
    error = math.sqrt(sum(s.var() / len(s) for s in shares)) / k
    return float(np.mean([s.mean() for s in shares])) > 1.0 / k + CAUTIOUS * error
