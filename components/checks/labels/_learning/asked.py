"""Whether a label can be learned at all: held against guessing, and against shuffled labels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features
from components.checks._lib.encoder import Encoded, fit_encoder
from components.checks._lib.features import FloatArray
from components.checks._lib.label_leaks import asked_limits, given_away_by
from components.checks._lib.probe import deal_folds
from components.checks._lib.single_columns import single_columns
from components.checks.labels._learning.learnable import LearnabilityParams, Learnable
from components.checks.labels._learning.together import Together, easy_together, missing_together
from components.checks.labels._learning.told_apart import PairShare, share_right, with_interval
from components.checks.labels._prepare import class_sizes, columns_read, draw
from components.checks.labels._searching.linked_rows import carriers, linked
from components.core.data.dataset import DatasetVersion, Task
from components.core.data.query import Missing, Not
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

FOLDS = 5
MAX_CLASSES = 20
TREES = 40
LEAF_ROWS = 5
LEAST_ROWS = 4 * FOLDS
FIRST_LOOK = 5
"""Shufflings after which a label that stands far out needs no more."""
FAR_OUT = 0.0005
STRATA = 10
"""Parts of a numeric label that the folds share evenly."""

NOTHING_KNOWN = PairShare(0.5, 0.5)


def assess(table: Table, params: LearnabilityParams, run: RunContext) -> Learnable:
    """Ask once per run whether the label can be learned.

    Raises
    ------
    NoColumnLeft
        When no column is left to learn from.
    """
    return run.shared(f"labels.learnable {params}", lambda: _assess(table, params, run))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """Rows to learn from; ``label`` is a class number, or the rank of an amount."""

    rows: Encoded
    label: FloatArray
    n_classes: int
    content: NDArray[np.uint64]
    sets: NDArray[np.uint64]
    seed: int

    def told(self) -> PairShare:
        """Return how well the labels are told of rows that are held out with all their set."""
        return with_interval(self.scores(self.label, self.sets), self.label, self.sets, FOLDS)

    def scores(self, label: FloatArray, sets: NDArray[np.uint64]) -> FloatArray:
        """Return out-of-fold scores per row and class, shape (n, k); (n, 1) for numbers."""
        strata = label if self.n_classes else np.floor(label * STRATA / len(label))
        fold = deal_folds(sets, strata.astype(np.int64), FOLDS, self.seed)
        target = targets(label, self.n_classes)
        found = np.zeros_like(target)
        for number in range(FOLDS):
            train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            if len(test) and len(train):
                found[test] = self._predicted(train, test, target)
        return np.hstack([-found, found]) if 0 < self.n_classes == found.shape[1] + 1 else found

    def _predicted(
        self, train: NDArray[np.intp], test: NDArray[np.intp], target: FloatArray
    ) -> FloatArray:
        from sklearn.ensemble import ExtraTreesRegressor
        from sklearn.linear_model import Ridge

        width = self.rows.trees.shape[1]
        linear = Ridge(alpha=max(1.0, float(self.rows.linear.shape[1])))
        linear.fit(self.rows.linear[train], target[train])
        trees = ExtraTreesRegressor(
            TREES,
            min_samples_leaf=LEAF_ROWS,
            max_features=min(width, max(8, 2 * round(width**0.5))),
            random_state=self.seed,
            n_jobs=1,
        )
        own = target[train].ravel() if target.shape[1] == 1 else target[train]
        trees.fit(self.rows.trees[train], own)
        both = linear.predict(self.rows.linear[test]).reshape(len(test), -1)
        return np.asarray(both + trees.predict(self.rows.trees[test]).reshape(len(test), -1))


def targets(label: FloatArray, n_classes: int) -> FloatArray:
    """Return what the models are fitted to, shape (n, m).

    One column per class; one for two classes; the normal score of its rank for an amount.
    """
    if n_classes > 2:  # noqa: PLR2004 - one column stands for two classes
        return np.eye(n_classes)[label.astype(np.intp)]
    if n_classes:
        return label[:, None].copy()
    from scipy.special import ndtri

    return np.asarray(ndtri((label + 0.5) / len(label)))[:, None]


def _assess(table: Table, params: LearnabilityParams, run: RunContext) -> Learnable:
    drawn = _drawn(table, params, run)
    least = len(np.unique(drawn.label)) < 2  # noqa: PLR2004 - no pair differs
    empty = Learnable(
        is_single=least and len(drawn.label) >= FOLDS,
        n_rows=len(drawn.label),
        n_total=drawn.n_total,
        told=NOTHING_KNOWN,
        level=params.level,
        easy=params.easy,
        left_out=given_away_by(table, run),
        rarest=drawn.rarest,
        notes=drawn.notes,
    )
    if least or len(drawn.label) < LEAST_ROWS:
        return empty
    trial, linked_by = drawn.trial(table, run.seed)
    run.progress(0.2, "Learning the label")
    told = trial.told()
    if _by_interval(told) < params.level:  # of contents that no model has seen, too
        trial = drawn.with_cells_apart(trial, table)
        told = trial.told()
    found = replace(empty, told=told, linked_by=linked_by)
    found = _against_shuffled(found, trial, params, run)
    if found.is_learnable and found.is_very_easy:
        return replace(found, together=_together(table, drawn, params, run))
    if found.is_learnable or not linked_by:
        return found
    near = trial.scores(trial.label, trial.content)
    return replace(found, repeats=with_interval(near, trial.label, trial.content, FOLDS))


def _together(
    table: Table, drawn: _Drawn, params: LearnabilityParams, run: RunContext
) -> Together | None:
    """Ask which few columns make a label so easy; not those of which it is said to be right."""
    run.progress(0.9, "Looking for columns that give the label away together")
    limits = asked_limits(run)
    asked = [name for name in drawn.plan.names if not limits.is_known(name)]
    scores = single_columns(table, run)
    strength = {scored.column: scored.score for scored in scores.columns}
    for absence in scores.absences:
        said = strength.get(absence.column, 0.0)
        strength[absence.column] = max(said, absence.separation)
    return easy_together(
        missing_together({name: drawn.frame[name].isna().to_numpy() for name in asked}),
        strength,
        lambda names: drawn.without(table.version, names).trial(table, run.seed)[0].told(),
        ordinary=params.ordinary,
        few=params.few,
    )


def _by_interval(told: PairShare) -> float:
    """Return the chance of such a result by guessing, from its interval."""
    from scipy import stats

    return float(stats.norm.sf((told.value - 0.5) / max(told.error, 1e-6)))


def _against_shuffled(
    found: Learnable, trial: _Trial, params: LearnabilityParams, run: RunContext
) -> Learnable:
    """Shuffle the labels until it is plain whether the true ones are told better.

    The chance of the result is the larger of two: that of Student's t over the shufflings, and that
    of the interval.
    """
    from scipy import stats

    rng = np.random.default_rng(run.seed)
    shares: list[float] = []
    p, least = 1.0, _by_interval(found.told)
    while len(shares) < params.shufflings:
        run.progress(0.3 + 0.6 * len(shares) / params.shufflings, "Learning shuffled labels")
        label = shuffled(trial.label, trial.sets, rng)
        shares.append(share_right(trial.scores(label, trial.sets), label))
        if len(shares) < FIRST_LOOK:
            continue
        spread = max(float(np.std(shares, ddof=1)), 1e-6) * (1.0 + 1.0 / len(shares)) ** 0.5
        apart = (found.told.value - float(np.mean(shares))) / spread
        p = float(stats.t.sf(apart, len(shares) - 1)) if found.told.value > max(shares) else 1.0
        if len(shares) == FIRST_LOOK and (p < FAR_OUT or least >= params.level):
            break
    return replace(found, shuffled=float(np.mean(shares)), n_shuffled=len(shares), p=max(p, least))


def shuffled(label: FloatArray, sets: NDArray[np.uint64], rng: np.random.Generator) -> FloatArray:
    """Return the labels dealt anew; those of rows that belong together stay side by side."""
    order = np.argsort(sets, kind="stable")
    _, start = np.unique(sets[order], return_index=True)
    blocks = np.split(order, start[1:])
    dealt = np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])
    anew = np.empty_like(label)
    anew[order] = label[dealt]
    return anew


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Rows as they were drawn, in an order that depends on their contents only."""

    frame: pd.DataFrame
    plan: features.Plan
    content: NDArray[np.uint64]
    label: FloatArray
    n_classes: int
    n_total: int
    rarest: tuple[str, int] | None
    notes: tuple[str, ...]

    def trial(self, table: Table, seed: int) -> tuple[_Trial, tuple[str, ...]]:
        """Encode the rows and link those that belong together."""
        rows = fit_encoder(self.frame, self.plan, seed=seed).encode(self.frame)
        target = targets(self.label, self.n_classes)
        found = linked(self.frame, self.content, table.version, target, rows.linear)
        trial = _Trial(
            rows=rows,
            label=self.label,
            n_classes=self.n_classes,
            content=features.without_cells(self.content),
            sets=found.keys,
            seed=seed,
        )
        return trial, found.by

    def without(self, version: DatasetVersion, names: Collection[str]) -> _Drawn:
        """Return the same rows, of which models read some columns less."""
        kept = set(self.plan.names).difference(names)
        others = {column.name for column in version.inputs if column.name not in kept}
        return replace(self, plan=features.plan(version, leave_out=others))

    def with_cells_apart(self, trial: _Trial, table: Table) -> _Trial:
        """Return the trial with a set for each row whose content chance makes as often."""
        expected = features.expected_counts(self.frame, self.plan.names)
        apart = features.without_cells(self.content, expected)
        if np.array_equal(apart, trial.content):
            return trial
        target = targets(self.label, self.n_classes)
        found = linked(
            self.frame, self.content, table.version, target, trial.rows.linear, expected=expected
        )
        return replace(trial, content=apart, sets=found.keys)


def _drawn(table: Table, params: LearnabilityParams, run: RunContext) -> _Drawn:
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the checks say so
    plan, notes = columns_read(table, run)
    names = list(dict.fromkeys([label.name, *plan.names, *carriers(table.version)]))
    if table.version.task is Task.CLASSIFICATION:
        sizes = class_sizes(table, label.name)
        kept = {v: n for v, n in [*sizes.items()][:MAX_CLASSES] if n >= FOLDS}
        if len(sizes) > len(kept):
            notes = (*notes, f"Only the {len(kept)} largest of {len(sizes):,} classes were read.")
        chosen = kept or dict([*sizes.items()][:1])
        frame, row_id = draw(table, run, names, chosen, params.max_rows)
        given = features.value_names(frame[label.name], label.spelling)
        n_classes, n_total = len(chosen), sum(chosen.values())
        rarest = min(((label.text_of(v), n) for v, n in chosen.items()), key=lambda c: c[1])
        y = given.factorize(sort=True)[0].astype(np.float64)
    else:
        drawn = table.sample(
            params.max_rows, seed=run.seed, columns=names, where=Not(Missing(label.name))
        )
        frame, row_id, n_classes, n_total = drawn.frame, drawn.row_id, 0, drawn.n_total
        rarest = None
        y = _ranked(features.number_values(frame[label.name]))
    content = features.content_keys(frame, plan.names)
    order = np.lexsort((row_id, y, features.mixed(content, run.seed)))
    return _Drawn(
        frame=frame.iloc[order].reset_index(drop=True),
        plan=plan,
        content=content[order],
        label=y[order],
        n_classes=n_classes,
        n_total=n_total,
        rarest=rarest,
        notes=notes,
    )


def _ranked(values: FloatArray) -> FloatArray:
    """Return the rank of each amount from 0, the mean one for equal amounts."""
    from scipy import stats

    return np.asarray(stats.rankdata(values)) - 1.0
