"""Each label of a list against all rows without it, by models that had not seen the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features, words
from components.checks._lib.encoder import Encoded, fit_encoder
from components.checks._lib.features import FloatArray
from components.checks._lib.probe import deal_folds
from components.checks.labels._learning.told_apart import PairShare, with_interval
from components.checks.labels._searching.linked_rows import carriers, named, value_keys
from components.checks.labels._several.lists import Labels, ListForm
from components.core.data.query import Missing, Not
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import BoolArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

TREES = 100
PAIR_ROWS = 2_000
"""Rows of which all pairs are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSets:
    """Rows with their lists of labels.

    Attributes
    ----------
    cells
        The cells as the file writes them, shape (n,).
    lists
        Their labels.
    labels
        Those that are judged, the most frequent first.
    has
        Which row has which of them, shape (n, m).
    sets
        Equal for rows that belong together, shape (n,).
    rare
        Labels in too few rows to be judged, or in too many, and in how many rows each is.
    n_no_list
        Rows whose cell is no list of labels.
    """

    label: str
    form: ListForm
    row_id: IntArray
    cells: tuple[str, ...]
    lists: tuple[Labels, ...]
    labels: tuple[str, ...]
    has: BoolArray
    sets: NDArray[np.uint64]
    rows: Encoded
    columns: tuple[str, ...]
    rare: dict[str, int]
    n_no_list: int
    n_labelled: int


def drawn(table: Table, run: RunContext, *, max_rows: int, least: int, most: int) -> LabelSets:
    """Draw rows and read their lists.

    Raises
    ------
    NotApplicable
        When no column is left to read, or no label is in enough rows.
    """
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the check say so
    plan = features.plan(table.version)
    if not plan.names:
        raise NotApplicable("No input column is left to judge the labels with.")
    names = list(dict.fromkeys([label.name, *plan.names, *carriers(table.version)]))
    where = Not(Missing(label.name))
    sample = table.sample(max_rows, seed=run.seed, columns=names, where=where)
    form = ListForm.of([str(cell) for cell in sample.frame[label.name]])
    lists = [form.split(str(cell)) for cell in sample.frame[label.name]]
    is_list = np.array([one is not None for one in lists], dtype=bool)
    frame = sample.frame[is_list].reset_index(drop=True)
    kept = [one for one in lists if one is not None]
    judged, rare = _counted(kept, least, most)
    if not judged:
        raise NotApplicable(
            f"No label in {words.quoted(label.name)} is in {least} rows or more, and missing in as "
            "many."
        )
    has = np.array([[name in one for name in judged] for one in kept], dtype=bool)
    return LabelSets(
        label=label.name,
        form=form,
        row_id=sample.row_id[is_list],
        cells=tuple(str(cell) for cell in frame[label.name]),
        lists=tuple(kept),
        labels=judged,
        has=has,
        sets=_sets(frame, plan.names, carriers(table.version)),
        rows=fit_encoder(frame, plan, seed=run.seed).encode(frame),
        columns=plan.names,
        rare=rare,
        n_no_list=int((~is_list).sum()),
        n_labelled=sample.n_total,
    )


def _sets(
    frame: pd.DataFrame, names: tuple[str, ...], whose: tuple[str, ...]
) -> NDArray[np.uint64]:
    keys = features.content_keys(frame, names)
    linked = (value_keys(frame, name, keys) for name in whose)
    return named([features.without_cells(keys), *linked])


def _counted(lists: list[Labels], least: int, most: int) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the labels that are judged, and those in too few rows or too many."""
    counts: dict[str, int] = {}
    for one in lists:
        for name in one:
            counts[name] = counts.get(name, 0) + 1
    order = sorted(counts, key=lambda name: (-counts[name], name))
    enough = [name for name in order if least <= counts[name] <= len(lists) - least][:most]
    return tuple(enough), {name: counts[name] for name in order if name not in enough}


def out_of_fold(found: LabelSets, run: RunContext, folds: int) -> tuple[FloatArray, IntArray]:
    """Return the probability of each label in each row, and the fold of each row.

    The mean of randomised trees of all labels together, and of a logistic regression of each.
    """
    has, rows = found.has, found.rows
    _, code = np.unique(has, axis=0, return_inverse=True)
    fold = deal_folds(found.sets, code.astype(np.int64), folds, run.seed)
    chance = np.zeros(has.shape)
    for number in range(folds):
        run.progress(0.1 + 0.7 * number / folds, "Training models of each label")
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(test) and len(train):
            chance[test] = _predicted(rows, has, train, test, run)
    return chance, fold


def _predicted(
    rows: Encoded,
    has: BoolArray,
    train: NDArray[np.intp],
    test: NDArray[np.intp],
    run: RunContext,
) -> FloatArray:
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.linear_model import LogisticRegression

    trees = ExtraTreesClassifier(TREES, min_samples_leaf=3, random_state=run.seed, n_jobs=1)
    trees.fit(rows.trees[train], has[train].astype(np.int64))
    told = trees.predict_proba(rows.trees[test])
    by_trees = told if isinstance(told, list) else [told]
    chance = np.zeros((len(test), has.shape[1]))
    for place, shares in enumerate(by_trees):
        own = has[train, place]
        if own.all() or not own.any():  # this part of the rows knows one answer only
            chance[:, place] = float(own[0])
            continue
        linear = LogisticRegression(max_iter=200).fit(rows.linear[train], own)
        chance[:, place] = (shares[:, 1] + linear.predict_proba(rows.linear[test])[:, 1]) / 2.0
    return chance


def told_apart(found: LabelSets, chance: FloatArray, folds: int, seed: int) -> list[PairShare]:
    """Return how often the models tell a row with a label from one without it, for each label."""
    n = len(found.row_id)
    at = np.arange(n)
    if n > PAIR_ROWS:
        at = np.sort(np.random.default_rng(seed).choice(n, PAIR_ROWS, replace=False))
    return [
        with_interval(
            np.column_stack([1.0 - chance[at, place], chance[at, place]]),
            found.has[at, place].astype(np.float64),
            found.sets[at],
            folds,
        )
        for place in range(len(found.labels))
    ]
