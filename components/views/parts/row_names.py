"""What a row is called on the screen: its number from 1 on, and its line in the file."""

from __future__ import annotations

from components.core.data.row_numbers import row_number
from components.services.data.datasets import DatasetInfo
from components.services.data.file_lines import file_line


def title(row_id: int) -> str:
    """Return the name of a row: ``Row 1,204``."""
    return f"Row {row_number(row_id):,}"


def line(info: DatasetInfo, row_id: int) -> str:
    """Return where a row stands in the file: ``line 1,205 of the file``; "" where unknown."""
    at = file_line(info, row_id)
    return "" if at is None else f"line {at:,} of the file"


def counting(info: DatasetInfo) -> str:
    """Return how rows are counted in one sentence, for below a table."""
    at = file_line(info, 0)
    where = "" if at is None else f"; row 1 is line {at:,} of the file"
    return f"Rows are counted from 1{where}."
