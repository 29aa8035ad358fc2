"""Which labels of a list the other rows contradict, and what the list may be instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks.labels._learning.told_apart import PairShare
from components.checks.labels._several.lists import changed
from components.checks.labels._several.models import LabelSets
from components.core.judgement.row_evidence import BoolArray, TextArray


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLists:
    """A judgement of each label in each row.

    Attributes
    ----------
    chance
        The probability of each label in each row, out of fold, shape (n, m).
    told
        How often models tell a row with a label from one without, for each label.
    learnt
        Which labels the models tell better than guessing, shape (m,).
    flagged
        Which labels are contradicted, in which rows, shape (n, m).
    quality
        Of each row, in [0, 1]; below 0.5 for rows with a contradicted label only.
    """

    found: LabelSets
    chance: FloatArray
    told: list[PairShare]
    learnt: BoolArray
    flagged: BoolArray
    quality: FloatArray

    @property
    def rows(self) -> BoolArray:
        """Rows with a contradicted label, shape (n,)."""
        return np.asarray(self.flagged.any(axis=1))

    @property
    def n_added(self) -> int:
        """Labels that are missing in a row, as the models say."""
        return int((self.flagged & ~self.found.has).sum())

    @property
    def n_taken(self) -> int:
        """Labels that are there and should not be, as the models say."""
        return int((self.flagged & self.found.has).sum())

    def suggested(self) -> TextArray:
        """Return the cell that each contradicted row would have; None for other rows."""
        found, texts = self.found, np.full(len(self.rows), None, dtype=object)
        for row in np.flatnonzero(self.rows).tolist():
            added, taken = self._of(row)
            labels = changed(found.lists[row], added, taken)
            texts[row] = found.form.joined(labels, found.cells[row])
        return texts

    def reasons(self) -> TextArray:
        """Return what is to be added and taken away, with the probability of each label."""
        texts = np.full(len(self.rows), None, dtype=object)
        for row in np.flatnonzero(self.rows).tolist():
            parts = [self._change(row, place) for place in self._order(row)]
            texts[row] = "; ".join(parts)
        return texts

    def _change(self, row: int, place: int) -> str:
        name, chance = words.quoted(self.found.labels[place]), self.chance[row, place]
        change = f"take {name} away" if self.found.has[row, place] else f"add {name}"
        return f"{change} (probability {words.share(chance)})"

    def confidence(self) -> FloatArray:
        """Return the probability of the least sure change of each row; 0 for other rows."""
        own = np.where(self.found.has, 1.0 - self.chance, self.chance)
        least = np.where(self.flagged, own, np.inf).min(axis=1)
        return np.where(self.rows, least, 0.0)

    def _order(self, row: int) -> list[int]:
        """Return the contradicted labels of a row, the surest first."""
        places = np.flatnonzero(self.flagged[row])
        sure = np.abs(self.chance[row, places] - 0.5)
        return [int(p) for p in places[np.argsort(-sure, kind="stable")]]

    def _of(self, row: int) -> tuple[list[str], list[str]]:
        places = self._order(row)
        has = self.found.has[row]
        names = self.found.labels
        return [names[p] for p in places if not has[p]], [names[p] for p in places if has[p]]


def judge_lists(
    found: LabelSets, chance: FloatArray, told: list[PairShare], *, lead: float, level: float
) -> JudgedLists:
    """Ask cleanlab which labels look wrong, each alone; only those that can be learned.

    A flag must also lead by ``lead``, and the other answer must be as probable as it usually is in
    rows that have it (the rule of the confident joint).
    """
    from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class
    from cleanlab.multilabel_classification.rank import get_label_quality_scores_per_class
    from scipy import stats

    m = len(found.labels)
    by_chance = [float(stats.norm.sf((t.value - 0.5) / max(t.error, 1e-6))) for t in told]
    learnt = np.array([p < level / m for p in by_chance], dtype=bool)
    lists = [np.flatnonzero(row).tolist() for row in found.has]
    issues = find_multilabel_issues_per_class(
        lists, chance, filter_by="low_normalized_margin", n_jobs=1
    )
    scores = np.asarray(get_label_quality_scores_per_class(lists, chance), dtype=np.float64)
    other = np.where(found.has, 1.0 - chance, chance)
    flagged = np.asarray(issues, dtype=bool) & learnt & (2.0 * other - 1.0 >= lead)
    flagged &= other >= _typical(found.has, chance)
    worst = np.where(learnt, scores, 1.0).min(axis=1)
    rows = flagged.any(axis=1)
    return JudgedLists(
        found=found,
        chance=chance,
        told=told,
        learnt=learnt,
        flagged=flagged,
        quality=np.where(rows, 0.5 * worst, 0.5 + 0.5 * worst),
    )


def _typical(has: BoolArray, chance: FloatArray) -> FloatArray:
    """Return how probable the other answer usually is in rows that have it, shape (n, m)."""
    present = np.where(has, chance, 0.0).sum(axis=0) / np.maximum(1, has.sum(axis=0))
    absent = np.where(~has, 1.0 - chance, 0.0).sum(axis=0) / np.maximum(1, (~has).sum(axis=0))
    return np.asarray(np.where(has, absent, present), dtype=np.float64)
