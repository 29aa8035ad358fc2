"""What checks said about cells that people decided about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from components.core.judgement.review import Cell, Decision
from components.services.review import review
from components.services.review.selection import flagged_facets
from components.services.review.states import cell_order
from components.services.runs import runs
from components.services.workspace import Workspace

MOST_RUNS = 5
"""Runs of a table that are asked, the newest first."""


@dataclass(frozen=True, slots=True)
class ToldCell:
    """What a check said about a cell; ``suggested`` is None where it knew nothing better."""

    suggested: str | None
    reason: str


def told_by_checks(
    ws: Workspace, dataset_id: str, made: Iterable[Decision]
) -> Mapping[tuple[str, Cell], ToldCell]:
    """Return, by check and cell, what the newest run that asks about a decided cell says of it."""
    missing: dict[str, set[Cell]] = {}
    for decision in made:
        missing.setdefault(decision.check_id, set()).add(decision.cell)
    found: dict[tuple[str, Cell], ToldCell] = {}
    for status in runs.history(ws, dataset_id)[:MOST_RUNS]:
        for result in review.reviewable(ws, status.run_id):
            cells = missing.get(result.check_id)
            if cells:
                told = _told(ws, status.run_id, result.check_id, cells)
                found |= {(result.check_id, cell): said for cell, said in told.items()}
                cells -= told.keys()
    return found


def _told(
    ws: Workspace, run_id: str, check_id: str, cells: Collection[Cell]
) -> dict[Cell, ToldCell]:
    order = cell_order(ws, run_id, check_id)
    reasons = flagged_facets(ws, run_id, check_id).reason
    texts = list(order.texts)
    found = {}
    for place in np.flatnonzero(np.isin(order.row_id, [c.row_id for c in cells])).tolist():
        cell = Cell(int(order.row_id[place]), order.names[int(order.column[place])])
        if cell in cells:
            found[cell] = ToldCell(texts[int(order.suggested[place])], str(reasons[place]))
    return found
