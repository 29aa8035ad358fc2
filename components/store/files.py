"""Where the files of a workspace are, and how they are written without ever being half there."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.core.atomic_files import sync
from components.core.data.location import Location
from components.core.errors import NotFound, UnusableInput

_ID = re.compile(r"[0-9a-z][0-9a-z-]{3,63}")
_CHECK_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,60}")
SCRATCH_PREFIX = ".new-"

SWEEP_AFTER = 86_400.0
"""Seconds after which a folder that is still being made belongs to nobody."""
SWEEP_PARTS_AFTER = 3_600.0
"""The same for a file that is being received: every piece that arrives renews its time."""


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
        folder = self._scratch / f"{SCRATCH_PREFIX}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700, parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def new_part(self) -> Path:
        """Return a path for a file that is being received; no name from outside is in it."""
        return self.incoming / f"{secrets.token_hex(16)}.part"

    def sweep(self) -> None:
        """Delete what processes that were killed left half-made, long ago."""
        for part in self.incoming.glob("*.part"):
            if part.stat().st_mtime < time.time() - SWEEP_PARTS_AFTER:
                part.unlink(missing_ok=True)
        oldest = time.time() - SWEEP_AFTER
        for folder in self.datasets.glob(f"{SCRATCH_PREFIX}*"):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def discard(self, folder: Path) -> None:
        """Delete a folder; it disappears at once, its content a moment later."""
        doomed = folder.with_name(f"{SCRATCH_PREFIX}{secrets.token_hex(8)}")
        try:
            folder.rename(doomed)
        except FileNotFoundError:
            return
        shutil.rmtree(doomed, ignore_errors=True)


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
