"""The names of those who review."""

from __future__ import annotations

import unicodedata

from components.core.errors import UnusableInput
from components.core.people.person import Person
from components.services.workspace import Workspace, now
from components.store import audit

MAX_NAME = 100
"""Characters of a name."""


def remember(ws: Workspace, name: str) -> str:
    """Remember the name of a reviewer, and return it in the spelling in which it is kept.

    Raises
    ------
    UnusableInput
        When it is empty or too long.
    """
    kept = valid_name(name)
    with ws.db.write() as session:
        audit.remember(session, kept, now())
    return kept


def reviewers(ws: Workspace) -> tuple[str, ...]:
    """Return the names of those who have reviewed here, the last one seen first."""
    with ws.db.read() as session:
        return audit.reviewers(session)


def valid_name(name: str) -> str:
    """Return the name of a reviewer in one spelling: NFKC, no signs that cannot be seen.

    Two names that look alike are one: full-width letters and ligatures are plain letters, and
    superfluous spaces and characters of format and control (Unicode ``C*``) are left out.

    Raises
    ------
    UnusableInput
        When it is empty or too long.
    """
    plain = unicodedata.normalize("NFKC", name)
    seen = (c for c in plain if c.isspace() or not unicodedata.category(c).startswith("C"))
    kept = " ".join(unicodedata.normalize("NFKC", "".join(seen)).split())
    if not kept:
        raise UnusableInput("A decision needs the name of who decides.", "Enter your name.")
    if len(kept) > MAX_NAME:
        raise UnusableInput(f"The name is longer than {MAX_NAME} characters.", "Shorten it.")
    return kept


def person_of(said: str | Person) -> Person:
    """Return a person with the name in the spelling in which it is kept.

    Parameters
    ----------
    said
        A name that was typed, or somebody whose identity is known otherwise.

    Raises
    ------
    UnusableInput
        When there is no name, or it is too long.
    """
    if isinstance(said, Person):
        return Person(valid_name(said.name), said.identity)
    return Person(valid_name(said))
