"""The cell texts of a dataset, as uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components import intake
from components.core.data.table import IntArray
from components.engine.table.matching_rows import lines
from components.services.upload.uploads import DatasetInfo

if TYPE_CHECKING:
    import pandas as pd

TOP = 2_000
"""Rows at the top of a table that are shown without looking anything up."""

FEW_GROUPS = 4
"""Groups of rows that are read whole; from more of them the engine picks the rows."""


def texts(
    info: DatasetInfo, row_ids: Iterable[int], columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return cell texts by display name, one line per row id, in the order asked for.

    Rows that are not in the table are left out. An empty cell is "".

    Raises
    ------
    NotFound
        When a column is not there.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    version = info.version
    wanted = version.columns if columns is None else [version.column(c) for c in columns]
    asked = np.array([r for r in row_ids if 0 <= r < version.n_rows], dtype=np.int64)
    names = [c.name for c in wanted]
    unique, place = np.unique(asked, return_inverse=True)
    fields = list(dict.fromkeys(c.field for c in wanted))
    found = _rows(info.folder, unique, fields).take(pa.array(place))
    picked = {c.name: found.column(c.field).to_pylist() for c in wanted}
    return pd.DataFrame(picked, index=pd.Index(asked, name="row_id"), columns=names, dtype=object)


def _rows(folder: Path, rows: IntArray, fields: list[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the texts of different rows, in ascending order."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    if len(rows) and rows[-1] < TOP:  # the first rows need no file of all cell texts
        batches = intake.text_batches(folder, fields, limit=int(rows[-1]) + 1)
        return pa.Table.from_batches(batches).take(pa.array(rows))
    path = intake.texts(folder)
    with parquet.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
        groups = np.searchsorted(np.cumsum(sizes), rows, side="right")
        if not 0 < len(np.unique(groups)) <= FEW_GROUPS:
            return lines(path, rows, fields)
        return _picked(file, rows, fields, groups)


def _picked(file: Any, rows: IntArray, fields: list[str], groups: IntArray) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return some rows; one group of rows is in memory at a time."""
    import numpy as np
    import pyarrow as pa

    parts = []
    for group in np.unique(groups).tolist():
        first = sum(file.metadata.row_group(g).num_rows for g in range(group))
        part = file.read_row_group(group, columns=fields)
        parts.append(part.take(pa.array(rows[groups == group] - first)))
    return pa.concat_tables(parts)
