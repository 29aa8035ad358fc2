"""Databases of a PostgreSQL server for tests: each test has its own, gone at its end."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from components.store.databases import postgres
from components.store.db import open_database

SERVER, REQUIRED = "PREFLIGHT_TEST_DATABASE_URL", "PREFLIGHT_REQUIRE_POSTGRES"
SKIPPED = f"no PostgreSQL server is given ({SERVER})"


@dataclass
class Server:
    """A server on which databases may be made."""

    url: sa.URL
    number: Iterator[int] = field(default_factory=itertools.count)
    template: str = ""

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")

    def run(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Make a database, and give its address; nobody is connected to it afterwards."""
        name = f"preflight_test_{os.getpid()}_{next(self.number)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.address(name)
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def server(home: Path) -> Iterator[Server]:
    """Give the server that is named, with a database as the product makes it to copy from."""
    named = os.environ.get(SERVER, "")
    if not named and os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, and {SKIPPED}")
    if not named:
        pytest.skip(SKIPPED)
    made = Server(postgres.address_of(named))
    with made.database() as empty:
        open_database(home / "preflight.db", empty).close()
        made.template = sa.make_url(empty).database or ""
        yield made
    made.engine.dispose()
