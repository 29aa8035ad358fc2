"""From probabilities to flags and qualities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.features import FloatArray
from components.checks._lib.stats import wilson
from components.core.judgement.row_evidence import BoolArray, IntArray, TextArray

LIKELY = 5
"""Classes of a flagged row whose probabilities are kept."""
NOTHING = -1.0
"""A cut that flags no label."""
SURE = 0.8
"""Probability of the most probable class from which models are sure of a row (our choice)."""


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
    """A judgement per row; all arrays have shape (n,).

    Attributes
    ----------
    likely
        Of each flagged row ``((code, probability), ...)`` of :data:`LIKELY` classes, the given one
        among them, the most probable first; None for other rows.
    """

    row_id: IntArray
    given: IntArray
    suggested: IntArray
    confidence: FloatArray
    margin: FloatArray
    flagged: BoolArray
    likely: TextArray

    @property
    def quality(self) -> FloatArray:
        """Half the margin for flagged rows, half above it for the others.

        So a flagged row is always below 0.5 and any other row is not, and the order within
        both parts is that of the normalised margin.
        """
        return np.where(self.flagged, 0.5 * self.margin, 0.5 + 0.5 * self.margin)

    def most_frequent(self) -> tuple[int, int, int] | None:
        """Return the given and the suggested class that more flagged rows have than any others.

        And how many; None where two pairs are as frequent, or none comes twice.
        """
        pairs = np.stack([self.given[self.flagged], self.suggested[self.flagged]])
        found, counts = np.unique(pairs, axis=1, return_counts=True)
        most = int(counts.max(initial=0))
        if most <= 1 or (counts == most).sum() > 1:
            return None
        given, suggested = found[:, int(counts.argmax())]
        return int(given), int(suggested), most

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
            likely=np.concatenate([p.likely for p in parts]),
        )


def learn_rule(probabilities: FloatArray, codes: IntArray, lead: float) -> Rule:
    """Ask cleanlab how many labels look wrong, and how low their margin is."""
    from cleanlab.filter import find_label_issues

    base = find_label_issues(codes, probabilities, filter_by="low_normalized_margin", n_jobs=1)
    margin = _margin(probabilities, codes)
    own = probabilities[np.arange(len(codes)), codes]
    size = np.maximum(1, np.bincount(codes, minlength=probabilities.shape[1]))
    typical = np.bincount(codes, weights=own, minlength=probabilities.shape[1]) / size
    cut = float(margin[base].max()) if base.any() else NOTHING
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
        likely=_likely(probabilities, codes, flagged),
    )


def _likely(probabilities: FloatArray, codes: IntArray, flagged: BoolArray) -> TextArray:
    """Return the most probable classes of the flagged rows, the given one always among them."""
    told = np.full(len(codes), None, dtype=object)
    at = np.flatnonzero(flagged)
    best = np.argsort(-probabilities[at], axis=1, kind="stable")[:, :LIKELY]
    for row, classes in zip(at.tolist(), best.tolist(), strict=True):
        given = int(codes[row])
        shown = classes if given in classes else [*classes[:-1], given]
        told[row] = tuple((code, round(float(probabilities[row, code]), 4)) for code in shown)
    return told


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
    surest
        Rows in the quarter with the highest probability of any class.
    contradicted
        Those of them where the label is another one.
    surest_low, surest_high
        The 95 % interval of their share.
    sure
        Rows whose most probable class has a probability of :data:`SURE` or more.
    """

    n: int
    accuracy: float
    low: float
    high: float
    majority: float
    surest: int
    contradicted: int
    surest_low: float
    surest_high: float
    sure: int

    @property
    def beyond(self) -> float:
        """How much more often labels are contradicted in all rows than in the surest quarter."""
        return 1.0 - self.accuracy - self.contradicted / max(1, self.surest)


def skill(probabilities: FloatArray, codes: IntArray) -> Skill:
    """Compare the probe with the frequencies of the classes, and look at its surest rows."""
    n, k = probabilities.shape
    right = probabilities.argmax(axis=1) == codes
    low, high = wilson(int(right.sum()), n)
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")[: max(1, n // 4)]
    contradicted = int((~right[surest]).sum())
    ends = wilson(contradicted, len(surest))
    return Skill(
        n=n,
        accuracy=float(right.mean()),
        low=low,
        high=high,
        majority=float(np.bincount(codes, minlength=k).max() / n),
        surest=len(surest),
        contradicted=contradicted,
        surest_low=ends[0],
        surest_high=ends[1],
        sure=int((probabilities.max(axis=1) >= SURE).sum()),
    )
