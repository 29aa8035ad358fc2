"""Decisions about rows that repeat one: which rows they leave out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import OTHERS_STAY
from components.store.migrations import by_dialect

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; decisions of before were about a cell each."""
    op.add_column("decisions", sa.Column("others", sa.Text, nullable=True))
    by_dialect.execute(sqlite=OTHERS_STAY, postgres=())  # there all columns stay
