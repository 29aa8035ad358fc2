"""Cell texts written block by block, in columns that may become more on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
from pyarrow import parquet

BLOCK_CELLS = 500_000
BLOCK_CHARACTERS = 16_000_000
"""Cells and characters in memory before a block is written."""

LINE = "line"


class PartWriter:
    """Writes rows to ``part-0.parquet``, ...: a new file where there are more columns than before.

    Cells are None where there is nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self._cells = self._characters = 0
        self._writer: Any = None
        self._width = -1
        self.names: list[str] = []
        self.n_rows = 0
        self.n_replaced = 0

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        if self._writer is not None:
            self._writer.close()

    def add(self, line: int, cells: Sequence[str | None], characters: int) -> None:
        """Add a row that starts on ``line``; rows may become wider, not narrower."""
        self._lines.append(line)
        self._rows.append(cells)
        self._cells += len(cells) + 1
        self._characters += characters
        if self._cells > BLOCK_CELLS or self._characters > BLOCK_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        width = max(len(self._rows[-1]), self._width)
        padded = [r if len(r) == width else [*r, *[None] * (width - len(r))] for r in self._rows]
        columns = [self._array(list(c)) for c in zip(*padded, strict=True)]
        table = pa.Table.from_arrays(
            [pa.array(self._lines, pa.int64()), *columns], self._schema(width)
        )
        if width != self._width:
            self._next(table.schema)
            self._width = width
        self._writer.write_table(table)
        self.n_rows += len(self._rows)
        self._lines, self._rows = [], []
        self._cells = self._characters = 0

    def _schema(self, width: int) -> list[str]:
        return [LINE, *(f"c{i}" for i in range(width))]

    def _next(self, schema: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        if self._writer is not None:
            self._writer.close()
        name = f"part-{len(self.names)}.parquet"
        self.names.append(name)
        self._writer = parquet.ParquetWriter(self._folder / name, schema, compression="lz4")

    def _array(self, texts: list[str | None]) -> Any:  # noqa: ANN401 - pyarrow has no types
        try:
            return pa.array(texts, pa.string())
        except UnicodeEncodeError:  # half of a surrogate pair, or bytes that are no text
            clean = [None if t is None else whole(t) for t in texts]
            self.n_replaced += sum(1 for a, b in zip(texts, clean, strict=True) if a != b)
            return pa.array(clean, pa.string())


def whole(text: str) -> str:
    """Return ``text`` with a question mark for each character that is none."""
    return text.encode("utf-8", "replace").decode("utf-8")
