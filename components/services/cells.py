"""The cell texts of a dataset, as uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from components.services.uploads import DatasetInfo

if TYPE_CHECKING:
    import pandas as pd


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
    with parquet.ParquetFile(info.folder / "text.parquet") as file:
        sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
        ends = np.cumsum(sizes)
        groups = np.unique(np.searchsorted(ends, asked, side="right")).tolist()
        starts = {g: int(ends[g]) - sizes[g] for g in groups}
        parts = [
            (starts[g], file.read_row_group(g, columns=list({c.field for c in wanted})))
            for g in groups
        ]
    picked: dict[str, list[str]] = {}
    for column in wanted:
        found: dict[int, str] = {}
        for start, part in parts:
            here = asked[(asked >= start) & (asked < start + part.num_rows)]
            values = part.column(column.field).take(pa.array(here - start))
            found.update(zip(here.tolist(), values.to_pylist(), strict=True))
        picked[column.name] = [found[r] for r in asked.tolist()]
    index = pd.Index(asked, name="row_id")
    return pd.DataFrame(picked, index=index, columns=names, dtype=object)
