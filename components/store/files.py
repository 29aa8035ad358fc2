"""Where the files of a workspace are, and how they are written without ever being half there."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from components.core.atomic_files import sync
from components.core.data.location import Location
from components.core.errors import NotFound, UnusableInput
from components.processes.identity import identify, this_process

_ID = re.compile(r"[0-9a-z][0-9a-z-]{3,63}")
_CHECK_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,60}")
SCRATCH_PREFIX = ".new-"
_OWNER = re.compile(r"(?:\.new-)?([0-9]+)-([0-9a-f]{12})-[0-9a-f]{16,32}(?:\.part)?")

SWEEP_AFTER = 86_400.0
"""Seconds after which a folder that an earlier version was making belongs to nobody."""
SWEEP_PARTS_AFTER = 3_600.0
"""The same for a file that was being received: every piece that arrives renews its time."""


class Files:
    """The folders of a workspace.

    Parameters
    ----------
    home
        The workspace folder; made when it is not there. What is in it is readable by its owner
        only, also in a folder that was there before.
    scratch
        Where dataset versions are made before they are whole, on the same disk.
    """

    def __init__(self, home: Path, *, scratch: Path | None = None) -> None:
        self.home = home
        self.datasets = home / "datasets"
        self.runs = home / "runs"
        self.incoming = home / "incoming"
        self.jobs = home / "jobs"
        self._scratch = scratch or self.datasets
        for folder in (home, self.datasets, self.runs, self.incoming, self.jobs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder != home and folder.stat().st_mode & 0o077:
                folder.chmod(0o700)

    def probe(self) -> None:
        """Write and forget a file.

        Raises
        ------
        OSError
            When the workspace cannot be written to.
        """
        with tempfile.TemporaryFile(dir=self.home) as file:
            file.write(b"x")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.home / "preflight.db"

    def secret(self) -> bytes:
        """Return the key with which this workspace signs; made once, read by its owner only."""
        path = self.home / "secret"
        if not path.exists():
            made = self.home / f"{SCRATCH_PREFIX}{_mine()}-{secrets.token_hex(8)}"
            made.touch(mode=0o600)
            made.write_bytes(secrets.token_bytes(32))
            sync(made)
            with suppress(FileExistsError):  # another process was first
                path.hardlink_to(made)
            made.unlink()
        return path.read_bytes()

    def dataset(self, location: Location) -> Path:
        """Return the folder of a dataset version.

        Raises
        ------
        UnusableInput
            When it lies in another place than the workspace.
        """
        if location.place:
            raise UnusableInput(
                f"The files of this table lie in {location.place}, which cannot be read here.",
                "Open it with a version of Preflight that can, or upload the table again.",
            )
        return self.datasets / location.folder

    def run(self, run_id: str) -> Path:
        """Return the folder of a run.

        Raises
        ------
        NotFound
            When ``run_id`` does not look like one (it may come from an address bar).
        """
        return self.runs / valid_id(run_id, "run")

    @contextmanager
    def new_folder(self) -> Iterator[Path]:
        """Make a folder to build a dataset version in; gone at the end unless it was moved."""
        folder = self._scratch / f"{SCRATCH_PREFIX}{_mine()}-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700, parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def new_part(self) -> Path:
        """Return a path for a file that is being received; no name from outside is in it."""
        return self.incoming / f"{_mine()}-{secrets.token_hex(16)}.part"

    def sweep(self) -> tuple[int, int]:
        """Delete what processes that have ended left half-made; return how much, and its bytes."""
        n = size = 0
        found = [(path, SWEEP_PARTS_AFTER) for path in self.incoming.glob("*.part")]
        found += [(path, SWEEP_AFTER) for path in self.datasets.glob(f"{SCRATCH_PREFIX}*")]
        found += [(path, SWEEP_AFTER) for path in self.runs.glob(f"{SCRATCH_PREFIX}*")]
        for path, most in found:
            if _is_left(path, most):
                size += size_of(path)
                n += 1
                _delete(path)
        return n, size

    def discard(self, folder: Path) -> None:
        """Delete a folder; it disappears at once, its content a moment later."""
        doomed = folder.with_name(f"{SCRATCH_PREFIX}{_mine()}-{secrets.token_hex(8)}")
        try:
            folder.rename(doomed)
        except FileNotFoundError:
            return
        shutil.rmtree(doomed, ignore_errors=True)


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; what disappears counts nothing."""
    paths = [path] if path.is_file() else path.rglob("*")
    total = 0
    for each in paths:
        with suppress(FileNotFoundError):
            found = each.lstat()
            total += found.st_size if stat.S_ISREG(found.st_mode) else 0
    return total


def _mine() -> str:
    """Return what the names begin with of what this process is making."""
    me = this_process()
    return f"{me.pid}-{_fingerprint(me.started)}"


def _fingerprint(started: str) -> str:
    return hashlib.sha256(started.encode()).hexdigest()[:12]


def _is_left(path: Path, most: float) -> bool:
    """Whether the process that was making a file or folder has ended.

    Names of earlier versions do not say whose it is: they are left after ``most`` seconds.
    """
    owner = _OWNER.match(path.name)
    if owner is not None:
        found = identify(int(owner[1]))
        return found is None or _fingerprint(found.started) != owner[2]
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < time.time() - most
    return False


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def valid_id(text: str, what: str) -> str:
    """Return ``text`` if it looks like an id of ours.

    Raises
    ------
    NotFound
        When it does not; it then never reaches a path.
    """
    if not _ID.fullmatch(text):
        raise NotFound(f"There is no {what} with this address.", "Choose one from the list.")
    return text


def valid_check_id(text: str) -> str:
    """Return ``text`` if it looks like the id of a check.

    Raises
    ------
    NotFound
        When it does not; it then never reaches a path.
    """
    if not _CHECK_ID.fullmatch(text):
        raise NotFound("There is no check with this address.", "Choose one from the list.")
    return text


def sync_folder(folder: Path) -> None:
    """Wait until the disk has every file of ``folder`` and the folder itself."""
    for path in [*sorted(p for p in folder.iterdir() if p.is_file()), folder]:
        sync(path)
