"""The first tables: datasets, runs, decisions, audit events, reviewers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases import postgres_triggers, sqlite_triggers
from components.store.migrations import by_dialect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, and the triggers that keep the history append-only."""
    _create_datasets()
    _create_runs()
    _create_decisions()
    _create_audit_events()
    _create_reviewers()
    by_dialect.execute(sqlite=sqlite_triggers.APPEND_ONLY, postgres=postgres_triggers.APPEND_ONLY)


def _create_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("folder", sa.String(128), nullable=False),
        sa.Column("header_key", sa.String(64), nullable=False),
        sa.Column("n_rows", sa.Integer, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("parent", sa.String(64), nullable=True),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("removed_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.ForeignKeyConstraint(["parent"], ["datasets.id"], name="fk_datasets_parent"),
    )
    op.create_index("ix_datasets_sha256_options", "datasets", ["sha256", "options"], unique=True)
    op.create_index("ix_datasets_header_key_added_at", "datasets", ["header_key", "added_at"])
    op.create_index("ix_datasets_added_at", "datasets", ["added_at"])


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_runs_dataset_id"),
    )
    op.create_index("ix_runs_dataset_id", "runs", ["dataset_id"])
    op.create_index("ix_runs_created_at", "runs", ["created_at"])


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("new", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_decisions_dataset_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_dataset_id_row_id", "decisions", ["dataset_id", "row_id"])


def _create_audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_events_dataset_id", "audit_events", ["dataset_id"])


def _create_reviewers() -> None:
    op.create_table(
        "reviewers",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.Column("last_seen", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_reviewers"),
    )
    op.create_index("ix_reviewers_last_seen", "reviewers", ["last_seen"])
