"""Tables that belong together: a version and the former ones, told by rows that are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.core.data.carry_over import CarryOver
from components.core.data.dataset import Column
from components.intake.write.typed_table import CHOSEN
from components.reports.former_tables import FormerTable
from components.services.data.datasets import DatasetInfo
from components.services.data.samples import KNOWN
from components.services.upload.uploads import CARRIED, info_of
from components.services.workspace import Workspace
from components.store import datasets as table
from components.store.review import carry_overs


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A table that came before another one.

    Attributes
    ----------
    met
        Which rows were found again and what became of the decisions about them; None for a table
        that has the same columns, and nothing more is known.
    n_roles
        How many columns of the other one got their role from a person's choice for an earlier
        table.
    """

    info: DatasetInfo
    met: CarryOver | None
    n_roles: int


def formers(ws: Workspace, info: DatasetInfo) -> tuple[Former, ...]:
    """Return the tables of which this is a new version, that with most of its rows first.

    Those that were removed are left out.
    """
    n_roles = sum(_is_carried(column) for column in info.version.columns)
    with ws.db.read() as session:
        found = carry_overs.of_dataset(session, info.version.id)
        stored = [(met, table.get(session, met.former_id)) for met in found]
    return tuple(
        Former(info=info_of(ws, there), met=met, n_roles=n_roles)
        for met, there in stored
        if there is not None
    )


def worth_telling(ws: Workspace, info: DatasetInfo) -> tuple[FormerTable, ...]:
    """Return what is said of the tables of which this is a new version, the best match first.

    A further one is left out where it added nothing: its decisions are those of the first.
    """
    told: list[FormerTable] = []
    for found in formers(ws, info):
        table = as_table(found)
        if table is None:
            continue
        if not told:
            told.append(table)
        elif table.met.n_carried or table.met.n_differing:
            told.append(replace(table, is_further=True))
    return tuple(told)


def former(ws: Workspace, info: DatasetInfo) -> Former | None:
    """Return the table of which this is a new version, or the last one with the same header.

    A corrected file that Preflight made, of which nothing is known, has a parent and no former.
    """
    if found := formers(ws, info):
        return found[0]
    if info.version.parent is not None:
        return None
    with ws.db.read() as session:
        stored = table.former(session, info.version.id)
    if stored is None:
        return None
    n_roles = sum(_is_carried(column) for column in info.version.columns)
    return Former(info=info_of(ws, stored), met=None, n_roles=n_roles)


def as_table(former: Former) -> FormerTable | None:
    """Return what a report says of a former table; None where no row of it is known here."""
    if former.met is None:
        return None
    version = former.info.version
    return FormerTable(name=version.name, n_rows=version.n_rows, met=former.met)


def is_guessed(column: Column) -> bool:
    """Whether a column has its role by our guess, which nobody changed."""
    return not _is_carried(column) and column.role_why not in {"", CHOSEN, KNOWN}


def is_as_confirmed(column: Column, before: Former | None) -> bool:
    """Whether a person confirmed this role for a former table."""
    if before is None or not before.info.confirmed:
        return False
    return any(c.name == column.name and c.role is column.role for c in before.info.version.columns)


def _is_carried(column: Column) -> bool:
    return column.role_why.startswith(CARRIED)
