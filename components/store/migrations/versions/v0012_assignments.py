"""Items that are kept for one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the table."""
    name = "assignments"
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("wanted", sa.JSON, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_dataset_id", name, ["dataset_id"])
