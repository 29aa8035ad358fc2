"""Guidelines for the labels, which are only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases import postgres_triggers, sqlite_triggers
from components.store.migrations import by_dialect

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table."""
    name = "guidelines"
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_dataset_id", name, ["dataset_id"])
    by_dialect.execute(
        sqlite=sqlite_triggers.GUIDELINES_STAY, postgres=postgres_triggers.GUIDELINES_STAY
    )
