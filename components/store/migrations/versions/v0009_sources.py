"""Decisions that were answered in another tool: which one, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import SOURCES_STAY
from components.store.migrations import by_dialect

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; decisions of before were made here."""
    op.add_column("decisions", sa.Column("source", sa.String(32), nullable=True))
    op.add_column("decisions", sa.Column("said_at", sa.String(32), nullable=True))
    by_dialect.execute(sqlite=SOURCES_STAY, postgres=())  # there all columns stay
