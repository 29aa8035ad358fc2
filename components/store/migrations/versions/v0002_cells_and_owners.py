"""The decision that counts per cell; owner, location and revision of datasets."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from components.store.migrations import by_dialect

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


_MADE_BEFORE = """
NOT undone AND EXISTS (
    SELECT 1 FROM datasets AS s WHERE s.id = decisions.dataset_id AND decisions.at < s.added_at
)
"""
"""A dataset that was removed and uploaded again had the same id: what was decided before that was
decided about files that are gone."""


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
    _withdraw_what_was_made_before()
    op.execute(_STANDING)


def _withdraw_what_was_made_before() -> None:
    connection = op.get_bind()
    counted = f"SELECT dataset_id, count(*) FROM decisions WHERE {_MADE_BEFORE} GROUP BY dataset_id"  # noqa: S608 - a text of our own
    withdrawn = connection.execute(sa.text(counted)).all()
    op.execute(f"UPDATE decisions SET undone = true WHERE {_MADE_BEFORE}")  # noqa: S608 - as above
    audit = sa.table(
        "audit_events",
        *(sa.column(name) for name in ("at", "actor", "action", "dataset_id")),
        sa.column("detail", sa.JSON),
    )
    for dataset_id, n in withdrawn:
        event = {
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "actor": "preflight",
            "action": "decisions.withdrawn",
            "dataset_id": dataset_id,
            "detail": {"n": n, "why": "made before the dataset was removed and uploaded again"},
        }
        connection.execute(sa.insert(audit).values(event))


def _create_standing_decisions() -> None:
    name = "standing_decisions"
    op.create_table(
        name,
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("decision_id", sa.Integer, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        *by_dialect.key_of_cells(name),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=f"fk_{name}_dataset_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=f"fk_{name}_decision_id"),
    )
    op.create_index(f"ix_{name}_decision_id", name, ["dataset_id", "decision_id"])
    by_dialect.index_cells(name)
    if not by_dialect.is_postgres():
        cell = ["dataset_id", "column_name", "action", "row_id"]
        op.create_index(f"ix_{name}_action", name, cell)
