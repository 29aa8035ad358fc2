"""Who somebody is, how that is known, and what belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Identity(StrEnum):
    """How it is known who somebody is."""

    TYPED = "typed"
    """A name was typed; anybody can type any."""
    LOGIN = "login"
    """An identity provider says so."""
    HEADER = "header"
    """A proxy in front of the server says so."""
    TOOL = "tool"
    """A file of another tool says so; whoever brings it can write any name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who decides.

    Attributes
    ----------
    name
        In one spelling; "" where nobody has said.
    """

    name: str
    identity: Identity = Identity.TYPED

    @property
    def is_proven(self) -> bool:
        """Whether somebody else than the person vouches for the name."""
        return self.identity in {Identity.LOGIN, Identity.HEADER}

    def owns(self, owner: str) -> bool:
        """Whether what belongs to ``owner`` belongs to this person.

        Where names are only typed it belongs to everybody, and so does what belongs to nobody.
        """
        return not self.is_proven or not owner or owner == self.name
