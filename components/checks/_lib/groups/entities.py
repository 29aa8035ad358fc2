"""Rows that are not independent: the persons, devices or customers they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from components.checks._lib import ask
from components.checks._lib.column_scores.repeated_values import repeats
from components.core.data.dataset import Column, Kind, Role, Storage
from components.core.data.query import Agg, Fn, Missing, Not
from components.core.data.table import Table
from components.core.facts.profile import DatasetProfile


def entity_of(
    table: Table, profile: DatasetProfile, attributes: Sequence[str], label: str
) -> tuple[str, bool] | None:
    """Return the column of the entities that rows repeat, and whether a person named it.

    Without a column with the role “entity” or “id” that repeats, a column counts whose values
    repeat, each seldom, and determine the label and every one of the ``attributes``: by chance
    repeated values do not agree in all of them.
    """
    for column in table.version.with_roles(Role.ENTITY, Role.ID):
        if _repeats(table, profile, column):
            return column.name, True
    known = {label, *attributes}
    for column in table.version.columns:
        fits = column.storage in {Storage.TEXT, Storage.INTEGER} and column.name not in known
        if fits and _repeats(table, profile, column) and _determines(table, column.name, known):
            return column.name, False
    return None


def _repeats(table: Table, profile: DatasetProfile, column: Column) -> bool:
    if column.kind in {Kind.EMPTY, Kind.CONSTANT}:
        return False
    n_different, n = profile.column(column.name).n_distinct, table.version.n_rows
    if not repeats(n_different, n, 1):
        return False
    present = Not(Missing(column.name))
    most = table.groups([column.name], {"n": Agg(Fn.ROWS)}, where=present, order_by="n", limit=1)
    return repeats(n_different, n, ask.whole(most[0]["n"]))


def _determines(table: Table, name: str, others: set[str]) -> bool:
    return all(_is_one_each(table, name, other) for other in sorted(others))


def _is_one_each(table: Table, name: str, other: str) -> bool:
    measure = {"n": Agg(Fn.DISTINCT, other)}
    most = table.groups([name], measure, where=Not(Missing(name)), order_by="n", limit=1)
    return bool(most) and ask.whole(most[0]["n"]) <= 1
