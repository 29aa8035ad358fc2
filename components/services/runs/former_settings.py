"""What the next run of a table is told by default: what was told the last one, or one of before."""

from __future__ import annotations

from components.core.errors import Damaged
from components.services.data import versions
from components.services.dataset_info import DatasetInfo
from components.services.runs import runs
from components.services.runs.settings import RunSettings, of_spec
from components.services.workspace import Workspace

MOST_STEPS = 20
"""Former versions that are gone back to."""


def former_settings(ws: Workspace, info: DatasetInfo) -> RunSettings:
    """Return the settings of the last run of a table, else of the version that it came from.

    Versions have the same columns, so what was said of them holds for the next one as well.
    """
    at: DatasetInfo | None = info
    for _ in range(MOST_STEPS):
        if at is None:
            break
        run_id = runs.latest(ws, at.version.id)
        if run_id is not None:
            return _of_run(ws, run_id)
        before = versions.former(ws, at)
        at = before.info if before is not None and before.met is not None else None
    return RunSettings()


def _of_run(ws: Workspace, run_id: str) -> RunSettings:
    try:
        return of_spec(runs.spec(ws, run_id))
    except Damaged:  # what it was told is lost; the table can be checked again all the same
        return RunSettings()
