"""Reading an uploaded file into a folder, step by step.

Unpack it, sniff how it is written, mend what does not fit, describe the columns, write the typed
table, and report what was done. Each step takes values and returns one.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from components.core.codec import to_json
from components.core.data.dataset import Column
from components.core.data.source import AsideRow, Dialect, Problem, SourceReport
from components.core.errors import UnusableInput
from components.core.progress import Progress, silent
from components.core.settings import Settings
from components.engine.connect import keep_open
from components.engine.table.held_columns import HeldColumns
from components.intake.columns.describe import describe, sample_rows
from components.intake.columns.names import make_names
from components.intake.file_problems import count, file_problems
from components.intake.formats import FileType, OpenedFile, open_upload, read_cells
from components.intake.mend.mend_text import MendedText, mend
from components.intake.mend.mender import MendedRow
from components.intake.mend.non_rows import drop_non_rows
from components.intake.mend.preparation import (
    Preparation,
    ReadyText,
    line_end_attempts,
    prepare,
    ready_text,
)
from components.intake.mend.row_numbers import row_numbers
from components.intake.mend.surplus_cells import note_surplus
from components.intake.options import TEXT_FILE, Loaded, ReadOptions
from components.intake.text.sniff import SniffedText, sniff
from components.intake.write.cell_texts import KEPT_TEXT, RECIPE_FILE, write_recipe
from components.intake.write.mended_rows import MENDED_FILE, write_mended
from components.intake.write.one_pass import TypedText, write_in_one_pass
from components.intake.write.typed_table import table_path, write_table

REPORTED = 200
"""Rejected rows that the report holds; all of them are in ``aside.csv``."""

SHORT = 4_000_000
"""Bytes up to which a text may be a short one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """The rows of a file, as they were read.

    Attributes
    ----------
    mended, mended_ids
        Rows that are written otherwise in the file, and their numbers in the table.
    columns
        The columns, where the typed table was written at once; otherwise the cell texts are
        written and None is known of the columns.
    held
        The columns of that table that are in memory.
    """

    format: str
    dialect: Dialect
    headers: tuple[str, ...]
    width: int
    n_rows: int
    aside: tuple[AsideRow, ...]
    problems: tuple[Problem, ...]
    mended: tuple[MendedRow, ...] = ()
    mended_ids: tuple[int, ...] = ()
    sheet: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] | None = None
    of_columns: tuple[Problem, ...] = ()
    held: HeldColumns | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """One call of :func:`load`."""

    source: Path
    folder: Path
    work: Path
    name: str
    settings: Settings
    options: ReadOptions
    tell: Progress
    header_only: bool
    for_export: bool

    @property
    def limit(self) -> int:
        """Bytes of memory for the engine."""
        return self.settings.memory_limit


def load(
    source: Path,
    folder: Path,
    *,
    name: str,
    settings: Settings,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    header_only: bool = False,
    for_export: bool = False,
) -> Loaded:
    """Read ``source`` and write ``table-<h>.parquet``, ``source.json`` and the cell texts.

    The cell texts are ``text.parquet``, or how to read them again from a large text. Rejected rows
    are written to ``aside.csv``, and rows that are written otherwise in the file to
    ``mended.parquet``, when there are any. Files appear in ``folder`` only when everything went
    well.

    Parameters
    ----------
    name
        The name of the uploaded file, for people.
    progress
        Called with a share in [0, 1] and a few words.
    header_only
        Whether a text that has names and no rows is a table, too.
    for_export
        Whether the typed table is going to be written out: see
        :func:`components.engine.text.typed_csv.write_typed_csv`.

    Raises
    ------
    UnusableInput
        When the file cannot be read as a table.
    """
    tell = progress or silent
    tell(0.0, "Looking at the file")
    options = options or ReadOptions()
    with (
        tempfile.TemporaryDirectory(prefix=".intake-", dir=folder) as temporary,
        keep_open(settings.memory_limit),
    ):
        work = Path(temporary)
        job = _Job(source, folder, work, name, settings, options, tell, header_only, for_export)
        opened = open_upload(source, name, work, settings, member=options.member)
        is_text = opened.form is FileType.TEXT
        content = _read_text(opened, job) if is_text else _read_cells(opened, job)
        described = _describe(content, job)
        report = _report(described, opened, source.stat().st_size)
        tell(0.95, "Storing the table")
        _write(described, report, work)
        _publish(work, folder)
    tell(1.0, "Done")
    columns = described.columns or ()
    return Loaded(
        columns=columns,
        report=report,
        table=table_path(folder, columns),
        n_rows=content.n_rows,
        held=content.held,
    )


def _read_cells(opened: OpenedFile, job: _Job) -> _Content:
    """Read a file that is no delimited text."""
    pulse = partial(job.tell, 0.1, "Reading the cells")
    cells = read_cells(opened, job.work, job.options, job.settings, pulse=pulse)
    return _Content(
        format=cells.format,
        dialect=Dialect(header_rows=cells.header_rows, preamble_lines=cells.preamble_rows),
        headers=cells.headers,
        width=cells.width,
        n_rows=cells.n_rows,
        aside=cells.aside,
        problems=cells.problems,
        sheet=cells.sheet,
        choices=cells.sheets,
    )


def _read_text(opened: OpenedFile, job: _Job) -> _Content:
    """Read a delimited text; again with other line ends, where the reader cannot follow it."""
    text = sniff(opened.path, job.options, job.settings)
    preparation = prepare(text, only_reject=job.options.mend is False)
    job.tell(0.2, "Reading the cells")
    found: _Content | UnusableInput | None = None
    for unify in line_end_attempts(text):
        ready = note_surplus(ready_text(text, preparation, job.work, unify=unify), job.work)
        found = _read_ready(text, preparation, ready, job)
        if isinstance(found, _Content):
            break
    if not isinstance(found, _Content):
        raise found or AssertionError("a text is read at least once")
    if found.n_rows + len(found.aside) == 0 and not job.header_only:
        raise UnusableInput(
            f"The file has a header with {count(text.layout.width, 'name', 'names')} but no rows.",
            "Upload a file with at least one row of data.",
        )
    return found


def _read_ready(
    text: SniffedText, preparation: Preparation, ready: ReadyText, job: _Job
) -> _Content | UnusableInput:
    """Read a long text in one pass; a short one, or one that is too odd, by its cell texts."""
    if not _is_short(ready):
        names, _ = make_names(text.layout.names, text.layout.width)
        typed = write_in_one_pass(
            text,
            ready,
            names,
            job.work,
            memory_limit=job.limit,
            tell=job.tell,
            for_export=job.for_export,
        )
        if isinstance(typed, TypedText):
            return _typed_content(text, preparation, ready, typed, job)
    target = job.work / TEXT_FILE
    mended = mend(ready, job.work, target, memory_limit=job.limit)
    if isinstance(mended, UnusableInput):
        return mended
    dropped = drop_non_rows(
        target,
        ready.path,
        text.layout,
        text.rows,
        ready.quoting,
        skip=ready.settings.skip,
        first_line=ready.first_line,
        memory_limit=job.limit,
    )
    aside = sorted((*mended.aside, *dropped.aside), key=lambda row: row.line)
    mended = replace(mended, n_rows=mended.n_rows - len(dropped.row_ids), aside=tuple(aside))
    ids = row_numbers(ready, mended, dropped.row_ids) if mended.mended else []
    return _content(text, preparation, mended, ids)


def _is_short(ready: ReadyText) -> bool:
    """Whether all rows of a text are looked at anyway to propose how columns are cast."""
    if ready.path.stat().st_size > SHORT:
        return False
    n_lines = ready.path.read_bytes().count(ready.settings.newline.encode())
    return n_lines < ready.settings.skip + sample_rows(ready.width) - 1


def _typed_content(
    text: SniffedText, preparation: Preparation, ready: ReadyText, typed: TypedText, job: _Job
) -> _Content:
    typed.path.replace(table_path(job.work, typed.columns))
    mended = typed.mended
    ids = row_numbers(ready, mended) if mended.mended else []
    write_recipe(job.work, job.folder, mended.path, mended.settings, ready.width)
    return replace(
        _content(text, preparation, mended, ids),
        columns=typed.columns,
        of_columns=typed.problems,
        held=typed.held,
    )


def _content(
    text: SniffedText, preparation: Preparation, mended: MendedText, ids: Sequence[int]
) -> _Content:
    return _Content(
        format="tsv" if text.dialect.delimiter == "\t" else "csv",
        dialect=text.dialect,
        headers=text.layout.names,
        width=text.layout.width,
        n_rows=mended.n_rows,
        aside=mended.aside,
        problems=tuple(
            file_problems(text, preparation, mended.mended, mended.aside, mended.n_rows)
        ),
        mended=mended.mended,
        mended_ids=tuple(ids),
    )


def _describe(content: _Content, job: _Job) -> _Content:
    """Return the content with its columns, and write the typed table where it is not there yet."""
    if content.n_rows == 0 and not any(p.code == "no_rows" for p in content.problems):
        raise UnusableInput(
            f"None of the {len(content.aside):,} rows fits the table that the file seems to hold.",
            "Choose the delimiter and the header by hand, or repair the file.",
        )
    names, problems = make_names(content.headers, content.width)
    columns, more = content.columns, content.of_columns
    if columns is None:
        job.tell(0.6, "Finding out what the columns mean")
        texts = job.work / TEXT_FILE
        columns, found = describe(
            texts, names, content.headers, content.n_rows, memory_limit=job.limit
        )
        more = tuple(found)
        write_table(texts, columns, memory_limit=job.limit)
    return replace(content, columns=columns, of_columns=(*problems, *more))


def _report(content: _Content, opened: OpenedFile, size: int) -> SourceReport:
    return SourceReport(
        format=content.format,
        dialect=content.dialect,
        size_bytes=size,
        n_rows=content.n_rows,
        n_columns=len(content.columns or ()),
        n_aside=len(content.aside),
        n_mended=len(content.mended),
        aside=content.aside[:REPORTED],
        problems=(*opened.problems, *content.problems, *content.of_columns),
        member=opened.member,
        sheet=content.sheet,
        choices=content.choices or opened.choices,
    )


def _write(content: _Content, report: SourceReport, work: Path) -> None:
    if content.aside:
        with (work / ASIDE_FILE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("line", "reason", "text"))
            writer.writerows((row.line, row.reason, row.text) for row in content.aside)
    if content.mended:
        write_mended(work, content.mended, content.mended_ids)
    text = json.dumps(to_json(report), ensure_ascii=False, indent=1)
    (work / REPORT_FILE).write_text(text, encoding="utf-8")


ASIDE_FILE, REPORT_FILE = "aside.csv", "source.json"
KEPT = frozenset({TEXT_FILE, RECIPE_FILE, KEPT_TEXT, MENDED_FILE, ASIDE_FILE, REPORT_FILE})


def _publish(work: Path, folder: Path) -> None:
    """Move the files of a table into its folder."""
    for path in sorted(work.iterdir()):
        if path.name in KEPT or path.name.startswith("table-"):
            os.replace(path, folder / path.name)  # noqa: PTH105 - atomic, on the same disk
