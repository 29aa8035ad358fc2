"""Reading the columns that are compared, and their gaps, a bounded number at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from components.core.data.dataset import Column
from components.core.data.table import IntArray
from components.core.progress import Progress
from components.engine.arrays import numpy_of
from components.engine.table.open_table import SqlTable
from components.profiling.pair_measures.codes import Flags, Prepared, unusable
from components.profiling.pair_measures.from_arrow import prepare

CELLS = 3_200_000
"""Cells that are read together: 32 columns of 100,000 rows; as many are in memory besides the
prepared columns."""

MOST = 100
"""Columns that are read together at most: without a label, reading ends when enough are there."""


@dataclass(kw_only=True)
class ColumnReader:
    """The columns of a table on the rows that are used.

    Attributes
    ----------
    rows
        The rows that are used, ascending; all when None.
    with_gaps
        The columns whose gaps are compared.
    often
        The columns whose values mostly occur several times.
    left_out
        Column -> why it cannot be compared, among those that were read.
    """

    table: SqlTable
    rows: IntArray | None
    with_gaps: Sequence[Column]
    often: Collection[str]
    left_out: dict[str, str] = field(default_factory=dict)
    _missing: dict[str, Flags] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """How many rows are used."""
        return self.table.version.n_rows if self.rows is None else len(self.rows)

    def columns(self, wanted: Sequence[Column]) -> Iterator[list[Prepared]]:
        """Yield the columns ready to be compared, some at a time; others get a reason."""
        gapped = {column.name for column in self.with_gaps}
        for batch in self._batches(wanted):
            found = self.table.arrow(batch, rows=self.rows)
            ready = []
            for column in batch:
                values = found.column(column.field).combine_chunks()
                if column.name in gapped:
                    self._missing[column.name] = numpy_of(values.is_null())
                prepared = prepare(column, values, often=column.name in self.often)
                reason = unusable(prepared)
                if reason:
                    self.left_out[column.name] = reason
                else:
                    ready.append(prepared)
            yield ready

    def gaps(self, say: Progress) -> list[Flags]:
        """Return the gaps of :attr:`with_gaps`; those of columns that were read are known."""
        unknown = [column for column in self.with_gaps if column.name not in self._missing]
        for batch in self._batches(unknown):
            say(0.4, "gaps")
            found = self.table.gaps(batch, rows=self.rows)
            for column in batch:
                self._missing[column.name] = numpy_of(found.column(column.field))
        return [self._missing[column.name] for column in self.with_gaps]

    def _batches(self, columns: Sequence[Column]) -> Iterator[list[Column]]:
        size = min(max(1, CELLS // max(1, self.n_rows)), MOST)
        rest = iter(columns)
        while batch := list(islice(rest, size)):
            yield batch
