"""Run by alembic: migrate on the connection that the caller holds, in its transaction."""

from __future__ import annotations

from alembic import context

from components.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
