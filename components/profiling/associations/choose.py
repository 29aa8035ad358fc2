"""Which columns are compared, on which rows, and why others are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.core.data.dataset import Column, Kind, Role
from components.core.data.table import IntArray
from components.core.facts.profile import ColumnProfile, DatasetProfile
from components.engine.table.open_table import SqlTable
from components.profiling.associations.compare import Work
from components.profiling.pair_measures.codes import MAX_ROWS, Prepared, too_many

MAX_COLUMNS = 200
"""Columns of which all pairs are compared: 19,900 pairs, some 10 seconds at 100,000 rows. A
heat-map of more cannot be read."""

MAX_GAP_COLUMNS = 100
"""Columns with gaps whose gaps are compared, those with the most gaps first."""

_NOT_COMPARED = {
    Kind.IDENTIFIER: "It is an identifier: its values stand for rows.",
    Kind.TEXT: "It is free text.",
    Kind.LIST: "Its cells hold several things each.",
    Kind.LINK: "Its cells say where something else is.",
    Kind.CONSTANT: "It has one value only.",
    Kind.EMPTY: "It has no values.",
}


_ROLES_LEFT_OUT = {
    Role.IGNORE: "Its role is “ignore”.",
    Role.PREDICTED: "It holds predicted probabilities.",
    Role.EMBEDDING: "It is one number of an embedding.",
    Role.ID: _NOT_COMPARED[Kind.IDENTIFIER],
}


def eligible(table: SqlTable, facts: DatasetProfile) -> tuple[list[Column], dict[str, str]]:
    """Return the columns worth reading, and why each other one is left out.

    The label comes first, then sensitive attributes, then the columns with the fewest gaps.
    """
    known = {column.name: column for column in facts.columns}
    usable: list[Column] = []
    left_out: dict[str, str] = {}
    for column in table.version.columns:
        reason = _reason(column, known[column.name])
        if reason:
            left_out[column.name] = reason
        else:
            usable.append(column)
    order = {Role.LABEL: 0, Role.SENSITIVE: 1}
    usable.sort(key=lambda c: (order.get(c.role, 2), known[c.name].n_missing))
    return usable, left_out


def _reason(column: Column, facts: ColumnProfile) -> str:
    if column.kind in _NOT_COMPARED:
        return _NOT_COMPARED[column.kind]
    if column.role in _ROLES_LEFT_OUT:
        return _ROLES_LEFT_OUT[column.role]
    if column.kind is Kind.CATEGORY:
        return too_many(facts.n_distinct, facts.n - facts.n_missing)
    return ""


def draw(table: SqlTable, seed: int) -> IntArray | None:
    """Return the rows to use, ascending; None for all of them."""
    if table.version.n_rows <= MAX_ROWS:
        return None
    return table.draw(MAX_ROWS, seed=seed)


def with_gaps(table: SqlTable, facts: DatasetProfile) -> list[Column]:
    """Return the columns with gaps that are compared for them, in file order."""
    some = [c for c in facts.columns if 0 < c.n_missing < c.n]
    most = sorted(some, key=lambda c: -c.n_missing)[:MAX_GAP_COLUMNS]
    names = {c.name for c in most}
    return [c for c in table.version.columns if c.name in names]


def repeated(facts: DatasetProfile) -> frozenset[str]:
    """Return the columns whose values occur twice or more on average."""
    return frozenset(c.name for c in facts.columns if 2 * c.n_distinct <= c.n - c.n_missing)


def nearest(ready: Sequence[Prepared], to_label: Mapping[str, float], label: str) -> list[Prepared]:
    """Return the columns of which all pairs are compared, those that matter most.

    The label first, then those that go together with it most; ties keep their order.
    """
    ranked = sorted(ready, key=lambda c: (c.name != label, -to_label.get(c.name, 0.0)))
    return ranked[:MAX_COLUMNS]


def not_all_pairs(usable: Sequence[Column], work: Work) -> dict[str, str]:
    """Return the reason of each column that was read, but not compared with all others."""
    compared = {column.name for column in work.columns}
    known = work.left_out.keys() | compared
    what = f"Of more than {MAX_COLUMNS} columns, all pairs are computed of"
    if work.label is None:
        reason = f"{what} the {MAX_COLUMNS} with the fewest gaps."
    else:
        reason = f"It is compared with the label only. {what} the {MAX_COLUMNS} nearest to it."
    return {column.name: reason for column in usable if column.name not in known}
