"""One engine for several pieces of work, watched statements, and paths that look like patterns."""

from __future__ import annotations

import duckdb
import pytest

from components.engine.connect import connect, keep_open, run_watched
from components.engine.text.delimited import Delimited, load_delimited
from components.engine.text.text_store import csv_batches, stored_batches

PLAIN = Delimited(delimiter=",", quotechar='"', escapechar=None, newline="\n", skip=1)
LONG = "SELECT count(*) FROM range(100000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"


def test_an_engine_that_is_kept_open_forgets_what_one_connection_set():
    with keep_open():
        with connect() as one:
            threads = one.execute("SELECT current_setting('threads')").fetchone()
            one.execute("SET threads TO 1")
            one.execute("CREATE TEMP TABLE t AS SELECT 1")
        with connect() as two:
            assert two.execute("SELECT current_setting('threads')").fetchone() == threads
            with pytest.raises(duckdb.CatalogException):
                two.execute("SELECT * FROM t")
        with connect(500_000_000) as small:  # the open one may take more than was asked for
            limit = small.execute("SELECT current_setting('memory_limit')").fetchone()
    assert limit == ("476.8 MiB",)


def test_an_engine_of_the_same_limit_goes_on():
    with keep_open(500_000_000), connect(500_000_000) as outer:
        outer.execute("CREATE TABLE shared AS SELECT 1 AS a")
        with keep_open(500_000_000), connect(500_000_000) as inner:
            assert inner.execute("SELECT a FROM shared").fetchall() == [(1,)]
        with keep_open(400_000_000), connect(500_000_000) as small:
            assert small.execute("SELECT current_setting('memory_limit')").fetchone() == (
                "381.4 MiB",
            )
            with pytest.raises(duckdb.CatalogException):
                small.execute("SELECT a FROM shared")
        assert outer.execute("SELECT a FROM shared").fetchall() == [(1,)]


def test_what_the_listener_raises_stops_the_statement():
    told: list[float] = []

    def tell(share: float) -> None:
        told.append(share)
        raise KeyboardInterrupt

    with connect() as connection:
        with pytest.raises(KeyboardInterrupt):
            run_watched(connection, LONG, tell)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(told) == 1


def test_an_error_of_a_watched_statement_is_raised():
    with connect() as connection, pytest.raises(duckdb.Error, match="nothing"):
        run_watched(connection, "SELECT error('nothing')", lambda _share: None)


def test_paths_are_no_patterns(tmp_path):
    folder = tmp_path / "a [b] *?"
    folder.mkdir()
    (tmp_path / "a b xx").mkdir()
    source, target = folder / "s*.csv", folder / "t[1].parquet"
    source.write_text("x,y\n1,a\n2,b\n")
    (folder / "s2.csv").write_text("x,y\n3,c\n")
    loading = load_delimited(source, PLAIN, 2, target, memory_limit=500_000_000)
    assert (loading.n_rows, loading.rejects) == (2, ())
    expected = {"row_id": [0, 1], "c1": ["a", "b"]}
    assert next(stored_batches(target, ["c1"])).to_pydict() == expected
    assert next(csv_batches(source, PLAIN, 2, ["c1"])).to_pydict() == expected
