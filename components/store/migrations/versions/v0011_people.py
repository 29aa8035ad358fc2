"""Items drawn at random, items kept for one person, guidelines for the labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases import postgres_triggers, sqlite_triggers
from components.store.migrations import by_dialect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns and the tables; nothing was drawn before."""
    op.add_column("decisions", sa.Column("stratum", sa.String(40), nullable=True))
    op.add_column("decisions", sa.Column("probability", sa.Float, nullable=True))
    share = sa.Column("random_share", sa.Float, nullable=False, server_default="0")
    op.add_column("review_plans", share)
    by_dialect.execute(sqlite=sqlite_triggers.STRATA_STAY, postgres=())  # there all columns stay
    _create_assignments()
    _create_guidelines()


def _create_assignments() -> None:
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


def _create_guidelines() -> None:
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
