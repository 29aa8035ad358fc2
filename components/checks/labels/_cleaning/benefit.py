"""What cleaning labels brings: models trained with labels as they are, corrected, or left out.

Each is scored on the same rows, which it had not seen: those whose label nobody has changed. Rows
that people looked at are not enough for it: they were chosen because models contradict them, so
that any other model looks better on them. Labels that nobody has looked at count as they are in the
file; where these are wrong in the same way as those that were changed, the gain is understated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray
from components.checks._lib.probe import deal_folds, fit_probe
from components.checks.labels._prepare import Material, prepare
from components.checks.labels.label_errors import LabelErrorParams
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext
from components.core.judgement.parameters import with_values

IntArray = NDArray[np.int64]

JUDGED_BY = "labels.label_errors"
"""The check whose settings for rows and folds count here, too."""
FEWEST_CHANGED = 10
"""Rows changed or left out below which no difference could be seen (ours)."""
FEWEST_SCORED = 100
"""Rows to score on, at least (ours): the interval is then some 10 points wide."""
REPEATS, FEW_ROWS = 3, 2_000
"""Times that rows are dealt to folds anew, in tables of at most so many rows (ours)."""
DRAWS = 1_000
"""Bootstrap samples, of rows that belong together."""
LEFT_OUT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedLabels:
    """Labels that people have changed, and rows that they left out.

    Attributes
    ----------
    label
        The new label; None for a row that is left out; shape (n,).
    """

    row_id: IntArray
    label: NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedAccuracy:
    """The share of rows predicted right, each class counting the same.

    Attributes
    ----------
    low, high
        Ends of the 95 % bootstrap interval.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningBenefit:
    """What training on cleaned labels brings.

    Attributes
    ----------
    n_rows, n_changed, n_left_out
        Rows that models are trained on, and how many of them were changed and left out by people.
    n_scored
        Rows that nobody has changed: those that are scored.
    as_is, corrected, without
        Scores with labels as they are, with those changed, and without the rows changed.
    corrected_gain, without_gain
        Differences from ``as_is``, in [-1, 1].
    """

    n_rows: int
    n_changed: int
    n_left_out: int
    n_scored: int
    as_is: BalancedAccuracy
    corrected: BalancedAccuracy
    without: BalancedAccuracy
    corrected_gain: BalancedAccuracy
    without_gain: BalancedAccuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """Why nothing is said: what is there of what it needs."""

    n_touched: int
    n_scored: int


def cleaning_benefit(
    table: Table,
    run: RunContext,
    reviewed: ReviewedLabels,
    *,
    spelled: Callable[[str], str],
) -> CleaningBenefit | TooFew:
    """Measure it, with the models that judge labels, on as many rows as in the run.

    Parameters
    ----------
    spelled
        Gives how the reviewed labels spell a class.

    Raises
    ------
    NotApplicable
        When the label has no classes with enough rows, also after the review, or no column is left
        to read.
    Cancelled
        When a person asked to stop.
    """
    asked = with_values(LabelErrorParams, run.params.get(JUDGED_BY, {}), JUDGED_BY)
    material = prepare(table, run, max_rows=asked.max_rows, folds=asked.folds)
    corrected, is_touched = _corrected(material, reviewed, spelled)
    scored = np.flatnonzero(~is_touched)
    if is_touched.sum() < FEWEST_CHANGED or len(scored) < FEWEST_SCORED:
        return TooFew(n_touched=int(is_touched.sum()), n_scored=len(scored))
    without = np.where(is_touched, LEFT_OUT, material.codes)
    treatments = (material.codes, corrected, without)
    right = _right(material, treatments, scored, asked.folds, run)
    found = _ScoredRows(material.codes[scored], material.sets[scored], right)
    scores, gains = found.scores(run.seed)
    return CleaningBenefit(
        n_rows=len(material.codes),
        n_changed=int((is_touched & (corrected != LEFT_OUT)).sum()),
        n_left_out=int((is_touched & (corrected == LEFT_OUT)).sum()),
        n_scored=len(scored),
        as_is=scores[0],
        corrected=scores[1],
        without=scores[2],
        corrected_gain=gains[0],
        without_gain=gains[1],
    )


def _corrected(
    material: Material, reviewed: ReviewedLabels, spelled: Callable[[str], str]
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the class of each row after the review, and which rows it has touched.

    A label of a class that is not judged leaves its row out.
    """
    known = {spelled(name): code for code, name in enumerate(material.classes)}
    codes, is_touched = material.codes.copy(), np.zeros(len(material.codes), dtype=bool)
    place = {int(row): i for i, row in enumerate(material.row_id.tolist())}
    for row, label in zip(reviewed.row_id.tolist(), reviewed.label.tolist(), strict=True):
        at = place.get(int(row))
        code = LEFT_OUT if label is None else known.get(label, LEFT_OUT)
        if at is not None and code != codes[at]:
            codes[at], is_touched[at] = code, True
    return codes, is_touched


def _right(
    material: Material,
    treatments: tuple[IntArray, ...],
    scored: IntArray,
    folds: int,
    run: RunContext,
) -> FloatArray:
    """Return how often each scored row is predicted right, by treatment, shape (t, n)."""
    repeats = REPEATS if len(material.codes) <= FEW_ROWS else 1
    right, steps = np.zeros((len(treatments), len(scored))), repeats * len(treatments)
    for repeat in range(repeats):
        fold = deal_folds(material.sets, material.codes, folds, run.seed + repeat)
        if not all(_is_trainable(codes, fold) for codes in treatments):
            raise NotApplicable(
                "What was changed leaves fewer than two classes with enough rows to train models."
            )
        for number, codes in enumerate(treatments):
            begun = (repeat * len(treatments) + number) / steps
            says = _predicted(material, codes, fold, run.seed, _part(run, begun, steps))
            right[number] += says[scored] == material.codes[scored]
    return right / repeats


def _is_trainable(codes: IntArray, fold: IntArray) -> bool:
    """Whether each fold has rows, and two classes or more are left without it."""
    kept = codes != LEFT_OUT
    return all(
        (kept & (fold == number)).any()
        and len(np.unique(codes[kept & (fold != number)])) > 1  # two classes
        for number in range(int(fold.max()) + 1)
    )


def _part(run: RunContext, begun: float, steps: int) -> Callable[[float], None]:
    return lambda done: run.progress(begun + done / steps, "Training models")


def _predicted(
    material: Material,
    codes: IntArray,
    fold: IntArray,
    seed: int,
    progress: Callable[[float], None],
) -> IntArray:
    """Return the class that models predict for each row that is not left out."""
    kept = np.flatnonzero(codes != LEFT_OUT)
    probe = fit_probe(
        material.rows.rows(kept),
        material.encoder.is_code,
        codes[kept],
        fold[kept],
        seed=seed,
        keep_all=False,
        progress=progress,
    )
    says = np.full(len(codes), LEFT_OUT)
    says[kept] = probe.probabilities.argmax(axis=1)
    return says


@dataclass(frozen=True, slots=True)
class _ScoredRows:
    """Scored rows: class, which belong together, and how often each is predicted right, (t, n)."""

    codes: IntArray
    sets: NDArray[np.uint64]
    right: FloatArray

    def scores(self, seed: int) -> tuple[list[BalancedAccuracy], list[BalancedAccuracy]]:
        """Return the score of each treatment, and differences from the first, with intervals."""
        n_sets, of_row = self._numbered()
        random = np.random.default_rng(seed)
        times = random.multinomial(n_sets, np.full(n_sets, 1.0 / n_sets), size=DRAWS)
        drawn = np.array([self._balanced(of_set[of_row].astype(np.float64)) for of_set in times])
        seen = self._balanced(np.ones(len(self.codes)))
        scores = [_score(seen[t], drawn[:, t]) for t in range(len(seen))]
        gains = [_score(seen[t] - seen[0], drawn[:, t] - drawn[:, 0]) for t in range(1, len(seen))]
        return scores, gains

    def _numbered(self) -> tuple[int, IntArray]:
        found, of_row = np.unique(self.sets, return_inverse=True)
        return len(found), of_row.astype(np.int64)

    def _balanced(self, weight: FloatArray) -> FloatArray:
        """Return the balanced accuracy of each treatment where rows have weights, shape (t,)."""
        total = np.bincount(self.codes, weights=weight)
        there = total > 0
        by_class = [
            np.bincount(self.codes, weights=weight * right)[there] / total[there]
            for right in self.right
        ]
        return np.asarray([float(share.mean()) for share in by_class])


def _score(value: float, drawn: FloatArray) -> BalancedAccuracy:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return BalancedAccuracy(value=float(value), low=float(low), high=float(high))
