"""What is left in a workspace that belongs to nobody, and deleting it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from components.jobs import job
from components.processes.folder import JobFolder
from components.processes.spawn import works
from components.services.data import remove
from components.services.workspace import Workspace
from components.store import datasets as table
from components.store import runs as run_table
from components.store.files import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """What was deleted of one kind.

    Attributes
    ----------
    size
        In bytes.
    """

    what: str
    n: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSize:
    """What takes room, in bytes.

    Attributes
    ----------
    other
        The database, files on their way, jobs.
    free
        What is left on the disk.
    """

    tables: int
    runs: int
    other: int
    free: int

    @property
    def total(self) -> int:
        """All of the workspace."""
        return self.tables + self.runs + self.other


def sweep(ws: Workspace, *, at_once: bool = False) -> tuple[Freed, ...]:
    """Delete what belongs to nobody, and removed tables whose week is over.

    Nothing goes by its age alone: a file that is being made belongs to its process as long as that
    lives, a folder to the row of the database that names it.

    Parameters
    ----------
    at_once
        Whether removed tables go that could still be taken back.
    """
    n, size = remove.end_grace(ws, at_once=at_once)
    half = ws.files.sweep()
    jobs = _sum(ws.files.jobs, lambda: job.sweep(ws.files.jobs))
    # one writer at a time: no table and no run is being added while the folders are compared
    with ws.db.write() as session:
        known, runs = table.folders(session), run_table.all_ids(session)
        lost = _delete(_unknown(ws.files.datasets, known))
        lost_runs = _delete(
            path for path in _unknown(ws.files.runs, runs) if not works(JobFolder(path))
        )
    return (
        Freed(what="removed tables", n=n, size=size),
        Freed(what="files half made by processes that have ended", n=half[0], size=half[1]),
        Freed(what="jobs that are over", n=jobs[0], size=jobs[1]),
        Freed(what="folders of no table", n=lost[0], size=lost[1]),
        Freed(what="folders of no run", n=lost_runs[0], size=lost_runs[1]),
    )


def size(ws: Workspace) -> WorkspaceSize:
    """Return what takes room in a workspace."""
    files = ws.files
    tables, runs = size_of(files.datasets), size_of(files.runs)
    return WorkspaceSize(
        tables=tables,
        runs=runs,
        other=max(0, size_of(files.home) - tables - runs),
        free=shutil.disk_usage(files.home).free,
    )


def _unknown(root: Path, known: frozenset[str]) -> list[Path]:
    return [p for p in root.iterdir() if not p.name.startswith(".") and p.name not in known]


def _delete(paths: Iterable[Path]) -> tuple[int, int]:
    n = size = 0
    for path in paths:
        size += size_of(path)
        n += 1
        shutil.rmtree(path, ignore_errors=True)
    return n, size


def _sum(root: Path, work: Callable[[], object]) -> tuple[int, int]:
    """Return how many entries of a folder, and bytes, some work deletes."""
    n, size = len(list(root.iterdir())), size_of(root)
    work()
    return n - len(list(root.iterdir())), max(0, size - size_of(root))
