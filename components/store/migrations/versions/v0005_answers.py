"""What decisions answer and where they come from; accepted findings; how versions met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases import postgres_triggers, sqlite_triggers
from components.store.migrations import by_dialect

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and the tables; what was decided before answers whatever is suggested."""
    op.add_column("decisions", sa.Column("answered", sa.Text, nullable=True))
    op.add_column("decisions", sa.Column("carried_from", sa.Integer, nullable=True))
    op.add_column("standing_decisions", sa.Column("answered", sa.Text, nullable=True))
    if not by_dialect.is_postgres():  # its indexes take no long texts
        op.drop_index("ix_standing_decisions_action", "standing_decisions")
        op.create_index(
            "ix_standing_decisions_answered",
            "standing_decisions",
            ["dataset_id", "column_name", "action", "answered", "row_id"],
        )
    _create_accepted_findings()
    _create_carry_overs()
    by_dialect.execute(sqlite=sqlite_triggers.ANSWERS_STAY, postgres=postgres_triggers.ANSWERS_STAY)


def _create_accepted_findings() -> None:
    name = "accepted_findings"
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("finding_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("accepted_as", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sqlite_autoincrement=True,
    )
    asked = ["dataset_id"] if by_dialect.is_postgres() else ["dataset_id", "finding_id"]
    op.create_index(f"ix_{name}_dataset_id_finding_id", name, asked)


def _create_carry_overs() -> None:
    name = "carry_overs"
    op.create_table(
        name,
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("former_id", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("found", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "former_id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sa.ForeignKeyConstraint(["former_id"], ["datasets.id"], name=f"fk_{name}_former_id"),
    )
