"""Which columns tell a sensitive column, so that leaving it out alone would not blind a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.checks._lib import features
from components.checks._lib.column_scores.classes import Classes, class_score
from components.checks._lib.single_columns import MIN_CLASS_ROWS, candidates
from components.checks.labels._fair.people import NO_GROUP, People
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

ROWS = 5_000
"""Rows that are looked at."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Proxy:
    """A column that tells a sensitive one.

    Attributes
    ----------
    score
        How well, from 0 (as guessing would) to 1 (always), in rows that were left out: the measure
        by which leaks of the label are found.
    """

    column: str
    tells: str
    score: float


def proxies(
    table: Table, run: RunContext, people: Sequence[People], names: Sequence[str], least: float
) -> tuple[Proxy, ...]:
    """Return the columns that tell a sensitive column, the best first; each column once.

    Parameters
    ----------
    names
        The columns that models read.
    least
        Score from which a column counts.
    """
    sensitive = {one.attribute.name for one in people}
    asked = [c for c in candidates(table) if c.name in names and c.name not in sensitive]
    if not asked:
        return ()
    drawn = table.sample(ROWS, seed=run.seed, columns=[c.name for c in asked])
    keys = features.content_keys(drawn.frame, [c.name for c in asked])
    fold = (features.mixed(keys, run.seed) % np.uint64(FOLDS)).astype(np.int64)
    best: dict[str, Proxy] = {}
    for one in people:
        groups = one.of_row[drawn.row_id]
        n = np.bincount(groups[groups != NO_GROUP], minlength=len(one.attribute.groups))
        kept = np.flatnonzero(n >= MIN_CLASS_ROWS)
        if len(kept) < 2:  # noqa: PLR2004 - nothing to tell apart
            continue
        rows = np.flatnonzero(np.isin(groups, kept))
        classes = Classes(np.searchsorted(kept, groups[rows]), len(kept), fold[rows], [])
        frame = drawn.frame.iloc[rows].reset_index(drop=True)
        for column in asked:
            run.progress(0.8, "Looking for columns that tell sensitive ones")
            score = class_score(frame[column.name], column, classes).score
            if score >= max(least, best[column.name].score if column.name in best else 0.0):
                best[column.name] = Proxy(column.name, one.attribute.name, score)
    return tuple(sorted(best.values(), key=lambda p: (-p.score, p.column)))
