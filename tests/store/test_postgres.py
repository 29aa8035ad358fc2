"""What differs on a PostgreSQL server: errors in words, connections that break, whose files."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from components.core.data.location import Location
from components.core.errors import Damaged, NotKept, OutOfDisk, PreflightError, UnusableInput
from components.core.settings import Settings
from components.store import audit
from components.store.databases import postgres
from components.store.databases.postgres import PostgresServer, address_of
from components.store.db import Database, open_database
from tests.store.test_repositories import NOW, decision

SECRET = "s3cret-word"  # noqa: S105 - of nobody


def told(error: BaseException) -> str:
    """All that a person or a log sees of an error."""
    return "".join(traceback.format_exception(error)) + str(error) + repr(error)


@pytest.fixture
def pg(tmp_path: Path, postgres_url: str):
    database = open_database(tmp_path / "preflight.db", postgres_url)
    yield database
    database.close()


@pytest.mark.parametrize(
    "text",
    [
        f"mysql://ann:{SECRET}@host/name",
        f"postgresql://ann:{SECRET}@host",
        f"postgresql://ann:{SECRET}@host:no/name",
        SECRET,
        f"postgresql:{SECRET}",
    ],
)
def test_what_is_no_address_of_a_database_is_refused_without_showing_it(tmp_path: Path, text: str):
    with pytest.raises(UnusableInput, match="not the address of a PostgreSQL database") as error:
        open_database(tmp_path / "preflight.db", text)
    assert SECRET not in told(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_driver_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(postgres, "find_spec", lambda _name: None)
    with pytest.raises(UnusableInput, match=r"pip install preflight-data\[postgres\]"):
        address_of("postgresql://ann@host/name")


def test_the_address_is_read_from_the_environment_and_never_shown(monkeypatch):
    monkeypatch.setenv("PREFLIGHT_DATABASE_URL", f"postgresql://ann:{SECRET}@host/name")
    settings = Settings.from_environment()
    assert SECRET in settings.database_url
    server = PostgresServer(address_of(settings.database_url), Path("home"))
    assert server.place == "“name” of the PostgreSQL server host"
    assert SECRET not in f"{settings!r} {server!r} {server.place}"


def test_a_server_that_is_not_there_is_told(tmp_path: Path):
    pytest.importorskip("psycopg")
    url = f"postgresql://ann:{SECRET}@127.0.0.1:1/name"
    with pytest.raises(NotKept, match=r"cannot be reached: Connection refused\. Try") as error:
        open_database(tmp_path / "preflight.db", url)
    assert SECRET not in told(error.value)


def test_a_refused_login_and_a_missing_database_are_told(tmp_path: Path, postgres_url: str):
    right = sa.make_url(postgres_url)
    wrong = right.set(password=SECRET).render_as_string(hide_password=False)
    with pytest.raises(NotKept, match=r"password authentication failed .* Check user and") as error:
        open_database(tmp_path / "preflight.db", wrong)
    assert SECRET not in told(error.value)
    nowhere = right.set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(NotKept, match=r"cannot be reached: database .* Check user") as e:
        open_database(tmp_path / "preflight.db", nowhere)
    assert str(right.password) not in told(e.value)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("53100", OutOfDisk, "disk of the database server is full"),
        ("40001", NotKept, "Others were writing"),
        ("40P01", NotKept, "Others were writing"),
        ("25006", NotKept, "read-only"),
        ("57014", NotKept, "did not go on"),
        ("42501", NotKept, "does not permit"),
        ("XX001", Damaged, "is damaged"),
        ("57P03", NotKept, "cannot be reached"),
        ("53300", NotKept, "too many connections"),
    ],
)
def test_errors_of_the_server_have_words(code: str, kind: type[PreflightError], words: str):
    server = PostgresServer(sa.make_url(f"postgresql://ann:{SECRET}@host/name"), Path("home"))
    cause = SimpleNamespace(sqlstate=code)
    error = sa.exc.OperationalError("INSERT", {}, cause)
    written = server.explain(error, writing=True)
    assert isinstance(written, kind)
    assert words in str(written)
    assert "What you did last was not kept; what was kept before is as it was." in str(written)
    assert "not kept" not in str(server.explain(error, writing=False))
    ours = sa.exc.ProgrammingError("SELEC", {}, SimpleNamespace(sqlstate="42601"))
    assert server.explain(ours, writing=True) is None


def drop_connections(database: Database, url: str) -> None:
    other = sa.create_engine(address_of(url))
    with other.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.dispose()
    assert isinstance(database.backend, PostgresServer)


def names(database: Database) -> tuple[str, ...]:
    with database.read() as session:
        return audit.reviewers(session)


def test_after_a_break_the_next_request_works(pg: Database, postgres_url: str):
    with pg.write() as session:
        audit.remember(session, "Ann", NOW)
    drop_connections(pg, postgres_url)
    assert names(pg) == ("Ann",)
    drop_connections(pg, postgres_url)
    with pg.write() as session:
        audit.remember(session, "Bob", NOW)
    assert names(pg) == ("Ann", "Bob")


def test_a_break_while_writing_says_that_nothing_was_kept(pg: Database, postgres_url: str):
    def write() -> None:
        with pg.write() as session:
            audit.remember(session, "Ann", NOW)
            session.flush()
            drop_connections(pg, postgres_url)
            audit.remember(session, "Bob", NOW)

    with pytest.raises(NotKept, match="What you did last was not kept"):
        write()
    assert names(pg) == ()


def test_a_break_while_it_is_kept_says_that_nobody_knows(pg: Database, postgres_url: str):
    def write() -> None:
        with pg.write() as session:
            audit.remember(session, "Ann", NOW)
            session.flush()
            drop_connections(pg, postgres_url)

    with pytest.raises(NotKept, match="it may be kept or not"):
        write()
    assert names(pg) == ()


def test_a_database_that_takes_nothing_in_is_told(pg: Database, postgres_url: str):
    name = sa.make_url(postgres_url).database
    with pg.write() as session:
        session.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    drop_connections(pg, postgres_url)
    with pytest.raises(NotKept, match="read-only"), pg.write() as session:
        audit.remember(session, "Ann", NOW)
    assert names(pg) == ()


def test_who_waits_for_too_long_is_told(tmp_path: Path, pg: Database, postgres_url, monkeypatch):
    monkeypatch.setattr(postgres, "_ON_CONNECT", "SET lock_timeout = '20ms'")
    hasty = open_database(tmp_path / "preflight.db", postgres_url)
    with pg.write() as session:
        audit.remember(session, "Ann", NOW)
        session.flush()
        with pytest.raises(NotKept, match="Others were writing"), hasty.write() as other:
            audit.remember(other, "Bob", NOW)
    hasty.close()
    assert names(pg) == ("Ann",)


def test_a_reader_cannot_write_and_sees_one_state(pg: Database):
    with pg.read() as session:
        assert audit.reviewers(session) == ()
        with pg.write() as other:
            audit.remember(other, "Ann", NOW)
        assert audit.reviewers(session) == ()
    with pytest.raises(NotKept, match="read-only"), pg.read() as session:
        session.execute(sa.text("DELETE FROM reviewers"))
    assert names(pg) == ("Ann",)


def test_the_history_cannot_be_emptied(pg: Database):
    for table in ("decisions", "audit_events", "accepted_findings"):
        with pytest.raises(sa.exc.IntegrityError, match="are kept"), pg.write() as session:
            session.execute(sa.text(f"TRUNCATE {table} CASCADE"))


def test_the_database_of_another_workspace_is_refused(
    tmp_path: Path, pg: Database, postgres_url: str, stored
):
    from components.store import datasets

    with pg.write() as session:
        datasets.save(session, stored)
    ours, other = tmp_path, tmp_path / "other"
    (ours / "datasets" / stored.location.folder).mkdir(parents=True)
    (other / "datasets" / Location("b" * 64).folder).mkdir(parents=True)
    open_database(ours / "preflight.db", postgres_url).close()
    with pytest.raises(Damaged, match="knows none of the 1 tables whose files lie"):
        open_database(other / "preflight.db", postgres_url)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_text_is_refused(
    tmp_path: Path, postgres_server, encoding: str
):
    template = f"template0 LOCALE 'C' ENCODING '{encoding}'"
    with (
        postgres_server.database(template) as url,
        pytest.raises(UnusableInput, match=f"holds texts in {encoding}"),
    ):
        open_database(tmp_path / "preflight.db", url)


def test_an_empty_database_beside_files_is_refused_and_left_empty(tmp_path: Path, postgres_server):
    (tmp_path / "datasets" / "a").mkdir(parents=True)
    with postgres_server.database() as url:
        with pytest.raises(Damaged, match="are kept elsewhere"):
            open_database(tmp_path / "preflight.db", url)
        engine = sa.create_engine(address_of(url))
        assert sa.inspect(engine).get_table_names() == []
        engine.dispose()


@pytest.mark.both_databases
def test_any_text_is_kept_as_it_is(db_with_dataset: Database):
    from components.store.review import decisions

    long = "".join(chr(33 + n * 7919 % 9_000) for n in range(9_000))
    odd = "a\0b\ue000c\ue000\ue001\0\0\ue000\0"
    made = decision(7, f"{odd}{long}", given=odd, new=long, note=odd, answered=(long, odd, None))
    with db_with_dataset.write() as session:
        kept = decisions.add(session, made)
    with db_with_dataset.read() as session:
        assert list(decisions.standing(session, "0123456789")) == [kept]
        rows = decisions.decided_rows(session, "0123456789", made.cell.column)
        assert [r.answered for r in rows] == [(long, odd, None)]
        assert decisions.about(session, "0123456789", made.cell) == (kept,)


@pytest.mark.both_databases
def test_what_a_writer_reads_is_true_until_it_writes(db_with_dataset: Database):
    from components.store import runs

    def add(who: int) -> None:
        for n in range(10):
            with db_with_dataset.write() as session:
                runs.add(session, f"{who}-{n}", "0123456789", NOW)

    writers = [threading.Thread(target=add, args=(who,)) for who in range(6)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with db_with_dataset.read() as session:
        numbers = session.scalars(sa.text("SELECT number FROM runs ORDER BY number")).all()
    assert list(numbers) == list(range(1, 61))
