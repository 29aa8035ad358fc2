"""Whether one text is read as a value of a column, by the reader of whole tables."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from components.core.data.dataset import Column
from components.engine.connect import connect
from components.engine.sql.casts import typed_value
from components.engine.sql.expressions import named, select, text_of

TEXT, TYPED = "t", "typed"


def is_read(column: Column, text: str) -> bool:
    """Return whether a cell of ``column`` with this text would have a value."""
    value = named(typed_value(replace(column, field=TEXT)), "v")
    with connect() as connection:
        connection.register(TYPED, pa.table({TEXT: pa.array([text], pa.string())}))
        (found,) = connection.execute(text_of(select([value], TYPED))).fetchall()
    return found[0] is not None
