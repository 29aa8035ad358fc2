"""Rows whose labels the models are surest of, to compare with: a few for each class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from components.services.data import cells, datasets
from components.services.review.queues import ReviewQueue
from components.services.review.states import spelling_of
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store import single_rows

MOST = 3
"""Rows of a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassExamples:
    """Rows of one class that the models, which had not seen them, are surest of.

    Attributes
    ----------
    columns
        Display names: what the models read, in the order of the file.
    rows
        Row id and cell texts, the surest first; empty where the check tells none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def examples(ws: Workspace, found: ReviewQueue, name: str, *, most_columns: int) -> ClassExamples:
    """Return the rows of a class with the highest label quality, out of sample.

    None of them is flagged; no person has looked at them, either.

    Parameters
    ----------
    name
        The class, spelled as in the file.
    """
    info, read = datasets.get(ws, found.dataset_id), set(columns_read(ws, found))
    columns = tuple(c.name for c in info.version.columns if c.name in read)[:most_columns]
    rows = _best(ws, found.run_id, found.check_id, found.column).get(name, ())
    texts = cells.texts(info, rows, columns)
    told = zip(rows, texts.itertuples(index=False, name=None), strict=True)
    return ClassExamples(
        columns=columns, rows=tuple((row, tuple(map(str, line))) for row, line in told)
    )


def columns_read(ws: Workspace, found: ReviewQueue) -> tuple[str, ...]:
    """Return the columns that the models of a check read; empty where the check does not tell."""
    result = runs.result(ws, found.run_id, found.check_id)
    if result is None or result.row_scores is None:
        return ()
    return result.row_scores.columns_read


def predicted_by(ws: Workspace, found: ReviewQueue) -> str:
    """Return which columns of the table hold the probabilities; "" for those of our models."""
    result = runs.result(ws, found.run_id, found.check_id)
    scores = None if result is None else result.row_scores
    return "" if scores is None else scores.predicted_by


@lru_cache(maxsize=16)
def _best(ws: Workspace, run_id: str, check_id: str, column: str) -> dict[str, tuple[int, ...]]:
    """Return the best rows by class, spelled as in the file; results never change."""
    if not column:
        return {}
    words = spelling_of(ws, run_id, column)
    best = single_rows.best_rows(ws.files.run(run_id), check_id, MOST)
    return {words.of(name): rows for name, rows in best.items()}
