"""Items drawn at random: the share of a plan, and of each decision whether its cell was drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from components.store.databases.sqlite_triggers import STRATA_STAY
from components.store.migrations import by_dialect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns; nothing was drawn before."""
    op.add_column("decisions", sa.Column("stratum", sa.String(40), nullable=True))
    op.add_column("decisions", sa.Column("probability", sa.Float, nullable=True))
    share = sa.Column("random_share", sa.Float, nullable=False, server_default="0")
    op.add_column("review_plans", share)
    by_dialect.execute(sqlite=STRATA_STAY, postgres=())  # there all columns stay
