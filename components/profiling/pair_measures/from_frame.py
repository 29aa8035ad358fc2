"""Columns of a pandas frame made ready to be compared, as :mod:`from_arrow` does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.core.data.dataset import Column, Kind, Storage
from components.profiling.pair_measures.codes import (
    Levels,
    Prepared,
    codes_of,
    is_compared_as_number,
    of_levels,
)

if TYPE_CHECKING:
    import pandas as pd


def prepare(column: Column, values: pd.Series) -> Prepared:
    """Return a column ready to be compared: as a number, a time, or a category.

    Parameters
    ----------
    values
        As a sample of a table holds them (:class:`components.core.data.table.Sample`).
    """
    present = values.notna().to_numpy(dtype=np.bool_)
    if not is_compared_as_number(column) and column.storage is not Storage.NUMBER:
        place, levels = values[present].factorize()
        n_missing = len(values) - len(place)
        return Prepared(column.name, codes_of(place, present), len(levels), n_missing)
    levels, place = np.unique(_numbers(column, values[present]), return_inverse=True)
    return of_levels(column, levels, place, present)


def _numbers(column: Column, values: pd.Series) -> Levels:
    if column.kind is Kind.DATETIME:
        return values.to_numpy(dtype="datetime64[us]").astype(np.int64)
    return values.to_numpy(dtype=np.int64 if column.storage is Storage.INTEGER else np.float64)
