"""What a person may decide about reading a file, and what comes of reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from components.core.data.dataset import Column
from components.core.data.source import SourceReport
from components.engine.table.held_columns import HeldColumns

TEXT_FILE = "text.parquet"
"""The cell texts of a table, in its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Settings for reading a file; None lets intake decide.

    Attributes
    ----------
    quotechar, escapechar
        One character; the empty text means none.
    header_rows
        Rows that hold the names, 0 or more.
    preamble_lines
        Lines above the header that are not part of the table.
    member
        The file to read from an archive of several.
    sheet
        The sheet to read from a workbook.
    mend
        Whether rows of a text that do not fit the table are mended where one reading alone fits;
        False keeps them aside instead.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None
    escapechar: str | None = None
    header_rows: int | None = None
    preamble_lines: int | None = None
    member: str | None = None
    sheet: str | None = None
    mend: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file that was read.

    Attributes
    ----------
    table
        The typed Parquet file.
    held
        What of a short table is in memory from reading it; None where nothing is.
    """

    columns: tuple[Column, ...]
    report: SourceReport
    table: Path
    n_rows: int
    held: HeldColumns | None = field(default=None, compare=False, repr=False)
