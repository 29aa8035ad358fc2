"""``mended.parquet``: the rows of a table that stand otherwise in the uploaded file.

``row_id``, ``line`` (of the file, 1-based), ``how`` (a value of ``How``) and ``text``, the record
as it is written there; every such row, by ``row_id``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from components.intake.mend.mender import MendedRow

MENDED_FILE = "mended.parquet"


def write_mended(folder: Path, rows: Sequence[MendedRow], row_ids: Sequence[int]) -> None:
    """Write the mended rows, each with its number in the table."""
    import pyarrow as pa
    from pyarrow import parquet

    pairs = sorted(zip(row_ids, rows, strict=True), key=lambda pair: pair[0])
    columns = {
        "row_id": pa.array([n for n, _ in pairs], pa.int64()),
        "line": pa.array([row.line for _, row in pairs], pa.int64()),
        "how": pa.array([row.how.value for _, row in pairs], pa.string()),
        "text": pa.array([row.text for _, row in pairs], pa.string()),
    }
    parquet.write_table(pa.table(columns), folder / MENDED_FILE, compression="zstd")
