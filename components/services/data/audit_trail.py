"""The history of a workspace: shown, and held against what stands in its tables."""

from __future__ import annotations

from components.core.errors import NotFound, UnusableInput
from components.services.workspace import Workspace
from components.store import audit, datasets
from components.store.chain import verify as chain
from components.store.chain.verify import Verification

SHOWN = 8
"""Ids that a sentence names."""


def show(ws: Workspace, *, table: str = "", limit: int = 50) -> tuple[audit.Event, ...]:
    """Return the newest events, the newest last.

    Parameters
    ----------
    table
        The id or the name of a table, also of one that was removed; "" for all.

    Raises
    ------
    NotFound
        When the history names no such table.
    UnusableInput
        When several tables have this name.
    """
    with ws.db.read() as session:
        dataset_id = None
        if table:
            ids = datasets.ids_of(session, table)
            if not ids and not audit.events(session, dataset_id=table, limit=1):
                raise NotFound(f"The history names no table “{table}”.", "See “preflight list”.")
            if len(ids) > 1:
                raise UnusableInput(
                    f"{len(ids):,} tables are or were called “{table}”.",
                    f"Say which one by id: {', '.join(ids[:SHOWN])}.",
                )
            dataset_id = ids[0] if ids else table
        return audit.events(session, dataset_id=dataset_id, limit=limit)[::-1]


def verify(ws: Workspace, *, contains: str = "") -> Verification:
    """Look whether every event goes on from the one before, and tells what stands in the tables.

    Parameters
    ----------
    contains
        A hash that was noted earlier and must be one of the chain; "" where none was.
    """
    with ws.db.read() as session:
        return chain.verify(session, contains=contains.strip().lower())
