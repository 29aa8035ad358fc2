"""What intake understood of an uploaded file, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemLevel(StrEnum):
    """How much a reading problem matters."""

    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about the file that a person should know.

    Attributes
    ----------
    code
        A stable short name (``ragged_rows``, ``duplicate_names``, ``mojibake``, ...).
    message
        One sentence with the numbers in it. It may hold text of the file: untrusted.
    lines
        The first few line numbers concerned, 1-based.
    columns
        The columns concerned.
    """

    code: str
    message: str
    level: ProblemLevel = ProblemLevel.WARNING
    lines: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideRow:
    """A row that could not be read as the others and was kept aside.

    Attributes
    ----------
    line
        The physical line on which the row starts, 1-based.
    reason
        Why it was kept aside, in words.
    text
        The raw text, cut to 2,000 characters.
    """

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    r"""How the text of a delimited file is put together.

    Attributes
    ----------
    header_rows
        Number of rows that hold the names (0 where the names were made up).
    preamble_lines
        Number of physical lines above the header that are not part of the table.
    newline
        ``\\n``, ``\\r\\n`` or ``\\r``; the most frequent one where they are mixed.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quotechar: str | None = '"'
    escapechar: str | None = None
    header_rows: int = 1
    preamble_lines: int = 0
    newline: str = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """The outcome of reading one file.

    Attributes
    ----------
    format
        ``csv``, ``parquet``, ...
    size_bytes
        Size of the uploaded file.
    aside
        The first rows that were kept aside (all of them are in ``aside.csv`` beside the table).
    n_aside
        How many rows were kept aside in all.
    n_mended
        Rows of the table that are written otherwise than in the uploaded file, because they did not
        fit it as they stood.
    member
        The file inside the archive that was read; empty where the upload is no archive.
    sheet
        The sheet of the workbook that was read; empty where the upload is none.
    choices
        The members or sheets that could be read, the one that was read among them. Untrusted.
    """

    format: str
    dialect: Dialect
    size_bytes: int
    n_rows: int
    n_columns: int
    n_aside: int = 0
    n_mended: int = 0
    aside: tuple[AsideRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    member: str = ""
    sheet: str = ""
    choices: tuple[str, ...] = ()
