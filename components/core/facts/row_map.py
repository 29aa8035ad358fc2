"""A picture of rows in the plane: rows with like values lie close together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFacts:
    """How a map was made, or why there is none.

    Attributes
    ----------
    reason
        Why there is no map, in words; "" where there is one.
    method
        In words, for people.
    n_rows
        Rows of the table.
    n_drawn
        Rows on the map.
    n_chosen
        Of these, the rows that are on it because a check flagged them. The others are a seeded
        sample.
    columns
        The columns that place the rows: inputs only, never the label.
    n_left_out
        Input columns beyond the bound, that have no say.
    by_variety
        Whether those with a say vary most; in maps of an earlier version they are the first ones.
    """

    n_rows: int
    reason: str = ""
    method: str = ""
    n_drawn: int = 0
    n_chosen: int = 0
    columns: tuple[str, ...] = ()
    n_left_out: int = 0
    by_variety: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMap:
    """Places of rows.

    Attributes
    ----------
    row_id
        Shape (n,), ascending.
    x, y
        In [-1, 1], shape (n,); without unit.
    """

    facts: MapFacts
    row_id: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
