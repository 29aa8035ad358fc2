"""What correcting labels has brought so far, measured by a worker when a person asks for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from components.checks.labels._cleaning.benefit import (
    CleaningBenefit,
    ReviewedLabels,
    TooFew,
    cleaning_benefit,
)
from components.core.atomic_files import read_json, write_json
from components.core.errors import Damaged, NotFound
from components.core.judgement.review import Action
from components.core.judgement.runs import RunSpec
from components.core.progress import Progress
from components.engine.table.open_table import open_table
from components.jobs.context import AfterRun
from components.services.review.states import spelling_of
from components.services.runs import runs
from components.services.worker_calls import ask, workspace_of
from components.services.workspace import Workspace
from components.store.review import decisions as table

COMMAND = "cleaning-benefit"
TOUCHING = (Action.CHANGE, Action.EXCLUDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What was measured last; one of ``benefit`` and ``too_few`` is None.

    Attributes
    ----------
    as_of
        :attr:`Touched.as_of` at that time.
    benefit
        What training on cleaned labels brings.
    too_few
        What there is, where it is too little to say anything.
    """

    as_of: str
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
    return Touched(n=len(reviewed.row_id), as_of=_mark(reviewed))


def _mark(reviewed: ReviewedLabels) -> str:
    said = json.dumps([reviewed.row_id.tolist(), reviewed.label.tolist()])
    return hashlib.sha256(said.encode()).hexdigest()


def known(ws: Workspace, run_id: str) -> Cleaning | None:
    """Return what was measured last; None where nothing was, or it can no longer be read."""
    try:
        return read_json(Cleaning, _file(ws, run_id))
    except Damaged:
        return None


def measure(ws: Workspace, run_id: str, tell: Progress) -> None:
    """Have a worker measure what the decisions made so far bring; :func:`known` returns it then.

    Parameters
    ----------
    tell
        Told how far it is; what it raises ends the worker.

    Raises
    ------
    NotApplicable
        When the label has no classes that models can be trained for.
    """
    ask(ws, COMMAND, {"run": run_id}, tell)


def work(request: dict[str, Any], tell: Progress) -> str:
    """Do in a worker what :func:`measure` asks for."""
    with workspace_of(request) as ws:
        write_json(_file(ws, request["run"]), _measured(ws, request["run"], tell))
    return str(request["run"])


def _file(ws: Workspace, run_id: str) -> Path:
    return ws.files.run(run_id) / "cleaning.json"


def _measured(ws: Workspace, run_id: str, tell: Progress) -> Cleaning:
    spec, facts = runs.spec(ws, run_id), runs.profile(ws, run_id)
    label = spec.dataset.label
    if facts is None or label is None:
        raise NotFound("What was checked here is gone.", "Check the table again.")
    spelled, reviewed = spelling_of(ws, run_id, label.name), _reviewed(ws, spec)
    as_of = _mark(reviewed)
    with open_table(spec.dataset, Path(spec.table), memory_limit=spec.memory_limit) as opened:
        found = cleaning_benefit(
            opened,
            AfterRun(spec, facts, tell),
            reviewed,
            spelled=spelled.of,
        )
    if isinstance(found, TooFew):
        return Cleaning(as_of=as_of, too_few=found)
    return Cleaning(as_of=as_of, benefit=found)


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
