"""The only face of the data that a check sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from components.core.data.query import Agg, Condition, Scalar

if TYPE_CHECKING:
    import pandas as pd

    from components.core.data.dataset import DatasetVersion

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some rows of a table.

    Attributes
    ----------
    frame
        One column per column asked for, labelled by display name, in row order; the index is
        0..n-1 and means nothing. Text is ``str``, integers ``Int64``, numbers ``float64``,
        booleans ``boolean``, times ``datetime64``; missing is NA, NaN or NaT.
    row_id
        The identity of each row of ``frame``, shape (n,), ascending.
    n_total
        Rows of the table that could have been drawn.
    """

    frame: pd.DataFrame
    row_id: IntArray
    n_total: int

    @property
    def is_whole(self) -> bool:
        """Whether every row is in the sample."""
        return len(self.row_id) == self.n_total


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """The rows that repeat an earlier row.

    Attributes
    ----------
    row_id
        The rows that repeat, shape (n,), ascending.
    first
        The first row with the same values, for each, shape (n,).
    """

    row_id: IntArray
    first: IntArray


class Table(Protocol):
    """A dataset version that can be asked for aggregates, samples and rows.

    Every method names columns by display name and raises
    :class:`components.core.errors.NotFound` for one that is not there.
    """

    @property
    def version(self) -> DatasetVersion:
        """What is being asked."""
        ...

    def aggregate(
        self, measures: Mapping[str, Agg], *, where: Condition | None = None
    ) -> dict[str, Scalar]:
        """Return one value per measure over the rows that satisfy ``where``, in one pass."""
        ...

    def groups(
        self,
        by: Sequence[str],
        measures: Mapping[str, Agg],
        *,
        where: Condition | None = None,
        order_by: str | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Scalar]]:
        """Return one record per combination of values of ``by`` (missing is a value: None).

        Records hold the ``by`` columns and the measures. They are ordered by the measure
        ``order_by``, largest first, then by the ``by`` columns; ``limit`` cuts the list.
        """
        ...

    def sample(
        self,
        n: int,
        *,
        seed: int,
        columns: Sequence[str] | None = None,
        where: Condition | None = None,
    ) -> Sample:
        """Return at most ``n`` rows drawn without replacement, the same ones for the same seed."""
        ...

    def rows(self, row_id: IntArray, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows asked for, in the order asked for, indexed by ``row_id``."""
        ...

    def row_ids(self, where: Condition, *, limit: int | None = None) -> IntArray:
        """Return the ids of the rows that satisfy ``where``, ascending."""
        ...

    def batches(
        self, *, columns: Sequence[str] | None = None, size: int = 65_536
    ) -> Iterator[Sample]:
        """Yield the whole table in row order, ``size`` rows at a time."""
        ...

    def repeats(self, columns: Sequence[str]) -> Repeats:
        """Return the rows that equal an earlier row in all of ``columns`` (missing = missing)."""
        ...
