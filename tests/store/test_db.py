from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from components.core.errors import NotKept, PreflightError
from components.core.judgement.review import Action, Cell, Decision
from components.store import audit, datasets, runs
from components.store import db as db_module
from components.store.chain.verify import verify
from components.store.databases import sqlite
from components.store.db import Database, open_database
from components.store.review import decisions
from components.store.tables import Base

ROOT = Path(db_module.__file__).parents[2]

AT = "2025-01-01T00:00:00.000000+00:00"
EARLIER = "2024-12-31T00:00:00.000000+00:00"
DATASETS = [
    (n, "a.csv", n * 8, "", "f", "h", 3, "[]", "{}", None, 0, 0, AT, removed)
    for n, removed in (("d1", None), ("gone", AT))
]
DECISIONS = [
    (n, dataset, row, "label", "labels.label_errors", "change", "a", new, "Ann", AT, "", undone)
    for n, dataset, row, new, undone in (
        (1, "d1", 1, "b", 0),
        (2, "d1", 2, "b", 0),
        (3, "d1", 2, "c", 0),
        (4, "d1", 1, "c", 1),
        (5, "gone", 1, "b", 0),
    )
]
"""Rows as the first version of the tables held them: one decision undone, one dataset removed."""
BEFORE_IT_CAME_BACK = (6, "d1", 3, *DECISIONS[0][3:9], EARLIER, "", 0)
"""About a dataset that was removed after it and uploaded again: the first version gave it the same
id, and let the decision count."""

OPEN = """
import sys
from pathlib import Path
from components.store.db import open_database
sys.stdin.readline()
database = open_database(Path(sys.argv[1]), sys.argv[2])
with database.write() as session:
    from components.store import audit
    from datetime import UTC, datetime
    audit.remember(session, sys.argv[3], datetime.now(UTC))
database.close()
"""

DECIDE_FOR_EVER = """
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from components.core.judgement.review import Action, Cell, Decision
from components.store.review import decisions
from components.store.db import open_database
database = open_database(Path(sys.argv[1]), sys.argv[2])
for row_id in range(10_000):
    with database.write() as session:
        decisions.add(session, Decision(
            dataset_id="0123456789", cell=Cell(row_id, "label"), check_id="labels.label_errors",
            action=Action.KEEP, given="a", new="a", reviewer="Ann", at=datetime.now(UTC)))
    print(row_id, flush=True)
"""


def test_head_is_the_newest_migration_script():
    config = Config()
    config.set_main_option("script_location", str(db_module.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == db_module.HEAD


@pytest.mark.both_databases
def test_migrations_make_exactly_the_tables_of_the_models(db: Database):
    with db.read() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    if connection.dialect.name == "postgresql":  # other indexes, see its migrations
        found = [one for one in found if one[0] not in {"add_index", "remove_index"}]
    assert found == []


def test_pragmas_hold_on_every_connection(db: Database):
    with db.read() as one, db.read() as two:
        for session in (one, two):
            pragma = {
                name: session.scalar(sa.text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert pragma == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "busy_timeout": sqlite.BUSY_SECONDS * 1000,
            }


@pytest.mark.both_databases
def test_an_error_rolls_everything_back(db: Database):
    def fail() -> None:
        with db.write() as session:
            session.execute(
                sa.text("INSERT INTO reviewers VALUES ('Ann', '2025-01-01', '2025-01-01')")
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with db.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM reviewers")) == 0


@pytest.mark.both_databases
def test_several_processes_open_a_new_workspace_at_once(tmp_path: Path, new_database_url: str):
    path = tmp_path / "preflight.db"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(path), new_database_url, f"p{n}"],
            stdin=subprocess.PIPE,
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, stderr = process.communicate(timeout=60)
        assert (process.returncode, stderr) == (0, "")
    database = open_database(path, new_database_url)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM reviewers")) == 4
        assert session.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1
    database.close()


@pytest.mark.both_databases
def test_kill_9_loses_no_acknowledged_decision(
    db_with_dataset: Database, tmp_path: Path, database_url: str
):
    process = subprocess.Popen(
        [sys.executable, "-c", DECIDE_FOR_EVER, str(tmp_path / "preflight.db"), database_url],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    for _ in range(25):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    acknowledged = 25 + len(rest)
    with db_with_dataset.read() as session:
        kept = session.scalars(sa.text("SELECT row_id FROM decisions ORDER BY row_id")).all()
    # the one in flight may be there or not
    assert list(kept[:acknowledged]) == list(range(acknowledged))
    assert len(kept) <= acknowledged + 1


@pytest.mark.both_databases
def test_a_database_of_a_newer_version_is_refused_in_words(tmp_path: Path, database_url: str):
    path = tmp_path / "preflight.db"
    database = open_database(path, database_url)
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(PreflightError, match="made by another version"):
        open_database(path, database_url)


@pytest.mark.both_databases
def test_too_many_requests_at_once_are_told(db: Database, monkeypatch):
    """They ended with an error that nobody had words for, after half a minute."""
    monkeypatch.setattr(db._engine.pool, "_timeout", 0.05)
    with ExitStack() as stack:
        for _ in range(15):
            stack.enter_context(db.read()).scalar(sa.text("SELECT 1"))
        with pytest.raises(NotKept, match="Too many requests"), db.write() as other:
            audit.remember(other, "Ann", datetime.now(UTC))
    with db.read() as session:
        assert audit.reviewers(session) == ()


def test_a_database_that_cannot_be_opened_is_told_in_words(tmp_path: Path):
    with pytest.raises(PreflightError, match="cannot be opened"):
        open_database(tmp_path / "nowhere" / "preflight.db")


@pytest.mark.both_databases
@pytest.mark.usefixtures("db")
def test_opening_an_up_to_date_workspace_does_not_load_alembic(tmp_path: Path, database_url: str):
    code = (
        "import sys; from pathlib import Path; from components.store.db import open_database\n"
        "open_database(Path(sys.argv[1]), sys.argv[2]).close(); assert 'alembic' not in sys.modules"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "preflight.db"), database_url]
    subprocess.run(command, check=True, cwd=ROOT)


def test_a_workspace_of_the_first_version_keeps_what_was_decided(tmp_path: Path):
    path = tmp_path / "preflight.db"
    config = Config()
    config.set_main_option("script_location", str(db_module.MIGRATIONS))
    engine = sqlite.engine(path).execution_options(write=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for table, records in (
            ("datasets", DATASETS),
            ("decisions", [*DECISIONS, BEFORE_IT_CAME_BACK]),
        ):
            marks = ", ".join("?" * len(records[0]))
            statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names of our own
            connection.exec_driver_sql(statement, records)
    engine.dispose()
    database = open_database(path)
    with database.read() as session:
        kept = {d.cell: d.new for d in decisions.standing(session, "d1")}
        stored = session.execute(sa.text("SELECT owner, location, revision FROM datasets")).all()
        assert len(decisions.of_dataset(session, "d1")) == 5
        assert decisions.of_dataset(session, "d1")[-1].undone
        assert [e.action for e in audit.events(session, dataset_id="d1")] == [
            "decisions.sealed",
            "decisions.withdrawn",
        ]
        assert verify(session).problem == ""
        assert list(decisions.standing(session, "gone")) == []
    database.close()
    assert kept == {Cell(1, "label"): "b", Cell(2, "label"): "c"}
    assert stored == [("", "", 0), ("", "", 0)]


def test_every_statement_is_one_that_postgresql_reads(db_with_dataset: Database):
    """What the repositories ask is plain SQL: only ``sqlite.py`` knows one database."""
    said: list[str] = []

    def note(_conn, element, _multi, _params, _options):
        said.append(str(element.compile(dialect=postgresql.dialect())))

    engine = db_with_dataset._engine
    sa.event.listen(engine, "before_execute", note)
    now = datetime.now(UTC)
    with db_with_dataset.write() as session:
        made = decisions.add(
            session,
            Decision(
                dataset_id="0123456789", cell=Cell(1, "label"), check_id="labels.x",
                action=Action.CHANGE, given="a", new="b", reviewer="Ann", at=now,
            ),
        )  # fmt: skip
        decisions.mark_undone(session, made.id)
        audit.remember(session, "Ann", now)
        columns = datasets.get(session, "0123456789").version.columns
        datasets.set_columns(session, "0123456789", columns, revision=0)
    with db_with_dataset.read() as session:
        list(decisions.standing(session, "0123456789", row_ids=[1], actions=[Action.KEEP], limit=5))
        decisions.tally(session, "0123456789")
        decisions.decided_rows(session, "0123456789", "label")
        decisions.last_of(session, "0123456789", "labels.x", "Ann", limit=1)
        datasets.recent(session, 3)
        datasets.former(session, "0123456789")
        datasets.confirmed_like(session, columns)
        runs.of_dataset(session, "0123456789")
        runs.newest(session, 3)
        datasets.removed(session)
        datasets.folders(session)
        audit.events(session, dataset_id="0123456789")
    assert len(said) > 15
    assert any("string_agg" in statement for statement in said)
