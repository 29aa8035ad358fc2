"""Regular records that are no rows of the table: empty ones, and the header once more."""

from __future__ import annotations

import mmap
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from components.core.data.source import AsideRow
from components.engine.text.drop_rows import drop_rows
from components.intake.text.csv_records import Quoting, Record
from components.intake.text.layout import Layout
from components.intake.text.patches import LineCounter
from components.intake.text.utf8_copy import Staged

EMPTY = "all cells are empty"
HEADER = "it repeats the header"


def sieve(
    target: Path,
    staged: Staged,
    layout: Layout,
    records: Sequence[Record],
    quoting: Quoting,
    *,
    memory_limit: int,
) -> list[AsideRow]:
    """Take empty rows and repeated headers out of the text table ``target``; return them.

    Empty rows stay where rows typically have one filled cell at most: there they may be rows.
    """
    patterns = []
    if layout.width > 1 and _typical_fill(records[layout.body :], layout.width) > 1:
        patterns.append((("",) * layout.width, EMPTY))
    if layout.header_rows == 1 and layout.width > 1:
        patterns.append((layout.names, HEADER))
    counts = drop_rows(
        target, [cells for cells, _ in patterns], layout.width, memory_limit=memory_limit
    )
    aside = []
    for (cells, reason), n in zip(patterns, counts, strict=True):
        if n:
            aside += _found(staged, cells, reason, quoting, n)
    return aside


def _typical_fill(rows: Sequence[Record], width: int) -> float:
    """Return the median number of filled cells of regular records that have any."""
    counts = sorted(r.n_filled for r in rows if len(r.cells) == width and r.n_filled)
    return counts[len(counts) // 2] if counts else 0


def _found(
    staged: Staged, cells: Sequence[str], reason: str, quoting: Quoting, n: int
) -> list[AsideRow]:
    """Return the ``n`` records with these ``cells`` and the lines on which they stand."""
    text = quoting.delimiter.join(cells)
    with (
        staged.path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        lines = LineCounter(data, staged.first_line)
        starts = _starts(data, staged.skip, _pattern(cells, quoting), n)
        numbers = [lines.line(start) for start in starts]
    numbers += [0] * (n - len(numbers))
    return [AsideRow(line=line, reason=reason, text=text) for line in numbers]


def _starts(data: mmap.mmap, skip: int, pattern: re.Pattern[bytes], n: int) -> list[int]:
    """Return where the first ``n`` records of a pattern start, below the lines to skip."""
    matches = pattern.finditer(data, _after_lines(data, skip))
    return [match.start("record") for match in islice(matches, n)]


def _after_lines(data: mmap.mmap, n: int) -> int:
    """Return where the line after ``n`` lines starts; one before it, so that its start shows."""
    at = -1
    for _ in range(n):
        at = data.find(b"\n", at + 1)
    return max(at, 0)


def _pattern(cells: Sequence[str], quoting: Quoting) -> re.Pattern[bytes]:
    quote = re.escape((quoting.quotechar or "").encode())
    space = rb"[ \t]*" if quoting.delimiter not in {" ", "\t"} else rb"[ ]*"
    parts = []
    for cell in cells:
        text = cell.strip()
        if quoting.quotechar:
            text = text.replace(quoting.quotechar, quoting.quotechar * 2)
        inner = space + re.escape(text.encode()) + space
        parts.append(rb"(?:%s%s%s%s%s|%s)" % (space, quote, inner, quote, space, inner))
    record = re.escape(quoting.delimiter.encode()).join(parts)
    return re.compile(rb"(?:\A|(?<=[\r\n]))(?P<record>%s)(?=[\r\n]|\Z)" % record)
