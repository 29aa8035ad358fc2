"""Who the visitor is, and how that is known."""

from __future__ import annotations

from components.core.people.person import Person
from components.views import session


def person() -> Person:
    """Return who the visitor is; the name is "" where nobody has said."""
    return Person(session.session().reviewer)
