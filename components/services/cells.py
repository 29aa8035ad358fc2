"""The cell texts of a dataset, as uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from components.core.table import IntArray
from components.engine.browse import lines
from components.services.uploads import DatasetInfo

if TYPE_CHECKING:
    import pandas as pd

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
    from pyarrow import parquet

    version = info.version
    wanted = version.columns if columns is None else [version.column(c) for c in columns]
    asked = np.array([r for r in row_ids if 0 <= r < version.n_rows], dtype=np.int64)
    names = [c.name for c in wanted]
    unique, place = np.unique(asked, return_inverse=True)
    fields = list(dict.fromkeys(c.field for c in wanted))
    path = info.folder / "text.parquet"
    with parquet.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
        groups = np.searchsorted(np.cumsum(sizes), unique, side="right")
        if not 0 < len(np.unique(groups)) <= FEW_GROUPS:
            found = lines(path, unique, fields)
        else:
            found = _picked(file, unique, fields, groups)
    found = found.take(pa.array(place))
    picked = {c.name: found.column(c.field).to_pylist() for c in wanted}
    return pd.DataFrame(picked, index=pd.Index(asked, name="row_id"), columns=names, dtype=object)


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
