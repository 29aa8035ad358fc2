"""The queue of a workspace: at most so many workers at once, whoever started them.

Every job that waits or works has one empty file in the folder of the queue; its name holds its
number and where the folder of the job is. Whether it waits or works stands in the folder of the
job alone: one with an owner works, until the process of the owner has ended. So a slot is never
lost: that of a worker that was killed is free as soon as anybody looks. Whoever looks starts what
may start, under one lock for all processes.
"""

from __future__ import annotations

import fcntl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from components.core.atomic_files import read_json, write_json
from components.core.errors import Damaged
from components.processes.folder import JobFolder
from components.processes.identity import ProcessId, is_alive, this_process
from components.processes.spawn import WORKER, spawn, works

HERE = "process"
"""Where a job is that the process which waits for it does itself."""

_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One job in the queue; ``path`` is its file there."""

    path: Path
    number: int
    where: str
    name: str


class Queue:
    """The jobs of a workspace that wait or work.

    Parameters
    ----------
    home
        The folder of the workspace; jobs are folders two levels below it.
    most
        Workers at once.
    command
        How a worker is started.
    """

    def __init__(self, home: Path, most: int, command: Sequence[str] = WORKER) -> None:
        self._home, self._most, self._command = home, most, tuple(command)
        self._folder = home / "queue"

    def enter(self, job: JobFolder) -> None:
        """Put a job at the end of the queue; it starts at once where a slot is free."""
        with self._locked():
            self._append(job.path.parent.name, job.path.name).touch(mode=0o600)
        self.dispatch()

    def withdraw(self, job: JobFolder) -> bool:
        """Take a job out that still waits; False where it works, or is not in the queue."""
        with self._locked():
            found = self._find(job)
            if found is None or job.owner() is not None:
                return False
            found.path.unlink()
            return True

    def leave(self, job: JobFolder) -> None:
        """Free the slot of a job that has been done, and start what comes next."""
        if not self.holds(job):
            return
        with self._locked():
            found = self._find(job)
            if found is not None:
                found.path.unlink()
        self.dispatch()

    def holds(self, job: JobFolder) -> bool:
        """Whether a job waits or works."""
        return self._find(job) is not None

    def waiting(self) -> tuple[Path, ...]:
        """Return the folders of the jobs that wait, in the order in which they start."""
        jobs = (self._job(entry) for entry in self._entries() if entry.where != HERE)
        return tuple(job.path for job in jobs if job.owner() is None)

    def jobs(self) -> tuple[Path, ...]:
        """Return the folders of the jobs that wait or work, the oldest first."""
        entries = (entry for entry in self._entries() if entry.where != HERE)
        return tuple(self._job(entry).path for entry in entries)

    def dispatch(self) -> None:
        """Free the slots of workers that have ended, and start jobs in the slots that are free."""
        if not self._entries():
            return
        with self._locked():
            waiting, n_working = [], 0
            for entry in self._entries():
                if entry.where != HERE and self._job(entry).owner() is None:
                    waiting.append(entry)
                elif self._works(entry):
                    n_working += 1
                else:
                    entry.path.unlink()
            for entry in waiting:
                if n_working >= self._most:
                    return
                n_working += self._start(entry)

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Hold a slot for work that this process does itself; False where none is free.

        Jobs that wait come first.
        """
        mine = self._take_slot()
        try:
            yield mine is not None
        finally:
            if mine is not None:
                mine.unlink(missing_ok=True)
                self.dispatch()

    def _take_slot(self) -> Path | None:
        self.dispatch()
        with self._locked():
            if len(self._entries()) >= self._most:
                return None
            mine = self._append(HERE, str(this_process().pid))
            write_json(mine, this_process())
            return mine

    def _start(self, entry: Entry) -> bool:
        job = self._job(entry)
        if not job.path.is_dir():
            entry.path.unlink()
            return False
        try:
            extra = {"PREFLIGHT_MAX_WORKERS": str(self._most)}
            process = spawn(job, self._command, extra=extra)
        except OSError as error:
            job.write_start_error(error.strerror or str(error))
            entry.path.unlink()
            return False
        # a process that nobody waits for stays in the process table
        threading.Thread(
            target=self._reap, args=(job, process), name=f"wait-{process.pid}", daemon=True
        ).start()
        return True

    def _reap(self, job: JobFolder, process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        with suppress(OSError):  # the job, or the workspace, has been removed
            job.write_exit_status(status)
        with suppress(OSError):
            self.dispatch()

    def _works(self, entry: Entry) -> bool:
        if entry.where != HERE:
            return works(self._job(entry))
        try:
            process = read_json(ProcessId, entry.path)
        except Damaged:  # by a power cut: whoever held it has ended
            return False
        return process is not None and is_alive(process)

    def _job(self, entry: Entry) -> JobFolder:
        return JobFolder(self._home / entry.where / entry.name)

    def _find(self, job: JobFolder) -> Entry | None:
        where = (job.path.parent.name, job.path.name)
        return next((e for e in self._entries() if (e.where, e.name) == where), None)

    def _append(self, where: str, name: str) -> Path:
        number = max((entry.number for entry in self._entries()), default=0) + 1
        return self._folder / f"{number:012d}.{where}.{name}"

    def _entries(self) -> list[Entry]:
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.iterdir():
            number, _, rest = path.name.partition(".")
            where, _, name = rest.partition(".")
            if number.isdigit():
                found.append(Entry(path, int(number), where, name))
        return sorted(found, key=lambda entry: entry.number)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process, and one thread of it, change the queue at a time."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with (self._folder / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def place_words(place: int) -> str:
    """Return the place of a job that waits, counted from 1, in words."""
    ordinal = _ORDINALS[place - 1] if place <= len(_ORDINALS) else f"number {place:,}"
    return f"Waiting: {ordinal} in the queue"
