"""The decision that counts per cell; owner, location and revision of datasets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_STANDING = """
INSERT INTO standing_decisions (dataset_id, column_name, row_id, decision_id, action)
SELECT d.dataset_id, d.column_name, d.row_id, d.id, d.action
FROM decisions AS d
JOIN datasets AS s ON s.id = d.dataset_id
WHERE s.removed_at IS NULL AND d.id IN (
    SELECT max(id) FROM decisions WHERE NOT undone GROUP BY dataset_id, column_name, row_id
)
"""


def upgrade() -> None:
    """Add the columns and the table, and fill it from the decisions that were made."""
    for name in ("owner", "location"):
        op.add_column("datasets", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("datasets", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("ix_datasets_sha256_options", "datasets")
    op.create_index(
        "ix_datasets_sha256_options",
        "datasets",
        ["sha256", "options"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index("ix_decisions_dataset_id_reviewer", "decisions", ["dataset_id", "reviewer"])
    _create_standing_decisions()
    op.execute(_STANDING)


def _create_standing_decisions() -> None:
    name = "standing_decisions"
    op.create_table(
        name,
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("decision_id", sa.Integer, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "column_name", "row_id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=f"fk_{name}_decision_id"),
    )
    op.create_index(f"ix_{name}_decision_id", name, ["dataset_id", "decision_id"])
    op.create_index(f"ix_{name}_action", name, ["dataset_id", "column_name", "action", "row_id"])
