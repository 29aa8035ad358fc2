"""The cell texts of a table, as they are in the file.

Small tables keep them in ``text.parquet``. Of a large one the recipe is kept: the text (the upload
itself, or a copy that the reader can follow) and the settings under which it is read. Reading it
again gives the same rows in the same order, so that ``text.parquet`` is made when it is needed.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from components.core.errors import NotFound, UnusableInput
from components.engine.connect import DEFAULT_MEMORY
from components.engine.text.delimited import Delimited, load_delimited
from components.engine.text.text_store import (
    BLOCK,
    count_csv_words,
    count_stored_words,
    csv_batches,
    stored_batches,
)
from components.intake.options import TEXT_FILE

if TYPE_CHECKING:
    import pyarrow as pa

RECIPE_FILE = "texts.json"
KEPT_TEXT = "cells.txt"
"""The copy that the reader can follow, where it could not follow the upload."""

LOCK_FILE = ".texts.lock"

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Recipe:
    path: Path
    settings: Delimited
    n_columns: int


def write_recipe(work: Path, folder: Path, path: Path, settings: Delimited, n_columns: int) -> None:
    """Note in ``work``, which becomes part of ``folder``, how the texts are read from ``path``.

    A text in ``work`` is kept; one in ``folder`` is found again when the folder has moved.
    """
    if path.is_relative_to(work):
        os.replace(path, work / KEPT_TEXT)  # noqa: PTH105 - atomic, on the same disk
        name = KEPT_TEXT
    else:
        name = path.name if path.parent == folder else str(path.resolve())
    record = {"path": name, "settings": asdict(settings), "n_columns": n_columns}
    text = json.dumps(record, ensure_ascii=False)
    (work / RECIPE_FILE).write_text(text, encoding="utf-8")


def find_texts(folder: Path) -> Path | None:
    """Return the Parquet file of the cell texts, made now if need be; None where there are none."""
    target = folder / TEXT_FILE
    if target.is_file():
        return target
    recipe = _recipe(folder)
    if recipe is None:
        return None
    with _alone(folder):
        if not target.is_file():
            _make(recipe, target)
    return target


def texts(folder: Path) -> Path:
    """Return the Parquet file of the cell texts: ``row_id``, ``c0``...; made now if need be.

    Two who ask at the same time wait for one making.

    Raises
    ------
    NotFound
        When the folder holds no table.
    """
    found = find_texts(folder)
    if found is None:
        raise NotFound(
            "The cell texts of this table are gone.", "Remove the table and upload it again."
        )
    return found


def count_words(
    folder: Path, words: Mapping[str, Sequence[str]], *, memory_limit: int
) -> dict[str, dict[str, int]]:
    """Count the cells per word of each column, by field, without making a file.

    Nothing is counted where the cell texts are gone.
    """
    stored = folder / TEXT_FILE
    if stored.is_file():
        return count_stored_words(stored, words, memory_limit=memory_limit)
    recipe = _recipe(folder)
    if recipe is None:
        return {field: {} for field in words}
    return count_csv_words(
        recipe.path, recipe.settings, recipe.n_columns, words, memory_limit=memory_limit
    )


def text_batches(
    folder: Path, fields: Sequence[str], *, limit: int | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield ``row_id`` and the cell texts of ``fields``, block by block, without making a file.

    Parameters
    ----------
    limit
        Rows after which to stop (whole blocks, where the texts are stored).
    """
    recipe = None if (folder / TEXT_FILE).is_file() else _recipe(folder)
    if recipe is not None:
        yield from csv_batches(recipe.path, recipe.settings, recipe.n_columns, fields, limit=limit)
        return
    n = 0
    for batch in stored_batches(texts(folder), fields, size=min(BLOCK, limit or BLOCK)):
        yield batch
        n += batch.num_rows
        if limit is not None and n >= limit:
            return


def _recipe(folder: Path) -> _Recipe | None:
    try:
        record = json.loads((folder / RECIPE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    settings = Delimited(**record["settings"])
    return _Recipe(folder / record["path"], settings, int(record["n_columns"]))


def _make(recipe: _Recipe, target: Path) -> None:
    half = target.with_suffix(f".{os.getpid()}.half")
    try:
        loading = load_delimited(
            recipe.path, recipe.settings, recipe.n_columns, half, memory_limit=DEFAULT_MEMORY
        )
        if isinstance(loading, UnusableInput):
            raise loading
        os.replace(half, target)  # noqa: PTH105 - atomic, on the same disk
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other threads and processes waiting."""
    with _one_at_a_time, (folder / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
