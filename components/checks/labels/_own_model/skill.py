"""Whether the given probabilities tell the label better than guessing."""

from __future__ import annotations

import numpy as np

from components.checks.labels._learning.learnable import LearnabilityParams, Learnable
from components.checks.labels._learning.told_apart import PairShare, with_interval
from components.checks.labels._own_model.given import GivenProbabilities
from components.checks.labels._own_model.said import whose
from components.checks.labels._searching.linked_rows import carriers, named, value_keys
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import IntArray

FOLDS = 5
"""Parts that the models are taken to have been trained with: how many is not known, and the
interval is widened for the overlap of so many."""


def told_by(
    given: GivenProbabilities, table: Table, params: LearnabilityParams, run: RunContext
) -> Learnable:
    """Return how well pairs of rows with different labels are told apart by the probabilities.

    Rows of one person, device or customer count as one; labels are not shuffled, as nothing is
    trained: a label that has nothing to do with the probabilities gets half of the pairs.
    """
    at = _drawn(len(given.row_id), params.max_rows, run.seed)
    told = with_interval(
        given.probabilities[at],
        given.codes[at].astype(np.float64),
        _sets(table, given.row_id[at]),
        FOLDS,
    )
    counts = np.bincount(given.codes, minlength=given.n_named)
    rarest = int(counts[: given.n_named].argmin())
    return Learnable(
        n_rows=len(at),
        n_total=given.n_usable,
        told=told,
        p=_by_chance(told),
        level=params.level,
        easy=float("inf"),  # that a column gives the answer away is not the question here
        rarest=(given.classes[rarest], int(counts[rarest])),
        notes=(f"Told by the probabilities in {whose(given.columns)}.",),
        told_by=whose(given.columns),
    )


def _drawn(n: int, most: int, seed: int) -> IntArray:
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def _sets(table: Table, row_id: IntArray) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return what is equal for rows of one person, device or customer, shape (n,)."""
    names = list(carriers(table.version))
    alone = row_id.astype(np.uint64)
    if not names:
        return alone
    frame = table.rows(row_id, columns=names).reset_index(drop=True)
    return named([alone, *(value_keys(frame, name, alone) for name in names)])


def _by_chance(told: PairShare) -> float:
    from scipy import stats

    return float(stats.norm.sf((told.value - 0.5) / max(told.error, 1e-6)))
