"""Which cells checks ask about, and what became of each: open, settled in some way, or not sure.

A cell whose decision answered another suggestion is open again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from components.core.judgement.review import Action, Cell, Decision, ReviewCounts
from components.core.people.random_share import Mixed
from components.services.data import datasets
from components.services.data.label_spelling import Spelling, spelling
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store.review import decisions as table
from components.store.review.decisions import DecidedRows

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ACTIONS = tuple(Action)
OPEN, UNSURE, ESCALATED = -1, ACTIONS.index(Action.UNSURE), ACTIONS.index(Action.ESCALATE)


@dataclass(frozen=True, slots=True, eq=False)
class CellOrder:
    """The flagged cells of a check, worst first.

    Attributes
    ----------
    row_id, column, suggested
        Shape (n_cells,): the row, and column and suggested text as places in ``names``, ``texts``.
    texts
        The place of each suggested text, spelled as in the file; None: not known.
    mixed, like, given
        Where items drawn at random are mixed in: how, the rank of the flagged cell that each looks
        like, and what each holds, shape (n_cells,); None where there are none.
    """

    row_id: IntArray
    column: IntArray
    names: tuple[str, ...]
    suggested: IntArray
    texts: Mapping[str | None, int]
    mixed: Mixed | None = None
    like: IntArray | None = None
    given: NDArray[np.object_] | None = None

    def position_of(self, cell: Cell) -> int | None:
        """Return where a cell stands, None where it does not."""
        if cell.column not in self.names:
            return None
        of_column = self.column == self.names.index(cell.column)
        found = np.flatnonzero((self.row_id == cell.row_id) & of_column)
        return int(found[0]) if len(found) else None

    def suggested_among(self, asked: Collection[Cell]) -> Iterator[tuple[Cell, str | None]]:
        """Yield those of some cells that are asked about, with what is suggested for each."""
        texts = list(self.texts)
        rows = np.fromiter({cell.row_id for cell in asked}, dtype=np.int64)
        for place in np.flatnonzero(np.isin(self.row_id, rows)).tolist():
            cell = Cell(int(self.row_id[place]), self.names[int(self.column[place])])
            if cell in asked:
                yield cell, texts[int(self.suggested[place])]


_NO_ROWS = np.empty(0, np.int64)
_NOTHING = CellOrder(_NO_ROWS, _NO_ROWS, (), _NO_ROWS, {})


@lru_cache(maxsize=32)
def cell_order(ws: Workspace, run_id: str, check_id: str) -> CellOrder:
    """Return the flagged cells of a check; they never change, as results never do."""
    rows = runs.row_scores(ws, run_id, check_id, flagged_only=True)
    if rows is not None and rows.suggested is not None:
        label = runs.spec(ws, run_id).dataset.label
        if label is None:
            return _NOTHING
        words = spelling_of(ws, run_id, label.name)
        suggested, texts = _coded([words.of(s) if s else None for s in rows.suggested])
        column = np.zeros(len(rows.row_id), dtype=np.int64)
        return CellOrder(rows.row_id, column, (label.name,), suggested, texts)
    scores = runs.cell_scores(ws, run_id, check_id)
    if scores is None or scores.suggested is None:
        return _NOTHING
    flagged = scores.flagged
    names, codes = np.unique(scores.column[flagged].astype(str), return_inverse=True)
    suggested, texts = _coded(list(scores.suggested[flagged]))
    column = codes.astype(np.int64)
    return CellOrder(scores.row_id[flagged], column, tuple(names.tolist()), suggested, texts)


def spelling_of(ws: Workspace, run_id: str, column: str) -> Spelling:
    """Return how the values of a column with few of them are spelled in the file."""
    spec = runs.spec(ws, run_id)
    info = datasets.get(ws, spec.dataset.id)
    return spelling(info, Path(spec.table), spec.dataset.column(column))


def states(ws: Workspace, dataset_id: str, order: CellOrder) -> IntArray:
    """Return the place in ``ACTIONS`` of what each cell was decided as, or ``OPEN``."""
    state = np.full(len(order.row_id), OPEN, dtype=np.int64)
    base = len(order.texts) + 1
    asked = order.row_id * base + order.suggested
    whatever = order.row_id * base + len(order.texts)
    with ws.db.read() as session:
        for code, name in enumerate(order.names):
            of_column = order.column == code
            decided = table.decided_rows(session, dataset_id, name)
            for action, keys in _keys(decided, order.texts).items():
                there = np.isin(asked, keys) | np.isin(whatever, keys)
                state[there & of_column] = ACTIONS.index(action)
    return state


def _keys(
    decided: Iterable[DecidedRows], texts: Mapping[str | None, int]
) -> Mapping[Action, IntArray]:
    """Return, by action, a number for each row and text that it answers."""
    parts: defaultdict[Action, list[IntArray]] = defaultdict(list)
    base = len(texts) + 1
    for one in decided:
        answered = (
            [len(texts)] if one.answered is None else [texts[t] for t in one.answered if t in texts]
        )
        parts[one.action] += [one.row_id * base + code for code in answered]
    return {action: np.concatenate(found) for action, found in parts.items() if found}


def answers(decision: Decision | None, suggested: str | None) -> bool:
    """Whether a decision, where there is one, answers a suggestion."""
    if decision is None:
        return False
    return decision.answered is None or suggested in decision.answered


def counted(state: IntArray) -> ReviewCounts:
    """Return how many cells are open, settled and not sure."""
    n = {action: int((state == place).sum()) for place, action in enumerate(ACTIONS)}
    return ReviewCounts(
        n_open=int((state == OPEN).sum()),
        n_kept=n[Action.KEEP],
        n_changed=n[Action.CHANGE],
        n_excluded=n[Action.EXCLUDE],
        n_unsure=n[Action.UNSURE] + n[Action.ESCALATE],
        n_escalated=n[Action.ESCALATE],
    )


def each_once(found: Sequence[tuple[CellOrder, IntArray]]) -> IntArray:
    """Return the states of cells that several checks ask about, each cell once.

    A cell is open as long as one of them waits for an answer.
    """
    by_column: defaultdict[str, list[tuple[IntArray, IntArray]]] = defaultdict(list)
    for order, state in found:
        for code, name in enumerate(order.names):
            chosen = order.column == code
            by_column[name].append((order.row_id[chosen], state[chosen]))
    return np.concatenate([np.empty(0, np.int64), *_merged(by_column.values())])


def _merged(columns: Iterable[list[tuple[IntArray, IntArray]]]) -> Iterator[IntArray]:
    for parts in columns:
        rows = np.concatenate([row_id for row_id, _ in parts])
        state = np.concatenate([of_rows for _, of_rows in parts])
        _, place = np.unique(rows, return_inverse=True)
        least = np.full(place.max(initial=-1) + 1, len(ACTIONS), dtype=np.int64)
        np.minimum.at(least, place, state)  # OPEN is less than any action
        yield least


def first_of(state: IntArray, *wanted: int) -> int | None:
    """Return the first position of one of some states, None where there is none."""
    found = np.flatnonzero(np.isin(state, wanted))
    return int(found[0]) if len(found) else None


def _coded(texts: Sequence[str | None]) -> tuple[IntArray, dict[str | None, int]]:
    codes: dict[str | None, int] = {}
    places = [codes.setdefault(text, len(codes)) for text in texts]
    return np.array(places, dtype=np.int64), codes
