"""What lets a page of one reviewer send decisions: a signed pass that outlives the server.

It names run, check and reviewer, how that is known, and when the page was drawn. It is signed with
a key of the workspace, so that a page which was open when the server ended goes on with the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from components.core.errors import UnusableInput
from components.core.people.person import Identity, Person
from components.services.people.names import person_of
from components.services.workspace import Workspace

GOOD_FOR = 7 * 86_400
"""Seconds after which a page must be loaded again."""

_PURPOSE = "review desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPass:
    """Who decides where.

    Attributes
    ----------
    since
        When the page was drawn: what was published later was not on it.
    """

    run_id: str
    check_id: str
    person: Person
    since: datetime


def issue(ws: Workspace, run_id: str, check_id: str, reviewer: str | Person) -> str:
    """Return a pass as text that can stand in an address.

    Raises
    ------
    UnusableInput
        When the reviewer has no name.
    """
    person = person_of(reviewer)
    return _signer(ws).dumps([run_id, check_id, person.name, person.identity.value])


def redeem(ws: Workspace, text: str, *, known_by: Identity) -> DeskPass:
    """Return what a pass says.

    Parameters
    ----------
    known_by
        How it is known here who somebody is: a name that was typed before there was a login opens
        nothing any more.

    Raises
    ------
    UnusableInput
        When it was not made here, is too old, or tells a person who is known otherwise.
    """
    try:
        told, since = _signer(ws).loads(text, max_age=GOOD_FOR, return_timestamp=True)
    except SignatureExpired as error:
        raise UnusableInput(
            "This page was opened more than a week ago.", "Load it again; nothing is lost."
        ) from error
    except BadSignature as error:
        raise UnusableInput("This page may not decide here.", "Load it again.") from error
    run_id, check_id, name, *known = told
    person = Person(name, Identity(*known) if known else Identity.TYPED)
    if person.identity is not known_by:
        raise UnusableInput("It is known otherwise by now who you are.", "Load the page again.")
    return DeskPass(run_id=run_id, check_id=check_id, person=person, since=since)


def _signer(ws: Workspace) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(ws.files.secret(), salt=_PURPOSE)
