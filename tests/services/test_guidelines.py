"""Guidelines for the labels: written by the owner, kept with their history, carried on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from components.core.errors import Conflict, UnusableInput
from components.core.judgement.review import Action
from components.core.people.person import Identity, Person
from components.services import workspace
from components.services.data import audit_trail, remove
from components.services.export.publish import publish_here
from components.services.review import review
from components.services.team import guidelines
from components.store.tables import DatasetRow

pytestmark = pytest.mark.both_databases

TEXT = "A **cat** purrs.\n\n![](//host/x.png) <b>:red[x]</b> = 1 + 1 \u4e2d \u0000"


def quiet(_share, _words):
    """Say nothing."""


@pytest.fixture
def info(labelled):
    return labelled()[0]


def write(ws, info, text, seen=0, reviewer="Ann"):
    return guidelines.write(ws, info.version.id, text, seen=seen, reviewer=reviewer)


def test_every_version_is_kept_and_the_newest_holds(ws, info):
    assert guidelines.newest(ws, info.version.id) is None
    first = write(ws, info, f"  {TEXT}\r\n\n")
    assert first.text == TEXT
    second = write(ws, info, "A cat meows.", seen=first.id, reviewer="Bob")
    assert guidelines.newest(ws, info.version.id) == second
    assert guidelines.versions(ws, info.version.id) == (second, first)
    assert write(ws, info, "A cat meows. ", seen=second.id) == second, "nothing is new"
    events = [e for e in workspace.history(ws) if e.action == "guidelines.written"]
    assert [(e.actor, e.detail["n_characters"]) for e in events] == [
        ("Bob", 12),
        ("Ann", len(TEXT)),
    ]
    assert events[0].detail["identity"] == "typed"
    taken = write(ws, info, "", seen=second.id)
    assert guidelines.newest(ws, info.version.id) == taken
    assert audit_trail.verify(ws).problem == ""


def test_the_later_of_two_writers_is_told(ws, info):
    first = write(ws, info, "A cat purrs.", reviewer="Bob")
    with pytest.raises(Conflict, match="Bob has written them meanwhile"):
        write(ws, info, "A cat meows.", seen=0)
    assert guidelines.newest(ws, info.version.id) == first


def test_only_the_owner_writes_and_not_without_end(ws, info):
    with ws.db.write() as session:
        session.get_one(DatasetRow, info.version.id).owner = "Eve"
    with pytest.raises(Conflict, match="only Eve can write its guidelines"):
        write(ws, info, "x", reviewer=Person("Bob", Identity.HEADER))
    with pytest.raises(UnusableInput, match="longer than 20,000"):
        write(ws, info, "x" * 20_001, reviewer=Person("Eve", Identity.HEADER))
    assert write(ws, info, "x" * 20_000, reviewer=Person("Eve", Identity.HEADER)).author == "Eve"


def test_they_go_on_with_the_next_version(ws, labelled):
    info, run_id = labelled()
    made = write(ws, info, TEXT)
    queue = review.queue(ws, run_id)
    review.decide(ws, queue, queue.cell_at(0), Action.EXCLUDE, reviewer="Ann")
    new = publish_here(ws, info.version.id, "Ann", quiet)
    there = guidelines.newest(ws, new.version.id)
    assert (there.text, there.author, there.at) == (made.text, made.author, made.at)
    assert audit_trail.verify(ws).problem == ""


def test_the_database_changes_none_and_the_history_notices_what_it_could_not_refuse(ws, info):
    made = write(ws, info, TEXT)
    for statement in ("UPDATE guidelines SET text = 'x'", "DELETE FROM guidelines"):
        with pytest.raises(sa.exc.IntegrityError, match="guidelines"), ws.db.write() as session:
            session.execute(sa.text(statement))
    with ws.db.write() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        drop = "DROP TRIGGER guidelines_keep" + ("" if sqlite else " ON guidelines")
        session.execute(sa.text(drop))
        session.execute(sa.text("UPDATE guidelines SET text = 'x'"))
    assert f"The guideline {made.id} is not what event" in audit_trail.verify(ws).problem


def test_they_go_with_their_table(ws, info):
    write(ws, info, TEXT)
    remove.remove(ws, info.version.id, actor="Ann")
    remove.end_grace(ws, at_once=True)
    assert guidelines.versions(ws, info.version.id) == ()
    assert audit_trail.verify(ws).problem == ""
