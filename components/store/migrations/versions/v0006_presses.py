"""Key presses behind decisions, cells on somebody's screen, how much an acceptance was about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import PRESSES_STAY
from components.store.migrations import by_dialect

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns and the table; of decisions of before neither is known."""
    op.add_column("decisions", sa.Column("press", sa.String(64), nullable=True))
    op.add_column("decisions", sa.Column("seconds", sa.Float, nullable=True))
    op.create_index(
        "ix_decisions_dataset_id_press", "decisions", ["dataset_id", "press"], unique=True
    )
    name = "claims"
    op.create_table(
        name,
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        *by_dialect.key_of_cells(name),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
    )
    op.add_column("accepted_findings", sa.Column("share", sa.Float, nullable=True))
    by_dialect.index_cells(name)
    by_dialect.execute(sqlite=PRESSES_STAY, postgres=())  # there all columns stay
