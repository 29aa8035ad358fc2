"""The chain of events: what it refuses, and what it finds when it could not refuse."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from components.core.judgement.answers import Acceptance
from components.core.judgement.findings import Severity
from components.core.judgement.review import Action
from components.store import audit, datasets
from components.store.chain import hashes
from components.store.chain.verify import verify
from components.store.db import Database
from components.store.review import acceptances, decision_rows, decisions
from components.store.tables import AuditRow, DecisionRow
from tests.store.test_repositories import NOW, decision

pytestmark = pytest.mark.both_databases

ID, NEXT = "0123456789", "next"


def event(action: str, dataset_id: str | None = ID, at: datetime = NOW, **detail) -> audit.Event:
    return audit.Event(at=at, actor="Ann", action=action, dataset_id=dataset_id, detail=detail)


def decide(session, row_id: int, at: datetime = NOW, **changes):
    made = decisions.add(session, decision(row_id, at=at, **changes))
    detail = {"decision_id": made.id, "content": decision_rows.fingerprint(made)}
    audit.record(session, event("decision.made", made.dataset_id, at, **detail))
    return made


def accept(session, finding: str) -> Acceptance:
    made = acceptances.add(
        session,
        Acceptance(
            dataset_id=ID, finding_id=finding, title="t", severity=Severity.WARNING, reason="fine",
            reviewer="Ann", at=NOW,
        ),
    )  # fmt: skip
    detail = {"acceptance_id": made.id, "content": acceptances.fingerprint(made)}
    audit.record(session, event("finding.accepted", **detail))
    return made


@pytest.fixture
def kept(db_with_dataset: Database, stored) -> Database:
    """A database with decisions made, taken back and carried over, and accepted findings."""
    version = replace(stored.version, id=NEXT, sha256="b" * 64)
    with db_with_dataset.write() as session:
        audit.record(session, event("dataset.added", name="döö\u0000\ud800 t.csv"))
        first = decide(session, 1)
        decide(session, 2, note="why", action=Action.KEEP, new="cat")
        decide(session, 3, action=Action.EXCLUDE, answered=("a", None))
        decisions.mark_undone(session, first.id)
        audit.record(session, event("decision.undone", decision_id=first.id))
        accept(session, "a:b")
        accept(session, "a:c")
        taken = acceptances.withdraw(session, ID, "a:c")
        ids = [a.id for a in taken]
        audit.record(session, event("finding.acceptance_undone", acceptance_ids=ids))
        datasets.save(session, replace(stored, version=version))
        audit.record(session, event("dataset.added", NEXT))
        there = [
            replace(d, id=0, dataset_id=NEXT, carried_from=d.id)
            for d in decisions.standing(session, ID)
        ]
        assert decisions.add_carried(session, there) == 2
        found = acceptances.standing(session, ID).values()
        assert acceptances.add_carried(session, NEXT, found) == 1
    return db_with_dataset


def problem(database: Database, **said) -> str:
    with database.read() as session:
        return verify(session, **said).problem


class TakenBack(Exception):
    """Ends a transaction without keeping it."""


def behind_the_back(session: Session, *statements: str) -> None:
    """Change rows as somebody does who has the file, or all rights on the server."""
    if session.get_bind().dialect.name == "sqlite":
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for table in ("audit_events", "decisions", "accepted_findings"):
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for statement in statements:
        session.execute(sa.text(statement))


def test_what_was_kept_verifies(kept: Database):
    with kept.read() as session:
        found = verify(session)
        events = audit.events(session)
    assert (found.problem, found.n_decisions, found.n_acceptances) == ("", 5, 3)
    assert (found.n_events, found.last_hash) == (len(events), events[0].hash)
    assert [e.number for e in events] == list(range(len(events), 0, -1))
    assert events[0].action == "acceptances.carried"
    assert problem(kept, contains=events[3].hash) == ""
    assert "No event has the hash ab" in problem(kept, contains="ab")


def test_an_empty_history_verifies(db: Database):
    with db.read() as session:
        found = verify(session)
    assert (found.problem, found.n_events, found.last_at) == ("", 0, None)


def test_hashes_are_what_they_were():
    """What was written with them would not fit any more."""
    values = {
        "id": 1, "at": NOW, "actor": "Änn", "action": "x", "dataset_id": None,
        "detail": {"b": [1, 2.5, None], "a": "ü\0"},
    }  # fmt: skip
    assert hashes.of_event(hashes.BEGINNING, values) == (
        "7f1d31993f7f6ff143441cc76eaaecd4d4155118688a55e0c6c26a24f27b6819"
    )
    made = decision(7, id=3, answered=("x", None), seconds=1.25, press="p1")
    assert decision_rows.fingerprint(made) == (
        "269a7e1f6b3c74b6307719fe7b34c89207e320d7223078a746bc80c3269c2aa6"
    )
    assert decision_rows.fingerprint(replace(made, undone=True)) == decision_rows.fingerprint(made)


CHANGES = [
    ("UPDATE audit_events SET actor = 'Bob' WHERE id = 3", "Event 3 .* was changed"),
    ("UPDATE audit_events SET at = '2025-03-04T05:06:07.000088+00:00' WHERE id = 2", "Event 2"),
    ("UPDATE audit_events SET detail = '{}' WHERE id = 1", "Event 1 .* was changed"),
    ("DELETE FROM audit_events WHERE id = 1", "Event 2 .* does not go on"),
    ("DELETE FROM audit_events WHERE id = 4", "Event 5 .* does not go on"),
    ("DELETE FROM audit_events WHERE id = 11", "acceptance 3, dated .* has no event"),
    ("UPDATE audit_events SET id = 99 WHERE id = 11", "Event 99 .* was changed"),
    ("UPDATE decisions SET new = 'x' WHERE id = 3", "decision 3 is not what event 4 tells"),
    ("UPDATE decisions SET reviewer = 'Bob' WHERE id = 2", "decision 2 is not what event 3"),
    ("UPDATE decisions SET note = 'x' WHERE id = 2", "decision 2 is not what event 3"),
    ("UPDATE decisions SET answered = NULL WHERE id = 3", "decision 3 is not"),
    ("UPDATE decisions SET undone = true WHERE id = 2", "decision 2 was not taken back"),
    ("UPDATE decisions SET undone = false WHERE id = 1", "decision 1 was taken back"),
    ("UPDATE decisions SET new = 'x' WHERE id = 5", "decisions 4 to 5 are not those"),
    ("DELETE FROM accepted_findings WHERE id = 1", "acceptance 1, made in event .* missing"),
    ("DELETE FROM accepted_findings WHERE id = 3", "acceptances of event 11 are missing"),
    ("UPDATE accepted_findings SET reason = 'x' WHERE id = 1", "acceptance 1 is not what"),
    ("UPDATE accepted_findings SET withdrawn = false WHERE id = 2", "acceptance 2 was taken"),
    ("UPDATE standing_decisions SET action = 'keep' WHERE row_id = 3", "not decision"),
    ("UPDATE standing_decisions SET decision_id = 1 WHERE decision_id = 2", "row id 2 is not"),
    ("DELETE FROM standing_decisions WHERE decision_id = 2", "decision 2 counts for no cell"),
]  # fmt: skip
"""What somebody changes, and what is said of it."""


def test_what_is_changed_behind_the_back_is_found(kept: Database):
    """Each change is taken back again, so that the next one is the only one."""
    for statement, words in CHANGES:
        found = ""
        with suppress(TakenBack), kept.write() as session:
            behind_the_back(session, statement)
            found = verify(session).problem
            raise TakenBack
        assert re.search(words, found), (statement, found)
    assert problem(kept) == ""


def test_all_that_does_not_fit_is_named(kept: Database):
    """Only the first of it was, so that nobody knew how much was changed."""
    with kept.write() as session:
        behind_the_back(
            session,
            "UPDATE audit_events SET actor = 'Bob' WHERE id = 3",
            "UPDATE decisions SET new = 'x' WHERE id = 1",
            "UPDATE decisions SET note = 'x' WHERE id = 3",
            "DELETE FROM standing_decisions WHERE decision_id = 2",
        )
        found = verify(session, contains="ab")
    told = "\n".join(found.problems)
    assert found.problem == found.problems[0]
    for words in (
        r"Event 3 \(decision.made, .*\) was changed",
        "No event has the hash ab",
        "The decision 1 is not what event 2 tells",
        "The decision 3 is not what event 4 tells",
        "The decision 2 counts for no cell",
    ):
        assert re.search(words, told), (words, told)
    assert found.n_problems == len(found.problems)


def test_of_many_misfits_twenty_are_named_and_all_are_counted(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        for row_id in range(30):
            decide(session, row_id)
        behind_the_back(session, "UPDATE decisions SET note = 'x'")
        found = verify(session)
    assert (len(found.problems), found.n_problems) == (20, 30)


def test_a_decision_that_is_gone_or_put_in_is_found(kept: Database):
    with kept.write() as session:
        behind_the_back(
            session,
            "DELETE FROM standing_decisions WHERE decision_id = 2",
            "DELETE FROM decisions WHERE id = 2",
        )
    assert problem(kept) == "The decision 2, made in event 3, is missing."


def test_a_decision_that_was_never_told_is_found(kept: Database):
    with kept.write() as session:
        decisions.add(session, decision(9))
    assert re.search(r"decision 6, dated .* has no event", problem(kept))


OLD = datetime(2025, 1, 1, tzinfo=UTC)
DECISION = {
    "id": 99, "dataset_id": ID, "row_id": 9, "column_name": "label", "check_id": "a.b",
    "action": "keep", "given": "a", "new": "a", "reviewer": "Ann", "note": "",
    "undone": False,
}  # fmt: skip
EVENT = {
    "id": 12, "actor": "Ann", "action": "x", "detail": {},
    "hash": "f" * 64,
}  # fmt: skip


PUT_IN = [
    (DecisionRow, {"id": 2}, "replaced|after all"),
    (DecisionRow, {"id": -1}, "after all"),
    (DecisionRow, {"at": OLD}, "dated back"),
    (DecisionRow, {"at": OLD, "carried_from": 1}, "with its time and person"),
    (DecisionRow, {"reviewer": "Bob", "carried_from": 1}, "with its time and person"),
    (AuditRow, {"id": 3}, "after all"),
    (AuditRow, {"previous": "0" * 64}, "from the hash of the one before"),
    (AuditRow, {"hash": ""}, "from the hash of the one before"),
    (AuditRow, {"at": OLD}, "dated back"),
]
"""A table, what is odd about the row, and what is said of it."""


def test_nothing_is_put_in_between(kept: Database):
    with kept.read() as session:
        last = audit.events(session, limit=1)[0].hash
        verbs = ["", "OR REPLACE"] if session.get_bind().dialect.name == "sqlite" else [""]
    for table, values, words in PUT_IN:
        made = {**(DECISION if table is DecisionRow else EVENT | {"previous": last}), **values}
        for verb in verbs:
            statement = sa.insert(table).prefix_with(verb).values({"at": datetime.now(UTC), **made})
            with pytest.raises(sa.exc.IntegrityError, match=words), kept.write() as session:
                session.execute(statement)
    assert problem(kept) == ""


def test_what_is_put_in_with_a_hash_of_its_own_is_found(kept: Database):
    with kept.write() as session:
        last = audit.events(session, limit=1)[0].hash
        made = {**EVENT, "at": datetime.now(UTC), "previous": last}
        session.execute(sa.insert(AuditRow).values(made))
    assert re.search("Event 12 .* was changed", problem(kept))


def test_a_press_is_not_replaced(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        decide(session, 1, press="p1")
    with pytest.raises(sa.exc.IntegrityError), db_with_dataset.write() as session:
        decisions.add(session, decision(2, press="p1"))
    assert problem(db_with_dataset) == ""


def test_a_clock_that_was_set_back_stops_nobody(db_with_dataset: Database):
    later = NOW + timedelta(days=2)
    with db_with_dataset.write() as session:
        audit.record(session, event("x", at=later))
        near = decide(session, 1, at=later - timedelta(minutes=4))
        far = decide(session, 2, at=NOW)
        accept(session, "a:b")
    assert (near.at, far.at) == (later - timedelta(minutes=4), later - timedelta(minutes=4))
    with db_with_dataset.read() as session:
        events = audit.events(session)
        assert verify(session).problem == ""
    assert [e.detail.get("clock", "")[:10] for e in events] == ["2025-03-04", "2025-03-04", "", ""]
    assert min(e.at for e in events) == later - timedelta(minutes=4)


def test_tables_that_were_deleted_for_good_leave_a_history_that_verifies(kept: Database):
    with kept.write() as session:
        datasets.mark_removed(session, ID, NOW)
        datasets.delete_all_of(session, ID, NOW)
        audit.record(session, event("dataset.deleted"))
    assert problem(kept) == ""
