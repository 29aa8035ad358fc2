"""What a command costs, from the start of its process to its exit; and two commands side by side.

CPU seconds (user and system, of the process and of all it has waited for) are compared, not the
clock: they are the steadier figure on a machine that has other work. They rise a little under load,
too, so two commands always run in turns, and each round gives one ratio.

This module imports nothing heavy: a child's peak memory is never told as less than that of the
process that started it.
"""

from __future__ import annotations

import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("_speed_child.py")
LOOK = 0.1
"""Seconds between two looks at the memory of the processes that a command has started."""

MB = 1_000_000
TAIL = 2_000


class CommandFailed(Exception):
    """A command ended with another status than 0; holds the end of what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command cost.

    Attributes
    ----------
    cpu, wall
        In seconds.
    peak
        Resident memory at its highest, in MB (1,000,000 bytes): of the largest process, or of all
        processes together where they were seen to hold more.
    """

    cpu: float
    wall: float
    peak: float


def compile_ours() -> None:
    """Compile our modules, as any first run does that may write: it is no cost of a later one."""
    compileall.compile_dir(ROOT / "components", quiet=1)


def ours(*arguments: object) -> list[str]:
    """Return a command of Preflight."""
    return [sys.executable, "-m", "components.cli", *map(str, arguments)]


def child(*arguments: object, python: str = sys.executable) -> list[str]:
    """Return a command of ``_speed_child.py``."""
    return [python, str(CHILD), *map(str, arguments)]


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command and return its cost.

    Raises
    ------
    CommandFailed
        When it ends with another status than 0.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        stop = threading.Event()
        seen = [0]
        watch = threading.Thread(target=_watch, args=(process.pid, stop, seen), daemon=True)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        stop.set()
        watch.join()
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")[-TAIL:]
            raise CommandFailed(f"{' '.join(command)}: status {process.returncode}\n{text}")
    peak = max(usage.ru_maxrss * 1024, seen[0]) / MB
    return Cost(cpu=usage.ru_utime + usage.ru_stime, wall=wall, peak=peak)


def _watch(pid: int, stop: threading.Event, seen: list[int]) -> None:
    """Remember the most memory that the process and its children held together."""
    while not stop.wait(LOOK):
        try:
            root = psutil.Process(pid)
            family = root.children(recursive=True)
            if family:
                seen[0] = max(seen[0], sum(p.memory_info().rss for p in (root, *family)))
        except psutil.Error:
            continue


def in_turns(commands: Sequence[Callable[[], Cost]], rounds: int) -> list[list[Cost]]:
    """Return the costs of each command, one per round; who goes first changes by turns."""
    found: list[list[Cost]] = [[] for _ in commands]
    for number in range(rounds):
        for step in range(len(commands)):
            place = (number + step) % len(commands)
            found[place].append(commands[place]())
    return found


def middle(values: Sequence[float], digits: int = 2) -> str:
    """Return the median and, in brackets, the range of several values."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def told(name: str, costs: Sequence[Cost]) -> str:
    """Return one line with the CPU seconds, the clock and the peak of a command."""
    return (
        f"  {name:<26} CPU {middle([c.cpu for c in costs])} s, clock"
        f" {middle([c.wall for c in costs])} s, peak {max(c.peak for c in costs):,.0f} MB"
    )


def ratio(costs: Sequence[Cost], others: Sequence[Cost]) -> str:
    """Return the ratio of CPU seconds of two commands, round by round."""
    return middle([one.cpu / other.cpu for one, other in zip(costs, others, strict=True)])


def machine() -> str:
    """Return what the figures were measured on and with."""
    names = ("duckdb", "pandas", "pyarrow", "numpy")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, load"
        f" {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {versions}"
    )


def written(folder: Path, rows: int, columns: int | None = None) -> Path:
    """Return a CSV of ``rows``: 20 mixed columns, or ``columns`` of them; made if not there yet."""
    file = folder / (f"{rows}.csv" if columns is None else f"{rows}x{columns}.csv")
    if not file.is_file():
        half = file.with_suffix(".part")
        kind = ["make", rows] if columns is None else ["wide", rows, columns]
        run(child(*kind, half))
        half.rename(file)
    return file


@contextmanager
def folder_of(chosen: Path | None) -> Iterator[Path]:
    """Yield the folder for files: the chosen one, which is kept, or one that is deleted."""
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="speed-") as made:
        yield Path(made)


def say(line: str) -> None:
    """Print one line at once, for those who watch a file."""
    print(line, flush=True)
