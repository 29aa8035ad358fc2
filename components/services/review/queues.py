"""What is to be reviewed: the cells that a check flagged, worst first, and a card for each.

Any check whose scores carry suggestions has a queue; no check is named here. A queue itself is
positions and counts only, so that a page of it costs the same however long it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.core.data.dataset import Column, Role
from components.core.errors import NotFound
from components.core.judgement.evidence import CellScores, RowGroups, RowScores
from components.core.judgement.findings import CheckResult
from components.core.judgement.review import Action, Cell, Decision, Suggestion
from components.services.data import cells, datasets
from components.services.data.label_spelling import Spelling, spelling
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store import decisions as table

if TYPE_CHECKING:
    import pandas as pd

IntArray = NDArray[np.int64]
OPEN, NO_COLUMN = -1, ""
_ACTIONS = tuple(Action)


@dataclass(frozen=True, slots=True)
class _Order:
    """The flagged cells of a check, worst first: row ids, and the column of each as a number."""

    row_id: IntArray
    column: IntArray
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One cell to review.

    Attributes
    ----------
    position
        In its queue, from 0; the worst one comes first.
    decision
        The decision that counts for the cell, or None.
    """

    position: int
    suggestion: Suggestion
    decision: Decision | None

    @property
    def cell(self) -> Cell:
        """The cell."""
        return self.suggestion.cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """The flagged cells of one check of a run.

    Attributes
    ----------
    column
        The column that all its cells lie in; "" where they lie in several.
    about_label
        Whether that column is the label of the run.
    classes
        Cell texts of the classes of that column, most frequent first; empty for several columns,
        and for one that has no classes.
    n_items
        Cells in the queue.
    decided
        How many of them are decided, by kind.
    first_open
        Position of the worst cell without a decision; None where all are decided.
    """

    run_id: str
    dataset_id: str
    check_id: str
    title: str
    column: str
    about_label: bool
    classes: tuple[str, ...]
    n_items: int
    decided: Counter[Action]
    first_open: int | None
    order: _Order = field(repr=False, compare=False)

    @property
    def n_decided(self) -> int:
        """Items with a decision."""
        return self.decided.total()

    def position_of(self, cell: Cell) -> int | None:
        """Return where a cell stands in the queue, None where it does not."""
        if cell.column not in self.order.names:
            return None
        of_column = self.order.column == self.order.names.index(cell.column)
        found = np.flatnonzero((self.order.row_id == cell.row_id) & of_column)
        return int(found[0]) if len(found) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """All that a person needs to decide about one cell.

    Attributes
    ----------
    values
        Column names and cell texts of the row, the inputs of a model first, without the cell.
    nearest
        Cell texts of the most similar rows, indexed by row id, the column of the cell first; empty
        where the check named none.
    """

    item: Item
    values: tuple[tuple[str, str], ...]
    nearest: pd.DataFrame


def reviewable(ws: Workspace, run_id: str) -> tuple[CheckResult, ...]:
    """Return the results of a run whose scores carry suggestions: first those about the label."""
    offered = [r for r in runs.results(ws, run_id) if r.suggests]
    return tuple(sorted(offered, key=lambda r: r.row_scores is None))  # a stable sort


def queue(ws: Workspace, run_id: str, check_id: str | None = None) -> ReviewQueue | None:
    """Return what is to be reviewed.

    Parameters
    ----------
    check_id
        Of the check that suggests; None: the first one of the run that flagged something.

    Returns
    -------
    ReviewQueue or None
        None where no check of the run suggests anything, or not the one that is asked for.
    """
    offered = reviewable(ws, run_id)
    if check_id is not None:
        offered = tuple(r for r in offered if r.check_id == check_id)
    if not offered:
        return None
    result = next((r for r in offered if r.n_suggested), offered[0])
    order = _order(ws, run_id, result.check_id)
    spec = runs.spec(ws, run_id)
    state = _state(ws, spec.dataset.id, order)
    column = order.names[0] if len(order.names) == 1 else NO_COLUMN
    first = int(np.argmax(state == OPEN)) if (state == OPEN).any() else None
    counts = Counter({a: int((state == n).sum()) for n, a in enumerate(_ACTIONS)})
    return ReviewQueue(
        run_id=run_id,
        dataset_id=spec.dataset.id,
        check_id=result.check_id,
        title=result.title,
        column=column,
        about_label=spec.dataset.label is not None and column == spec.dataset.label.name,
        classes=_classes(ws, run_id, column),
        n_items=len(order.row_id),
        decided=+counts,
        first_open=first,
        order=order,
    )


def items(ws: Workspace, found: ReviewQueue, start: int = 0, n: int = 50) -> tuple[Item, ...]:
    """Return one page of a queue, with the decisions that count."""
    stop = min(start + n, found.n_items)
    suggested = _suggestions(ws, found, start, stop)
    rows = {s.cell.row_id for s in suggested}
    with ws.db.read() as session:
        made = {d.cell: d for d in table.standing(session, found.dataset_id, row_ids=rows)}
    return tuple(
        Item(position=start + n, suggestion=s, decision=made.get(s.cell))
        for n, s in enumerate(suggested)
    )


def item(ws: Workspace, found: ReviewQueue, cell: Cell) -> Item:
    """Return the item of one cell.

    Raises
    ------
    NotFound
        When the cell is not in the queue.
    """
    position = found.position_of(cell)
    if position is None:
        what = f"Row {cell.row_id} is not flagged in this run."
        raise NotFound(what, "Choose one from the list.")
    return items(ws, found, position, 1)[0]


def card(ws: Workspace, found: ReviewQueue, shown: Item) -> ReviewCard:
    """Return all that a person needs to decide about one item of a queue."""
    info = datasets.get(ws, found.dataset_id)
    cell = shown.cell
    names = _ordered(runs.spec(ws, found.run_id).dataset.columns, cell.column)
    row = cells.texts(info, [cell.row_id], names).iloc[0]
    near = _nearest(runs.result(ws, found.run_id, found.check_id), cell.row_id)
    return ReviewCard(
        item=shown,
        values=tuple((name, str(row[name])) for name in names),
        nearest=cells.texts(info, near, [cell.column, *names]),
    )


def spelling_of(ws: Workspace, run_id: str, column: str) -> Spelling:
    """Return how the values of a column with few of them are spelled in the file."""
    spec = runs.spec(ws, run_id)
    info = datasets.get(ws, spec.dataset.id)
    return spelling(info, Path(spec.table), spec.dataset.column(column))


def _classes(ws: Workspace, run_id: str, column: str) -> tuple[str, ...]:
    if not column or not runs.spec(ws, run_id).dataset.column(column).kind.is_discrete:
        return ()
    return spelling_of(ws, run_id, column).classes


@lru_cache(maxsize=8)
def _order(ws: Workspace, run_id: str, check_id: str) -> _Order:
    """Return the flagged cells of a check; they never change, as results never do."""
    rows = runs.row_scores(ws, run_id, check_id, flagged_only=True)
    if rows is not None and rows.suggested is not None:
        label = runs.spec(ws, run_id).dataset.label
        of_label = () if label is None else (label.name,)
        return _Order(rows.row_id, np.zeros(len(rows.row_id), dtype=np.int64), of_label)
    scores = runs.cell_scores(ws, run_id, check_id)
    if scores is None:
        return _Order(np.empty(0, np.int64), np.empty(0, np.int64), ())
    flagged = scores.flagged
    names, codes = np.unique(scores.column[flagged].astype(str), return_inverse=True)
    return _Order(scores.row_id[flagged], codes.astype(np.int64), tuple(names.tolist()))


def _state(ws: Workspace, dataset_id: str, order: _Order) -> IntArray:
    """Return the place in ``_ACTIONS`` of what each cell was decided as, or ``OPEN``."""
    state = np.full(len(order.row_id), OPEN, dtype=np.int64)
    with ws.db.read() as session:
        for code, name in enumerate(order.names):
            of_column = order.column == code
            for action, rows in table.decided_rows(session, dataset_id, name).items():
                state[np.isin(order.row_id, rows) & of_column] = _ACTIONS.index(action)
    return state


def _suggestions(ws: Workspace, found: ReviewQueue, start: int, stop: int) -> list[Suggestion]:
    order, picked = found.order, range(start, stop)
    asked = [Cell(int(order.row_id[n]), order.names[int(order.column[n])]) for n in picked]
    info = datasets.get(ws, found.dataset_id)
    columns = list(dict.fromkeys(cell.column for cell in asked))
    texts = cells.texts(info, [cell.row_id for cell in asked], columns)
    given = [str(texts[cell.column].iloc[n]) for n, cell in enumerate(asked)]
    rows = runs.row_scores(ws, found.run_id, found.check_id, start=start, limit=stop - start)
    if rows is not None and rows.suggested is not None:
        words = spelling_of(ws, found.run_id, found.column)
        return [
            _suggestion(found, c, given=g, suggested=_spelled(rows, n, words), scores=rows, n=n)
            for n, (c, g) in enumerate(zip(asked, given, strict=True))
        ]
    scores = runs.cell_scores(ws, found.run_id, found.check_id, start=start, limit=stop - start)
    if scores is None or scores.suggested is None:
        return []
    return [
        _suggestion(found, c, given=g, suggested=scores.suggested[n], scores=scores, n=n)
        for n, (c, g) in enumerate(zip(asked, given, strict=True))
    ]


def _spelled(rows: RowScores, n: int, words: Spelling) -> str | None:
    suggested = None if rows.suggested is None else rows.suggested[n]
    return words.of(suggested) if suggested else None


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
        confidence=None if confidence is None else float(confidence[n]),
        quality=float(scores.quality[n]),
        check_id=found.check_id,
        reason=reason or "",
    )


def _ordered(columns: tuple[Column, ...], of_cell: str) -> list[str]:
    """Return the names to show: inputs first, what a model does not read after them."""
    shown = [c for c in columns if c.name != of_cell]
    return [
        c.name for c in sorted(shown, key=lambda c: (not c.role.is_input, c.role is Role.IGNORE))
    ]


def _nearest(result: CheckResult | None, row_id: int) -> list[int]:
    if result is None:
        return []
    shapes = [*result.evidence, *(e for f in result.findings for e in f.evidence)]
    for shape in shapes:
        if isinstance(shape, RowGroups) and shape.relation == "nearest":
            for group in shape.groups:
                if group.anchor == row_id:
                    return list(group.row_id)
    return []
