"""Which process it is: a process number is given again after its process has ended."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STATE, _STARTED = 0, 19
"""Fields of ``/proc/<pid>/stat`` after the name of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessId:
    """One process of this machine.

    Attributes
    ----------
    started
        When it started: the boot and the ticks since then on Linux, which no step of the clock
        changes; seconds since 1970 elsewhere.
    """

    pid: int
    started: str


def identify(pid: int) -> ProcessId | None:
    """Return which process has the number ``pid`` now; None for none, or one that has ended."""
    boot = _boot()
    try:
        if not boot:
            process = psutil.Process(pid)
            is_over = process.status() == psutil.STATUS_ZOMBIE
            return None if is_over else ProcessId(pid=pid, started=str(process.create_time()))
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (OSError, psutil.NoSuchProcess):
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[_STATE] in "ZX":
        return None
    return ProcessId(pid=pid, started=f"{boot}:{fields[_STARTED]}")


def this_process() -> ProcessId:
    """Return which process this one is."""
    found = identify(os.getpid())
    if found is None:
        raise RuntimeError("a process that runs has not ended")
    return found


def is_alive(process: ProcessId) -> bool:
    """Whether a process has not ended."""
    return identify(process.pid) == process


@cache
def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
