"""What intake made of a file, as a plain table and as words, for the command line."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from components import intake
from components.core.codec import to_json
from components.core.data.dataset import Column, DatasetVersion
from components.core.data.source import Dialect, Problem, ProblemLevel, SourceReport
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.engine.files.rename_columns import write_renamed
from components.intake import ReadOptions
from components.services.dataset_info import DatasetInfo
from components.services.export.corrected import write_texts
from components.services.upload.source_bytes import clean_name, fingerprint, receive

FORMATS = (".csv", ".parquet")
TEXTS = ("csv", "tsv")
"""Formats of a report that have a dialect."""
MOST_ASIDE = 10_000
"""Rows kept aside that are listed; ``n_set_aside`` counts all of them."""


@contextmanager
def read(
    data: Path,
    options: ReadOptions | None = None,
    *,
    near: Path | None = None,
    with_fingerprint: bool = True,
) -> Iterator[DatasetInfo]:
    """Read a file where it lies, without a workspace; nothing of it is kept at the end.

    A text with names and no rows is a table here: there is nothing to judge, but to convert. The
    limit for uploads does not apply: the file is on this machine already.

    Parameters
    ----------
    options
        How to read it; intake decides what is None.
    near
        The folder on whose disk to work, where something large is going to be written there.
    with_fingerprint
        Whether to take it; it costs a second per gigabyte.

    Raises
    ------
    ChoiceNeeded
        When it holds several tables, and ``options`` names none.
    UnusableInput
        When the file cannot be read, or is no table.
    """
    settings = Settings.from_environment()
    with _folder(near) as folder:
        source = _source(data, folder)
        settings = settings.for_local_file(source.stat().st_size)
        loaded = intake.load(
            source,
            folder,
            name=data.name,
            settings=settings,
            options=options,
            header_only=True,
            for_export=True,
        )
        version = DatasetVersion(
            id="load",
            name=clean_name(data.name),
            sha256=fingerprint(source) if with_fingerprint else "",
            n_rows=loaded.n_rows,
            columns=loaded.columns,
        )
        yield DatasetInfo(
            version=version,
            report=loaded.report,
            added_at=datetime.now(UTC),
            folder=folder,
            confirmed=False,
        )


@contextmanager
def _folder(near: Path | None) -> Iterator[Path]:
    """Make a folder that is gone at the end, hidden and on the disk of ``near`` where it can be."""
    try:
        made = tempfile.TemporaryDirectory(prefix=".preflight-", dir=near)
    except OSError:  # whoever cannot write there is told so at the end, with the name of the file
        made = tempfile.TemporaryDirectory(prefix="preflight-")
    with made as folder:
        yield Path(folder)


def _source(data: Path, folder: Path) -> Path:
    """Return a file that can be read more than once; a pipe is copied."""
    try:
        with data.open("rb") as stream:
            if data.is_file():
                return data
            receive(stream, folder / "source", sys.maxsize)
            return folder / "source"
    except OSError as error:
        raise UnusableInput(
            f"The file {data} cannot be read: {error.strerror}.", "Check the path."
        ) from error


def write(info: DatasetInfo, out: Path, *, newline: str = "\n", used_up: bool = False) -> None:
    """Write the table under its display names, without the rows kept aside.

    CSV gets the cell texts as uploaded (UTF-8, comma), without a header line where the upload had
    none: made-up names are no data of the file. Parquet gets typed values, in which a disguised
    missing value is null.

    Parameters
    ----------
    newline
        What ends a line of CSV. The default is what tools for lines of text expect; every reader
        of CSV takes it as well as the pair of RFC 4180.
    used_up
        Whether nobody needs the typed table of ``info`` afterwards.

    Raises
    ------
    UnusableInput
        When ``out`` has another ending, or cannot be written.
    """
    refuse_ending(out)
    try:
        with _whole(out) as half:
            if out.suffix.lower() == ".csv":
                with half.open("wb") as file:
                    named = info.report.dialect.header_rows > 0
                    header = [c.name for c in info.version.columns] if named else None
                    write_texts(info, Dialect(newline=newline), header, file)
            else:
                columns = info.version.columns
                table = intake.table_path(info.folder, columns)
                names = {column.field: column.name for column in columns}
                write_renamed(table, half, names, used_up=used_up)
    except OSError as error:
        raise UnusableInput(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another file."
        ) from error


def refuse_ending(out: Path) -> None:
    """Refuse a file that is neither CSV nor Parquet.

    Raises
    ------
    UnusableInput
        When the name has another ending.
    """
    if out.suffix.lower() not in FORMATS:
        raise UnusableInput(
            f"The ending of {out.name} is not known.", f"Use one of: {', '.join(FORMATS)}."
        )


def describe(info: DatasetInfo) -> dict[str, Any]:
    """Return what intake understood, as plain JSON values; the README says what each one is."""
    version, report = info.version, info.report
    return {
        "name": version.name,
        "sha256": version.sha256,
        "format": report.format,
        "sheet": report.sheet or None,
        "member": report.member or None,
        **_settings(report),
        "rows": report.n_rows,
        "columns": [_column(c) for c in version.columns],
        "n_rows": version.n_rows,
        "n_columns": report.n_columns,
        "n_mended": report.n_mended,
        "n_set_aside": report.n_aside,
        "set_aside": _set_aside(info),
        "warnings": [_said(p) for p in report.problems if p.level is ProblemLevel.WARNING],
        "notes": [_said(p) for p in report.problems if p.level is not ProblemLevel.WARNING],
        "source": to_json(report),
    }


def _settings(report: SourceReport) -> dict[str, Any]:
    """Return the settings of a reading; those of text are null for what is no text."""
    dialect = report.dialect
    is_text = report.format in TEXTS
    return {
        "encoding": dialect.encoding if is_text else None,
        "delimiter": dialect.delimiter if is_text else None,
        "quotechar": dialect.quotechar if is_text else None,
        "escapechar": dialect.escapechar if is_text else None,
        "newline": dialect.newline if is_text else None,
        "header_rows": dialect.header_rows,
        "preamble_lines": dialect.preamble_lines,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "header": column.header,
        "kind": column.kind.value,
        "role": column.role.value,
        "storage": column.storage.value,
        "format": column.format,
        "why": {"kind": column.kind_why, "role": column.role_why},
        "confidence": {
            "kind": column.kind_confidence.value,
            "role": column.role_confidence.value,
        },
        "disguised": list(column.disguised),
    }


def _said(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "lines": list(problem.lines),
        "columns": list(problem.columns),
    }


def _set_aside(info: DatasetInfo) -> list[dict[str, Any]]:
    """Return the rows kept aside, with what was written of each."""
    path = info.folder / "aside.csv"
    if not info.report.n_aside or not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = islice(csv.DictReader(stream), MOST_ASIDE)
        return [{"line": int(r["line"]), "reason": r["reason"], "text": r["text"]} for r in rows]


def sentences(info: DatasetInfo) -> list[str]:
    """Return what intake understood, line by line; may hold text of the file."""
    report, version = info.report, info.version
    lines = [
        f"{version.name}: {report.n_rows:,} rows, {report.n_columns:,} columns, {report.format}"
    ]
    if report.format in TEXTS:
        lines += _dialect(report.dialect)
    if report.member:
        lines.append(f"File in the archive: {report.member}")
    if report.sheet:
        lines.append(f"Sheet: {report.sheet}")
    lines += [f"{p.level.value.capitalize()}: {p.message}" for p in report.problems]
    if report.n_aside:
        lines.append(f"Kept aside: {report.n_aside:,} rows")
        lines += [f"  line {row.line:,}: {row.reason}" for row in report.aside]
    lines += [f"  {c.name}: {c.kind.value}, {c.role.value}. {c.kind_why}" for c in version.columns]
    return lines


def _dialect(dialect: Dialect) -> list[str]:
    lines = [
        f"Encoding {dialect.encoding}, line end {dialect.newline!r}",
        f"Delimiter {dialect.delimiter!r}, quote {dialect.quotechar!r}",
        f"{dialect.preamble_lines:,} lines above the header, {dialect.header_rows:,} header rows",
    ]
    return [*lines, f"Escape {dialect.escapechar!r}"] if dialect.escapechar else lines


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Write beside ``out`` and put it there when it is whole: it may be the file that is read."""
    half = out.with_name(f".{out.name}.{os.getpid()}.half")
    try:
        yield half
        half.replace(out.resolve())
    finally:
        half.unlink(missing_ok=True)
