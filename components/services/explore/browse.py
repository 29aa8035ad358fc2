"""Looking around in the rows of a dataset: filter, order, page through, export."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from components.core.data.dataset import ROW_ID, DatasetVersion
from components.core.data.query import Scalar
from components.core.data.table import IntArray
from components.core.judgement.evidence import RowScores
from components.core.judgement.findings import CheckResult
from components.engine.table import matching_rows as engine
from components.engine.table.matching_rows import Order, Spread
from components.engine.table.open_table import SqlTable, open_table
from components.services.data import cells, datasets
from components.services.delimited_writer import write_lines
from components.services.explore import row_filters
from components.services.explore.filters import Filter, Part
from components.services.runs import runs
from components.services.upload.uploads import DatasetInfo
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Flag", "Order", "Page", "Score", "View"]

MOST_VALUES = 200
"""Values of a column that are offered to choose from."""
MOST_EXPORTED = 100_000
"""Rows of an export at most, fewer for wide tables: see :func:`exported`."""
MOST_CELLS = 2_000_000
"""Cells of an export at most; about 40 MB."""
KEPT = 256
"""Answers to small questions that are kept: the same screen is drawn again and again."""
KEPT_PAGES = 16
"""Pages of cell texts that are kept, of at most 100 rows each."""
CHUNK = 10_000
"""Rows of an export that are in memory as texts at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which rows are looked at, and in which order.

    Attributes
    ----------
    run_id
        The run whose flags the filter may ask for.
    parts
        All of them hold, or (``any_of``) at least one. None: all rows.
    order
        None: as in the file.
    """

    dataset_id: str
    run_id: str | None = None
    parts: tuple[Part, ...] = ()
    any_of: bool = False
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the matching rows.

    Attributes
    ----------
    row_id
        Shape (n,), in the order of the view.
    offset
        Matching rows before the first one.
    total
        Matching rows in all.
    """

    row_id: IntArray
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A check of a run that has flagged rows or cells."""

    check_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one check says about one row.

    Attributes
    ----------
    name
        What the quality is of ("label quality"); the lowest is looked at first.
    """

    check_id: str
    title: str
    name: str
    quality: float
    flagged: bool
    reason: str = ""
    suggested: str = ""


def page(ws: Workspace, view: View, *, offset: int = 0, limit: int = 100) -> Page:
    """Return one page of the matching rows; an offset beyond the end gives the last page.

    Raises
    ------
    NotFound
        When a column is not there, or the run has no flags of a check that is asked for.
    """
    asked = _asked(ws, view)
    total = _spread(asked).total
    last = max(0, (total - 1) // limit * limit)
    start = min(max(offset, 0), last)
    ids = _ids(asked, view.order, start, limit)
    return Page(row_id=ids, offset=start, total=total)


def texts(ws: Workspace, view: View, page: Page, columns: Sequence[str]) -> pd.DataFrame:
    """Return the cell texts of a page by display name, indexed by row id."""
    ids = tuple(int(row_id) for row_id in page.row_id)
    return _texts(datasets.get(ws, view.dataset_id), ids, tuple(columns)).copy()


def count(ws: Workspace, view: View) -> int:
    """Return how many rows match."""
    return _spread(_asked(ws, view)).total


def place(ws: Workspace, view: View, row_id: int) -> int:
    """Return how many matching rows stand before a row, in the order of the file."""
    asked = _asked(ws, view)
    with asked.open() as table:
        return engine.place(table, asked.wanted, _spread(asked), row_id)


def values(ws: Workspace, view: View, column: str) -> tuple[tuple[Scalar, int], ...]:
    """Return the most frequent values of a column among the matching rows, with their rows."""
    return _values(_asked(ws, view), column)


def extent(ws: Workspace, dataset_id: str, column: str) -> tuple[Scalar, Scalar]:
    """Return the smallest and the largest value of a column in the table."""
    return _extent(_asked(ws, View(dataset_id=dataset_id)), column)


def flags(ws: Workspace, run_id: str | None) -> tuple[Flag, ...]:
    """Return the checks of a run that have flagged rows or cells, in the order of the run."""
    if run_id is None:
        return ()
    return tuple(
        Flag(result.check_id, result.title)
        for result in runs.results(ws, run_id)
        if any(s is not None and s.n_flagged for s in (result.row_scores, result.cell_scores))
    )


def scores(ws: Workspace, run_id: str | None, row_id: int) -> tuple[Score, ...]:
    """Return what the checks of a run say about one row."""
    if run_id is None:
        return ()
    return tuple(
        _score(result, result.row_scores.name, record)
        for result in runs.results(ws, run_id)
        if result.row_scores is not None
        and (path := row_filters.marks(ws, run_id, result.check_id))
        for record in engine.lines(path, [row_id], _fields(result.row_scores)).to_pylist()
    )


def _fields(scores: RowScores) -> list[str]:
    optional = ("reason", "suggested")
    return ["quality", "flagged", *(f for f in optional if getattr(scores, f) is not None)]


def _score(result: CheckResult, name: str, record: dict[str, Scalar]) -> Score:
    return Score(
        check_id=result.check_id,
        title=result.title,
        name=name,
        quality=float(str(record["quality"])),
        flagged=bool(record["flagged"]),
        reason=str(record.get("reason") or ""),
        suggested=str(record.get("suggested") or ""),
    )


def exported(version: DatasetVersion, total: int) -> int:
    """Return how many of ``total`` matching rows an export holds."""
    return min(total, MOST_EXPORTED, MOST_CELLS // max(1, len(version.columns)))


def csv(ws: Workspace, view: View, *, for_spreadsheet: bool = False) -> bytes:
    """Return the matching rows as CSV in UTF-8: ``row_id`` and the cell texts as uploaded.

    Bounded; see :func:`exported`.

    Parameters
    ----------
    for_spreadsheet
        Whether a text that a spreadsheet would run as a formula gets a single quote in front.
    """
    info = datasets.get(ws, view.dataset_id)
    names = [ROW_ID, *(c.name for c in info.version.columns)]
    out = io.BytesIO()
    write_lines(names, [], out, for_spreadsheet=for_spreadsheet)
    limit = exported(info.version, count(ws, view))
    ids = page(ws, view, limit=max(1, limit)).row_id.tolist()
    for start in range(0, len(ids), CHUNK):
        texts = cells.texts(info, ids[start : start + CHUNK])
        lines = [[str(i), *line] for i, line in zip(texts.index, texts.to_numpy(), strict=True)]
        write_lines(lines[0], lines[1:], out, for_spreadsheet=for_spreadsheet)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about a table that never changes: its answers may be kept."""

    version: DatasetVersion
    path: Path
    wanted: engine.Wanted
    memory_limit: int

    @contextmanager
    def open(self) -> Iterator[SqlTable]:
        """Open the table."""
        with open_table(self.version, self.path, memory_limit=self.memory_limit) as table:
            yield table


def _asked(ws: Workspace, view: View) -> _Asked:
    info = datasets.get(ws, view.dataset_id)
    wanted = row_filters.resolved(ws, view.run_id, Filter(view.parts, any_of=view.any_of))
    return _Asked(info.version, datasets.table_path(info), wanted, ws.settings.memory_limit)


@lru_cache(maxsize=KEPT)
def _spread(asked: _Asked) -> Spread:
    with asked.open() as table:
        return engine.spread(table, asked.wanted)


@lru_cache(maxsize=KEPT)
def _ids(asked: _Asked, order: Order | None, offset: int, limit: int) -> IntArray:
    with asked.open() as table:
        found = engine.page(
            table, asked.wanted, _spread(asked), offset=offset, limit=limit, order=order
        )
    found.flags.writeable = False
    return found


@lru_cache(maxsize=KEPT)
def _values(asked: _Asked, column: str) -> tuple[tuple[Scalar, int], ...]:
    with asked.open() as table:
        return tuple(engine.values(table, column, asked.wanted, limit=MOST_VALUES))


@lru_cache(maxsize=KEPT)
def _extent(asked: _Asked, column: str) -> tuple[Scalar, Scalar]:
    with asked.open() as table:
        return engine.extent(table, column)


@lru_cache(maxsize=KEPT_PAGES)
def _texts(info: DatasetInfo, row_ids: tuple[int, ...], columns: tuple[str, ...]) -> pd.DataFrame:
    return cells.texts(info, row_ids, columns)
