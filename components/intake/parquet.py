"""Reading a Parquet file: its values become cell texts, so that all files are alike after it."""

from __future__ import annotations

from pathlib import Path

from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.engine.columnar import parquet_columns, parquet_to_text


def read_parquet(path: Path, target: Path, settings: Settings) -> tuple[tuple[str, ...], int]:
    """Write the values of ``path`` as texts to ``target``; return column names and rows.

    Raises
    ------
    UnusableInput
        When it is broken, too wide, or holds no rows.
    """
    names = parquet_columns(path)
    if len(names) > settings.max_columns:
        raise UnusableInput(
            f"The table has {len(names):,} columns; the limit is {settings.max_columns:,}.",
            "Leave columns out, or raise PREFLIGHT_MAX_COLUMNS.",
        )
    n_rows = parquet_to_text(path, names, target, memory_limit=settings.memory_limit)
    if n_rows == 0:
        raise UnusableInput("The Parquet file has no rows.", "Upload a file with at least one row.")
    return tuple(names), n_rows
