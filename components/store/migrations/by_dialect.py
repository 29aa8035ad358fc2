"""Which database a migration runs on, for what is said differently to each.

An index of PostgreSQL takes no texts of 3 kB, and the name of a column may be longer: one row per
cell is held there by a unique index over a hash of the name.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op


def is_postgres() -> bool:
    """Whether the database is one of PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def execute(*, sqlite: Iterable[str], postgres: Iterable[str]) -> None:
    """Execute the statements that are meant for the database."""
    for statement in postgres if is_postgres() else sqlite:
        op.execute(statement)


def key_of_cells(table: str) -> tuple[sa.PrimaryKeyConstraint, ...]:
    """Return the key of a table with one row per cell, where it can be a key."""
    if is_postgres():
        return ()
    columns = ("dataset_id", "column_name", "row_id")
    return (sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}"),)


def index_cells(table: str) -> None:
    """Hold a table to one row per cell, where that could not be its key."""
    if is_postgres():
        hashed = sa.text("md5(column_name)")
        cell: list[str | sa.TextClause] = ["dataset_id", "row_id", hashed]
        op.create_index(f"ix_{table}_cell", table, cell, unique=True)
