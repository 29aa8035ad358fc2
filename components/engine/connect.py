"""Opening the embedded engine, bounded in memory, with nowhere to go but the files it is given."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import duckdb

DEFAULT_MEMORY = 2_000_000_000
"""Bytes; measured: a profile of 10 million rows costs no more time under it."""

LOOK_EVERY = 0.3
"""Seconds between two looks at how far a statement is."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An engine that stays open for several pieces of work."""

    connection: duckdb.DuckDBPyConnection
    memory_limit: int


_kept: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def connect(memory_limit: int = DEFAULT_MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory connection that spills to a temporary folder.

    Extensions are neither installed nor loaded by themselves, so nothing leaves the machine.
    Within :func:`keep_open` the connection belongs to the engine that is open already, unless that
    one may take more memory.

    Parameters
    ----------
    memory_limit
        In bytes.
    """
    kept = _kept.get()
    if kept is None or kept.memory_limit > memory_limit:
        with _engine(memory_limit) as connection:
            yield connection
        return
    cursor = kept.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.execute("RESET threads")  # threads belong to the engine, not to a connection
        cursor.close()


@contextmanager
def keep_open(memory_limit: int = DEFAULT_MEMORY) -> Iterator[None]:
    """Keep one engine open for all :func:`connect` within; opening it costs 10 to 20 ms.

    Within another one of the same limit, that engine goes on.
    """
    kept = _kept.get()
    if kept is not None and kept.memory_limit == memory_limit:
        yield
        return
    with _engine(memory_limit) as connection:
        token = _kept.set(_Kept(connection, memory_limit))
        try:
            yield
        finally:
            _kept.reset(token)


@contextmanager
def _engine(memory_limit: int) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="preflight-") as spill:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{memory_limit // 1_000_000}MB",
                "temp_directory": spill,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "enable_external_file_cache": "false",
            }
        )
        try:
            yield connection
        finally:
            connection.close()


def run_watched(
    connection: duckdb.DuckDBPyConnection, statement: str, tell: Callable[[float], None]
) -> None:
    """Execute a statement and say how far it is.

    Parameters
    ----------
    tell
        Called in this thread with a share in [0, 1], a few times a second. What it raises stops
        the statement and is raised here.
    """
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    failed: list[BaseException] = []

    def work() -> None:
        try:
            connection.execute(statement).fetchall()
        except duckdb.Error as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="statement")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(LOOK_EVERY)
            tell(min(max(connection.query_progress() / 100, 0.0), 1.0))
    except BaseException:
        connection.interrupt()
        raise
    finally:
        thread.join()
    if failed:
        raise failed[0]
    tell(1.0)
