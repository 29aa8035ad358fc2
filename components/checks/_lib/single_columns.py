"""How well each column alone predicts the label, for rows that were left out.

Shared by the search for leaks and by the search for label errors, which must not read a copy of
the label. This is what both decide by; how much a column tells about the label is said by its
predictive power, the number of the page of associations
(:mod:`components.profiling.pair_measures.label_power`). Why not by that: see ``README.md`` here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.checks._lib import features
from components.checks._lib.absence import Absence, absences
from components.checks._lib.features import FloatArray
from components.checks._lib.stats import explained_interval, wilson
from components.core.data.dataset import Column, Kind, Role, Storage, Task
from components.core.data.query import Missing, Not
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

if TYPE_CHECKING:
    import pandas as pd

IntArray = NDArray[np.int64]

MAX_ROWS = 20_000
MAX_CELLS = 8_000_000
WIDE = 300
"""Columns from which two folds are used instead of five."""
MIN_CLASS_ROWS = 10
"""Rows of a class below which it does not enter the mean over classes."""
TIME_BLOCKS = 5
"""Stretches of time of equal size; each but the first is told from those before it."""
ENTITY_FROM = 0.5
"""Score from which it is asked whether a column names persons or devices."""
MIN_ENTITIES, MIN_ROWS_EACH, MAX_VALUE_SHARE, EVEN, MAX_EVEN_SHARE = 20, 1.5, 0.02, 3.0, 0.05
"""Lines of :func:`repeats`; ours."""
LEAVES = 32
LEAVES_REGRESSION = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScore:
    """How well one column alone predicts the label, out of sample.

    Attributes
    ----------
    score
        0 = no better than guessing, 1 = always right. Classification: balanced accuracy over
        guessing, (a - 1/k) / (1 - 1/k) for k classes; regression: share of
        the variance explained.
    low, high
        Ends of the 95 % interval.
    n_levels
        Different values seen in the sample; 0 for numbers and times with more than 50.
    is_entity
        Whether values repeat, each seldom, and a value that was not seen before says nothing: rows
        of one person or device share the label.
    """

    column: str
    score: float
    low: float
    high: float
    n_levels: int
    is_entity: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScores:
    """The scores of all columns, highest first.

    Attributes
    ----------
    n_rows, n_total
        Rows that were read, of all rows with a label.
    n_classes
        Classes that were compared; 0 for regression.
    """

    columns: tuple[ColumnScore, ...]
    absences: tuple[Absence, ...]
    n_rows: int
    n_total: int
    n_classes: int


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
    scores, k = (
        _classification(frame, label, columns, fold, run)
        if classify
        else _regression(frame, label, columns, fold, run)
    )
    return ColumnScores(
        columns=tuple(sorted(scores, key=lambda p: (-p.score, p.column))),
        absences=tuple(absences(table, label)) if classify else (),
        n_rows=len(frame),
        n_total=drawn.n_total,
        n_classes=k,
    )


def _classification(
    frame: pd.DataFrame, label: Column, columns: tuple[Column, ...], fold: IntArray, run: RunContext
) -> tuple[list[ColumnScore], int]:
    names = features.value_names(frame[label.name], label.spelling)
    counts = names.value_counts()
    kept = sorted(str(c) for c, n in counts.items() if n >= MIN_CLASS_ROWS)
    if len(kept) < 2:  # noqa: PLR2004 - nothing to tell apart
        return [], len(kept)
    chosen = names.isin(kept).to_numpy()
    numbered = names[chosen].map({c: i for i, c in enumerate(kept)})
    y, part = np.asarray(numbered, dtype=np.int64), np.asarray(fold[chosen], dtype=np.int64)
    rows = frame[chosen].reset_index(drop=True)
    scores = []
    for done, column in enumerate(columns):
        run.progress(0.9 * done / len(columns), f"Testing {done + 1:,} of {len(columns):,} columns")
        scores.append(_class_score(rows[column.name], column, y, len(kept), part))
    return scores, len(kept)


def _class_score(
    series: pd.Series, column: Column, y: IntArray, k: int, fold: IntArray
) -> ColumnScore:
    credit = np.full(len(y), 1.0 / k)
    present = series.notna().to_numpy()
    numeric = _numeric(series, column)
    codes, uniques = series.factorize(sort=False)
    splits = _splits(column, numeric, fold, present)
    for train, test in splits:
        if len(np.unique(y[train])) < 2 or not test.any():  # noqa: PLR2004 - nothing learnt
            continue
        credit[test] = (
            _rates_credit(codes, y, k, train, test)
            if numeric is None
            else _tree_credit(numeric, y, k, train, test)
        )
    low, score, high = _over_guessing(credit, y, k, ~present | _tested(splits))
    few = numeric is None or len(uniques) <= 50  # noqa: PLR2004 - more is a scale, not a code
    return ColumnScore(
        column=column.name,
        score=max(0.0, score),
        low=max(0.0, low),
        high=min(1.0, max(0.0, high)),
        n_levels=len(uniques) if few else 0,
        is_entity=score >= ENTITY_FROM
        and is_repeated(codes)
        and (numeric is None or _new_values_score(numeric, codes, y, k) < score / 2),
    )


def _over_guessing(
    credit: FloatArray, y: IntArray, k: int, counted: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return the low end, the score and the high end: balanced accuracy over guessing.

    The limits of the classes are those of Wilson, put together by MOVER (Zou, Donner 2008,
    Statistics in Medicine 27): all right in ten rows is not sure to be right always.
    """
    shares, ends = [], []
    for c in range(k):
        own = credit[counted & (y == c)]
        hits = float(own.sum()) if len(own) else 1.0 / k
        shares.append(hits / max(1, len(own)))
        ends.append(wilson(hits, max(1, len(own))))
    p, limits = np.array(shares), np.array(ends)
    mean = float(p.mean())
    low = mean - math.sqrt(float(np.square(p - limits[:, 0]).sum())) / k
    high = mean + math.sqrt(float(np.square(limits[:, 1] - p).sum())) / k
    return (low - 1 / k) / (1 - 1 / k), (mean - 1 / k) / (1 - 1 / k), (high - 1 / k) / (1 - 1 / k)


Splits = list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]


def _splits(
    column: Column, numeric: FloatArray | None, fold: IntArray, present: NDArray[np.bool_]
) -> Splits:
    """Return the rows to learn from and those to test, several times.

    A time is learnt from the rows before it only: neighbours in time are alike, so with folds at
    random every trend would give its label away.
    """
    is_time = column.kind is Kind.DATETIME or column.role is Role.TIME
    if numeric is None or not is_time or not present.any():
        return [((fold != f) & present, (fold == f) & present) for f in np.unique(fold)]
    cuts = np.quantile(numeric[present], np.linspace(0, 1, TIME_BLOCKS + 1)[1:-1])
    block = np.searchsorted(cuts, numeric, side="right")
    return [((block < b) & present, (block == b) & present) for b in range(1, TIME_BLOCKS)]


def _tested(splits: Splits) -> NDArray[np.bool_]:
    return np.asarray(np.logical_or.reduce([test for _, test in splits]))


def is_repeated(codes: NDArray[np.intp]) -> bool:
    """Whether values repeat as ids of persons do; -1 is a missing value, shape (n,)."""
    sizes = np.bincount(codes[codes >= 0])
    return repeats(len(sizes), int(sizes.sum()), int(sizes.max(initial=0)))


def repeats(n_different: int, n: int, largest: int) -> bool:
    """Whether values repeat as ids of persons do: many of them, and none frequent.

    None holds over 2 % of the rows, or they are about as frequent as one another (the ``largest``
    has three times the mean at most) and none holds over 5 %.
    """
    if n_different < MIN_ENTITIES or n < MIN_ROWS_EACH * n_different:
        return False
    even = min(EVEN * n / n_different, MAX_EVEN_SHARE * n)
    return largest <= max(2.0, MAX_VALUE_SHARE * n, even)


def _new_values_score(x: FloatArray, codes: NDArray[np.intp], y: IntArray, k: int) -> float:
    """Return the score of a number where all rows of a value are left out together."""
    credit, present = np.full(len(y), 1.0 / k), codes >= 0
    for number in range(5):
        train, test = present & (codes % 5 != number), present & (codes % 5 == number)
        if len(np.unique(y[train])) > 1 and test.any():
            credit[test] = _tree_credit(x, y, k, train, test)
    return _over_guessing(credit, y, k, present)[1]


def _numeric(series: pd.Series, column: Column) -> FloatArray | None:
    if column.kind is Kind.DATETIME and column.storage is Storage.DATETIME:
        return np.asarray(features.time_values(series)[:, 0])
    if column.is_number:
        return features.number_values(series)
    return None


def _rates_credit(
    codes: NDArray[np.intp], y: IntArray, k: int, train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> FloatArray:
    """Predict the class whose share of the value is largest; ties and new values share."""
    n_levels = int(codes.max()) + 1
    counts = np.bincount(codes[train] * k + y[train], minlength=n_levels * k).reshape(n_levels, k)
    shares = counts / np.maximum(1, np.bincount(y[train], minlength=k))
    own = shares[codes[test]]
    best = np.isclose(own, own.max(axis=1, keepdims=True))
    return np.asarray(best[np.arange(len(best)), y[test]] / best.sum(axis=1))


def _tree_credit(
    x: FloatArray, y: IntArray, k: int, train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> FloatArray:
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_leaf_nodes=max(LEAVES, 2 * k),
        min_samples_leaf=5,
        class_weight="balanced",
        random_state=0,
    )
    tree.fit(x[train, None], y[train])
    return np.asarray(tree.predict(x[test, None]) == y[test], dtype=np.float64)


def _regression(
    frame: pd.DataFrame, label: Column, columns: tuple[Column, ...], fold: IntArray, run: RunContext
) -> tuple[list[ColumnScore], int]:
    raw = features.number_values(frame[label.name])
    y = np.clip(raw, *np.quantile(raw, [0.005, 0.995])) if len(raw) else raw
    if len(y) < MIN_CLASS_ROWS or not np.ptp(y) > 0:
        return [], 0
    scores = []
    for done, column in enumerate(columns):
        run.progress(0.9 * done / len(columns), f"Testing {done + 1:,} of {len(columns):,} columns")
        scores.append(_variance_score(frame[column.name], column, y, fold))
    return scores, 0


def _variance_score(
    series: pd.Series, column: Column, y: FloatArray, fold: IntArray
) -> ColumnScore:
    from sklearn.tree import DecisionTreeRegressor

    numeric = _numeric(series, column)
    codes, uniques = series.factorize(sort=False)
    x = numeric if numeric is not None else _by_mean(codes, y, fold)
    known = ~np.isnan(x)
    predicted = np.full(len(y), y.mean())
    splits = _splits(column, numeric, fold, known)
    for train, test in splits:
        if train.sum() >= MIN_CLASS_ROWS and test.any():
            tree = DecisionTreeRegressor(
                max_leaf_nodes=LEAVES_REGRESSION, min_samples_leaf=3, random_state=0
            )
            predicted[test] = tree.fit(x[train, None], y[train]).predict(x[test, None])
    counted = ~known | _tested(splits)
    lost, tested = (y - predicted)[counted] ** 2, y[counted]
    ends = explained_interval(lost, (tested - tested.mean()) ** 2)
    low, score, high = (min(1.0, max(0.0, v)) for v in ends)
    few = numeric is None or len(uniques) <= 50  # noqa: PLR2004 - more is a scale, not a code
    return ColumnScore(
        column=column.name,
        score=score,
        low=low,
        high=high,
        n_levels=len(uniques) if few else 0,
        is_entity=numeric is None and score >= ENTITY_FROM and is_repeated(codes),
    )


def _by_mean(codes: NDArray[np.intp], y: FloatArray, fold: IntArray) -> FloatArray:
    """Return the mean label per value, made without the row's own fold; NaN for new values."""
    x = np.full(len(y), np.nan)
    for number in np.unique(fold):
        train, test = (fold != number) & (codes >= 0), (fold == number) & (codes >= 0)
        n = np.bincount(codes[train], minlength=int(codes.max(initial=0)) + 1)
        total = np.bincount(codes[train], weights=y[train], minlength=len(n))
        means = np.where(n > 0, total / np.maximum(1, n), np.nan)
        x[test] = means[codes[test]]
    return x
