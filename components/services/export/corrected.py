"""Writing a corrected table: the uploaded texts, with the decisions of people folded in.

Only decided cells differ; excluded rows are left out. The work is done a block of rows at a time
on whole columns, so a million rows take seconds and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from components import intake
from components.core.data.dataset import ROW_ID, Column
from components.core.data.source import Dialect
from components.core.judgement.review import REPEATS, Action, Cell, Decision
from components.services.dataset_info import DatasetInfo
from components.services.delimited_writer import DelimitedWriter

BLOCK = 65_536
"""Rows that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What decisions add up to.

    Attributes
    ----------
    cells
        New text by row id, by display name of the column.
    excluded
        Ids of the rows to leave out.
    """

    cells: Mapping[str, Mapping[int, str]]
    excluded: frozenset[int]

    @property
    def n_changed(self) -> int:
        """Cells that get another text (in rows that stay)."""
        rows = ((r for r in new if r not in self.excluded) for new in self.cells.values())
        return sum(1 for ids in rows for _ in ids)

    def text_of(self, cell: Cell, given: str) -> str:
        """Return what a cell holds in the corrected table."""
        return self.cells.get(cell.column, {}).get(cell.row_id, given)


NO_CHANGES = Changes({}, frozenset())


def fold(decisions: Iterable[Decision]) -> Changes:
    """Return what decisions add up to, of which there is at most one per cell."""
    cells: dict[str, dict[int, str]] = {}
    excluded: set[int] = set()
    for decision in decisions:
        cell = decision.cell
        if decision.action is Action.EXCLUDE:
            repeats = cell.column == REPEATS
            excluded.update(decision.others if repeats else (cell.row_id,))
        elif decision.action is Action.CHANGE:
            cells.setdefault(cell.column, {})[cell.row_id] = decision.new
    return Changes(cells, frozenset(excluded))


def write_table(
    info: DatasetInfo, changes: Changes, out: BinaryIO, *, for_spreadsheet: bool = False
) -> None:
    """Write the table as delimited text in UTF-8, in the dialect of the upload.

    Lines above the header are left out. Without a header in the upload, none is written.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.

    Raises
    ------
    Conflict
        When a text cannot be written in the dialect of the upload.
    """
    dialect = info.report.dialect
    header = [c.header for c in info.version.columns] if dialect.header_rows else None
    write_texts(info, dialect, header, out, changes=changes, for_spreadsheet=for_spreadsheet)


def write_texts(
    info: DatasetInfo,
    dialect: Dialect,
    header: Sequence[str] | None,
    out: BinaryIO,
    *,
    changes: Changes = NO_CHANGES,
    for_spreadsheet: bool = False,
) -> None:
    """Write the cell texts in any dialect, always in UTF-8; see :func:`write_table`."""
    import pyarrow as pa

    writer = DelimitedWriter(dialect, for_spreadsheet=for_spreadsheet)
    columns = info.version.columns
    if header is not None:
        out.write(writer.lines([pa.array([name]) for name in header]))
    for batch in intake.text_batches(info.folder, [c.field for c in columns]):
        out.write(writer.lines(_folded(batch, columns, changes)))


def _folded(batch: Any, columns: Sequence[Column], changes: Changes) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    ids = batch.column(ROW_ID).to_pylist()
    arrays = [_changed(batch.column(c.field), ids, changes.cells.get(c.name, {})) for c in columns]
    if changes.excluded.isdisjoint(ids):
        return arrays
    keep = pa.array([row_id not in changes.excluded for row_id in ids])
    return [array.filter(keep) for array in arrays]


def _changed(array: Any, ids: Sequence[int], new: Mapping[int, str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    if not new or new.keys().isdisjoint(ids):
        return array
    pairs = zip(ids, array.to_pylist(), strict=True)
    return pa.array([new.get(row_id, text) for row_id, text in pairs], type=pa.string())
