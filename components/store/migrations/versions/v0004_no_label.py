"""A person's word that a table has no label."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; nobody has said so of the tables that are there."""
    column = sa.Column("no_label", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("datasets", column)
