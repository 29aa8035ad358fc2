"""How well each column alone predicts the label, for rows that were left out.

Shared by the search for leaks and by the search for label errors, which must not read a copy of
the label. This is what both decide by; how much a column tells about the label is said by its
predictive power, the number of the page of associations
(:mod:`components.profiling.pair_measures.label_power`). Why not by that: see ``README.md`` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.checks._lib import features
from components.checks._lib.absence import Absence, absences
from components.checks._lib.column_scores.classes import Classes, class_score
from components.checks._lib.column_scores.score import ColumnScore
from components.checks._lib.column_scores.time_order import FEWEST, n_changes, orders
from components.checks._lib.column_scores.variance import Numbers, variance_score
from components.core.data.dataset import Column, Role, Storage, Task
from components.core.data.query import Missing, Not
from components.core.data.table import IntArray, Table
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 20_000
MAX_CELLS = 8_000_000
WIDE = 300
"""Columns from which two folds are used instead of five."""
MIN_CLASS_ROWS = 10
"""Rows of a class below which it does not enter the mean over classes."""


@dataclass(frozen=True, slots=True)
class Steady:
    """A time along which the class changes ``n_changes`` times only."""

    time: str
    n_changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScores:
    """The scores of all columns, highest first.

    Attributes
    ----------
    n_rows, n_total
        Rows that were read, of all rows with a label.
    n_classes
        Classes that were compared; 0 for regression.
    steady
        The time along which the class hardly changes, None where there is none.
    """

    columns: tuple[ColumnScore, ...]
    absences: tuple[Absence, ...]
    n_rows: int
    n_total: int
    n_classes: int
    steady: Steady | None = None


def single_columns(table: Table, run: RunContext) -> ColumnScores:
    """Measure every input column once per run."""
    return run.shared("checks.single_columns", lambda: _measure(table, run))


def candidates(table: Table) -> tuple[Column, ...]:
    """Return the columns that are measured: inputs that are not free text or constant."""
    return tuple(
        c
        for c in table.version.inputs
        if not (c.storage is Storage.TEXT and (c.kind.is_wordy or c.role is Role.TEXT))
    )


def _measure(table: Table, run: RunContext) -> ColumnScores:
    label = table.version.label
    assert label is not None  # noqa: S101 - the needs of the checks say so
    columns = candidates(table)
    n = max(2_000, min(MAX_ROWS, MAX_CELLS // max(1, len(columns))))
    names = [label.name, *(c.name for c in columns)]
    drawn = table.sample(n, seed=run.seed, columns=names, where=Not(Missing(label.name)))
    keys = features.mixed(features.content_keys(drawn.frame, names), run.seed)
    order = np.argsort(keys, kind="stable")
    frame = drawn.frame.iloc[order].reset_index(drop=True)
    n_folds = 5 if len(columns) <= WIDE else 2
    fold = (features.without_cells(keys[order]) % np.uint64(n_folds)).astype(np.int64)
    classify = table.version.task is Task.CLASSIFICATION
    scored = (
        _classification(frame, label, columns, fold, run)
        if classify
        else _regression(frame, label, columns, fold, run)
    )
    return ColumnScores(
        columns=tuple(sorted(scored.columns, key=lambda p: (-p.score, p.column))),
        absences=tuple(absences(table, label)) if classify else (),
        n_rows=len(frame),
        n_total=drawn.n_total,
        n_classes=scored.n_classes,
        steady=scored.steady,
    )


@dataclass(frozen=True, slots=True)
class _ScoredColumns:
    columns: list[ColumnScore]
    n_classes: int = 0
    steady: Steady | None = None


def _classification(
    frame: pd.DataFrame, label: Column, columns: tuple[Column, ...], fold: IntArray, run: RunContext
) -> _ScoredColumns:
    names = features.value_names(frame[label.name], label.spelling)
    counts = names.value_counts()
    kept = sorted(str(c) for c, n in counts.items() if n >= MIN_CLASS_ROWS)
    if len(kept) < 2:  # noqa: PLR2004 - nothing to tell apart
        return _ScoredColumns([], len(kept))
    chosen = names.isin(kept).to_numpy()
    numbered = names[chosen].map({c: i for i, c in enumerate(kept)})
    y, part = np.asarray(numbered, dtype=np.int64), np.asarray(fold[chosen], dtype=np.int64)
    rows = frame[chosen].reset_index(drop=True)
    classes = Classes(y, len(kept), part, orders(rows, columns))
    scores = []
    for done, column in enumerate(columns):
        run.progress(0.9 * done / len(columns), f"Testing {done + 1:,} of {len(columns):,} columns")
        scores.append(class_score(rows[column.name], column, classes))
    return _ScoredColumns(scores, len(kept), _steady(classes))


def _regression(
    frame: pd.DataFrame, label: Column, columns: tuple[Column, ...], fold: IntArray, run: RunContext
) -> _ScoredColumns:
    raw = features.number_values(frame[label.name])
    y = np.clip(raw, *np.quantile(raw, [0.005, 0.995])) if len(raw) else raw
    if len(y) < MIN_CLASS_ROWS or not np.ptp(y) > 0:
        return _ScoredColumns([])
    numbers = Numbers(y, fold, orders(frame, columns))
    scores = []
    for done, column in enumerate(columns):
        run.progress(0.9 * done / len(columns), f"Testing {done + 1:,} of {len(columns):,} columns")
        scores.append(variance_score(frame[column.name], column, numbers))
    return _ScoredColumns(scores)


def _steady(classes: Classes) -> Steady | None:
    """Return the time along which classes change so seldom that nothing is said beside changes."""
    found = [Steady(order.column, n_changes(classes.y, order)) for order in classes.orders]
    least = min(found, key=lambda s: s.n_changes, default=None)
    return least if least is not None and 2 * least.n_changes < FEWEST else None
