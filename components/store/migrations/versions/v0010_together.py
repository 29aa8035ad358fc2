"""Decisions that were made together, and those that were made before the suggestion was shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import TOGETHER_STAYS
from components.store.migrations import by_dialect

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; decisions of before were made one by one, beside the suggestion."""
    op.add_column("decisions", sa.Column("batch", sa.String(64), nullable=True))
    op.add_column("decisions", sa.Column("judged_first", sa.Boolean, nullable=True))
    op.create_index("ix_decisions_dataset_id_batch", "decisions", ["dataset_id", "batch"])
    by_dialect.execute(sqlite=TOGETHER_STAYS, postgres=())  # there all columns stay
