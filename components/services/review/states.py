"""Which cells checks ask about, and what became of each: open, settled in some way, or not sure.

A cell whose decision answered another suggestion is open again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from components.core.judgement.evidence import RowScores
from components.core.judgement.review import Action, Asks, Decision, ItemType, ReviewCounts
from components.services.data import datasets
from components.services.data.label_spelling import Spelling, spelling
from components.services.review.items import orders
from components.services.review.items.orders import NOTHING, CellOrder, IntArray
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store.review import decisions as table
from components.store.review.decisions import DecidedRows

ACTIONS = tuple(Action)
OPEN, UNSURE, ESCALATED = -1, ACTIONS.index(Action.UNSURE), ACTIONS.index(Action.ESCALATE)
ERROR = ACTIONS.index(Action.ERROR)


@lru_cache(maxsize=32)
def cell_order(ws: Workspace, run_id: str, check_id: str) -> CellOrder:
    """Return the items of a check; they never change, as results never do."""
    rows = runs.row_scores(ws, run_id, check_id, flagged_only=True)
    if rows is not None and rows.item_type is not None:
        asks = rows.asks or Asks(item_type=rows.item_type)
        if asks.item_type is ItemType.ROW:
            return orders.of_rows(rows, asks)
        if asks.item_type is ItemType.REPEATS:
            return orders.of_repeats(rows, asks)
        return _labels(ws, run_id, rows, asks)
    scores = runs.cell_scores(ws, run_id, check_id)
    if scores is None or scores.item_type is None:
        return NOTHING
    flagged = scores.flagged
    names, codes = np.unique(scores.column[flagged].astype(str), return_inverse=True)
    said = [None] * int(flagged.sum()) if scores.suggested is None else scores.suggested[flagged]
    suggested, texts = _coded(list(said))
    asks = scores.asks or Asks(item_type=ItemType.CELL)
    column = codes.astype(np.int64)
    return CellOrder(scores.row_id[flagged], column, tuple(names.tolist()), suggested, texts, asks)


def _labels(ws: Workspace, run_id: str, rows: RowScores, asks: Asks) -> CellOrder:
    label = runs.spec(ws, run_id).dataset.label
    if label is None or rows.suggested is None:
        return NOTHING
    said = list(rows.suggested)
    if asks.item_type in {ItemType.LABEL, ItemType.UNLABELLED}:
        words = spelling_of(ws, run_id, label.name)
        said = [words.of(s) if s else None for s in said]
    suggested, texts = _coded(said)
    column = np.zeros(len(rows.row_id), dtype=np.int64)
    return CellOrder(rows.row_id, column, (label.name,), suggested, texts, asks)


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
    """Return what became of all cells."""
    n = {action: int((state == place).sum()) for place, action in enumerate(ACTIONS)}
    return ReviewCounts(
        n_open=int((state == OPEN).sum()),
        n_kept=n[Action.KEEP],
        n_changed=n[Action.CHANGE],
        n_excluded=n[Action.EXCLUDE],
        n_unsure=n[Action.UNSURE] + n[Action.ESCALATE],
        n_escalated=n[Action.ESCALATE],
        n_errors=n[Action.ERROR],
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
