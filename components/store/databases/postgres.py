"""What only PostgreSQL does: a server, one lock for all writers of a workspace, its triggers."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from components.core.errors import Damaged, NotKept, OutOfDisk, PreflightError, UnusableInput

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")

BUSY_SECONDS = 15
"""How long a writer waits for another one; writes here last milliseconds."""

REACH_SECONDS = 10
"""How long a server may take to answer when a connection is opened (our choice)."""

SILENT_SECONDS = 30
"""How long a server may leave what was sent without an answer of its network (our choice)."""

WRITE_LOCK = 1_349_674_566
"""The number, any one, of the lock that writers take; the second half is the schema's."""

_ON_CONNECT = f"""
SET synchronous_commit = on;
SET lock_timeout = '{BUSY_SECONDS}s'
"""

_LOST_CONNECTION = ("08", "57P")  # the class of lost connections; a server that stops or starts
_REASONS = {
    "53300": "it has too many connections already",
    "53200": "it has too little memory",
}
_WAIT = "Try again in a moment; if it stays so, see whether the database server runs."
_RIGHT = "Check {} in PREFLIGHT_DATABASE_URL."
_TODO = {
    "password": _RIGHT.format("user and password"),
    "does not exist": _RIGHT.format("user and database"),
    "resolve host": _RIGHT.format("the name of the server"),
    "pg_hba.conf": "Ask whoever runs the database server to let this machine in.",
}
_WORDS: tuple[tuple[tuple[str, ...], type[PreflightError], str, str], ...] = (
    (
        ("53100", "58030"),
        OutOfDisk,
        "The disk of the database server is full or fails.",
        "Ask whoever runs the server to make room; then do it again.",
    ),
    (
        ("40001", "40P01", "55P03"),  # lost a race, a deadlock, waited for too long
        NotKept,
        "Others were writing into the database at the same time.",
        "Do it again.",
    ),
    (
        ("57014",),
        NotKept,
        "The database server did not go on: {reason}.",
        "Do it again; if it stays so, ask whoever runs the database server.",
    ),
    (
        ("25006",),
        NotKept,
        "The database {place} takes nothing in: it is read-only.",
        "Ask whoever runs the database server.",
    ),
    (
        ("42501",),
        NotKept,
        "The database {place} does not permit that: {reason}.",
        "Ask whoever runs it to let this user make tables there.",
    ),
    (
        ("XX001", "XX002", "42P01", "42703"),  # damaged pages; tables or columns that are gone
        Damaged,
        "The database {place} is damaged: {reason}.",
        "Ask whoever runs the database server to restore it from a backup.",
    ),
)
"""States of SQL, the error, what it means, and what to do."""


def address_of(text_of_url: str) -> URL:
    """Read the address of a database.

    Raises
    ------
    UnusableInput
        When it is none of PostgreSQL, or the driver is not installed. The address itself is not
        told: it may hold a password.
    """
    try:
        url = make_url(text_of_url)
    except (ArgumentError, ValueError):
        url = URL.create("")
    if url.drivername not in SCHEMES or not url.database:
        raise UnusableInput(
            "PREFLIGHT_DATABASE_URL is not the address of a PostgreSQL database.",
            "Set it to one such as postgresql://user:password@host/database, with special signs "
            "of the password written as in addresses (%40 for @); or leave it out, and everything "
            "is kept in the workspace folder.",
        )
    if find_spec("psycopg") is None:
        raise UnusableInput(
            "PREFLIGHT_DATABASE_URL names a PostgreSQL server, and the driver for it is missing.",
            "Install it with “pip install preflight-data[postgres]”.",
        )
    return url.set(drivername="postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """The workspace database on a server.

    Attributes
    ----------
    url
        Where it is, with a password.
    home
        The folder of the workspace, where the files lie.
    """

    url: URL = field(repr=False)
    home: Path

    @property
    def place(self) -> str:
        """Where it is, for a person: without the password, and without anything else secret."""
        host = self.url.host or "the socket of this machine"
        port = f":{self.url.port}" if self.url.port else ""
        return f"“{self.url.database}” of the PostgreSQL server {host}{port}"

    def engine(self) -> Engine:
        """Return an engine whose commits are on the disk of the server.

        A connection that broke while nobody used it is noticed before it is used, and replaced.
        """
        usual = {"connect_timeout": REACH_SECONDS, "tcp_user_timeout": SILENT_SECONDS * 1000}
        asked: dict[str, object] = {"client_encoding": "utf8"}
        asked |= {name: n for name, n in usual.items() if name not in self.url.query}
        made = create_engine(self.url, connect_args=asked, pool_pre_ping=True)
        event.listen(made, "connect", _on_connect)
        event.listen(made, "begin", _on_begin)
        return made

    def reader(self, made: Engine) -> Engine:
        """Return the engine for those who see one state and write nothing."""
        return made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def writer(self, made: Engine) -> Engine:
        """Return the engine for those who write, one at a time."""
        return made.execution_options(isolation_level="READ COMMITTED", write=True)

    def turn(self) -> AbstractContextManager[None]:
        """Let writers wait for each other: the server does, in the order in which they came."""
        return nullcontext()

    def prepare(self) -> None:
        """Do what has to be done before the database is opened: nothing."""

    def refuse_lost(self, connection: Connection, *, is_new: bool) -> None:
        """Refuse a database that knows nothing of the tables whose files lie in the workspace.

        Parameters
        ----------
        is_new
            Whether it holds no workspace yet.

        Raises
        ------
        Damaged
            When it is another one's, or was emptied.
        UnusableInput
            When it cannot hold every text.
        """
        self._refuse_encoding(connection)
        datasets = self.home / "datasets"
        kept = {p.name for p in datasets.glob("[!.]*")} if datasets.is_dir() else set()
        known = set()
        if kept and not is_new:
            known = set(connection.scalars(text("SELECT folder FROM datasets")))
        if kept and not kept & known and (is_new or known):
            raise Damaged(
                f"The database {self.place} knows none of the {len(kept):,} tables whose files lie "
                f"in {datasets}: decisions and names about them are kept elsewhere.",
                "Name the right database with PREFLIGHT_DATABASE_URL (without it, preflight.db in "
                "the workspace folder is used), or choose another folder with PREFLIGHT_HOME.",
            )

    def _refuse_encoding(self, connection: Connection) -> None:
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise UnusableInput(
                f"The database {self.place} holds texts in {encoding}, which lacks most signs.",
                "Make one by CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0.",
            )

    def explain(
        self, error: DBAPIError, *, writing: bool, committing: bool = False
    ) -> PreflightError | None:
        """Return what became of a statement in words for a person; None for a fault of our own.

        Parameters
        ----------
        writing
            Whether something was to be kept.
        committing
            Whether the server was just told to keep it: where the connection breaks then, nobody
            knows whether it did.
        """
        code = getattr(error.orig, "sqlstate", None) or ""
        lost = "What you did last was not kept; what was kept before is as it was."
        lost = lost if writing else ""
        if not code or code in _REASONS or code.startswith(_LOST_CONNECTION):
            return self._unreachable(error, lost, is_open=committing)
        for codes, kind, words, todo in _WORDS:
            if code in codes:
                what = words.format(place=self.place, reason=_reason(error))
                return kind(f"{what} {lost}".strip(), todo)
        return None

    def _unreachable(self, error: DBAPIError, lost: str, *, is_open: bool) -> PreflightError | None:
        code = getattr(error.orig, "sqlstate", None) or ""
        reason = _REASONS.get(code) or _reason(error)
        if is_open:
            return NotKept(
                f"The connection to the database server broke ({reason}) while it was told to keep "
                "what you did last: it may be kept or not.",
                "Look whether it is there before you do it again.",
            )
        if not code and not error.connection_invalidated and not _is_connecting(error):
            return None
        todo = next((todo for words, todo in _TODO.items() if words in reason), _WAIT)
        return NotKept(
            f"The database {self.place} cannot be reached: {reason}. {lost}".strip(), todo
        )


def _is_connecting(error: DBAPIError) -> bool:
    return error.statement is None and type(error.orig).__name__ in {
        "OperationalError",
        "ConnectionTimeout",
    }


def _reason(error: DBAPIError) -> str:
    """Return the last words of the first line that the driver said, which holds no password."""
    lines = str(error.orig).strip().splitlines() or ["no reason was given"]
    said = lines[0].rsplit("failed: ", 1)[-1]
    return said.removeprefix("FATAL:").removeprefix("ERROR:").strip().rstrip(".")


def _on_connect(connection: object, _entry: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # any driver of Python has it
    cursor.execute(_ON_CONNECT)
    cursor.close()
    connection.commit()  # type: ignore[attr-defined]  # as above


def _on_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("write", False):
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({WRITE_LOCK}, hashtext(coalesce(current_schema(), '')))"
        )
