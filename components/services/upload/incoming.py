"""Files on their way in from a browser: permission to send one, its bytes on disk, its received.

Streamlit's own uploader keeps files in memory. Here each piece goes to disk as it comes, so the
server needs the same memory for 1 MB and for 1 GB.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from components.core.errors import UnusableInput
from components.services.upload.source_bytes import clean_name, refuse_large
from components.services.workspace import Workspace

TICKET_LIFE = 120.0
"""Seconds in which sending must begin; the browser begins at once."""
RECEIVED_LIFE = 900.0
"""Seconds that a file waits for the page that asked for it."""
RESERVE = 200_000_000
"""Bytes of the disk that uploads leave free."""
ROOM = 2
"""Free space asked for before a file is taken, in sizes of the file: itself, and its table."""
MOST_EACH = 2
"""Files that one visitor may send at the same time: one more while the first is given up."""
MOST_AT_ONCE = 20
"""Files that all visitors may be sending at the same time; each holds a connection and a file."""
LOOK_EVERY = 32 << 20
"""Bytes received between two looks at the free space."""


class DiskFull(UnusableInput):
    """There is no room for the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTicket:
    """Permission to send one file, once.

    Attributes
    ----------
    token
        Known to the server and to the page that asked; worth 256 random bits.
    size
        Bytes that the browser said it would send.
    part
        Where the bytes go.
    until
        When it expires, on the clock of the registry.
    visitor
        Who may send it; "" for somebody not known.
    """

    token: str
    name: str
    size: int
    part: Path
    until: float
    visitor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that came in whole; it lies at ``path`` until somebody discards it."""

    name: str
    path: Path
    sha256: str
    size: int
    until: float


class UploadRegistry:
    """Gives out tickets and keeps received files, in the memory of one server process.

    Parameters
    ----------
    clock
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets: dict[str, UploadTicket] = {}
        self._sending: dict[str, UploadTicket] = {}
        self._unwanted: set[str] = set()
        self._received: dict[str, ReceivedFile] = {}

    def issue(self, ws: Workspace, name: str, size: int, *, visitor: str = "") -> UploadTicket:
        """Permit to send one file of ``size`` bytes.

        Raises
        ------
        UnusableInput
            When the file is empty or too large, or too many are on their way.
        DiskFull
            When the disk has no room for it.
        """
        refuse_large(size, ws.settings.max_upload)
        refuse_full_disk(ws.files.incoming, size)
        ticket = UploadTicket(
            token=secrets.token_urlsafe(32),
            name=clean_name(name),
            size=size,
            part=ws.files.new_part(),
            until=self._clock() + TICKET_LIFE,
            visitor=visitor,
        )
        with self._lock:
            self._drop_expired()
            self._refuse_many(visitor)
            self._tickets[ticket.token] = ticket
        return ticket

    def redeem(self, token: str) -> UploadTicket | None:
        """Use up a ticket; None where there is none, or no longer."""
        with self._lock:
            self._drop_expired()
            ticket = self._tickets.pop(token, None)
            if ticket is not None:
                self._sending[token] = ticket
            return ticket

    def end(self, ticket: UploadTicket) -> None:
        """Note that nothing more comes under a ticket, whether the file is whole or not."""
        with self._lock:
            self._sending.pop(ticket.token, None)
            self._unwanted.discard(ticket.token)

    def keep(self, ticket: UploadTicket, sha256: str) -> None:
        """Note that the file of a ticket lies on the disk, whole; one that was given up goes."""
        received = ReceivedFile(
            name=ticket.name,
            path=ticket.part,
            sha256=sha256,
            size=ticket.size,
            until=self._clock() + RECEIVED_LIFE,
        )
        with self._lock:
            is_wanted = ticket.token not in self._unwanted
            if is_wanted:
                self._received[ticket.token] = received
        if not is_wanted:
            ticket.part.unlink(missing_ok=True)

    def received(self, token: str) -> ReceivedFile | None:
        """Return the file that came in under a ticket, None where there is none."""
        with self._lock:
            self._drop_expired()
            return self._received.get(token)

    def discard(self, token: str) -> None:
        """Forget a ticket, and delete what came in under it."""
        with self._lock:
            self._tickets.pop(token, None)
            if token in self._sending:
                self._unwanted.add(token)
            received = self._received.pop(token, None)
        if received is not None:
            received.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget everything and delete what nobody has taken."""
        for token in list(self._tickets) + list(self._received):
            self.discard(token)

    def _refuse_many(self, visitor: str) -> None:
        under_way = [*self._tickets.values(), *self._sending.values()]
        if visitor and sum(t.visitor == visitor for t in under_way) >= MOST_EACH:
            raise UnusableInput(
                "Files of yours are still being sent.",
                "Wait until they are here, or close the other windows.",
            )
        if len(under_way) >= MOST_AT_ONCE:
            raise UnusableInput(
                f"The server takes {MOST_AT_ONCE} files at a time, and as many are on their way.",
                "Try again in a minute.",
            )

    def _drop_expired(self) -> None:
        now = self._clock()
        self._tickets = {t: k for t, k in self._tickets.items() if k.until > now}
        for token in [t for t, a in self._received.items() if a.until <= now]:
            self._received.pop(token).path.unlink(missing_ok=True)


class PartialFile:
    """A file that grows on the disk while its fingerprint is taken.

    Use it in a ``with`` block; the file is deleted at its end unless :meth:`finish` was called.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path, self._size = path, size
        self._file = path.open("xb")
        self._digest = hashlib.sha256()
        self._received = 0
        self._look_at = 0
        self._finished = False

    def __enter__(self) -> PartialFile:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):  # what a full disk refuses is of no use any more
            self._file.close()
        if not self._finished:
            self._path.unlink(missing_ok=True)

    def write(self, data: bytes | bytearray) -> None:
        """Append bytes.

        Raises
        ------
        UnusableInput
            When more comes than was announced.
        DiskFull
            When the disk is nearly full.
        """
        self._received += len(data)
        if self._received > self._size:
            raise _not_as_announced(self._size)
        if self._received >= self._look_at:
            self._look_at = self._received + LOOK_EVERY
            _refuse_below(self._path.parent, RESERVE)
        self._digest.update(data)
        with _told(self._path.parent):
            self._file.write(data)

    def finish(self) -> str:
        """Keep the file and return the SHA-256 of its bytes.

        Raises
        ------
        UnusableInput
            When less came than was announced.
        """
        if self._received != self._size:
            raise _not_as_announced(self._size)
        with _told(self._path.parent):
            self._file.flush()
        self._finished = True
        return self._digest.hexdigest()


def refuse_full_disk(folder: Path, size: int) -> None:
    """Refuse a file that the disk has no room for.

    Raises
    ------
    DiskFull
        When less than the file, its table and a reserve is free.
    """
    _refuse_below(folder, ROOM * size + RESERVE)


def _refuse_below(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise _full(folder)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in words that the disk is full: other programs write to it as well."""
    try:
        yield
    except OSError as error:
        raise _full(folder) from error


def _full(folder: Path) -> DiskFull:
    free = shutil.disk_usage(folder).free
    return DiskFull(
        f"The disk of the server has {free / 1e6:,.0f} MB free, too little for this file.",
        "Remove tables that are no longer needed, or ask whoever runs the server for room.",
    )


def _not_as_announced(size: int) -> UnusableInput:
    return UnusableInput(
        f"The file changed while it was sent: {size:,} bytes were announced.",
        "Close it in other programs and upload it again.",
    )
