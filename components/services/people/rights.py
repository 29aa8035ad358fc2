"""What only the owner of a table may do: remove it, accept findings, sign, assign, set shares."""

from __future__ import annotations

from collections.abc import Callable

from components.core.data.dataset import DatasetVersion
from components.core.errors import Conflict
from components.core.people.person import Person


def refuse_others(version: DatasetVersion, person: Person, what: str, *, or_else: str = "") -> None:
    """Refuse somebody who does not own a table.

    Parameters
    ----------
    what
        What only the owner may do, as in “remove it”.
    or_else
        Who else can be asked.

    Raises
    ------
    Conflict
        When it belongs to somebody else.
    """
    if not person.owns(version.owner):
        raise Conflict(
            f"{version.name} belongs to {version.owner}: only {version.owner} can {what}.",
            f"Ask {version.owner}{f', or {or_else}' if or_else else ''}.",
        )


def is_only_owner(version_of: Callable[[], DatasetVersion], person: Person) -> bool:
    """Whether a table belongs to this person and nobody else.

    Parameters
    ----------
    version_of
        Gives the table; not asked where names are typed, for then it belongs to everybody.
    """
    return person.is_proven and version_of().owner == person.name
