"""What the next run of a table is told by default: what was told the last one, or one of before."""

from __future__ import annotations

from dataclasses import replace

from components.checks import registry
from components.core.data.dataset import DatasetVersion
from components.core.errors import Damaged, NotFound
from components.core.judgement.parameters import ParamValues, names_of, text_of_names
from components.services.data import versions
from components.services.dataset_info import DatasetInfo
from components.services.runs import runs
from components.services.runs.settings import RunSettings, of_spec
from components.services.workspace import Workspace

MOST_STEPS = 20
"""Former versions that are gone back to."""


def former_settings(ws: Workspace, info: DatasetInfo) -> RunSettings:
    """Return the settings of the last run of a table, else of the version that it came from.

    What a person said of columns goes with them; columns that are not there any more are left out.
    """
    at: DatasetInfo | None = info
    for _ in range(MOST_STEPS):
        if at is None:
            break
        run_id = runs.latest(ws, at.version.id)
        if run_id is not None:
            told = _of_run(ws, run_id)
            return replace(told, params=_of_columns(told.params, info.version))
        before = versions.former(ws, at)
        at = before.info if before is not None and before.met is not None else None
    return RunSettings()


def _of_run(ws: Workspace, run_id: str) -> RunSettings:
    try:
        return of_spec(runs.spec(ws, run_id))
    except Damaged:  # what it was told is lost; the table can be checked again all the same
        return RunSettings()


def _of_columns(params: ParamValues, version: DatasetVersion) -> ParamValues:
    there = {column.name for column in version.columns}
    kept: ParamValues = {}
    for check_id, values in params.items():
        names = _column_params(check_id)
        for name, value in values.items():
            text = value
            if name in names:
                text = text_of_names(n for n in names_of(str(value)) if n in there)
            if text != "" or name not in names:
                kept.setdefault(check_id, {})[name] = text
    return kept


def _column_params(check_id: str) -> frozenset[str]:
    try:
        check = registry.get(check_id)
    except NotFound:  # of another version of the product
        return frozenset()
    return frozenset(p.name for p in check.parameters if p.offer)
