"""Files that belong together: the same bytes again, or the next state of the same table."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.data.dataset import Column
from components.services.data.datasets import DatasetInfo
from components.services.upload.uploads import CARRIED, info_of
from components.services.workspace import Workspace
from components.store import datasets as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What a table is a new version of.

    Attributes
    ----------
    n_roles
        How many columns got their role from a person's choice for an earlier version.
    """

    info: DatasetInfo
    n_roles: int


def former(ws: Workspace, info: DatasetInfo) -> Former | None:
    """Return the table with the same header that came before, None where there is none.

    A corrected file that Preflight made has a parent, and is no version in this sense.
    """
    if info.version.parent is not None:
        return None
    with ws.db.read() as session:
        stored = table.former(session, info.version.id)
    if stored is None:
        return None
    carried = sum(_is_carried(column) for column in info.version.columns)
    return Former(info=info_of(ws, stored), n_roles=carried)


def _is_carried(column: Column) -> bool:
    return column.role_why.startswith(CARRIED)
