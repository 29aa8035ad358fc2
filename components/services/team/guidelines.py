"""What the labels of a table mean and how to decide: written by its owner, with its history."""

from __future__ import annotations

from components.core.errors import Conflict, UnusableInput
from components.core.people.guidelines import Guidelines
from components.core.people.person import Person
from components.services.data import datasets
from components.services.people import rights
from components.services.people.names import person_of
from components.services.workspace import Workspace, now
from components.store.review import guidelines as table

MOST = 20_000
"""Characters of guidelines."""


def newest(ws: Workspace, dataset_id: str) -> Guidelines | None:
    """Return the guidelines that hold; None where nobody wrote any."""
    with ws.db.read() as session:
        return table.newest(session, dataset_id)


def versions(ws: Workspace, dataset_id: str) -> tuple[Guidelines, ...]:
    """Return every version of the guidelines, the newest first."""
    with ws.db.read() as session:
        return table.of_dataset(session, dataset_id)[::-1]


def write(
    ws: Workspace, dataset_id: str, text: str, *, seen: int, reviewer: str | Person
) -> Guidelines | None:
    """Write the guidelines anew; the versions before stay on record.

    Parameters
    ----------
    text
        Plain text; nothing in it is carried out. "" takes them away.
    seen
        Id of the version that stood on the screen, 0 for none.

    Raises
    ------
    UnusableInput
        When it is too long.
    Conflict
        When somebody has written them meanwhile, or the table belongs to somebody else.
    """
    person, kept = person_of(reviewer), text.replace("\r\n", "\n").strip()
    rights.refuse_others(datasets.get(ws, dataset_id).version, person, "write its guidelines")
    if len(kept) > MOST:
        raise UnusableInput(f"The guidelines are longer than {MOST:,} characters.", "Shorten them.")
    with ws.db.write() as session:
        before = table.newest(session, dataset_id)
        if (0 if before is None else before.id) != seen:
            by = "somebody" if before is None else before.author
            raise Conflict(
                f"The guidelines were not kept: {by} has written them meanwhile.",
                "Copy your text, look at theirs, and write yours into it.",
            )
        if kept == ("" if before is None else before.text):
            return before
        made = Guidelines(dataset_id=dataset_id, text=kept, author=person.name, at=now())
        made = table.add(session, made)
        told = {
            "guideline_id": made.id,
            "n_characters": len(kept),
            "content": table.fingerprint(made),
            "identity": person.identity.value,
        }
        ws.record(session, person.name, "guidelines.written", dataset_id, told)
    return made
