"""``mended.parquet``: the rows of a table that are written otherwise in the uploaded file.

``row_id``, ``line`` (of the file, 1-based), ``how`` (a value of ``How``) and ``text``, the record
as it is written there; every such row, by ``row_id``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from components.intake.mend.mender import How, MendedRow

if TYPE_CHECKING:
    import pyarrow as pa

MENDED_FILE = "mended.parquet"

BLOCK = 65_536
"""Rows of a block."""

HOW_IN_WORDS: dict[str, str] = {
    How.TRIMMED: "surplus empty cells were dropped",
    How.PADDED: "missing cells at the end were left empty",
    How.LENIENT: "a stray quote was taken as a character",
    How.UNQUOTED: "a stray quote was taken as a character, or left out",
    How.DIALECT: "it was read with another delimiter or quote",
    How.SPLIT: "a missing delimiter was put in",
    How.JOINED: "the parts of a text were joined again",
}


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


def mended_batches(folder: Path, *, size: int = BLOCK) -> Iterator[pa.RecordBatch]:
    """Yield the mended rows of a table, block by block: ``row_id``, ``line``, ``how``, ``text``."""
    from pyarrow import parquet

    path = folder / MENDED_FILE
    if path.is_file():
        with parquet.ParquetFile(path) as file:
            yield from file.iter_batches(size)
