"""Opening a table: the engine is chosen by where the table is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlglot import exp

from components.core.data.dataset import DatasetVersion
from components.core.data.facts_table import FactsTable
from components.core.errors import NotFound
from components.engine.connect import DEFAULT_MEMORY
from components.engine.table.duck_table import open_parquet
from components.engine.table.held_columns import HeldColumns

SqlTable = FactsTable[exp.Expr]
"""A table that answers statements in SQL, built as trees by :mod:`components.engine.sql`."""


class Opener(Protocol):
    """Opens the tables of one kind of location."""

    def __call__(
        self,
        version: DatasetVersion,
        location: str,
        *,
        memory_limit: int,
        held: HeldColumns | None,
    ) -> AbstractContextManager[SqlTable]:
        """Open the table at a location; see :func:`open_table`."""
        ...


def open_table(
    version: DatasetVersion,
    location: Path | str,
    *,
    memory_limit: int = DEFAULT_MEMORY,
    held: HeldColumns | None = None,
) -> AbstractContextManager[SqlTable]:
    """Open the typed table of a dataset version.

    Parameters
    ----------
    location
        A Parquet file with the columns ``row_id`` and :attr:`Column.field` of every column, or
        an address ``scheme://...`` of a scheme in :data:`OPENERS`.
    memory_limit
        For the engine, in bytes; beyond it the engine spills to a temporary folder.
    held
        Columns of this table that are in memory already.

    Raises
    ------
    NotFound
        When there is no such table, or no engine for such a location.
    Conflict
        When the table has another number of rows than the version.
    """
    head, mark, _ = str(location).partition("://")
    scheme = head if mark else FILE
    if scheme not in OPENERS:
        raise NotFound(
            f"The table of {version.name} is stored where no engine can read it ({scheme}).",
            "Upload the file again.",
        )
    return OPENERS[scheme](version, str(location), memory_limit=memory_limit, held=held)


@contextmanager
def _open_file(
    version: DatasetVersion, location: str, *, memory_limit: int, held: HeldColumns | None
) -> Iterator[SqlTable]:
    with open_parquet(version, Path(location), memory_limit=memory_limit, held=held) as table:
        yield table


FILE = "file"
"""The scheme of a plain path."""

OPENERS: dict[str, Opener] = {FILE: _open_file}
"""Scheme of a location -> what opens it; another engine is one more entry."""
