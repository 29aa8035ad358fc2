"""Reading an uploaded file into a folder: cell texts, typed table, report."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from dataclasses import dataclass, field, replace
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
from components.intake.columns.describe import describe
from components.intake.columns.names import make_names
from components.intake.file_problems import source_problems
from components.intake.formats import Cells, Form, open_upload, read_cells
from components.intake.formats.refuse import refuse_binary, refuse_size
from components.intake.options import TEXT_FILE, Loaded, ReadOptions
from components.intake.text_source import open_text, read_text_file
from components.intake.write.cell_texts import KEPT_TEXT, RECIPE_FILE, write_recipe
from components.intake.write.one_pass import DirectText
from components.intake.write.typed_table import table_path, write_table

REPORTED = 200
"""Rows kept aside that the report holds; all of them are in ``aside.csv``."""


@dataclass(slots=True)
class _Parts:
    """What is known of the file once its cells are read.

    Attributes
    ----------
    columns, of_columns
        The columns and what is odd about them, where the typed table was written at once;
        otherwise the cells stand in ``text.parquet``.
    held
        The columns of that table that are in memory.
    """

    format: str
    dialect: Dialect
    headers: tuple[str, ...]
    width: int
    n_rows: int
    aside: list[AsideRow]
    problems: list[Problem]
    member: str = ""
    sheet: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    of_columns: list[Problem] = field(default_factory=list)
    held: HeldColumns | None = None
    n_mended: int = 0


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
    note_words: bool


def load(
    source: Path,
    folder: Path,
    *,
    name: str,
    settings: Settings,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    header_only: bool = False,
    note_words: bool = True,
) -> Loaded:
    """Read ``source`` and write ``table-<h>.parquet``, ``source.json`` and the cell texts.

    The cell texts are ``text.parquet``, or how to read them again from a large text.

    Rows that could not be read as the others are written to ``aside.csv``, when there are any.
    Files appear in ``folder`` only when everything went well.

    Parameters
    ----------
    name
        The name of the uploaded file, for people.
    progress
        Called with a share in [0, 1] and a few words.
    header_only
        Whether a text that has names and no rows is a table, too.
    note_words
        Whether the typed table may note words for missing values, so that they are counted quickly.

    Raises
    ------
    UnusableInput
        When the file cannot be read as a table.
    """
    tell = progress or silent
    size = refuse_size(source, settings)
    tell(0.0, "Looking at the file")
    with (
        tempfile.TemporaryDirectory(prefix=".intake-", dir=folder) as temporary,
        keep_open(settings.memory_limit),
    ):
        work = Path(temporary)
        job = _Job(
            source,
            folder,
            work,
            name,
            settings,
            options or ReadOptions(),
            tell,
            header_only,
            note_words,
        )
        parts = _read(job)
        loaded = _describe(work, parts, size, settings, tell)
        tell(0.95, "Storing the table")
        for path in sorted(work.iterdir()):
            if path.name in KEPT or path.name.startswith("table-"):
                os.replace(path, folder / path.name)  # noqa: PTH105 - atomic, on the same disk
    tell(1.0, "Done")
    return replace(loaded, table=folder / loaded.table.name)


KEPT = frozenset({TEXT_FILE, RECIPE_FILE, KEPT_TEXT, "source.json", "aside.csv"})


def _read(job: _Job) -> _Parts:
    options, settings, work = job.options, job.settings, job.work
    upload = open_upload(job.source, job.name, work, settings, member=options.member)
    if upload.form is Form.TEXT:
        parts = _read_text(upload.path, job)
    else:
        pulse = partial(job.tell, 0.1, "Reading the cells")
        parts = _from_cells(read_cells(upload, work, options, settings, pulse=pulse))
    parts.problems = [*upload.problems, *parts.problems]
    parts.member = upload.member
    parts.choices = parts.choices or upload.choices
    return parts


def _from_cells(cells: Cells) -> _Parts:
    return _Parts(
        cells.format,
        Dialect(header_rows=cells.header_rows, preamble_lines=cells.preamble_rows),
        cells.headers,
        cells.width,
        cells.n_rows,
        list(cells.aside),
        list(cells.problems),
        sheet=cells.sheet,
        choices=cells.sheets,
    )


def _read_text(path: Path, job: _Job) -> _Parts:
    with path.open("rb") as stream:
        refuse_binary(stream.read(100_000))
    text = open_text(path, job.options, job.settings)
    job.tell(0.2, "Reading the cells")
    names, _ = make_names(text.layout.names, text.layout.width)
    limit = job.settings.memory_limit
    direct = DirectText(text, names, job.work, limit, job.tell, note_words=job.note_words)
    reading = read_text_file(text, job.work, limit, direct.read)
    n_values = reading.n_rows + len(reading.aside)
    if n_values == 0 and not job.header_only:
        raise UnusableInput(
            f"The file has a header with {text.layout.width} names but no rows.",
            "Upload a file with at least one row of data.",
        )
    kind = "tsv" if text.dialect.delimiter == "\t" else "csv"
    parts = _Parts(
        kind,
        text.dialect,
        text.layout.names,
        text.layout.width,
        reading.n_rows,
        reading.aside,
        source_problems(text, reading),
        n_mended=len(reading.mended),
    )
    if direct.settings is not None:
        direct.typed.replace(table_path(job.work, direct.columns))
        write_recipe(job.work, job.folder, direct.path, direct.settings, text.layout.width)
        parts.columns, parts.of_columns = direct.columns, direct.problems
        parts.held = direct.held
    return parts


def _describe(work: Path, parts: _Parts, size: int, settings: Settings, tell: Progress) -> Loaded:
    if parts.n_rows == 0 and not any(p.code == "no_rows" for p in parts.problems):
        raise UnusableInput(
            f"None of the {len(parts.aside):,} rows fits the table that the file seems to hold.",
            "Choose the delimiter and the header by hand, or repair the file.",
        )
    names, problems = make_names(parts.headers, parts.width)
    columns, more = parts.columns, parts.of_columns
    if not columns:
        limit = settings.memory_limit
        tell(0.6, "Finding out what the columns mean")
        columns, more = describe(
            work / TEXT_FILE, names, parts.headers, parts.n_rows, memory_limit=limit
        )
        write_table(work, columns, memory_limit=limit)
    report = SourceReport(
        format=parts.format,
        dialect=parts.dialect,
        size_bytes=size,
        n_rows=parts.n_rows,
        n_columns=len(columns),
        n_aside=len(parts.aside),
        n_mended=parts.n_mended,
        aside=tuple(parts.aside[:REPORTED]),
        problems=(*parts.problems, *problems, *more),
        member=parts.member,
        sheet=parts.sheet,
        choices=parts.choices,
    )
    _write_aside(work, parts.aside)
    text = json.dumps(to_json(report), ensure_ascii=False, indent=1)
    (work / "source.json").write_text(text, encoding="utf-8")
    return Loaded(
        columns=columns,
        report=report,
        table=table_path(work, columns),
        n_rows=parts.n_rows,
        held=parts.held,
    )


def _write_aside(work: Path, aside: list[AsideRow]) -> None:
    if not aside:
        return
    with (work / "aside.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("line", "reason", "text"))
        writer.writerows((row.line, row.reason, row.text) for row in aside)
