"""What the scores of a check say about single rows: likely classes, best rows of a class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.store.files import valid_check_id
from components.store.results import LIKELY, row_group_ends

Likely = tuple[tuple[str, float], ...]


def likely_classes(folder: Path, check_id: str, places: Sequence[int]) -> list[Likely]:
    """Return the most probable classes of some rows, with their probabilities.

    Parameters
    ----------
    places
        Of the rows, where 0 is the worst one.

    Returns
    -------
    list of tuple
        One per place; empty where the check keeps none.
    """
    from pyarrow import parquet

    path = folder / "rows" / f"{valid_check_id(check_id)}.parquet"
    told: list[Likely] = [() for _ in places]
    if not path.is_file():
        return told
    with parquet.ParquetFile(path) as file:
        if LIKELY not in file.schema_arrow.names:
            return told
        ends = row_group_ends(file)
        groups = np.searchsorted(ends, np.asarray(places, dtype=np.int64), side="right") - 1
        for group in np.unique(groups).tolist():
            own = [n for n, of in enumerate(groups) if of == group]
            column = file.read_row_group(group, columns=[LIKELY]).column(0)
            for n in own:
                told[n] = _likely(column[int(places[n]) - int(ends[group])].as_py())
    return told


def best_rows(folder: Path, check_id: str, most: int) -> dict[str, tuple[int, ...]]:
    """Return, for each given class, the unflagged rows of the highest quality, best first.

    The file is read from its end, three columns of it, until no class can get more rows.
    """
    from pyarrow import parquet

    path = folder / "rows" / f"{valid_check_id(check_id)}.parquet"
    found: defaultdict[str, list[int]] = defaultdict(list)
    if not path.is_file():
        return {}
    with parquet.ParquetFile(path) as file:
        if "given" not in file.schema_arrow.names:
            return {}
        for group in reversed(range(file.num_row_groups)):
            part = file.read_row_group(group, columns=["row_id", "given", "flagged"])
            given = part.column("given").combine_chunks().dictionary_encode()
            flagged = part.column("flagged").to_numpy()
            rows = part.column("row_id").to_numpy()
            codes = given.indices.to_numpy(zero_copy_only=False)
            for code, name in enumerate(given.dictionary.to_pylist()):
                own = rows[(codes == code) & ~flagged][::-1]
                left = most - len(found[str(name)])
                found[str(name)] += own[: max(0, left)].tolist()
    return {name: tuple(rows) for name, rows in found.items() if rows}


def _likely(told: list[dict[str, object]] | None) -> Likely:
    return tuple((str(one["name"]), float(str(one["share"]))) for one in told or ())
