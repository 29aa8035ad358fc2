"""What stands beside flags: the nearest rows, the rates of classes, the scores themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks._lib.single_columns import single_columns
from components.checks.labels._fair.flag_rates import rates_of
from components.checks.labels._judge import Judged
from components.checks.labels._prepare import JudgedLabel, Material
from components.checks.labels._reasons.reasons import CHUNK, Reasons, worst_flagged
from components.core.data.dataset import Task
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.evidence import (
    Evidence,
    Matrix,
    RowGroup,
    RowGroups,
    RowScores,
    Unit,
)
from components.core.judgement.row_evidence import IntArray, TextArray

BY_CLASS = "flagged_by_class"
MAX_NEAREST = 2_000
NEAREST = 5
SHOWN = 30
"""Classes in a ranking or matrix."""


def nearest(
    table: Table, material: Material, judged: Judged, run: RunContext
) -> Iterator[RowGroups]:
    """Yield the rows most similar to each of the worst flagged rows, if any, with distances."""
    from sklearn.neighbors import NearestNeighbors

    worst = worst_flagged(judged, MAX_NEAREST)
    if not len(worst):
        return
    k = min(NEAREST + 1, len(material.row_id))
    index = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(material.rows.linear)
    groups: list[RowGroup] = []
    for start in range(0, len(worst), CHUNK):
        run.progress(0.9 + 0.1 * start / len(worst), "Finding similar rows")
        anchors = judged.row_id[worst[start : start + CHUNK]]
        frame = table.rows(anchors, columns=material.plan.names).reset_index(drop=True)
        distance, at = index.kneighbors(material.encoder.linear(frame))
        found = material.row_id[at]
        groups += [_group(int(a), r, d) for a, r, d in zip(anchors, found, distance, strict=True)]
    yield RowGroups(
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


def class_evidence(judged: Judged, asked: JudgedLabel) -> Iterator[Evidence]:
    """Show which classes are doubted, and in favour of which."""
    classes = asked.classes
    rates = rates_of(asked.label, classes, judged.given, judged.flagged)
    yield rates.metrics(BY_CLASS, most=SHOWN)
    k = len(classes)
    pairs = np.zeros((k, k), dtype=np.int64)
    np.add.at(pairs, (judged.given[judged.flagged], judged.suggested[judged.flagged]), 1)
    worst = np.sort(np.lexsort((np.arange(k), -(pairs.sum(axis=0) + pairs.sum(axis=1))))[:SHOWN])
    names = tuple(classes[i] for i in worst)
    yield Matrix(
        name="Flagged rows: given label (rows) and suggested label (columns)",
        unit=Unit.COUNT,
        rows=names,
        columns=names,
        values=tuple(tuple(None if i == j else float(pairs[i, j]) for j in worst) for i in worst),
    )


def best_alone(table: Table, run: RunContext) -> str:
    """Say which column tells most of the label alone."""
    columns = single_columns(table, run).columns
    if not columns:
        return "No column was tested alone."
    best = columns[0]
    measured = (
        "of the way from guessing to always right"
        if table.version.task is Task.CLASSIFICATION
        else "of the differences"
    )
    return (
        f"Of all columns, {words.quoted(best.column)} alone explains most: "
        f"{words.share(best.score)} {measured}."
    )


def label_scores(
    judged: Judged,
    classes: tuple[str, ...],
    reasons: Reasons,
    *,
    against: TextArray,
    columns_read: tuple[str, ...],
) -> RowScores:
    """Return the quality of each label, and what stands beside the flagged ones.

    Parameters
    ----------
    classes
        Names of the classes that ``judged`` counts.
    against
        What speaks against each suggestion, shape (n,).
    columns_read
        The columns on which the judgement rests.
    """
    names = np.array(classes, dtype=object)
    return RowScores.of(
        "label quality",
        row_id=judged.row_id,
        quality=judged.quality,
        flagged=judged.flagged,
        given=names[judged.given],
        suggested=names[judged.suggested],
        confidence=judged.confidence,
        reason=reasons.texts,
    ).with_details(
        judged.row_id,
        against=against,
        likely=likely_by_name(judged, classes),
        columns_read=columns_read,
    )


def likely_by_name(judged: Judged, classes: tuple[str, ...]) -> TextArray:
    """Return the most probable classes of the flagged rows by their names."""
    told = np.full(len(judged.likely), None, dtype=object)
    for at in np.flatnonzero(judged.flagged).tolist():
        told[at] = tuple((classes[code], probability) for code, probability in judged.likely[at])
    return told
