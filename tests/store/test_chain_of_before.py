"""A history of before the chain: its events are chained, what they told of is held by one event."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from components.store import audit
from components.store import db as db_module
from components.store.chain.verify import verify
from components.store.databases import sqlite
from components.store.databases.postgres import address_of
from components.store.db import Database, open_database
from components.store.review import acceptances, decisions
from tests.store.test_chain import TakenBack, behind_the_back, problem

pytestmark = pytest.mark.both_databases

AT = "2025-01-01T00:00:00.000000+00:00"
DATASET = {
    "id": "d1", "name": "a.csv", "sha256": "a" * 64, "options": "", "folder": "f",
    "header_key": "h", "n_rows": 3, "columns": "[]", "report": "{}", "demo": False,
    "confirmed": False, "added_at": AT,
}  # fmt: skip
DECISION = {
    "dataset_id": "d1", "column_name": "label", "check_id": "a.b", "action": "change",
    "given": "a", "new": "b", "reviewer": "Ann", "at": AT, "note": "", "answered": '["x", null]',
    "seconds": 1.25,
}  # fmt: skip
DECISIONS = [
    {**DECISION, "id": 1, "row_id": 1, "undone": True},
    {**DECISION, "id": 2, "row_id": 1, "undone": False},
    {**DECISION, "id": 3, "row_id": 2, "undone": False},
]
STANDING = [
    {
        "dataset_id": "d1", "column_name": "label", "row_id": d["row_id"], "decision_id": d["id"],
        "action": "change", "answered": d["answered"],
    }
    for d in DECISIONS[1:]
]  # fmt: skip
ACCEPTED = {
    "id": 1, "dataset_id": "d1", "finding_id": "a:b", "title": "t", "severity": 20,
    "reason": "fine", "reviewer": "Ann", "at": AT, "accepted_as": "", "withdrawn": False,
}  # fmt: skip
EVENTS = [
    {"id": n, "at": AT, "actor": "Ann", "action": action, "dataset_id": "d1", "detail": detail}
    for n, action, detail in (
        (1, "dataset.added", '{"name": "\\u00e4\\u0000.csv"}'),
        (2, "decision.made", '{"decision_id": 1}'),
        (3, "decision.undone", '{"decision_id": 1}'),
        (4, "decision.made", '{"decision_id": 2}'),
        (5, "finding.accepted", '{"finding": "a:b", "n": 1.5}'),
    )
]


def insert(connection: sa.Connection, table: str, records: list[dict]) -> None:
    kinds = dict.fromkeys(("columns", "report", "detail"), sa.JSON)
    made = sa.table(table, *(sa.column(name, kinds.get(name)) for name in records[0]))
    read = [r | {n: json.loads(r[n]) for n in kinds if n in r} for r in records]
    connection.execute(sa.insert(made), read)


@pytest.fixture
def upgraded(tmp_path: Path, new_database_url: str):
    path = tmp_path / "preflight.db"
    config = Config()
    config.set_main_option("script_location", str(db_module.MIGRATIONS))
    made = sa.create_engine(address_of(new_database_url)) if new_database_url else None
    engine = made or sqlite.engine(path).execution_options(write=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for table, records in (
            ("datasets", [DATASET]),
            ("decisions", DECISIONS),
            ("standing_decisions", STANDING),
            ("accepted_findings", [ACCEPTED]),
            ("audit_events", EVENTS),
        ):
            insert(connection, table, records)
        if made is not None:
            for table, n in (("decisions", 3), ("accepted_findings", 1)):
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', {n})")
    engine.dispose()
    database = open_database(path, new_database_url)
    yield database
    database.close()


def test_a_history_of_before_verifies_and_goes_on(upgraded: Database):
    with upgraded.read() as session:
        found = verify(session)
        events = audit.events(session)
        assert len(decisions.of_dataset(session, "d1")) == 3
        assert len(acceptances.of_dataset(session, "d1")) == 1
    assert (found.problem, found.n_events) == ("", 7)
    assert [e.action for e in events[:2]] == ["acceptances.sealed", "decisions.sealed"]
    assert events[1].detail["undone"] == [1]
    with upgraded.write() as session:
        event = audit.Event(at=events[0].at, actor="Ann", action="x", dataset_id=None, detail={})
        audit.record(session, event)
    assert problem(upgraded) == ""


def test_what_was_kept_before_cannot_be_changed_unseen(upgraded: Database):
    for statement, words in (
        ("UPDATE decisions SET new = 'x' WHERE id = 2", "decisions 1 to 3 are not those"),
        ("UPDATE decisions SET undone = true WHERE id = 3", "3 was not taken back"),
        ("UPDATE accepted_findings SET reason = 'x'", "acceptances 1 to 1 are not those"),
        ("UPDATE audit_events SET actor = 'Bob' WHERE id = 2", "Event 2 .* was changed"),
    ):
        found = ""
        with suppress(TakenBack), upgraded.write() as session:
            behind_the_back(session, statement)
            found = verify(session).problem
            raise TakenBack
        assert re.search(words, found), (statement, found)
