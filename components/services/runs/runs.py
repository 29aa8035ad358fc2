"""Runs: start the checks on a dataset, watch them, read what they found."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from components.checks import registry
from components.core.errors import Damaged, NotFound
from components.core.facts.profile import DatasetProfile
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult, Coverage, Finding, Status
from components.core.judgement.gate import Verdict, judge
from components.core.judgement.runs import Reference, RunSpec, RunStatus
from components.jobs import runner
from components.jobs.folder import RunFolder
from components.jobs.perform import perform
from components.services.data import datasets
from components.services.runs.catalogue import CheckInfo, catalogue
from components.services.runs.read_once import cached
from components.services.runs.settings import (
    DEFAULTS,
    RunSettings,
    only_changed,
    refuse_absent_columns,
)
from components.services.workspace import Workspace, now
from components.store import results as result_files
from components.store import runs as table
from components.store.files import valid_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "CheckInfo",
    "active",
    "cancel",
    "catalogue",
    "cell_scores",
    "dataset_of",
    "execute",
    "finding",
    "history",
    "latest",
    "profile",
    "result",
    "results",
    "row_scores",
    "spec",
    "start",
    "status",
    "verdict",
]

WATCHED = 50
"""Newest runs among which the active ones are looked for."""


class Choice(NamedTuple):
    """Concerns or check ids to run (all where empty), and those to leave out."""

    only: Sequence[str]
    skip: Sequence[str]


def start(
    ws: Workspace,
    dataset_id: str,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    seed: int = 0,
    settings: RunSettings = DEFAULTS,
    actor: str = "",
) -> str:
    """Start a run in a process of its own and return its id.

    Asking the same twice while the first run is not over gives the first one.

    Raises
    ------
    UnusableInput
        When a check or concern is not known, none is left to run, or a setting cannot be used.
    """
    spec = _spec(ws, dataset_id, Choice(only, skip), seed, settings)
    # one writer at a time: whoever asks for the same at the same moment sees this run
    with ws.db.write() as session:
        twin = _twin(ws, session, spec)
        if twin is not None:
            return twin
        folder = _prepare(ws, session, spec, actor)
    runner.start(folder, ws.queue)
    return spec.run_id


def execute(
    ws: Workspace,
    dataset_id: str,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    seed: int = 0,
    settings: RunSettings = DEFAULTS,
    listener: Callable[[RunStatus], None] | None = None,
    with_map: bool = False,
) -> str:
    """Do a run in this process and return its id when it is over.

    Parameters
    ----------
    listener
        Called with each new status.
    with_map
        Whether the map of the rows is drawn, too.

    Raises
    ------
    UnusableInput
        When a check or concern is not known, none is left to run, or a setting cannot be used.
    """
    spec = _spec(ws, dataset_id, Choice(only, skip), seed, settings)
    with ws.db.write() as session:
        folder = _prepare(ws, session, spec, "")
    perform(folder.path, listener=listener, with_map=with_map)
    return spec.run_id


def status(ws: Workspace, run_id: str) -> RunStatus:
    """Return how far a run is; one whose process has died shows as interrupted.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    return runner.status(_folder(ws, run_id), ws.queue)


def cancel(ws: Workspace, run_id: str) -> None:
    """Ask a run to stop, waiting or working; it is over within 2 seconds. Does not wait.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    folder = _folder(ws, run_id)
    if runner.status(folder, ws.queue).state.is_over:
        return
    folder.ask_cancel()
    threading.Thread(
        target=runner.stop, args=(folder, ws.queue), name=f"stop-{run_id}", daemon=True
    ).start()


def active(ws: Workspace) -> tuple[RunStatus, ...]:
    """Return the runs that are not over, newest first; those that may start are started."""
    ws.queue.dispatch()
    with ws.db.read() as session:
        return tuple(_active(ws, session))


def latest(ws: Workspace, dataset_id: str) -> str | None:
    """Return the newest run of a dataset, or None."""
    with ws.db.read() as session:
        run_ids = table.of_dataset(session, valid_id(dataset_id, "dataset"))
    return run_ids[0] if run_ids else None


def history(ws: Workspace, dataset_id: str) -> tuple[RunStatus, ...]:
    """Return the runs of a dataset, newest first."""
    with ws.db.read() as session:
        run_ids = table.of_dataset(session, valid_id(dataset_id, "dataset"))
    return tuple(_statuses(ws, run_ids))


def spec(ws: Workspace, run_id: str) -> RunSpec:
    """Return what a run checks.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    found = cached(RunSpec, _folder(ws, run_id).path / "spec.json")
    if found is None:
        raise NotFound("There is no such run in this workspace.", "Choose one from the list.")
    return found


def profile(ws: Workspace, run_id: str) -> DatasetProfile | None:
    """Return the facts about the table; None while they are not there."""
    return cached(DatasetProfile, _folder(ws, run_id).path / "profile.json")


def results(ws: Workspace, run_id: str) -> tuple[CheckResult, ...]:
    """Return what the checks have found so far, in the order in which they run."""
    asked = spec(ws, run_id)
    found = (_result(ws, asked, check_id) for check_id in asked.checks)
    return tuple(result for result in found if result is not None)


def result(ws: Workspace, run_id: str, check_id: str) -> CheckResult | None:
    """Return what one check found; None while it has not ended, or where it did not run."""
    asked = spec(ws, run_id)
    return _result(ws, asked, check_id) if check_id in asked.checks else None


def dataset_of(ws: Workspace, run_id: str) -> str | None:
    """Return the id of the dataset that a run checks, whatever became of its files; or None."""
    with ws.db.read() as session:
        return table.dataset_of(session, valid_id(run_id, "run"))


def verdict(ws: Workspace, run_id: str) -> Verdict:
    """Return the verdict on what is there so far; without an end it is not known."""
    state = status(ws, run_id).state
    return judge(spec(ws, run_id), state, results(ws, run_id))


def finding(ws: Workspace, run_id: str, finding_id: str) -> Finding | None:
    """Return one finding of a run, or None."""
    found = (f for r in results(ws, run_id) for f in r.findings)
    return next((f for f in found if f.id == finding_id), None)


def row_scores(
    ws: Workspace,
    run_id: str,
    check_id: str,
    *,
    flagged_only: bool = False,
    start: int = 0,
    limit: int | None = None,
) -> RowScores | None:
    """Return the row-level evidence of a check, worst first; None where there is none."""
    folder = _folder(ws, run_id).path
    return result_files.read_rows(
        folder, check_id, flagged_only=flagged_only, start=start, limit=limit
    )


def cell_scores(
    ws: Workspace, run_id: str, check_id: str, *, start: int = 0, limit: int | None = None
) -> CellScores | None:
    """Return the cell-level evidence of a check, worst first; None where there is none."""
    folder = _folder(ws, run_id).path
    return result_files.read_cells(folder, check_id, start=start, limit=limit)


def _spec(
    ws: Workspace, dataset_id: str, choice: Choice, seed: int, settings: RunSettings
) -> RunSpec:
    info = datasets.get(ws, dataset_id)
    created_at = now()
    chosen = registry.select(choice.only, choice.skip)
    params = only_changed(settings.params, chosen)
    refuse_absent_columns(params, info.version)
    return RunSpec(
        run_id=f"{created_at:%y%m%d-%H%M%S}-{secrets.token_hex(4)}",
        dataset=info.version,
        table=str(datasets.table_path(info)),
        checks=tuple(check.id for check in chosen),
        left_out=tuple(check.id for check in registry.all_checks() if check not in chosen),
        params=params,
        policy=settings.policy,
        reference=_reference(ws, settings.reference_id),
        seed=seed,
        memory_limit=ws.settings.memory_limit,
        source=info.report,
        created_at=created_at,
    )


def _reference(ws: Workspace, dataset_id: str) -> Reference | None:
    if not dataset_id:
        return None
    info = datasets.get(ws, dataset_id)
    return Reference(dataset=info.version, table=str(datasets.table_path(info)))


def _prepare(ws: Workspace, session: Session, spec: RunSpec, actor: str) -> RunFolder:
    folder = runner.prepare(ws.files.run(spec.run_id), spec)
    table.add(session, spec.run_id, spec.dataset.id, spec.created_at)
    detail = {"run_id": spec.run_id, "checks": list(spec.checks), "seed": spec.seed}
    if spec.params:
        detail["params"] = spec.params
    ws.record(session, actor, "run.started", spec.dataset.id, detail)
    return folder


def _active(ws: Workspace, session: Session) -> list[RunStatus]:
    """Return the runs that are not over: those in the queue, and any that was started by hand."""
    queued = [path.name for path in ws.queue.jobs() if path.parent == ws.files.runs]
    run_ids = dict.fromkeys((*queued[::-1], *table.newest(session, WATCHED)))
    found = _statuses(ws, tuple(run_ids))
    return [status for status in found if not status.state.is_over]


def _twin(ws: Workspace, session: Session, asked: RunSpec) -> str | None:
    for running in _active(ws, session):
        with suppress(Damaged):  # it is no run of this question that anybody could read
            if spec(ws, running.run_id).is_same_question(asked):
                return running.run_id
    return None


def _result(ws: Workspace, asked: RunSpec, check_id: str) -> CheckResult | None:
    """Return what one check found; where its file is damaged, a check that failed."""
    path = _folder(ws, asked.run_id).path / "results" / f"{check_id}.json"
    try:
        return cached(CheckResult, path)
    except Damaged as error:
        known = {check.id: check.title for check in registry.all_checks()}
        return CheckResult(
            check_id=check_id,
            title=known.get(check_id, check_id),
            version=0,
            status=Status.FAILED,
            reason=f"What this check found cannot be read any more. {error.what} Check the table "
            "again.",
            coverage=Coverage(rows_seen=0, rows_total=asked.dataset.n_rows),
            elapsed_s=0.0,
        )


def _folder(ws: Workspace, run_id: str) -> RunFolder:
    folder = RunFolder(ws.files.run(run_id))
    if not folder.path.is_dir():
        raise NotFound("There is no such run in this workspace.", "Choose one from the list.")
    return folder


def _statuses(ws: Workspace, run_ids: Sequence[str]) -> list[RunStatus]:
    folders = (RunFolder(ws.files.run(run_id)) for run_id in run_ids)
    queue = ws.queue
    waiting = queue.waiting()
    there = (folder for folder in folders if (folder.path / "status.json").is_file())
    return [runner.status(folder, queue, waiting) for folder in there]
