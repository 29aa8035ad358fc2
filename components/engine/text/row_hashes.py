"""A number for each row, made of its cell texts: rows with different numbers differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from components.core.data.dataset import ROW_ID
from components.core.errors import Damaged
from components.engine.arrays import numpy_of
from components.engine.connect import connect
from components.engine.sql.expressions import field, named, select, text_of

if TYPE_CHECKING:
    import pyarrow as pa

Hashes = NDArray[np.uint64]

_ROWS = "block"


def row_hashes(
    batches: Iterable[pa.RecordBatch], sets: Sequence[Sequence[str]], n_rows: int
) -> tuple[Hashes, ...]:
    """Return a 64-bit number per row for each set of columns; comparable within one process.

    One block of texts is in memory at a time, and 8 bytes per row and set.

    Parameters
    ----------
    batches
        ``row_id`` and the texts of all columns that are named.
    sets
        Physical names, none of them empty.

    Returns
    -------
    tuple of ndarray
        Each of shape (n_rows,), by row id.

    Raises
    ------
    Damaged
        When the texts cannot be read.
    """
    import pyarrow as pa

    found = tuple(np.zeros(n_rows, dtype=np.uint64) for _ in sets)
    hashed = [named(exp.func("HASH", *map(field, s)), f"h{n}") for n, s in enumerate(sets)]
    statement = text_of(select([field(ROW_ID), *hashed], _ROWS))
    try:
        with connect() as connection:
            for batch in batches:
                connection.register(_ROWS, pa.Table.from_batches([batch]))
                made = connection.sql(statement).to_arrow_table()
                rows = numpy_of(made.column(ROW_ID))
                for n, hashes in enumerate(found):
                    hashes[rows] = numpy_of(made.column(f"h{n}"))
                connection.unregister(_ROWS)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise Damaged("The cell texts of a table could not be read.") from error
    return found
