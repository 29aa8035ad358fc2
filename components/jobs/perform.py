"""Doing a run: profile first, then the checks in order, each result written as it comes.

How columns go together is computed before the first check that trains a model: the cheap checks
have told what they found by then, and it is there long before the run is over.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from components.checks import registry
from components.core.data.dataset import DatasetVersion
from components.core.errors import Cancelled, NotFound, PreflightError
from components.core.facts.profile import DatasetProfile
from components.core.judgement.checks import AnyCheck, Cost
from components.core.judgement.runs import RunSpec, RunState, RunStatus
from components.engine.connect import keep_open
from components.engine.table.open_table import SqlTable, open_table
from components.intake import count_disguised, find_texts
from components.jobs import mapping
from components.jobs.context import Context, Journal, first_status
from components.jobs.folder import RunFolder
from components.processes.endings import explain, out_of_memory_kills
from components.processes.folder import Owner
from components.processes.identity import this_process
from components.profiling.associations.associate import associate
from components.profiling.profile import profile
from components.store.results import write_result

log = logging.getLogger(__name__)


def perform(
    path: Path,
    *,
    listener: Callable[[RunStatus], None] | None = None,
    with_map: bool = True,
) -> RunStatus:
    """Do the run whose folder is ``path``, in this process, and return how it ended.

    A check that fails does not end the run. An error outside of the checks ends it as FAILED, with
    the error in the status; nothing is raised.

    Parameters
    ----------
    listener
        Called with each status that is written.
    with_map
        Whether the map of the rows is drawn at the end; only the app shows it.

    Raises
    ------
    NotFound
        When there is no run in ``path``.
    """
    folder = RunFolder(path)
    spec = folder.spec()
    if spec is None:
        raise NotFound(f"There is no run in {path}.", "Check the path.")
    me, owner = this_process(), folder.owner()
    if owner is None or owner.process != me:
        folder.write_owner(Owner(process=me, kills=out_of_memory_kills()))
    journal = _open_journal(folder, spec, listener)
    try:
        _work(folder, spec, journal, with_map=with_map)
    except Cancelled:
        return journal.close(RunState.CANCELLED)
    except PreflightError as error:
        return journal.close(RunState.FAILED, str(error))
    except Exception as error:
        log.exception("run %s failed", spec.run_id)
        return journal.close(RunState.FAILED, str(explain(error)))
    return journal.close(RunState.DONE)


def titles(check_ids: tuple[str, ...]) -> dict[str, str]:
    """Return the title of each check; a check that is not there any more is left out."""
    known = {check.id: check.title for check in registry.all_checks()}
    return {check_id: known[check_id] for check_id in check_ids if check_id in known}


def _open_journal(
    folder: RunFolder, spec: RunSpec, listener: Callable[[RunStatus], None] | None
) -> Journal:
    status = replace(
        first_status(spec, titles(spec.checks)),
        state=RunState.RUNNING,
        step="Opening the table",
        pid=os.getpid(),
        started_at=datetime.now(UTC),
    )
    folder.write_status(status)
    return Journal(folder, status, listener)


def _work(folder: RunFolder, spec: RunSpec, journal: Journal, *, with_map: bool) -> None:
    journal.obey()
    checks = [registry.get(check_id) for check_id in spec.checks]
    with ExitStack() as opened:
        opened.enter_context(keep_open(spec.memory_limit))  # for the table and its texts
        table = opened.enter_context(_open(spec.dataset, spec.table, spec))
        other = spec.reference if any(check.needs.reference for check in checks) else None
        reference = (
            None if other is None else opened.enter_context(_open(other.dataset, other.table, spec))
        )
        facts = _profile(table, spec, journal)
        folder.write_profile(facts)
        shared: dict[str, Any] = {}

        def run(some: Iterable[AnyCheck]) -> None:
            for check in some:
                context = Context(spec, facts, journal, check.id, shared, reference=reference)
                _run_check(folder, check, table, context, journal)

        run(check for check in checks if check.cost < Cost.MODEL)
        journal.say("Making the cell texts ready")
        find_texts(Path(spec.table).parent)  # here, so that no visitor has to wait for them later
        _associate(folder, table, facts, spec, journal)
        run(check for check in checks if check.cost >= Cost.MODEL)
        if with_map:
            mapping.draw(folder, spec, table, facts, journal.say)


def _open(version: DatasetVersion, table: str, spec: RunSpec) -> AbstractContextManager[SqlTable]:
    return open_table(version, Path(table), memory_limit=spec.memory_limit)


def _profile(table: SqlTable, spec: RunSpec, journal: Journal) -> DatasetProfile:
    def progress(done: float, note: str = "") -> None:
        journal.say(f"Reading the columns ({done:.0%}){': ' if note else ''}{note}")

    progress(0.0)
    words = count_disguised(
        Path(spec.table).parent, spec.dataset.columns, memory_limit=spec.memory_limit
    )
    return profile(table, disguised=words, progress=progress)


def _associate(
    folder: RunFolder, table: SqlTable, facts: DatasetProfile, spec: RunSpec, journal: Journal
) -> None:
    """Write how columns go together; when that fails, the run goes on and tells it."""

    def progress(done: float, note: str) -> None:
        journal.say(f"Comparing the columns ({done:.0%}){': ' if note else ''}{note}")

    try:
        folder.write_associations(associate(table, facts, seed=spec.seed, progress=progress))
    except Cancelled:
        raise
    except Exception as error:
        log.exception("associations of run %s failed", spec.run_id)
        reason = f"{type(error).__name__}: {error}"[:300]
        journal.note(f"How the columns go together could not be computed: {reason}")


def _run_check(
    folder: RunFolder, check: AnyCheck, table: SqlTable, context: Context, journal: Journal
) -> None:
    journal.begin(check.id)
    asked = context.spec
    result = check.run(table, context, check.set_params(asked.params.get(check.id, {})))
    if asked.policy is not None:
        result = asked.policy.apply(result)
    write_result(folder.path, result)
    journal.end(result)
