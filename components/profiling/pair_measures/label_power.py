"""How much each column alone tells about the label: the numbers of the page of associations."""

from __future__ import annotations

from collections.abc import Sequence

from components.core.data.dataset import Column
from components.core.data.table import IntArray, Table
from components.core.progress import Progress
from components.profiling.pair_measures.codes import MAX_ROWS, unusable
from components.profiling.pair_measures.from_frame import prepare
from components.profiling.pair_measures.predictive_power import Sides, folds, powers, sides

CELLS = 3_200_000
"""Cells that are read together: 32 columns of 100,000 rows."""


def label_powers(
    table: Table, columns: Sequence[Column], *, seed: int, progress: Progress
) -> dict[str, float]:
    """Return the predictive power of each column about the label, in [0, 1].

    Equal to ``Associations.with_label`` under the same seed: on the same rows (a seeded sample of
    100,000 of a longer table), with the same parts of them left out.

    Parameters
    ----------
    columns
        Those that may predict. Columns that cannot be compared have no power: categories of too
        many values, and columns with fewer than 20 rows beside the label.
    progress
        Told the share that is done, in [0, 1], and what comes next; may raise to stop.
    """
    label = table.version.label
    if label is None:
        return {}
    fold = folds(min(MAX_ROWS, table.version.n_rows), seed)
    target = _sides(table, [label], fold, seed).get(label.name)
    if target is None:
        return {}
    found: dict[str, float] = {}
    size = max(1, CELLS // max(1, len(fold)))
    for start in range(0, len(columns), size):
        progress(start / len(columns), f"Comparing {len(columns):,} columns with the label")
        for name, side in _sides(table, columns[start : start + size], fold, seed).items():
            (power,) = powers(side, [target])
            if power is not None:
                found[name] = power
    return found


def _sides(table: Table, columns: Sequence[Column], fold: IntArray, seed: int) -> dict[str, Sides]:
    """Return the columns that can be compared, ready to predict and to be predicted."""
    frame = table.sample(MAX_ROWS, seed=seed, columns=[c.name for c in columns]).frame
    ready = [prepare(column, frame[column.name]) for column in columns]
    return {column.name: sides(column, fold) for column in ready if not unusable(column)}
