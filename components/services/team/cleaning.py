"""What correcting labels has brought so far, measured by a worker when a person asks for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from components.checks.labels._cleaning.benefit import (
    CleaningBenefit,
    ReviewedLabels,
    TooFew,
    cleaning_benefit,
)
from components.core.codec import from_json, to_json
from components.core.errors import NotFound
from components.core.judgement.review import Action
from components.core.judgement.runs import RunSpec
from components.core.progress import Progress
from components.engine.table.open_table import open_table
from components.jobs.context import AfterRun
from components.services.review.states import spelling_of
from components.services.runs import runs
from components.services.worker_calls import Watcher, ask, workspace_of
from components.services.workspace import Workspace
from components.store.review import decisions as table

COMMAND = "cleaning-benefit"
TOUCHING = (Action.CHANGE, Action.EXCLUDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What is known of it; one of the two is None.

    Attributes
    ----------
    benefit
        What training on cleaned labels brings.
    too_few
        What there is, where it is too little to say anything.
    """

    benefit: CleaningBenefit | None = None
    too_few: TooFew | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """How many labels people have changed or left out, and which: equal while they are the same."""

    n: int
    as_of: str


def touched(ws: Workspace, run_id: str) -> Touched:
    """Return it for the label of a run."""
    reviewed = _reviewed(ws, runs.spec(ws, run_id))
    said = json.dumps([reviewed.row_id.tolist(), reviewed.label.tolist()])
    return Touched(n=len(reviewed.row_id), as_of=hashlib.sha256(said.encode()).hexdigest())


def measured(ws: Workspace, run_id: str, tell: Progress) -> Cleaning:
    """Return what the decisions made so far bring; a worker measures it, once.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the worker.

    Raises
    ------
    NotApplicable
        When the label has no classes that models can be trained for.
    """
    return _measured(ws, run_id, touched(ws, run_id).as_of, Watcher(tell))


@lru_cache(maxsize=32)
def _measured(ws: Workspace, run_id: str, _as_of: str, told: Watcher) -> Cleaning:
    return from_json(Cleaning, json.loads(ask(ws, COMMAND, {"run": run_id}, told.tell)))


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`measured` asks for."""
    with workspace_of(request) as ws:
        return json.dumps(to_json(_measure(ws, request["run"], tell)))


def _measure(ws: Workspace, run_id: str, tell: Progress) -> Cleaning:
    spec, facts = runs.spec(ws, run_id), runs.profile(ws, run_id)
    label = spec.dataset.label
    if facts is None or label is None:
        raise NotFound("What was checked here is gone.", "Check the table again.")
    spelled, reviewed = spelling_of(ws, run_id, label.name), _reviewed(ws, spec)
    with open_table(spec.dataset, Path(spec.table), memory_limit=spec.memory_limit) as opened:
        found = cleaning_benefit(
            opened,
            AfterRun(spec, facts, tell),
            reviewed,
            spelled=spelled.of,
        )
    return Cleaning(too_few=found) if isinstance(found, TooFew) else Cleaning(benefit=found)


def _reviewed(ws: Workspace, spec: RunSpec) -> ReviewedLabels:
    """Return what people have changed or left out in the label, in the order of the rows."""
    label = spec.dataset.label
    if label is None:
        return ReviewedLabels(row_id=np.empty(0, np.int64), label=np.empty(0, object))
    with ws.db.read() as session:
        made = table.standing(session, spec.dataset.id, column=label.name, actions=TOUCHING)
        found = sorted((d.cell.row_id, None if d.action is Action.EXCLUDE else d.new) for d in made)
    told = np.empty(len(found), dtype=object)
    told[:] = [text for _, text in found]
    return ReviewedLabels(row_id=np.array([row for row, _ in found], dtype=np.int64), label=told)
