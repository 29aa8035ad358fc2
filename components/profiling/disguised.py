"""How often each text that stands for a missing value occurs, in the texts as uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlglot import exp

from components.core.dataset import Column
from components.engine.duck_table import DuckTable
from components.engine.sql import field, literal, named, parquet, select
from components.profiling.measures import batches
from components.profiling.parts import PICKED, mark, rows, union, whole


def count_disguised(
    table: DuckTable, columns: Sequence[Column], text: Path | None
) -> dict[str, dict[str, int]]:
    """Return the rows per disguised word of each column, by field.

    Parameters
    ----------
    text
        The file of cell texts; spaces around a word do not count. Without it, nothing is counted.
    """
    found: dict[str, dict[str, int]] = {c.field: {} for c in columns}
    if text is None:
        return found
    for batch in batches([c for c in columns if c.disguised]):
        parts = [_words(column, i) for i, column in enumerate(batch)]
        for record in table.query(union(parts, batch, parquet(text))):
            counts = found[batch[whole(record["part"])].field]
            counts[str(record["v"])] = whole(record["n"])
    return found


def _words(column: Column, number: int) -> exp.Select:
    word = exp.Trim(this=field(column.field))
    among = exp.In(this=word, expressions=[literal(w) for w in column.disguised])
    found = select([mark(number), named(word.copy(), "v"), rows()], PICKED)
    return found.where(among, copy=False).group_by(word.copy(), copy=False)
