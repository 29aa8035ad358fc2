"""One column of probabilities for a label of two classes: which of the two it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib import features
from components.checks.labels._learning.told_apart import PairShare, with_interval
from components.core.data.predicted_columns import PredictedColumns
from components.core.data.query import Missing, Not
from components.core.data.table import Table
from components.core.judgement.checks import RunContext

ROWS = 2_000
"""Rows that are compared, each with each."""
FOLDS = 5
"""Parts that the model is taken to have been trained with; the interval is widened for them."""
TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OneForTwo:
    """What one column is read for.

    Attributes
    ----------
    positive, negative
        The class that it is the probability of, and the other one.
    is_named
        Whether its name says so; else its numbers do: higher in rows of that class.
    told
        In how many pairs of rows with different labels the one of ``positive`` has more.
    n
        Rows that were compared.
    """

    column: str
    positive: str
    negative: str
    is_named: bool
    told: PairShare
    n: int

    def by_chance(self) -> float:
        """Return the chance of so clear a difference in a column that tells nothing."""
        from scipy import stats

        return float(2.0 * stats.norm.sf(abs(self.told.value - 0.5) / max(self.told.error, 1e-6)))

    def is_against(self, level: float) -> bool:
        """Whether its name says one class, and its numbers plainly the other."""
        return self.is_named and self.told.value < 0.5 and self.by_chance() < level  # noqa: PLR2004 - half of the pairs

    def is_settled(self, level: float) -> bool:
        """Whether it is known which class it is."""
        return not self.is_against(level) if self.is_named else self.by_chance() < level


def one_column(table: Table, columns: PredictedColumns, run: RunContext) -> OneForTwo | None:
    """Tell which of two classes a single column is; None for other labels and more columns."""
    classes = [*(c for c, _ in columns.pairs), *columns.without_column]
    names = [*(name for _, name in columns.pairs), *columns.without_class]
    label = table.version.label
    if len(names) != 1 or len(classes) != TWO or label is None:
        return None
    drawn = table.sample(
        ROWS, seed=run.seed, columns=[label.name, names[0]], where=Not(Missing(label.name))
    )
    chance = features.number_values(drawn.frame[names[0]])
    given = features.value_names(drawn.frame[label.name], label.spelling).to_numpy(dtype=object)
    rows = np.isfinite(chance)
    code = (given[rows] == classes[0]).astype(np.float64)
    scores = np.column_stack([-chance[rows], chance[rows]])
    told = with_interval(scores, code, drawn.row_id[rows].astype(np.uint64), FOLDS)
    is_named = bool(columns.pairs)
    if not is_named and told.value < 0.5:  # noqa: PLR2004 - half of the pairs
        classes, told = classes[::-1], PairShare(1.0 - told.value, told.error)
    return OneForTwo(
        column=names[0],
        positive=classes[0],
        negative=classes[1],
        is_named=is_named,
        told=told,
        n=int(rows.sum()),
    )
