"""The items of a check in their order: cells, whole rows, or rows with those that repeat them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from components.core.errors import Conflict
from components.core.judgement.evidence import RowScores
from components.core.judgement.review import Asks, Cell, ItemType
from components.core.people.random_share import Mixed

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LABELS = Asks(item_type=ItemType.LABEL)
_NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class CellOrder:
    """The items of a check, worst first; an item that is no cell stands in a column of its own.

    Attributes
    ----------
    row_id, column, suggested
        Shape (n_items,): the row, and column and suggested text as places in ``names``, ``texts``.
    texts
        The place of each suggested text, spelled as in the file; None: not known. Of rows that
        repeat one, how many they are: where they become more, it is asked again.
    asks
        What people are asked.
    mixed, like, given
        Where items drawn at random are mixed in: how, the rank of the flagged cell that each looks
        like, and what each holds, shape (n_items,); None where there are none.
    others, starts
        Of rows that repeat one: these rows, ascending within an item, and where those of each item
        begin, shape (n_items + 1,).
    """

    row_id: IntArray
    column: IntArray
    names: tuple[str, ...]
    suggested: IntArray
    texts: Mapping[str | None, int]
    asks: Asks = LABELS
    mixed: Mixed | None = None
    like: IntArray | None = None
    given: NDArray[np.object_] | None = None
    others: IntArray = field(default_factory=lambda: _NO_ROWS)
    starts: IntArray = field(default_factory=lambda: _NO_ROWS)

    def position_of(self, cell: Cell) -> int | None:
        """Return where a cell stands, None where it does not."""
        if cell.column not in self.names:
            return None
        of_column = self.column == self.names.index(cell.column)
        found = np.flatnonzero((self.row_id == cell.row_id) & of_column)
        return int(found[0]) if len(found) else None

    def suggested_among(self, asked: Collection[Cell]) -> Iterator[tuple[Cell, str | None]]:
        """Yield those of some cells that are asked about, with what is suggested for each."""
        texts = list(self.texts)
        rows = np.fromiter({cell.row_id for cell in asked}, dtype=np.int64)
        for place in np.flatnonzero(np.isin(self.row_id, rows)).tolist():
            cell = Cell(int(self.row_id[place]), self.names[int(self.column[place])])
            if cell in asked:
                yield cell, texts[int(self.suggested[place])]

    def others_of(self, cell: Cell) -> tuple[int, ...]:
        """Return the rows that repeat the one of an item; nothing where the items are no such.

        Raises
        ------
        Conflict
            When no rows repeat this one.
        """
        if self.asks.item_type is not ItemType.REPEATS:
            return ()
        place = self.position_of(cell)
        if place is None:
            raise Conflict("No row repeats this one in this run.", "Choose one from the list.")
        return tuple(self.others_at(place).tolist())

    def others_at(self, place: int) -> IntArray:
        """Return the rows that repeat the one at a place; empty where the items are no such."""
        if not len(self.starts):
            return _NO_ROWS
        return self.others[self.starts[place] : self.starts[place + 1]]


NOTHING = CellOrder(_NO_ROWS, _NO_ROWS, (), _NO_ROWS, {})


def of_rows(rows: RowScores, asks: Asks) -> CellOrder:
    """Return the flagged rows of a check, each an item."""
    zeros = np.zeros(len(rows.row_id), dtype=np.int64)
    return CellOrder(rows.row_id, zeros, (asks.item_type.place,), zeros, {None: 0}, asks)


def of_repeats(rows: RowScores, asks: Asks) -> CellOrder:
    """Return the sets of rows that repeat one another, the largest first."""
    if rows.group is None:
        return NOTHING
    arranged = np.lexsort((rows.row_id, rows.group))
    firsts, begin, sizes = np.unique(rows.group[arranged], return_index=True, return_counts=True)
    order = np.lexsort((firsts, -sizes))
    pieces = [arranged[begin[i] : begin[i] + sizes[i]] for i in order.tolist()]
    counts, suggested = np.unique(sizes[order], return_inverse=True)
    return CellOrder(
        row_id=firsts[order].astype(np.int64),
        column=np.zeros(len(order), dtype=np.int64),
        names=(asks.item_type.place,),
        suggested=suggested.astype(np.int64),
        texts={f"{n + 1} equal rows": place for place, n in enumerate(counts.tolist())},
        asks=asks,
        others=rows.row_id[np.concatenate([np.empty(0, np.int64), *pieces])],
        starts=np.concatenate([[0], np.cumsum(sizes[order])]).astype(np.int64),
    )
