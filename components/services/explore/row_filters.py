"""What a filter asks the engine for: conditions, and the rows that checks have flagged."""

from __future__ import annotations

from pathlib import Path

from components.core.errors import NotFound
from components.engine.table import matching_rows as engine
from components.engine.table.matching_rows import Either, Marks
from components.services.explore.filters import Filter, Flagged, Part
from components.services.workspace import Workspace
from components.store.files import valid_check_id


def resolved(ws: Workspace, run_id: str | None, asked: Filter) -> engine.Wanted:
    """Return what the engine is asked for.

    Raises
    ------
    NotFound
        When the run has no flags of a check that is asked for.
    """
    if asked.any_of and len(asked.parts) > 1:
        return (Either(tuple(_resolved(ws, run_id, part) for part in asked.parts)),)
    return tuple(_resolved(ws, run_id, part) for part in asked.parts)


def marks(ws: Workspace, run_id: str, check_id: str) -> Path | None:
    """Return the file of what a check of a run says about rows or cells, None where it has none."""
    folder = ws.files.run(run_id)
    name = f"{valid_check_id(check_id)}.parquet"
    paths = (folder / kind / name for kind in ("rows", "cells"))
    return next((path for path in paths if path.is_file()), None)


def _resolved(ws: Workspace, run_id: str | None, part: Part) -> engine.One:
    if not isinstance(part, Flagged):
        return part
    return Marks(_there(ws, run_id, part.check_id), part.wanted)


def _there(ws: Workspace, run_id: str | None, check_id: str) -> Path:
    path = marks(ws, run_id, check_id) if run_id else None
    if path is None:
        raise NotFound(
            "This filter asks for rows that a check has flagged, and the run has none.",
            "Check the table, or remove this filter.",
        )
    return path
