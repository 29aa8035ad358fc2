"""Parsers in a process of their own: bounded in memory, time and disk, and free to crash.

Measured with python-calamine 0.9.1: a workbook of 1.4 kB with one cell in the last row and column
asks for 550 GB, and the failed allocation aborts the whole process. No exception can be caught,
so such parsers never run in the process of the app.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.core.codec import from_json, to_json
from components.core.data.source import AsideRow, Problem
from components.core.errors import (
    Cancelled,
    OutOfDisk,
    OutOfMemory,
    OutOfTime,
    PreflightError,
    UnusableInput,
)
from components.core.settings import Settings
from components.intake.formats.file_types import CALLED, FileType
from components.intake.formats.limits import UnpackLimits, require_space
from components.processes.call import call
from components.processes.folder import JobFolder
from components.processes.limits import Limits

MEMORY = 800_000_000
"""Bytes of data that a reader may hold."""

SECONDS = 300
"""Time that a reader may take; 30 million cells took about 60 s."""

COMMAND = (sys.executable, "-m", "components.intake.formats.parsers.reader")
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""All of the environment that a parser of untrusted bytes gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader is asked to do; see the fields of the same names elsewhere."""

    source: str
    form: FileType
    sheet: str | None
    max_columns: int


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


def parse_in_sandbox(
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
        source=str(source.absolute()),  # the parser works in another folder
        form=form,
        sheet=sheet,
        max_columns=settings.max_columns,
    )
    require_space(folder, 0)
    bounds = Limits(memory=MEMORY, seconds=SECONDS, file_size=UnpackLimits.of(settings).unpacked)
    try:
        answer = call(
            JobFolder(folder),
            COMMAND,
            to_json(request),
            limits=bounds,
            pulse=pulse,
            environment=ENVIRONMENT,
        )
    except (UnusableInput, Cancelled):
        raise
    except PreflightError as error:
        raise _unusable(error, form) from error
    return from_json(Answer, answer)


def _unusable(error: PreflightError, form: FileType) -> UnusableInput:
    """Return why a file cannot be used whose parser ended before it was done."""
    todo = "Save the table as CSV or Parquet and upload that."
    if isinstance(error, OutOfTime):
        return UnusableInput(f"Reading the file took more than {SECONDS // 60} minutes.", todo)
    if isinstance(error, OutOfDisk):
        return UnusableInput(error.what, error.todo)
    called = f"The file is {CALLED[form]} that cannot be read"
    if isinstance(error, OutOfMemory):
        return UnusableInput(
            f"{called} within {MEMORY // 1_000_000} MB of memory: it is very large, broken, or "
            "made to exhaust a machine.",
            todo,
        )
    return UnusableInput(f"{called}: it may be broken. {error.what}", todo)
