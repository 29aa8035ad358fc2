"""The results of a run on disk: JSON with the worst rows, Parquet with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.core.atomic_files import damaged, read_json, sync, write_json
from components.core.judgement.evidence import CellScores, RowScores
from components.core.judgement.findings import CheckResult
from components.store.files import valid_check_id

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 20_000
"""Rows of a group in Parquet: a page of the review decodes one."""

LIKELY = "likely"
"""The column of classes with probabilities: read for single rows only."""

_OPTIONAL_ROW = ("given", "suggested", "confidence", "reason", "against", "group", LIKELY)
_OPTIONAL_CELL = ("suggested", "reason")


def write_result(folder: Path, result: CheckResult) -> None:
    """Write what one check found: the Parquet files first, the JSON that announces it last."""
    if result.row_scores is not None:
        path = folder / "rows" / f"{result.check_id}.parquet"
        _write_parquet(path, _table(result.row_scores, _OPTIONAL_ROW))
    if result.cell_scores is not None:
        path = folder / "cells" / f"{result.check_id}.parquet"
        _write_parquet(path, _table(result.cell_scores, _OPTIONAL_CELL))
    path = folder / "results" / f"{result.check_id}.json"
    path.parent.mkdir(exist_ok=True)
    write_json(path, result.brief(), durable=True)


def read_result(folder: Path, check_id: str) -> CheckResult | None:
    """Return what one check found, with its worst rows only; None while it has not ended."""
    return read_json(CheckResult, folder / "results" / f"{valid_check_id(check_id)}.json")


def read_rows(
    folder: Path,
    check_id: str,
    *,
    flagged_only: bool = False,
    start: int = 0,
    limit: int | None = None,
) -> RowScores | None:
    """Return the row-level evidence of a check, worst first; None where there is none.

    Parameters
    ----------
    flagged_only
        Only the flagged rows, which come first.
    start, limit
        One page of the rows.
    """
    path = folder / "rows" / f"{valid_check_id(check_id)}.parquet"
    result = read_result(folder, check_id)
    if result is None or result.row_scores is None or not path.is_file():
        return None
    if flagged_only:
        left = max(0, result.row_scores.n_flagged - start)
        limit = left if limit is None else min(limit, left)
    found = _read_parquet(path, start=start, limit=limit)
    return replace(
        result.row_scores,
        row_id=found["row_id"],
        quality=found["quality"],
        flagged=found["flagged"],
        given=found.get("given"),
        suggested=found.get("suggested"),
        confidence=found.get("confidence"),
        reason=found.get("reason"),
        against=found.get("against"),
        group=found.get("group"),
    )


def read_row_ids(folder: Path, check_id: str) -> NDArray[np.int64] | None:
    """Return the rows that a check has looked at, worst first; None where there are none."""
    path = folder / "rows" / f"{valid_check_id(check_id)}.parquet"
    result = read_result(folder, check_id)
    if result is None or result.row_scores is None or not path.is_file():
        return None
    return np.asarray(_read_parquet(path, columns=["row_id"])["row_id"], dtype=np.int64)


def read_cells(
    folder: Path, check_id: str, *, start: int = 0, limit: int | None = None
) -> CellScores | None:
    """Return the cell-level evidence of a check, worst first; None where there is none."""
    path = folder / "cells" / f"{valid_check_id(check_id)}.parquet"
    result = read_result(folder, check_id)
    if result is None or result.cell_scores is None or not path.is_file():
        return None
    found = _read_parquet(path, start=start, limit=limit)
    return replace(
        result.cell_scores,
        row_id=found["row_id"],
        column=found["column"],
        value=found["value"],
        quality=found["quality"],
        flagged=found["flagged"],
        suggested=found.get("suggested"),
        reason=found.get("reason"),
    )


def _table(scores: RowScores | CellScores, optional: tuple[str, ...]) -> pa.Table:
    import pyarrow as pa

    names = ["row_id", "quality", "flagged"]
    if isinstance(scores, CellScores):
        names = ["row_id", "column", "value", "quality", "flagged"]
    names += [name for name in optional if getattr(scores, name) is not None]
    return pa.table({name: _column(name, getattr(scores, name)) for name in names})


def _column(name: str, values: np.ndarray[Any, Any]) -> pa.Array:
    import pyarrow as pa

    if name == LIKELY:
        likely = pa.list_(pa.struct([("name", pa.string()), ("share", pa.float64())]))
        told = [
            None if v is None else [{"name": _text(c), "share": p} for c, p in v] for v in values
        ]
        return pa.array(told, type=likely)
    if values.dtype != np.object_:
        return pa.array(values)
    return pa.array([None if v is None else _text(v) for v in values], type=pa.string())


def _text(value: object) -> str:
    # a cell may hold half of a surrogate pair, which Parquet cannot
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _write_parquet(path: Path, table: pa.Table) -> None:
    from pyarrow import parquet

    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    parquet.write_table(table, part, compression="zstd", row_group_size=GROUP)
    sync(part)
    part.replace(path)
    sync(path.parent)


def _read_parquet(
    path: Path,
    *,
    start: int = 0,
    limit: int | None = None,
    columns: Sequence[str] | None = None,
) -> dict[str, np.ndarray[Any, Any]]:
    """Read one page; only the groups of rows that it lies in are decoded."""
    import pyarrow as pa

    try:
        return _page(path, start, limit, columns)
    except (pa.ArrowException, OSError, IndexError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise damaged(path) from error


def _page(
    path: Path, start: int, limit: int | None, columns: Sequence[str] | None
) -> dict[str, np.ndarray[Any, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        ends = row_group_ends(file)
        stop = int(ends[-1]) if limit is None else min(start + max(0, limit), int(ends[-1]))
        wanted = [g for g in range(len(ends) - 1) if ends[g] < stop and ends[g + 1] > start]
        if columns is None:
            columns = [name for name in file.schema_arrow.names if name != LIKELY]
        table = file.read_row_groups(wanted, columns=columns)
    first = int(ends[wanted[0]]) if wanted else 0
    table = table.slice(start - first, stop - start) if wanted else table
    return {name: _array(table.column(name)) for name in table.column_names}


def row_group_ends(file: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401 - pyarrow has no types
    """Return where each group of rows begins, and where the last one ends."""
    sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    return np.cumsum([0, *sizes])


def _array(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return np.asarray(column.to_numpy())
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return values
