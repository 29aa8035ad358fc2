"""The groups of people that the items of a queue belong to, by each sensitive column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from components.checks._lib.groups.attributes import attributes
from components.services.explore.slices import table_of
from components.services.review.items.orders import CellOrder, IntArray
from components.services.runs import runs
from components.services.workspace import Workspace

NO_GROUP = -1


@dataclass(frozen=True, slots=True, eq=False)
class GroupsOfPeople:
    """One sensitive column, in groups: its values, or bands of its numbers, largest first.

    Attributes
    ----------
    names
        One per group.
    n_rows
        Rows of the table in each group.
    of_item
        The place of the group of each item of a queue, ``NO_GROUP`` for none; shape (n_items,).
    """

    column: str
    names: tuple[str, ...]
    n_rows: tuple[int, ...]
    of_item: IntArray

    def counted(self, places: IntArray) -> list[int]:
        """Return how many of some items are in each group; an item is one cell of a row."""
        there = self.of_item[places]
        counts = np.bincount(there[there != NO_GROUP], minlength=len(self.names))
        return [int(n) for n in counts]


@lru_cache(maxsize=8)
def groups_of_people(ws: Workspace, run_id: str, order: CellOrder) -> tuple[GroupsOfPeople, ...]:
    """Return the groups of the items of a queue; they never change, as tables and results do not.

    They are those of the checks of bias: at most 50 values of a column, numbers in bands.
    """
    profile = runs.profile(ws, run_id)
    if profile is None:
        return ()
    found = []
    with table_of(ws, run_id) as table:
        for attribute in attributes(table, profile)[0]:
            of_item = np.full(len(order.row_id), NO_GROUP, dtype=np.int64)
            for place, group in enumerate(attribute.groups):
                of_item[np.isin(order.row_id, table.row_ids(group.where))] = place
            found.append(
                GroupsOfPeople(
                    column=attribute.name,
                    names=tuple(group.name for group in attribute.groups),
                    n_rows=tuple(group.n for group in attribute.groups),
                    of_item=of_item,
                )
            )
    return tuple(found)
