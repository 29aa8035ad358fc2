"""What is sent to another tool about each item: the row in words, and how to know it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.core.data.row_marks import row_mark
from components.core.data.row_numbers import row_number
from components.core.errors import Conflict
from components.core.judgement.review import Cell
from components.services.data import cells, datasets
from components.services.dataset_info import DatasetInfo
from components.services.review import review, selection
from components.services.review.review import Item, ReviewQueue
from components.services.review.selection import Selection, Stage
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 2_000
"""Items whose rows are in memory at a time."""
MOST_COLUMNS = 60
"""Columns of a row in words."""
LONGEST = 1_000
"""Characters of a cell in words."""
OUR_FIELDS = ("row_id", "column", "check_id", "seen", "fingerprint")
"""What an answer must bring back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuestion:
    """One item as it goes out.

    Attributes
    ----------
    row
        The row in words: one line per column, the asked one left out.
    suggested
        None where nothing is suggested, or it is not to be seen.
    seen
        The version of the decision that stood, "" for none.
    fingerprint
        Of the row, see :func:`fingerprints`.
    """

    cell: Cell
    check_id: str
    row: str
    given: str
    suggested: str | None
    confidence: float | None
    reason: str
    seen: str
    fingerprint: str

    @property
    def ours(self) -> dict[str, str | int]:
        """What an answer must bring back, by the names in ``OUR_FIELDS``."""
        values = (self.cell.row_id, self.cell.column, self.check_id, self.seen, self.fingerprint)
        return dict(zip(OUR_FIELDS, values, strict=True))

    @property
    def number(self) -> int:
        """The number of the row, as people count."""
        return row_number(self.cell.row_id)


def questions(
    ws: Workspace, found: ReviewQueue, *, stage: Stage = Stage.OPEN, blind: bool = False
) -> Iterator[ItemQuestion]:
    """Yield the items of a queue as they go out, worst first.

    Parameters
    ----------
    blind
        Whether what is suggested, and why, stays here.

    Raises
    ------
    Conflict
        When the queue is not about one column with classes: the tools ask for one of several.
    """
    refuse_without_classes(found)
    places = selection.positions(ws, found, Selection(stage=stage)).tolist()
    info = datasets.get(ws, found.dataset_id)
    for start in range(0, len(places), BLOCK):
        block = places[start : start + BLOCK]
        shown = review.items_at(ws, found, block)
        texts = cells.texts(info, [item.cell.row_id for item in shown])
        marks = fingerprints(texts, found.column)
        for n, (item, mark) in enumerate(zip(shown, marks, strict=True)):
            yield _question(item, texts.iloc[n], mark, blind=blind)


def refuse_without_classes(found: ReviewQueue) -> None:
    """Refuse a queue about which other tools cannot ask."""
    if not found.column or not found.classes:
        raise Conflict(
            f"“{found.title}” does not ask for one of several classes.",
            "Other tools can be asked about labels only: choose the check of the labels.",
        )


def fingerprints(texts: pd.DataFrame, column: str) -> list[str]:
    """Return the mark of each row, made of the asked column and all cell texts.

    Where the row numbers moved, or any cell of the row changed, it is another one.

    Parameters
    ----------
    texts
        All columns of some rows.
    """
    named = json.dumps([column, *map(str, texts.columns)])
    return [row_mark([named, *map(str, row)]) for row in texts.itertuples(index=False, name=None)]


def fingerprints_now(
    info: DatasetInfo, column: str, row_ids: Sequence[int]
) -> dict[int, tuple[str, str]]:
    """Return the mark of each row that is there now, and what its cell in ``column`` holds."""
    found: dict[int, tuple[str, str]] = {}
    ids = sorted(set(row_ids))
    for start in range(0, len(ids), BLOCK):
        texts = cells.texts(info, ids[start : start + BLOCK])
        marks = fingerprints(texts, column)
        given = map(str, texts[column])
        found |= zip(texts.index.tolist(), zip(marks, given, strict=True), strict=True)
    return found


def _question(item: Item, texts: pd.Series, mark: str, *, blind: bool) -> ItemQuestion:
    told = item.suggestion
    column = item.cell.column
    shown = [(str(n), str(t)) for n, t in texts.items() if n != column][:MOST_COLUMNS]
    return ItemQuestion(
        cell=item.cell,
        check_id=told.check_id,
        row="\n".join(f"{name}: {text[:LONGEST]}" for name, text in shown),
        given=told.given,
        suggested=None if blind else told.suggested or None,
        confidence=None if blind else told.confidence,
        reason="" if blind else told.reason,
        seen="" if item.decision is None else item.decision.version,
        fingerprint=mark,
    )
