"""Small tables of our own as files for a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

from components.services.corrected import write_lines


def to_csv(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """Return a table of texts as CSV in UTF-8; a text that would run as a formula is defused."""
    buffer = io.BytesIO()
    write_lines(tuple(header), list(lines), buffer, for_spreadsheet=True)
    return buffer.getvalue()
