"""Why a label looks wrong: the inputs that speak for the suggestion, and the nearest rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks._lib.probe import Probe
from components.checks.labels._judge import Judged
from components.checks.labels._prepare import Material
from components.core.evidence import IntArray, RowGroup, RowGroups, TextArray
from components.core.table import Table

if TYPE_CHECKING:
    import pandas as pd

MAX_REASONS = 20_000
MAX_NEAREST = 2_000
NEAREST = 5
CHUNK = 500
TOP = 3
Progress = Callable[[float], None]


def reasons(
    table: Table, material: Material, probe: Probe, judged: Judged, progress: Progress
) -> TextArray:
    """Say for each flagged row which inputs speak most for the suggested class.

    From the weights of the logistic regression that had not seen the row: the difference between
    suggested and given class, times how far the row is from the mean of all rows.
    """
    texts = np.full(len(judged.row_id), None, dtype=object)
    worst = worst_flagged(judged, MAX_REASONS)
    centre = np.asarray(material.rows.linear.mean(axis=0)).ravel()
    fold_of = dict(zip(material.row_id.tolist(), probe.fold.tolist(), strict=True))
    for start in range(0, len(worst), CHUNK):
        progress(start / len(worst))
        part = worst[start : start + CHUNK]
        frame = table.rows(judged.row_id[part], columns=material.plan.names)
        dense = _dense(material.encoder.encode(frame.reset_index(drop=True)).linear)
        for i, at in enumerate(part):
            model = probe.linear(fold_of.get(int(judged.row_id[at]), 0))
            weights = _weights(model, int(judged.suggested[at]), int(judged.given[at]))
            texts[at] = _reason(weights, dense[i], centre, material, frame.iloc[i])
    return texts


def worst_flagged(judged: Judged, n: int) -> IntArray:
    """Return the positions of the flagged rows, lowest quality first, at most ``n``."""
    at = np.flatnonzero(judged.flagged)
    return at[np.lexsort((judged.row_id[at], judged.quality[at]))][:n]


def _dense(linear: Any) -> FloatArray:  # noqa: ANN401 - array or sparse matrix
    return np.asarray(linear.toarray() if hasattr(linear, "toarray") else linear)


def _weights(model: Any, to: int, away: int) -> FloatArray:  # noqa: ANN401 - scikit-learn
    classes = model.classes_.tolist()
    if to not in classes or away not in classes:
        return np.zeros(model.coef_.shape[1])
    if len(classes) == 2:  # noqa: PLR2004 - one row of weights stands for both classes
        return np.asarray(model.coef_[0] if to == classes[1] else -model.coef_[0])
    return np.asarray(model.coef_[classes.index(to)] - model.coef_[classes.index(away)])


def _reason(
    weights: FloatArray, x: FloatArray, centre: FloatArray, material: Material, row: pd.Series
) -> str | None:
    origin = material.encoder.origin
    is_word = np.array([name == "" for name, _ in origin])
    pull = weights * np.where(is_word, x, x - centre)
    total: dict[tuple[str, str], float] = {}
    for at in np.flatnonzero(pull):
        total[origin[at]] = total.get(origin[at], 0.0) + float(pull[at])
    ranked = sorted(((v, key) for key, v in total.items() if v > 0), reverse=True)
    enough = [key for v, key in ranked[:TOP] if v >= 0.1 * ranked[0][0]]  # the rest says little
    return "; ".join(_said(key, row) for key in enough) or None


def _said(key: tuple[str, str], row: pd.Series) -> str:
    column, word = key
    if not column:
        return f"the text says {words.quoted(word)}"
    return f"{words.clean(column, 40)} is {cell(row[column])}"


def cell(value: object) -> str:
    """Return a cell as part of a sentence."""
    import pandas as pd

    if value is None or pd.isna(value):  # type: ignore[call-overload]  # any cell may come
        return "missing"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ", timespec="minutes")
    return words.clean(value, 40)


def nearest(
    table: Table, material: Material, judged: Judged, progress: Progress
) -> RowGroups | None:
    """Return the rows most similar to each of the worst flagged rows, with their distances."""
    from sklearn.neighbors import NearestNeighbors

    worst = worst_flagged(judged, MAX_NEAREST)
    if not len(worst):
        return None
    k = min(NEAREST + 1, len(material.row_id))
    index = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(material.rows.linear)
    groups: list[RowGroup] = []
    for start in range(0, len(worst), CHUNK):
        progress(start / len(worst))
        anchors = judged.row_id[worst[start : start + CHUNK]]
        frame = table.rows(anchors, columns=material.plan.names).reset_index(drop=True)
        distance, at = index.kneighbors(material.encoder.encode(frame).linear)
        found = material.row_id[at]
        groups += [_group(int(a), r, d) for a, r, d in zip(anchors, found, distance, strict=True)]
    return RowGroups(
        name="Most similar rows of each flagged row",
        relation="nearest",
        n_groups=len(groups),
        n_rows=sum(len(g.row_id) for g in groups),
        groups=tuple(groups),
    )


def _group(anchor: int, row_id: IntArray, distance: FloatArray) -> RowGroup:
    others = [(float(d), int(r)) for d, r in zip(distance, row_id, strict=True) if r != anchor]
    kept = sorted(others)[:NEAREST]
    return RowGroup(
        anchor=anchor,
        row_id=tuple(r for _, r in kept),
        distance=tuple(round(d, 6) for d, _ in kept),
    )
