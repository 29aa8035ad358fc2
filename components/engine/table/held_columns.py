"""A cache of columns of a short typed table: each is read once and dictionary-encoded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 32_000_000
"""Bytes that stay in memory, some 100,000 rows of 30 columns; others are read when asked for."""

SHORT = 200_000
"""Rows of a table of which columns stay: of a longer one too few of them would."""

Read = Callable[[Sequence[str]], "pa.Table"]
"""Reads whole columns, in row order."""


class HeldColumns:
    """Columns of one typed table; who works on the table one after the other shares them."""

    def __init__(self) -> None:
        self._columns: dict[str, pa.ChunkedArray] = {}
        self._bytes = 0

    def table(self, names: Sequence[str], read: Read) -> pa.Table:
        """Return columns by name; texts that were encoded before come as a dictionary array."""
        import pyarrow as pa

        unknown = [name for name in names if name not in self._columns]
        columns = dict(self._columns)
        if unknown:
            found = read(unknown)
            columns.update(zip(unknown, found.columns, strict=True))
            if found.num_rows <= SHORT and self._bytes + found.nbytes <= MOST:
                self._bytes += found.nbytes
                self._columns = columns
        return pa.table([columns[name] for name in names], names=list(names))

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each column that is in memory."""
        return {name: column.nbytes for name, column in self._columns.items()}

    def encoded(self, name: str, values: pa.ChunkedArray) -> pa.DictionaryArray:
        """Return a column that :meth:`table` gave as a dictionary array, and keep it as one."""
        import pyarrow as pa

        coded = values.combine_chunks()
        if pa.types.is_dictionary(coded.type):
            return coded
        coded = coded.dictionary_encode()
        if name in self._columns:
            self._columns[name] = pa.chunked_array([coded])
        return coded
