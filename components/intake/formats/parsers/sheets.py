"""Where the table starts in a sheet: title rows, header rows, merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.core.data.source import Problem, ProblemLevel
from components.intake.options import ReadOptions
from components.intake.text.csv_records import Record
from components.intake.text.layout import Layout, find_layout

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """Where the header and the rows of a sheet are.

    Attributes
    ----------
    body
        Index of the first row of data, None where there is none.
    preamble_rows
        Rows above the header that hold something.
    filled
        Merged header cells whose text was taken for all columns below.
    merged
        Merged cells among the data.
    """

    names: tuple[str, ...]
    header_rows: int
    preamble_rows: int
    body: int | None
    filled: int
    merged: int
    why: str


def lay_out(
    rows: Sequence[tuple[str, ...]], merged: Sequence[Merged], options: ReadOptions
) -> SheetLayout:
    """Return the layout of a sheet from its first rows."""
    records = [Record(row if any(row) else ("",), 0, 0, i) for i, row in enumerate(rows)]
    layout = _layout(records, options, options.header_rows)
    top = _header_line(records, layout)
    over = [m for m in merged if m[0] <= top <= m[2] and _is_label(m, len(rows[0]))]
    depth = max((m[2] for m in over), default=top) - top + 1
    if layout.header_rows and over and options.header_rows is None:
        wanted = max(layout.header_rows, min(depth, len(rows) - top - 1))
        filled = _filled(records, over)
        layout = _layout(filled, options, wanted)
        layout = _joined(layout, filled, top, wanted)
    body = records[layout.body].line if layout.body < len(records) else None
    return SheetLayout(
        names=layout.names,
        header_rows=layout.header_rows,
        preamble_rows=len(layout.preamble),
        body=body,
        filled=sum(1 for m in over if m[3] > m[1]),
        merged=sum(1 for m in merged if body is not None and m[0] >= body),
        why=layout.why,
    )


def _layout(records: Sequence[Record], options: ReadOptions, header_rows: int | None) -> Layout:
    return find_layout(records, header_rows=header_rows, preamble_lines=options.preamble_lines)


def _header_line(records: Sequence[Record], layout: Layout) -> int:
    """Return the row on which the header starts."""
    above = [r for r in records[: layout.body] if not r.is_blank]
    header = above[len(above) - layout.header_rows :] if layout.header_rows else []
    return header[0].line if header else layout.body


def _is_label(merged: Merged, width: int) -> bool:
    """Whether a merged cell names columns: a title reaches over all of them."""
    return merged[3] - merged[1] + 1 < width or merged[2] > merged[0]


def _filled(records: Sequence[Record], over: Sequence[Merged]) -> list[Record]:
    """Return the rows with the text of a merged cell in all its columns, on its first row."""
    cells = {r.line: list(r.cells) for r in records}
    for top, left, _, right in over:
        row = cells.get(top, [])
        for column in range(left + 1, min(right + 1, len(row))):
            row[column] = row[column] or row[left]
    return [Record(tuple(cells[r.line]), r.start, r.end, r.line) for r in records]


def _joined(layout: Layout, records: Sequence[Record], top: int, depth: int) -> Layout:
    """Return ``layout`` with a header of exactly the rows ``top`` to ``top + depth - 1``."""
    rows = records[top : top + depth]
    names = []
    for column in range(layout.width):
        parts = [r.cells[column].strip() for r in rows if column < len(r.cells)]
        names.append(" ".join(dict.fromkeys(p for p in parts if p)))
    return Layout(
        width=layout.width,
        names=tuple(names),
        header_rows=depth,
        preamble=layout.preamble,
        preamble_lines=layout.preamble_lines,
        body=top + depth,
        why="cells of the header are merged over several rows or columns",
    )


def sheet_problems(layout: SheetLayout, n_empty: int) -> Iterator[Problem]:
    """Yield what a person should know about the layout of a sheet."""
    if layout.preamble_rows:
        yield _note(
            "preamble",
            f"{_count(layout.preamble_rows, 'row', 'rows')} above the header"
            f" {'is' if layout.preamble_rows == 1 else 'are'} not part of the table.",
        )
    if layout.header_rows == 0:
        yield Problem(
            code="no_header",
            message=f"The sheet seems to have no header: {layout.why}. The columns are numbered.",
        )
    if layout.header_rows > 1:
        yield Problem(
            code="multirow_header",
            message=f"The header takes {layout.header_rows} rows: {layout.why}. The names were"
            " joined.",
        )
    if layout.filled:
        yield _note(
            "merged_header",
            f"{_count(layout.filled, 'header cell is', 'header cells are')} merged over several"
            " columns. The text was taken for each of them.",
        )
    if layout.merged:
        yield Problem(
            code="merged_cells",
            message=f"{_count(layout.merged, 'merged cell stands', 'merged cells stand')} among the"
            " data. The value is in the first cell; the others are empty.",
        )
    if n_empty:
        yield _note(
            "empty_rows", f"{_count(n_empty, 'empty row was', 'empty rows were')} left out."
        )


def _note(code: str, message: str) -> Problem:
    return Problem(code=code, message=message, level=ProblemLevel.NOTE)


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
