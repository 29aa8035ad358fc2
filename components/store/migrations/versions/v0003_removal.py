"""Removed tables can come back for a while, and go with all that was decided; order of adding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import APPEND_ONLY
from components.store.migrations import by_dialect

revision = "0003"
down_revision = "0002"

_BEFORE = """
UPDATE {0} SET number = (
    SELECT count(*) FROM {0} AS other WHERE other.{1} < {0}.{1}
        OR (other.{1} = {0}.{1} AND other.id <= {0}.id)
)
"""


def upgrade() -> None:
    """Add the columns, number what is there by its time, and let decisions go with their table."""
    op.add_column("datasets", sa.Column("deleted_at", sa.String(32), nullable=True))
    for table, instant in (("datasets", "added_at"), ("runs", "created_at")):
        op.add_column(table, sa.Column("number", sa.Integer, nullable=False, server_default="0"))
        op.execute(_BEFORE.format(table, instant))
        op.create_index(f"ix_{table}_number", table, ["number"])
    by_dialect.execute(sqlite=("DROP TRIGGER decisions_stay", APPEND_ONLY[0]), postgres=())
