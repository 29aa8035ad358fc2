"""The group of each row by each sensitive column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.checks._lib.groups.attributes import Attribute, attributes
from components.core.data.table import IntArray, Table
from components.core.judgement.checks import RunContext

NO_GROUP = -1


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """One sensitive column: its groups, and the group of each row.

    Attributes
    ----------
    of_row
        Place of the group of each row of the table, ``NO_GROUP`` for none; shape (n_rows,).
    """

    attribute: Attribute
    of_row: IntArray

    def counted(self, row_id: IntArray) -> IntArray:
        """Return how many of some rows are in each group, shape (n_groups,)."""
        there = self.of_row[row_id]
        return np.bincount(there[there != NO_GROUP], minlength=len(self.attribute.groups))


def people(table: Table, run: RunContext) -> tuple[People, ...]:
    """Return the groups of every sensitive column, as the checks of bias see them; once per run."""
    return run.shared("labels.people", lambda: _people(table, run))


def _people(table: Table, run: RunContext) -> tuple[People, ...]:
    found = []
    for attribute in attributes(table, run.profile)[0]:
        of_row = np.full(table.version.n_rows, NO_GROUP, dtype=np.int64)
        for place, group in enumerate(attribute.groups):
            of_row[table.row_ids(group.where)] = place
        found.append(People(attribute, of_row))
    return tuple(found)
