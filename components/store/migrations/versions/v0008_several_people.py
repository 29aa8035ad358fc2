"""Several people about one cell: in what capacity each answered, whose answers wait, the plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import CAPACITIES_STAY
from components.store.migrations import by_dialect

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column and the tables; whatever was decided before, one person was enough for."""
    op.add_column("decisions", sa.Column("capacity", sa.String(16), nullable=True))
    name = "waiting_answers"
    op.create_table(
        name,
        sa.Column("decision_id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=f"fk_{name}_decision_id"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
    )
    op.create_index(f"ix_{name}_dataset_id_reviewer", name, ["dataset_id", "reviewer"])
    op.create_index(f"ix_{name}_dataset_id_row_id", name, ["dataset_id", "row_id"])
    name = "review_plans"
    op.create_table(
        name,
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("double_share", sa.Float, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
    )
    by_dialect.execute(sqlite=CAPACITIES_STAY, postgres=())  # there all columns stay
