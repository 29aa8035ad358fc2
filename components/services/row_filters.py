"""What a filter asks the engine for: conditions, and the rows that checks have flagged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from components.core.dataset import ROW_ID
from components.core.errors import NotFound, UnusableInput
from components.core.query import AnyOf, Condition, Not, OneOf
from components.engine import browse as engine
from components.engine.browse import Marks
from components.services.filters import Filter, Flagged, Part
from components.services.workspace import Workspace
from components.store.files import valid_check_id

MOST_FLAGGED = 10_000
"""Flagged rows that can be joined with “or”: they are named one by one, 0.4 s for as many."""
KEPT = 64
"""Lists of flagged rows that are kept."""


def resolved(ws: Workspace, run_id: str | None, asked: Filter) -> engine.Wanted:
    """Return what the engine is asked for.

    Raises
    ------
    NotFound
        When the run has no flags of a check that is asked for.
    UnusableInput
        When a check has flagged more than ``MOST_FLAGGED`` rows and any condition is enough.
    """
    if asked.any_of and len(asked.parts) > 1:
        return (AnyOf(tuple(_named(ws, run_id, part) for part in asked.parts)),)
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


def _named(ws: Workspace, run_id: str | None, part: Part) -> Condition:
    """Return a part as a condition on the table, flagged rows by their ids."""
    if not isinstance(part, Flagged):
        return part
    path = _there(ws, run_id, part.check_id)
    ids = _flagged(path, path.stat().st_mtime_ns)
    if len(ids) > MOST_FLAGGED:
        raise UnusableInput(
            f"This check has flagged more than {MOST_FLAGGED:,} rows, too many for “any”.",
            "Show the rows that match all conditions, or take the check away.",
        )
    chosen = OneOf(ROW_ID, tuple(ids))
    return chosen if part.wanted else Not(chosen)


@lru_cache(maxsize=KEPT)
def _flagged(path: Path, _stamp: int) -> Sequence[int]:
    """Return flagged rows, ascending, cut where too many; the stamp tells a later file."""
    from pyarrow import parquet

    found = parquet.read_table(path, columns=[ROW_ID], filters=[("flagged", "=", True)])
    ids: list[int] = found.column(ROW_ID).unique().to_pylist()
    return tuple(sorted(ids)[: MOST_FLAGGED + 1])
