"""The map of a run: where its rows lie, and what they can be coloured by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.charts.explore.row_map import MISSING
from components.core.data.dataset import Column, DatasetVersion
from components.core.errors import NotFound
from components.core.facts.row_map import MapFacts, RowMap
from components.engine.table import matching_rows as engine
from components.engine.table.open_table import open_table
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import Workspace
from components.store import row_maps as files

if TYPE_CHECKING:
    import pandas as pd

MOST_CHOICES = 2_000
"""Columns that are offered as colours."""
HOVERED = 3
"""Columns whose values stand beside a point, besides the label."""
GRADED = ("labels.", "anomalies.")
"""How the ids of checks begin that grade every row."""

KEPT = 16
"""Colourings of maps that are kept: the same screen is drawn again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colouring:
    """Something that points can be coloured by: a column, or the scores of a check.

    Attributes
    ----------
    name
        A display name (untrusted), or the title of a check.
    check_id
        "" for a column.
    is_scale
        Whether it is a number from low to high, instead of a few values.
    """

    name: str
    check_id: str = ""
    is_scale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloured:
    """The values that points are coloured by, one per row of the map.

    Attributes
    ----------
    classes
        Texts, shape (n,); None for a scale.
    scale
        Numbers, shape (n,), NaN where there is none; None for classes.
    flagged
        Rows that the check has flagged, shape (n,); all False for a column.
    """

    classes: NDArray[np.object_] | None = None
    scale: NDArray[np.float64] | None = None
    flagged: NDArray[np.bool_]


def facts(ws: Workspace, run_id: str) -> MapFacts | None:
    """Return how the map of a run was made, or why there is none; None while it is not there."""
    return files.read_facts(ws.files.run(run_id))


def row_map(ws: Workspace, run_id: str) -> RowMap:
    """Return the map of a run.

    Raises
    ------
    NotFound
        When there is none.
    """
    folder = ws.files.run(run_id)
    places = folder / files.PLACES
    found = _read(folder, places.stat().st_mtime_ns) if places.is_file() else None
    if found is None:
        raise NotFound("This run has no map.", "Check the table again.")
    return found


@lru_cache(maxsize=16)
def _read(folder: Path, _stamp: int) -> RowMap | None:
    return files.read_map(folder)


def colourings(ws: Workspace, run_id: str) -> tuple[Colouring, ...]:
    """Return what the points can be coloured by: the label, the scores of checks, columns.

    Label quality and anomaly scores come before other scores: they differ from row to row even
    where nothing is flagged.
    """
    version = _version(ws, run_id)
    label = version.label
    first = [_of_column(label)] if label is not None else []
    scored = [
        Colouring(name=result.title, check_id=result.check_id, is_scale=True)
        for result in runs.results(ws, run_id)
        if result.row_scores is not None
    ]
    scored.sort(key=lambda by: not by.check_id.startswith(GRADED))
    others = [_of_column(c) for c in version.columns if c != label and _colours(c)]
    return (*first, *scored, *others[:MOST_CHOICES])


def coloured(ws: Workspace, run_id: str, by: Colouring) -> Coloured:
    """Return the values of a colouring for the rows of the map."""
    places = row_map(ws, run_id)
    none = np.zeros(len(places.row_id), dtype=np.bool_)
    if by.check_id:
        path = ws.files.run(run_id) / "rows" / f"{by.check_id}.parquet"
        return _scores(path, path.stat().st_mtime_ns, tuple(places.row_id.tolist()))
    values = _values(ws, run_id, (by.name,))[by.name]
    if by.is_scale:
        return Coloured(scale=values.to_numpy(dtype=np.float64, na_value=np.nan), flagged=none)
    return Coloured(classes=_texts(values), flagged=none)


def hover(ws: Workspace, run_id: str) -> dict[str, NDArray[np.object_]]:
    """Return the values that stand beside each point: of the label and of the first columns."""
    version, places = _version(ws, run_id), row_map(ws, run_id)
    label = [version.label.name] if version.label is not None else []
    names = [*label, *places.facts.columns[:HOVERED]]
    values = _values(ws, run_id, tuple(dict.fromkeys(names)))
    return {name: _texts(values[name]) for name in values.columns}


def _of_column(column: Column) -> Colouring:
    return Colouring(name=column.name, is_scale=column.kind.is_numeric)


def _colours(column: Column) -> bool:
    return column.kind.is_discrete or column.kind.is_numeric


def _version(ws: Workspace, run_id: str) -> DatasetVersion:
    """Return the table under the kinds that it has now: values are read with them."""
    return datasets.get(ws, runs.spec(ws, run_id).dataset.id).version


def _values(ws: Workspace, run_id: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return typed values of the rows of the map, by display name."""
    info = datasets.get(ws, runs.spec(ws, run_id).dataset.id)
    path, limit = datasets.table_path(info), ws.settings.memory_limit
    row_ids = tuple(row_map(ws, run_id).row_id.tolist())
    return _typed(info.version, path, limit, row_ids, names)


@lru_cache(maxsize=KEPT)
def _typed(
    version: DatasetVersion,
    path: Path,
    limit: int,
    row_ids: tuple[int, ...],
    names: tuple[str, ...],
) -> pd.DataFrame:
    with open_table(version, path, memory_limit=limit) as table:
        return table.rows(np.array(row_ids, dtype=np.int64), columns=names)


def _texts(values: pd.Series) -> NDArray[np.object_]:
    cells = values.astype(object).where(values.notna(), None).tolist()
    texts = np.empty(len(cells), dtype=object)
    texts[:] = [MISSING if v is None else str(v).removesuffix(" 00:00:00") for v in cells]
    return texts


@lru_cache(maxsize=KEPT)
def _scores(path: Path, _stamp: int, row_ids: tuple[int, ...]) -> Coloured:
    """Return the scores of some rows, ascending; the stamp tells a file from a later one."""
    found = engine.lines(path, row_ids, ["row_id", "quality", "flagged"])
    place = np.searchsorted(row_ids, found.column("row_id").to_numpy())
    quality, flagged = np.full(len(row_ids), np.nan), np.zeros(len(row_ids), dtype=np.bool_)
    quality[place] = found.column("quality").to_numpy()
    flagged[place] = found.column("flagged").to_numpy()
    return Coloured(scale=quality, flagged=flagged)
