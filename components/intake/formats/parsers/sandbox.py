"""Parsers in a process of their own: bounded in memory, time and disk, and free to crash.

Measured with python-calamine 0.9.1: a workbook of 1.4 kB with one cell in the last row and column
asks for 550 GB, and the failed allocation aborts the whole process. No exception can be caught,
so such parsers never run in the process of the app.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.core.codec import from_json, to_json
from components.core.data.source import AsideRow, Problem
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake.formats.file_types import CALLED, FileType
from components.intake.formats.limits import UnpackLimits, require_space

MEMORY = 800_000_000
"""Bytes of data that a reader may hold."""

SECONDS = 300
"""Time that a reader may take; 30 million cells took about 60 s."""

TICK = 0.25
"""Seconds between two looks at a process."""

TASK, ANSWER = "task.json", "answer.json"
ROOT = Path(__file__).parents[4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader is asked to do; see the fields of the same names elsewhere."""

    source: str
    form: FileType
    sheet: str | None
    max_columns: int
    max_bytes: int
    memory: int = MEMORY
    seconds: int = SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader found; the cells are in ``part-*.parquet``: ``line``, ``c0``...

    Attributes
    ----------
    headers
        The names of the columns, where the format has a place for them.
    n_aside
        Records kept aside in all; ``aside`` holds the first ones.
    merged
        Merged cells: first row, first column, last row, last column, from 0.
    what, todo
        Why the file cannot be used; empty where it can.
    """

    headers: tuple[str, ...] = ()
    width: int = 0
    n_rows: int = 0
    parts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    aside: tuple[AsideRow, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    what: str = ""
    todo: str = ""


def read_apart(
    source: Path,
    form: FileType,
    folder: Path,
    settings: Settings,
    *,
    sheet: str | None = None,
    pulse: Callable[[], None] = lambda: None,
) -> Answer:
    """Have ``source`` read by another process into ``folder``.

    Parameters
    ----------
    pulse
        Called a few times a second; may raise to stop the reading.

    Raises
    ------
    UnusableInput
        When it cannot be read within the limits.
    """
    request = Request(
        source=str(source.absolute()),  # the reader works in another folder
        form=form,
        sheet=sheet,
        max_columns=settings.max_columns,
        max_bytes=UnpackLimits.of(settings).unpacked,
    )
    require_space(folder, 0)
    task = folder / TASK
    task.write_text(json.dumps(to_json(request)), encoding="utf-8")
    with task.open("rb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "components.intake.formats.parsers.reader"],
            stdin=stream,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "ARROW_DEFAULT_MEMORY_POOL": "system"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    with process:
        try:
            _watch(process, request.seconds, pulse)
        finally:
            process.kill()
    return _answer(folder, form, request.memory)


def _watch(process: subprocess.Popen[bytes], seconds: int, pulse: Callable[[], None]) -> None:
    """Wait for a process; give up after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pulse()
        try:
            process.wait(TICK)
        except subprocess.TimeoutExpired:
            continue
        return
    raise UnusableInput(
        f"Reading the file took more than {seconds // 60} minutes.",
        "Save the table as CSV or Parquet and upload that.",
    )


def _answer(folder: Path, form: FileType, memory: int) -> Answer:
    path = folder / ANSWER
    if not path.is_file():  # the process was killed, or aborted for want of memory
        raise UnusableInput(
            f"The file is {CALLED[form]} that cannot be read within {memory // 1_000_000} MB of"
            " memory: it is very large, broken, or made to exhaust a machine.",
            "Save the table as CSV or Parquet and upload that.",
        )
    answer = from_json(Answer, json.loads(path.read_text(encoding="utf-8")))
    if answer.what:
        raise UnusableInput(answer.what, answer.todo)
    return answer
