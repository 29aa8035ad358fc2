"""Writing a table that is larger than the memory."""

import duckdb
import pytest
from sqlglot import exp

from components.core.errors import UnusableInput
from components.engine.connect import connect
from components.engine.text import delimited


@pytest.fixture
def tried(monkeypatch):
    """Let writing fail for want of memory; keep how many threads took part."""
    threads = []

    def too_much(connection, _statement, _target):
        threads.append(connection.execute("SELECT current_setting('threads')").fetchall()[0][0])
        raise duckdb.OutOfMemoryException("no room")

    monkeypatch.setattr(delimited, "_copy", too_much)
    return threads


def test_one_thread_tries_again_and_the_rest_is_said_in_words(tmp_path, tried):
    with connect() as connection:
        connection.execute("SET threads TO 2")
        with pytest.raises(UnusableInput, match="PREFLIGHT_MEMORY_GB"):
            delimited.copy_with_care(connection, exp.select("1"), tmp_path / "t.parquet")
    assert tried == [2, 1]
