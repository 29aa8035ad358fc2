"""Sheets of workbooks, read by calamine: values as they were last stored, nothing computed."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from components.core.data.source import Problem, ProblemLevel
from components.core.errors import UnusableInput
from components.intake.formats.file_types import FileType
from components.intake.formats.limits import MAX_CELL
from components.intake.formats.parsers.column_parts import PartWriter
from components.intake.formats.parsers.sandbox import Answer, Request

Value = str | float | bool | dt.time | dt.date | dt.timedelta

WHOLE = 1e21
"""Whole numbers up to here are written with all their digits, larger ones with an exponent."""

LISTED = 200
"""Merged cells that are reported one by one."""

PIECE = 4_000_000
FORMULA = re.compile(rb"<f[ >]")
UNSTORED = re.compile(rb"(?:</f>|<f [^>]*/>)(?:<v></v>|<v/>)?</c>")
ERROR = re.compile(rb"""<c [^>]*\bt=["']e["']""")
ODS_FORMULA = re.compile(rb"table:formula=")


def read_sheet(request: Request, folder: Path) -> Answer:
    """Write the cells of one sheet.

    Raises
    ------
    UnusableInput
        When the workbook is broken or encrypted, or no sheet holds a table.
    """
    path = Path(request.source)
    try:
        book = CalamineWorkbook.from_path(path)
        names = _tables(book)
        sheet = _sheet(book, names, request.sheet)
        _refuse_width(sheet, request.max_columns)
        with PartWriter(folder) as writer:
            for line, row in enumerate(sheet.iter_rows()):
                cells = [cell_text(value) for value in row]
                writer.add(line, cells, _length(cells, line))
        left = sheet.start[1] if sheet.start else 0
        merged = sheet.merged_cell_ranges or []
    except PasswordError as error:
        raise UnusableInput(
            "The workbook is encrypted with a password.", "Save it without a password."
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnusableInput(
            "The workbook is broken or cut off, or not written as its format asks.",
            "Open it in a spreadsheet program, save it again, or save the sheet as CSV.",
        ) from error
    return Answer(
        width=sheet.width,
        n_rows=writer.n_rows,
        parts=tuple(writer.names),
        problems=tuple(_problems(path, request.form)),
        sheet=sheet.name,
        sheets=tuple(names),
        merged=tuple(
            (top, first - left, bottom, last - left)
            for (top, first), (bottom, last) in merged[:LISTED]
        ),
    )


def cell_text(value: Value) -> str | None:
    """Return a value as text: dates as ISO 8601, whole numbers without a point."""
    if isinstance(value, str):
        return value.replace("\0", "") or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        whole = abs(value) < WHOLE and value == int(value)
        return str(int(value)) if whole else repr(value)
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()


def _duration(value: dt.timedelta) -> str:
    seconds = value.total_seconds()
    sign = "-" if seconds < 0 else ""
    whole = int(abs(seconds))
    rest = f"{abs(seconds) - whole:.3f}"[1:].rstrip("0").rstrip(".")
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{rest}"


def _length(cells: Sequence[str | None], line: int) -> int:
    total = sum(len(c) for c in cells if c)
    if total > MAX_CELL and max(len(c) for c in cells if c) > MAX_CELL:
        raise UnusableInput(
            f"A cell in row {line + 1:,} holds more than {MAX_CELL // 1_000_000} MB of text.",
            "Leave that column out, or keep long texts in files of their own.",
        )
    return total


def _tables(book: CalamineWorkbook) -> list[str]:
    """Return the sheets that hold cells, visible ones first."""
    sheets = [m for m in book.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet]
    shown = [m.name for m in sheets if m.visible is SheetVisibleEnum.Visible]
    return shown + [m.name for m in sheets if m.name not in shown]


def _sheet(book: CalamineWorkbook, names: Sequence[str], wanted: str | None) -> CalamineSheet:
    if wanted is not None:
        if wanted not in names:
            listed = ", ".join(f"“{name[:60]}”" for name in names[:8])
            raise UnusableInput(
                f"The workbook has no sheet called “{wanted[:60]}”.", f"Choose one of: {listed}."
            )
        return _with_rows(book.get_sheet_by_name(wanted))
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > 1:
            return sheet
    raise UnusableInput(
        "No sheet of the workbook holds a table: a header and at least one row.",
        "Upload a workbook with a table in one of its sheets.",
    )


def _with_rows(sheet: CalamineSheet) -> CalamineSheet:
    if sheet.height < 2:  # noqa: PLR2004 - a header and a row
        raise UnusableInput(
            f"The sheet “{sheet.name[:60]}” holds no table: a header and at least one row.",
            "Choose another sheet.",
        )
    return sheet


def _refuse_width(sheet: CalamineSheet, limit: int) -> None:
    if sheet.width > limit:
        raise UnusableInput(
            f"The table has {sheet.width:,} columns; the limit is {limit:,}.",
            "Leave columns out, or raise PREFLIGHT_MAX_COLUMNS.",
        )


@dataclass(slots=True)
class _Counts:
    """What the cells of a workbook hold besides values."""

    formulas: int = 0
    unstored: int = 0
    errors: int = 0


def _problems(path: Path, form: FileType) -> Iterator[Problem]:
    if form is FileType.XLS:
        return
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        counts = _count(archive, form)
    if any(n.endswith("vbaProject.bin") or n.startswith(("Basic/", "Scripts/")) for n in names):
        yield _note("macros", "The workbook holds macros. They were not run.")
    if any(n.startswith("xl/externalLinks/") for n in names):
        yield _note(
            "external_links", "The workbook refers to other workbooks. Nothing was fetched."
        )
    yield from _cell_problems(counts)


def _cell_problems(counts: _Counts) -> Iterator[Problem]:
    formulas, unstored, errors = counts.formulas, counts.unstored, counts.errors
    if formulas:
        yield _note(
            "formulas",
            f"The workbook holds {formulas:,} formula{'s' * (formulas != 1)}. The values last"
            " stored were read; nothing was computed.",
        )
    if unstored:
        yield Problem(
            code="formulas_without_value",
            message=f"{unstored:,} formula{'s have' if unstored != 1 else ' has'} no stored value"
            " and read as empty. Open the workbook in a spreadsheet program and save it, so that"
            " the values are stored.",
        )
    if errors:
        yield Problem(
            code="error_cells",
            message=f"{errors:,} cell{'s hold' if errors != 1 else ' holds'} an error such as"
            " #DIV/0! instead of a value and read as empty.",
        )


def _note(code: str, message: str) -> Problem:
    return Problem(code=code, message=message, level=ProblemLevel.NOTE)


def _count(archive: zipfile.ZipFile, form: FileType) -> _Counts:
    """Count formulas, those without a stored value, and errors, in all sheets."""
    counts = _Counts()
    for name in archive.namelist():
        if form is FileType.ODS and name == "content.xml":
            counts.formulas = sum(len(ODS_FORMULA.findall(p)) for p in _elements(archive, name))
        elif form is FileType.XLSX and name.startswith("xl/worksheets/") and name.endswith(".xml"):
            for piece in _elements(archive, name):
                counts.formulas += len(FORMULA.findall(piece))
                counts.unstored += len(UNSTORED.findall(piece))
                counts.errors += len(ERROR.findall(piece))
    return counts


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield an XML part in pieces that end where an element does."""
    rest = b""
    with archive.open(name) as stream:
        while chunk := stream.read(PIECE):
            whole, sign, tail = (rest + chunk).rpartition(b"</c>")
            yield whole + sign
            rest = tail if len(tail) < PIECE else b""
    yield rest
