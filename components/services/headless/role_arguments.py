"""Roles by name, as the command line gives them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from components.core.data.dataset import Column, DatasetVersion, Kind, Role, Storage
from components.core.errors import UnusableInput

SHOWN = 20
"""Column names that an error lists at most."""

_STORED = {Storage.INTEGER: Kind.INTEGER, Storage.NUMBER: Kind.NUMBER}


def assign(
    version: DatasetVersion,
    wanted: Mapping[Role, Sequence[str]],
    *,
    none: Sequence[Role] = (),
) -> dict[str, tuple[Kind, Role]]:
    """Return what to change so that exactly the columns named have the roles named.

    A role that is given replaces the guesses for that role: these columns become features. Roles
    that are not given stay as they were guessed. A column that is named a feature loses whatever
    role was guessed for it; the other features stay.

    Parameters
    ----------
    none
        Roles that no column has, whatever was guessed.

    Raises
    ------
    UnusableInput
        When a column is not there, or is given two roles.
    """
    chosen: dict[str, Role] = {}
    for role, names in wanted.items():
        for name in names:
            known = _known(version, name)
            if chosen.get(known, role) is not role:
                raise UnusableInput(
                    f"The column “{known}” is given two roles: {chosen[known].value} and "
                    f"{role.value}.",
                    "Give it one.",
                )
            chosen[known] = role
    given = {role for role, names in wanted.items() if names} | set(none)
    changes: dict[str, tuple[Kind, Role]] = {}
    for column in version.columns:
        fallback = Role.FEATURE if column.role in given else column.role
        role = chosen.get(column.name, fallback)
        kind = _read_kind(column) if chosen.get(column.name) is Role.FEATURE else column.kind
        if (kind, role) != (column.kind, column.role):
            changes[column.name] = (kind, role)
    return changes


def _read_kind(column: Column) -> Kind:
    """Return the kind under which models read a column; as an identifier they never do."""
    if column.kind is not Kind.IDENTIFIER:
        return column.kind
    return _STORED.get(column.storage, Kind.CATEGORY)


def split_names(version: DatasetVersion, texts: Sequence[str]) -> list[str]:
    """Return the names in comma-separated lists; a name that holds a comma is taken whole."""
    names = {c.name for c in version.columns}
    found: list[str] = []
    for text in texts:
        parts = [text] if text in names else text.split(",")
        found += [part.strip() if part.strip() in names else part for part in parts if part.strip()]
    return found


def names_like(version: DatasetVersion, affixes: Sequence[str]) -> list[str]:
    """Return the numeric columns whose names begin with an affix, or where none does, end with it.

    Raises
    ------
    UnusableInput
        When fewer than two do: probabilities stand in one column per class.
    """
    names = [c.name for c in version.columns if c.storage in _STORED]
    found: list[str] = []
    for affix in affixes:
        like = [n for n in names if n.startswith(affix) and n != affix]
        like = like or [n for n in names if n.endswith(affix) and n != affix]
        if not affix or len(like) < 2:  # noqa: PLR2004 - one per class
            raise UnusableInput(
                f"{len(like) if affix else 0} columns of numbers begin or end with “{affix}”: "
                "predicted probabilities stand in one column for each class.",
                f"Columns of numbers are: {_listed(names) or 'none'}.",
            )
        found += like
    return found


def _known(version: DatasetVersion, name: str) -> str:
    names = [c.name for c in version.columns]
    if name in names:
        return name
    close = " or ".join(f"“{near}”" for near in _near(name, names))
    meant = f"Did you mean {close}?" if close else f"Its columns are: {_listed(names)}."
    raise UnusableInput(f"There is no column “{name}” in {version.name}.", meant)


def _near(name: str, names: Sequence[str]) -> list[str]:
    """Return up to three names that look like ``name``, whatever the case."""
    folded = {n.casefold(): n for n in reversed(names)}
    found = difflib.get_close_matches(name.casefold(), folded, n=3)
    if not found:
        found = [key for key in folded if len(name) > 1 and name.casefold() in key][:3]
    return [folded[key] for key in found]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown}, and {len(names) - SHOWN:,} more" if len(names) > SHOWN else shown
