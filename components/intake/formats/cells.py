"""From an opened file that is no plain text to the cell texts of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.core.data.source import AsideRow, Problem, ProblemLevel
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.engine.files.columnar import (
    CONVERSION_MEMORY,
    TooLarge,
    columnar_to_text,
    parquet_columns,
    parquet_rows,
)
from components.engine.files.text_blocks import gather, head_rows
from components.intake.formats.file_types import FileType
from components.intake.formats.limits import MAX_CELL, UnpackLimits, megabytes, require_space
from components.intake.formats.parsers.sandbox import Answer, parse_in_sandbox
from components.intake.formats.parsers.sheets import lay_out, sheet_problems
from components.intake.formats.unpack import OpenedFile
from components.intake.options import TEXT_FILE, ReadOptions

LOOKED_AT = 1_000
"""Rows of a sheet from which the start of the table is sniffed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table whose cell texts are in a Parquet file.

    Attributes
    ----------
    headers
        Empty where the columns have no names.
    header_rows, preamble_rows
        Of a sheet; formats with names of their own count as having one header row.
    """

    format: str
    headers: tuple[str, ...]
    width: int
    n_rows: int
    header_rows: int = 1
    preamble_rows: int = 0
    n_aside: int = 0
    aside: tuple[AsideRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_cells(
    upload: OpenedFile,
    work: Path,
    options: ReadOptions,
    settings: Settings,
    *,
    pulse: Callable[[], None] = lambda: None,
) -> Cells:
    """Write the cell texts of ``upload`` to ``text.parquet`` in ``work``.

    Parameters
    ----------
    work
        A folder, also for what is needed on the way.
    pulse
        Called a few times a second; may raise to stop the reading.

    Raises
    ------
    UnusableInput
        When it cannot be read as a table.
    """
    target = work / TEXT_FILE
    if upload.form is FileType.PARQUET:
        return _read_parquet(upload.path, target, settings, FileType.PARQUET)
    answer = parse_in_sandbox(
        upload.path, upload.form, work, settings, sheet=options.sheet, pulse=pulse
    )
    parts = [work / name for name in answer.parts]
    require_space(work, 0)
    if upload.form is FileType.ARROW:
        return _read_parquet(parts[0], target, settings, FileType.ARROW, answer.headers)
    if upload.form.is_workbook:
        return _read_sheet(upload, answer, parts, target, options)
    n_rows = gather(parts, answer.width, target, memory_limit=CONVERSION_MEMORY)
    return Cells(
        format=upload.form.value,
        headers=answer.headers,
        width=answer.width,
        n_rows=n_rows,
        n_aside=len(answer.aside),
        aside=answer.aside,
        problems=answer.problems,
    )


def _read_parquet(
    path: Path,
    target: Path,
    settings: Settings,
    form: FileType,
    headers: Sequence[str] | None = None,
) -> Cells:
    names = parquet_columns(path)
    _refuse_shape(parquet_rows(path), len(names), settings)
    try:
        n_rows = columnar_to_text(
            path,
            target,
            max_cell=MAX_CELL,
            max_total=UnpackLimits.of(settings).unpacked,
            memory_limit=settings.memory_limit,
        )
    except TooLarge as error:
        raise _too_large(error, settings) from error
    return Cells(
        format=form.value,
        headers=tuple(headers if headers is not None else names),
        width=len(names),
        n_rows=n_rows,
    )


def _refuse_shape(n_rows: int, width: int, settings: Settings) -> None:
    if width > settings.max_columns:
        raise UnusableInput(
            f"The table has {width:,} columns; the limit is {settings.max_columns:,}.",
            "Leave columns out, or raise PREFLIGHT_MAX_COLUMNS.",
        )
    if n_rows == 0:
        raise UnusableInput("The file has no rows.", "Upload a file with at least one row.")
    limit = UnpackLimits.of(settings).unpacked
    if n_rows * width > limit:  # every cell takes a byte at least
        raise UnusableInput(
            f"The file says that it holds {n_rows:,} rows of {width:,} cells, more than"
            f" {megabytes(limit)} of text, the limit.",
            "Upload a part of it, or raise PREFLIGHT_MAX_UNPACKED_MB.",
        )


def _too_large(error: TooLarge, settings: Settings) -> UnusableInput:
    if error.column is not None:
        return UnusableInput(
            f"A cell of “{error.column[:60]}” holds more than {megabytes(MAX_CELL)} of text.",
            "Leave that column out, or keep long texts in files of their own.",
        )
    return UnusableInput(
        f"The table unpacks to more than {megabytes(UnpackLimits.of(settings).unpacked)} of text,"
        " the limit.",
        "Upload a part of it, or raise PREFLIGHT_MAX_UNPACKED_MB.",
    )


def _read_sheet(
    upload: OpenedFile, answer: Answer, parts: Sequence[Path], target: Path, options: ReadOptions
) -> Cells:
    rows = head_rows(parts[0], answer.width, LOOKED_AT)
    layout = lay_out(rows, answer.merged, options)
    if layout.body is None or layout.body >= answer.n_rows:
        raise UnusableInput(
            f"The sheet “{answer.sheet[:60]}” has a header but no rows.",
            "Upload a sheet with at least one row of data.",
        )
    n_rows = gather(
        parts,
        answer.width,
        target,
        first=layout.body,
        skip_empty=True,
        memory_limit=CONVERSION_MEMORY,
    )
    n_empty = answer.n_rows - layout.body - n_rows
    return Cells(
        format=upload.form.value,
        headers=layout.names,
        width=answer.width,
        n_rows=n_rows,
        header_rows=layout.header_rows,
        preamble_rows=layout.preamble_rows,
        problems=(*_other_sheets(answer), *sheet_problems(layout, n_empty), *answer.problems),
        sheet=answer.sheet,
        sheets=answer.sheets,
    )


def _other_sheets(answer: Answer) -> tuple[Problem, ...]:
    others = [name for name in answer.sheets if name != answer.sheet]
    if not others:
        return ()
    listed = ", ".join(f"“{name[:60]}”" for name in others[:8])
    more = f" and {len(others) - 8:,} more" if len(others) > 8 else ""  # noqa: PLR2004 - shown
    return (
        Problem(
            code="other_sheets",
            message=f"The sheet “{answer.sheet[:60]}” was read. The workbook also has"
            f" {listed}{more}.",
            level=ProblemLevel.NOTE,
        ),
    )
