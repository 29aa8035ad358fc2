"""What a check says about some items of a queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.review import Cell, ItemType, Suggestion
from components.services.data import cells, datasets
from components.services.review.items import whole_rows
from components.services.review.mixed_order import veiled
from components.services.review.states import spelling_of
from components.services.runs import runs
from components.services.workspace import Workspace

if TYPE_CHECKING:
    from components.services.review.queues import ReviewQueue


def suggested(ws: Workspace, found: ReviewQueue, positions: Sequence[int]) -> list[Suggestion]:
    """Return it, in the order of the positions."""
    asked = [found.cell_at(n) for n in positions]
    if not asked:
        return []
    if found.item_type.place:
        return whole_rows.suggestions(ws, found.run_id, found.check_id, found.order, positions)
    first, last = min(positions), max(positions)
    given = _texts(ws, found, asked)
    if found.is_mixed:
        order, pairs = found.order, zip(positions, given, strict=True)
        return [veiled(order, place, text, check_id=found.check_id) for place, text in pairs]
    rows = runs.row_scores(ws, found.run_id, found.check_id, start=first, limit=last - first + 1)
    if rows is not None and rows.suggested is not None:
        said = _spelled(ws, found, rows)
        return [
            _suggestion(found, c, given=g, suggested=said[n], scores=rows, n=n)
            for n, c, g in zip((p - first for p in positions), asked, given, strict=True)
        ]
    scores = runs.cell_scores(ws, found.run_id, found.check_id, start=first, limit=last - first + 1)
    if scores is None or scores.suggested is None:
        return []
    return [
        _suggestion(found, c, given=g, suggested=scores.suggested[n], scores=scores, n=n)
        for n, c, g in zip((p - first for p in positions), asked, given, strict=True)
    ]


def _texts(ws: Workspace, found: ReviewQueue, asked: Sequence[Cell]) -> list[str]:
    """Return what some cells hold."""
    columns = list(dict.fromkeys(cell.column for cell in asked))
    info = datasets.get(ws, found.dataset_id)
    texts = cells.texts(info, [cell.row_id for cell in asked], columns)
    return [str(texts[cell.column].iloc[n]) for n, cell in enumerate(asked)]


def _spelled(ws: Workspace, found: ReviewQueue, rows: RowScores) -> list[str | None]:
    """Return what is suggested for some rows: classes as the file spells them, numbers as told."""
    said = [] if rows.suggested is None else list(rows.suggested)
    if found.item_type not in {ItemType.LABEL, ItemType.UNLABELLED}:
        return said
    words = spelling_of(ws, found.run_id, found.column)
    return [words.of(text) if text else None for text in said]


def _suggestion(
    found: ReviewQueue,
    cell: Cell,
    *,
    given: str,
    suggested: str | None,
    scores: RowScores | CellScores,
    n: int,
) -> Suggestion:
    confidence = scores.confidence if isinstance(scores, RowScores) else None
    reason = None if scores.reason is None else scores.reason[n]
    return Suggestion(
        cell=cell,
        given=given,
        suggested=suggested,
        confidence=None if confidence is None or suggested is None else float(confidence[n]),
        quality=float(scores.quality[n]),
        check_id=found.check_id,
        reason=reason or "",
        against=_against(scores, n),
    )


def _against(scores: RowScores | CellScores, n: int) -> str:
    told = scores.against if isinstance(scores, RowScores) else None
    return "" if told is None else told[n] or ""
