"""From Arrow to the frames and scalars that the vocabulary promises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from components.core.data.dataset import ROW_ID, Column, Storage
from components.core.data.query import Scalar
from components.core.data.table import IntArray, Sample
from components.engine.arrays import numpy_of

if TYPE_CHECKING:
    import pandas as pd


def frame_of(table: Any, columns: Sequence[Column]) -> pd.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """Return the ``columns`` of an Arrow table, labelled by display name.

    Text is ``str``, integers ``Int64``, numbers ``float64``, booleans ``boolean``, times
    ``datetime64``; missing is NA, NaN or NaT. The index is 0..n-1.
    """
    import pandas as pd

    values = {c.name: _array(table.column(c.field), c.storage) for c in columns}
    return pd.DataFrame(values, index=pd.RangeIndex(table.num_rows))


def _array(values: Any, storage: Storage) -> Any:  # noqa: ANN401 - an array of any kind
    import pandas as pd

    match storage:
        case Storage.INTEGER:
            return values.to_pandas(types_mapper={values.type: pd.Int64Dtype()}.get).array
        case Storage.BOOLEAN:
            return values.to_pandas(types_mapper={values.type: pd.BooleanDtype()}.get).array
        case Storage.TEXT:
            return pd.Series(values.to_pandas(), dtype="str").array
        case _:
            return values.to_pandas().array


def scalar(value: object) -> Scalar:
    """Return a value of the engine as a plain one; NaN becomes None.

    Raises
    ------
    TypeError
        When it is of a type that no column has.
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if value is None or isinstance(value, str | int | datetime):
        return value
    raise TypeError(f"The engine returned a {type(value).__name__}.")


def ids_of(table: Any, name: str) -> IntArray:  # noqa: ANN401 - pyarrow has no types
    """Return a column of whole numbers without gaps."""
    return np.asarray(numpy_of(table.column(name)), dtype=np.int64)


def sample_of(found: Any, columns: Sequence[Column], n_total: int) -> Sample:  # noqa: ANN401 - pyarrow
    """Return rows that were drawn, with their ids."""
    return Sample(frame=frame_of(found, columns), row_id=ids_of(found, ROW_ID), n_total=n_total)
