"""The line of the uploaded file in which a row stands, where that is known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from components.core.data.row_numbers import row_number
from components.services.dataset_info import DatasetInfo

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 100_000_000
"""Of a file whose lines are counted: 0.1 s. In larger ones the line is not told."""
SOURCE = "source"
_PIECE = 1 << 20
_TEXTS = frozenset({"csv", "tsv", "txt"})
_WIDE = ("utf-16", "utf16", "utf-32", "utf32")


def file_line(info: DatasetInfo, row_id: int) -> int | None:
    """Return the line of the file in which a row stands, from 1 on; None where it is not known.

    It is known where each record of the text takes one line: the file has exactly as many lines as
    rows, header and the lines above the header together.
    """
    first = _first_line(info)
    return None if first is None else first + row_number(row_id) - 1


@lru_cache(maxsize=64)
def _first_line(info: DatasetInfo) -> int | None:
    report, dialect = info.report, info.report.dialect
    is_plain = report.format in _TEXTS and not report.member and not report.n_aside
    if not is_plain or dialect.encoding.lower().startswith(_WIDE):
        return None
    above = dialect.preamble_lines + dialect.header_rows
    return above + 1 if _n_lines(info.folder / SOURCE) == above + info.version.n_rows else None


def _n_lines(path: Path) -> int | None:
    """Count the lines of a file; one that ends without a line end counts. None: not counted."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        with path.open("rb") as file:
            found, last = 0, b"\n"
            while piece := file.read(_PIECE):
                found, last = found + piece.count(b"\n"), piece[-1:]
    except OSError:
        return None
    return found + (last != b"\n")
