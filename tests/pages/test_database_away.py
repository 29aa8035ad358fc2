"""A page while the database server is away, and once it is back."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from components.core.settings import Settings
from components.services.data import datasets
from components.services.workspace import open_workspace
from components.store.databases.postgres import address_of
from components.views import session
from components.views.navigation import Pages

HERE = "12 bytes"


@pytest.fixture
def on_server(empty_home, postgres_url, monkeypatch):
    """A workspace on a server, with one table; returns what lets nobody connect, or everybody."""
    monkeypatch.setenv("PREFLIGHT_DATABASE_URL", postgres_url)
    ws = open_workspace(Settings.from_environment())
    datasets.add(ws, io.BytesIO(b"a,b\n1,2\n3,4\n"), "here.csv")
    ws.close()
    url = address_of(postgres_url)
    other = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def let_in(yes: bool) -> None:
        with other.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS {yes}")
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 - our name
                f"WHERE datname = '{url.database}'"
            )

    yield let_in
    let_in(yes=True)
    session.workspace().close()
    session._workspace.clear()
    other.dispose()
    assert (empty_home / "datasets").is_dir()
    assert not (empty_home / "preflight.db").exists()


def test_a_page_says_that_the_server_is_away_and_works_when_it_is_back(
    app, on_server, postgres_url
):
    app.open(Pages.UPLOAD.value)
    assert HERE in app.text()
    on_server(yes=False)
    at = app.open(Pages.UPLOAD.value)
    said = " ".join(e.value for e in at.error)
    assert "cannot be reached" in said
    assert str(address_of(postgres_url).password) not in app.text()
    assert not at.exception
    on_server(yes=True)
    at = app.open(Pages.UPLOAD.value)
    assert not at.error
    assert HERE in app.text()
