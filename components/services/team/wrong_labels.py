"""How many flagged labels are wrong, as far as the items of a review drawn at random tell."""

from __future__ import annotations

from components.core.judgement.review import ItemType
from components.reports.label_numbers import WrongLabels
from components.services.review import review
from components.services.review.review import ReviewQueue
from components.services.runs import runs
from components.services.team import figures
from components.services.workspace import Workspace


def wrong_labels(ws: Workspace, queue: ReviewQueue | None, n_flagged: int) -> WrongLabels:
    """Return it for one queue; a worker computes it, where anything is drawn at random."""
    found = figures.figures(ws, queue) if queue is not None and queue.is_mixed else None
    if found is None:
        return WrongLabels(n_flagged=n_flagged)
    rate = next((r for r in found.rates if r.is_flagged), None)
    return WrongLabels(n_flagged=n_flagged, rate=rate, thirds=found.thirds)


def by_check(ws: Workspace, run_id: str) -> dict[str, WrongLabels]:
    """Return it for each check of a run that flagged labels."""
    return {
        r.check_id: wrong_labels(ws, review.queue(ws, run_id, r.check_id), r.n_suggested)
        for r in runs.results(ws, run_id)
        if r.item_type is ItemType.LABEL and r.n_suggested
    }
