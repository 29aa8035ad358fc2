"""What models say of the rows without a label, and in which order people may label them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.checks._lib.features import FloatArray, content_keys
from components.checks.labels._judge import LIKELY, Judged
from components.checks.labels._searching.fitted import LabelModels
from components.checks.labels._unlabelled import order
from components.checks.labels._unlabelled.calibration import Calibrated, scaled
from components.core.data.query import Missing
from components.core.data.table import Table
from components.core.judgement.checks import RunContext
from components.core.judgement.row_evidence import IntArray, TextArray

CHUNK = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """The rows without a label; the arrays have a place for each, in the order of the table.

    Attributes
    ----------
    codes, probabilities
        The most probable classes, the most probable first, shape (n, m).
    keys
        Equal for rows with equal inputs, shape (n,).
    """

    row_id: IntArray
    codes: IntArray
    probabilities: FloatArray
    keys: NDArray[np.uint64]

    def sure(self, least: float) -> NDArray[np.bool_]:
        """Return for which rows a class is probable enough to be suggested, shape (n,)."""
        return np.asarray(self.probabilities[:, 0] >= least)

    def in_order(self, first: IntArray) -> IntArray:
        """Return the places of the rows in which they are to be labelled.

        Parameters
        ----------
        first
            The places of the rows that come before the rest.
        """
        unsure = order.uncertainty(self.probabilities)
        rest = order.by_uncertainty(unsure, self.keys, self.row_id)
        return np.concatenate([first, rest[~np.isin(rest, first)]])

    def judged(self, places: IntArray) -> Judged:
        """Return the rows as if each had its second class, so that reasons tell the two apart."""
        n = len(self.row_id)
        rank = np.empty(n)
        rank[places] = np.arange(n) / max(1, n)
        return Judged(
            row_id=self.row_id,
            given=self.codes[:, 1],
            suggested=self.codes[:, 0],
            confidence=self.probabilities[:, 0],
            margin=rank,
            flagged=np.ones(n, dtype=bool),
            likely=self._likely(),
        )

    def _likely(self) -> TextArray:
        told = np.full(len(self.row_id), None, dtype=object)
        for at, (codes, chances) in enumerate(
            zip(self.codes.tolist(), self.probabilities.tolist(), strict=True)
        ):
            told[at] = tuple((c, round(p, 4)) for c, p in zip(codes, chances, strict=True))
        return told


def predict(table: Table, made: LabelModels, found: Calibrated, run: RunContext) -> Unlabelled:
    """Ask the models of one fold about each row without a label.

    It is the fold that left out what belongs to the row, as for the rows on which the probabilities
    were calibrated: so they mean the same here.
    """
    material, probe = made.material, made.probe
    ids = table.row_ids(Missing(material.label))
    names = list(dict.fromkeys([*material.plan.names, *material.carriers]))
    m = min(LIKELY, len(material.classes))
    codes, chances, keys = [], [], []
    for start in range(0, len(ids), CHUNK):
        run.progress(0.6 + 0.1 * start / len(ids), "Predicting rows without a label")
        frame = table.rows(ids[start : start + CHUNK], columns=names).reset_index(drop=True)
        fold = material.folds_of(frame, probe.fold, run.seed)
        told = material.weighed(probe.predict(material.encoder.encode(frame), fold))
        told = scaled(told, found.at)
        best = np.argsort(-told, axis=1, kind="stable")[:, :m]
        codes.append(best)
        chances.append(np.take_along_axis(told, best, axis=1))
        keys.append(content_keys(frame, material.plan.names))
    return Unlabelled(
        row_id=ids,
        codes=np.concatenate(codes),
        probabilities=np.concatenate(chances),
        keys=np.concatenate(keys),
    )


def first_rows(
    table: Table, made: LabelModels, found: Unlabelled, n: int, run: RunContext
) -> IntArray:
    """Return the places of the rows to label first: uncertain, and spread over the table."""
    run.progress(0.75, "Choosing which rows to label first")
    unsure = order.uncertainty(found.probabilities)
    _, once = np.unique(found.keys, return_index=True)
    candidates = once[np.lexsort((found.row_id[once], -unsure[once]))][: order.TIMES * n]
    material = made.material
    frame = table.rows(found.row_id[candidates], columns=material.plan.names)
    points = material.encoder.linear(frame.reset_index(drop=True))
    return candidates[order.spread(points, unsure[candidates], n, run.seed)]
