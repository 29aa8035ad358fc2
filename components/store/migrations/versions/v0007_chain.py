"""Events carry the hash of all before them; what was decided before them is held by one event."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from components.store.chain import hashes
from components.store.databases import postgres_triggers, sqlite_triggers
from components.store.migrations import by_dialect

revision = "0007"
down_revision = "0006"

_EVENTS = sa.table(
    "audit_events",
    *(sa.column(name) for name in ("id", "at", "actor", "action", "dataset_id")),
    sa.column("detail", sa.JSON),
    sa.column("previous"),
    sa.column("hash"),
)
_MARKS = {"decisions": "undone", "accepted_findings": "withdrawn"}
_ACTIONS = {"decisions": "decisions.sealed", "accepted_findings": "acceptances.sealed"}
_KEEP = "CREATE TRIGGER audit_events_keep"

BATCH = 1_000


def upgrade() -> None:
    """Add the columns, chain the events that are there, seal what they tell of, add triggers."""
    by_dialect.execute(
        sqlite=["DROP TRIGGER audit_events_keep"],
        postgres=["DROP TRIGGER audit_events_keep ON audit_events"],
    )
    for name in ("previous", "hash"):
        column = sa.Column(name, sa.String(64), nullable=False, server_default="")
        op.add_column("audit_events", column)
    op.create_index("ix_decisions_carried_from", "decisions", ["carried_from"])
    number, last = _chain()
    for table, dataset_id, detail in _standing():
        number += 1
        last = _add(number, last, _ACTIONS[table], dataset_id, detail)
    by_dialect.execute(
        sqlite=[s for s in sqlite_triggers.APPEND_ONLY if s.startswith(_KEEP)],
        postgres=[s for s in postgres_triggers.APPEND_ONLY if s.startswith(_KEEP)],
    )
    by_dialect.execute(sqlite=sqlite_triggers.CHAIN_HOLDS, postgres=postgres_triggers.CHAIN_HOLDS)


def _chain() -> tuple[int, str]:
    """Give the events that are there their hashes; return number and hash of the last one."""
    connection = op.get_bind()
    number, last, made = 0, hashes.BEGINNING, []
    columns = [c for c in _EVENTS.c if c.name not in {"previous", "hash"}]
    for row in connection.execute(sa.select(*columns).order_by(_EVENTS.c.id)).all():
        previous, number = last, row.id
        last = hashes.of_event(previous, row._asdict())
        made.append({"of": number, "before": previous, "told": last})
    chained = (
        sa.update(_EVENTS)
        .where(_EVENTS.c.id == sa.bindparam("of"))
        .values(previous=sa.bindparam("before"), hash=sa.bindparam("told"))
    )
    for start in range(0, len(made), BATCH):
        connection.execute(chained, made[start : start + BATCH])
    return number, last


def _standing() -> list[tuple[str, str, dict[str, Any]]]:
    """Return, for each table and dataset, what was decided or accepted so far."""
    connection, found = op.get_bind(), []
    for table, mark in _MARKS.items():
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        query = sa.text(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - a name of our own
        for row in connection.execute(query).mappings():
            rows[row["dataset_id"]].append(dict(row))
        found += [(table, dataset_id, _seal(kept, mark)) for dataset_id, kept in rows.items()]
    return found


def _seal(kept: list[dict[str, Any]], mark: str) -> dict[str, Any]:
    return {
        "n": len(kept),
        "first": kept[0]["id"],
        "last": kept[-1]["id"],
        "content": hashes.of_several(hashes.of_row(row) for row in kept),
        mark: [row["id"] for row in kept if row[mark]],
    }


def _add(number: int, previous: str, action: str, dataset_id: str, detail: dict[str, Any]) -> str:
    values = {
        "id": number,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "actor": "preflight",
        "action": action,
        "dataset_id": dataset_id,
        "detail": detail,
    }
    told = hashes.of_event(previous, values)
    chained = {**values, "previous": previous, "hash": told}
    op.get_bind().execute(sa.insert(_EVENTS).values(chained))
    return told
