"""The folder through which a worker and those who wait for it talk."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.core.atomic_files import damaged, read_json, write_bytes, write_json
from components.core.errors import Damaged
from components.processes.identity import ProcessId

RUST_HINT = "note: run with `RUST_BACKTRACE"
LONGEST_WORDS = 500
"""Characters of what a worker printed last that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that works in a folder.

    Attributes
    ----------
    kills
        :func:`~components.processes.endings.out_of_memory_kills` when it started.
    """

    process: ProcessId
    kills: int = 0


@dataclass(frozen=True, slots=True)
class JobFolder:
    """One job on disk."""

    path: Path

    @property
    def log(self) -> Path:
        """What the worker printed."""
        return self.path / "worker.log"

    @property
    def scratch(self) -> Path:
        """Temporary files of the worker; deleted when the job is over, however it ended."""
        return self.path / "scratch"

    @property
    def cancel_asked(self) -> bool:
        """Whether a person asked the job to stop."""
        return (self.path / "cancel").exists()

    def ask_cancel(self) -> None:
        """Ask the job to stop."""
        (self.path / "cancel").touch()

    def owner(self) -> Owner | None:
        """Read which process works on it; None before it has started.

        A damaged file names a process that has ended: nobody writes it but one that has begun.
        """
        try:
            return read_json(Owner, self.path / "owner.json")
        except Damaged:
            return Owner(process=ProcessId(pid=0, started=""))

    def write_owner(self, owner: Owner) -> None:
        """Write which process works on it."""
        write_json(self.path / "owner.json", owner, durable=True)

    def request(self) -> dict[str, Any] | None:
        """Read what is to be done."""
        return self._read("request.json")

    def write_request(self, request: dict[str, Any]) -> None:
        """Write what is to be done, as plain JSON values."""
        self._write("request.json", request)

    def progress(self) -> tuple[float, str]:
        """Read the share that is done, in [0, 1], and what is being done."""
        try:
            found = self._read("progress.json")
        except Damaged:
            found = None
        return (0.0, "Starting") if found is None else (float(found["share"]), str(found["note"]))

    def write_progress(self, share: float, note: str) -> None:
        """Write how far it is."""
        self._write("progress.json", {"share": share, "note": note})

    def result(self) -> dict[str, Any] | None:
        """Read what came of it: ``value`` or ``error``; None while it is not over."""
        return self._read("result.json")

    def write_result(self, result: dict[str, Any]) -> None:
        """Write what came of it; the last thing that is written."""
        self._write("result.json", result, durable=True)

    def forget_result(self) -> None:
        """Delete what came of it: it is done again."""
        (self.path / "result.json").unlink(missing_ok=True)

    def exit_status(self) -> int | None:
        """Read the exit status of the worker; None where nobody waited for it."""
        try:
            found = self._read("exit.json")
        except Damaged:
            found = None
        return None if found is None else int(found["status"])

    def write_exit_status(self, status: int) -> None:
        """Write the exit status of the worker."""
        self._write("exit.json", {"status": status})

    def start_error(self) -> str:
        """Read why no worker could be started; "" where one could."""
        found = self._read("start_error.json")
        return "" if found is None else str(found["reason"])

    def write_start_error(self, reason: str) -> None:
        """Write why no worker could be started."""
        self._write("start_error.json", {"reason": reason})

    def clean(self) -> None:
        """Delete the temporary files of the worker."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def last_words(self) -> str:
        """Return the last line that the worker printed; "" when it printed nothing.

        What a library of Rust adds about backtraces is no line of its own: the reason stands above.
        """
        try:
            tail = self.log.read_bytes()[-4_000:].decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        lines = [line.strip() for line in tail.splitlines()]
        lines = [line for line in lines if line and not line.startswith(RUST_HINT)]
        return lines[-1][:LONGEST_WORDS] if lines else ""

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            return dict(json.loads((self.path / name).read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise damaged(self.path / name) from error

    def _write(self, name: str, value: dict[str, Any], *, durable: bool = False) -> None:
        text = json.dumps(value, allow_nan=False)
        write_bytes(self.path / name, text.encode(), durable=durable)
