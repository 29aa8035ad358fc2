"""What only SQLite does: one file, a write-ahead log, locks taken when writing begins."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 15
"""How long a writer waits for another one; writes here last milliseconds."""

APPEND_ONLY = (
    """CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
       BEGIN SELECT RAISE(ABORT, 'decisions are kept for ever'); END""",
    """CREATE TRIGGER decisions_keep BEFORE UPDATE ON decisions
       WHEN NEW.id IS NOT OLD.id OR NEW.dataset_id IS NOT OLD.dataset_id
         OR NEW.row_id IS NOT OLD.row_id OR NEW.column_name IS NOT OLD.column_name
         OR NEW.check_id IS NOT OLD.check_id OR NEW.action IS NOT OLD.action
         OR NEW.given IS NOT OLD.given OR NEW.new IS NOT OLD.new
         OR NEW.reviewer IS NOT OLD.reviewer OR NEW.at IS NOT OLD.at
         OR NEW.note IS NOT OLD.note OR OLD.undone
       BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END""",
    """CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events are kept for ever'); END""",
    """CREATE TRIGGER audit_events_keep BEFORE UPDATE ON audit_events
       BEGIN SELECT RAISE(ABORT, 'audit events never change'); END""",
)
"""Triggers that keep the history as it was written."""


def engine(path: Path) -> Engine:
    """Return an engine whose commits are on disk (WAL, ``synchronous=FULL``)."""
    made = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver starts no transaction: _on_begin does
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait when two processes switch a new file to WAL at the same moment
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
