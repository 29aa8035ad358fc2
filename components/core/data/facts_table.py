"""The face of a table for the rooms that compute facts: what a check may ask, and statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from components.core.data.table import IntArray, Table

if TYPE_CHECKING:
    from components.core.data.dataset import Column
    from components.core.data.query import Scalar

StatementT_contra = TypeVar("StatementT_contra", contravariant=True)
"""What a statement is; the vocabulary does not know the language."""


class FactsTable(Table, Protocol[StatementT_contra]):
    """A table that answers statements and gives whole columns.

    Columns go by their physical names (:attr:`Column.field`), which statements and results use.
    Who asks bounds what is returned.
    """

    @property
    def n_bytes(self) -> int:
        """The size of the table where it is stored."""
        ...

    def bytes_in_memory(self) -> dict[str, int]:
        """Return the bytes of each column that is in memory already, by field."""
        ...

    def few_values(self, n_values: int, n_bytes: int) -> frozenset[str]:
        """Return fields of columns that are known to differ little without reading them.

        They hold at most ``n_values`` different values, of ``n_bytes`` bytes together.
        """
        ...

    def draw(self, n: int, *, seed: int) -> IntArray:
        """Return the ids of the rows of :meth:`Table.sample`, ascending, shape (at most n,)."""
        ...

    def query(self, statement: StatementT_contra) -> list[dict[str, Scalar]]:
        """Return the records of a statement over the table ``data``."""
        ...

    def fetch(self, statement: StatementT_contra) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return the same as :meth:`query` as an Arrow table: for many records."""
        ...

    def stream(self, statement: StatementT_contra, size: int) -> Iterator[Any]:
        """Yield the same as Arrow record batches of at most ``size`` records: for any number."""
        ...

    def arrow(self, columns: Sequence[Column], *, rows: IntArray | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return ``row_id`` and the columns as an Arrow table, in row order.

        Texts may come as dictionary arrays.

        Parameters
        ----------
        rows
            Ids of the rows that are wanted, ascending; all when None.
        """
        ...

    def gaps(self, columns: Sequence[Column], *, rows: IntArray | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Return where the columns have no value as :meth:`arrow` does, without their values."""
        ...
