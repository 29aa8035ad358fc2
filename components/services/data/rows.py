"""Rows of a dataset: as uploaded, and as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from components.engine.table.open_table import open_table
from components.services.data import cells, datasets
from components.services.data.datasets import DatasetInfo
from components.services.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

KEPT = 16
"""Lists of rows whose texts are kept: a screen that is drawn again shows the same ones, and finding
them in a long table takes 70 ms."""


def texts(
    ws: Workspace, dataset_id: str, row_ids: Sequence[int], columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return cell texts by display name, indexed by row id, in the order asked for.

    Rows that are not in the table are left out.
    """
    names = None if columns is None else tuple(columns)
    return _texts(datasets.get(ws, dataset_id), tuple(row_ids), names).copy()


@lru_cache(maxsize=KEPT)
def _texts(
    info: DatasetInfo, row_ids: tuple[int, ...], columns: tuple[str, ...] | None
) -> pd.DataFrame:
    return cells.texts(info, row_ids, columns)


def typed(ws: Workspace, dataset_id: str, row_ids: Sequence[int]) -> pd.DataFrame:
    """Return typed values by display name, indexed by row id, in the order asked for."""
    import numpy as np

    info = datasets.get(ws, dataset_id)
    asked = np.array([r for r in row_ids if 0 <= r < info.version.n_rows], dtype=np.int64)
    path = datasets.table_path(info)
    with open_table(info.version, path, memory_limit=ws.settings.memory_limit) as table:
        return table.rows(asked)


def page(ws: Workspace, dataset_id: str, offset: int, limit: int) -> pd.DataFrame:
    """Return the cell texts of ``limit`` rows from row ``offset`` on."""
    info = datasets.get(ws, dataset_id)
    start = max(offset, 0)
    return cells.texts(info, range(start, min(start + max(limit, 0), info.version.n_rows)))
