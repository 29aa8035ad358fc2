"""After all that people can do the history verifies, and tells each of it."""

from __future__ import annotations

import pytest

from components.core.errors import NotFound, UnusableInput
from components.core.judgement.review import Action, Cell
from components.services.data import audit_trail, remove
from components.services.export.publish import publish_here
from components.services.review import outcome, presses, review
from components.services.review.presses import Press
from tests.services.test_answers import decide, quiet, with_finding

pytestmark = pytest.mark.both_databases


def verified(ws) -> tuple[int, int]:
    found = audit_trail.verify(ws)
    assert found.problem == ""
    return found.n_decisions, found.n_acceptances


def test_all_that_people_do_is_told_and_verifies(ws, labelled, upload, pets):
    info, run_id = labelled()
    finding = with_finding(ws, run_id, [3, 6])
    assert verified(ws) == (0, 0)
    decide(ws, run_id, 3, Action.CHANGE, new="cat", reviewer="Ann", note="it purrs")
    decide(ws, run_id, 6, Action.UNSURE, reviewer="Bob")
    decide(ws, run_id, 6, Action.KEEP, reviewer="Ann")
    review.undo(ws, review.queue(ws, run_id), reviewer="Ann")
    outcome.accept(ws, run_id, finding.id, reason="fine", reviewer="Ann")
    outcome.take_back(ws, info.version.id, finding.id, reviewer="Bob")
    outcome.accept(ws, run_id, finding.id, reason="fine, really", reviewer="Ann")
    assert verified(ws) == (3, 2)
    made = publish_here(ws, info.version.id, "Ann", quiet)
    assert verified(ws) == (5, 3)
    upload(pets + "Ted,4.0,4,cat,new\n", "pets.csv")
    n_decisions, n_acceptances = verified(ws)
    assert (n_decisions > 5, n_acceptances > 3) == (True, True)
    remove.remove(ws, info.version.id, actor="Ann")
    assert verified(ws) == (n_decisions, n_acceptances)
    remove.restore(ws, info.version.id, actor="Ann")
    remove.remove(ws, info.version.id, actor="Ann")
    remove.end_grace(ws, at_once=True)
    assert verified(ws) == (n_decisions - 3, n_acceptances - 2)
    upload(pets + "Tod,4.2,4,cat,newer\n", "pets.csv")  # carried from what was carried
    assert verified(ws)[0] > n_decisions - 3
    told = {e.action for e in audit_trail.show(ws, table=info.version.id, limit=99)}
    assert told >= {
        "dataset.added",
        "columns.set",
        "run.started",
        "decision.made",
        "decision.undone",
        "finding.accepted",
        "finding.acceptance_undone",
        "dataset.published",
        "dataset.removed",
        "dataset.restored",
        "dataset.deleted",
    }
    told = [e.action for e in audit_trail.show(ws, table=made.version.id)]
    assert {"decisions.carried", "acceptances.carried"} <= set(told)


def test_whole_seconds_and_shares_are_carried_as_they_are(ws, labelled):
    info, run_id = labelled()
    with_finding(ws, run_id, [3, 6])
    for row, seconds in ((3, 5.0), (6, 0.25)):
        cell = Cell(row, "kind")
        said = {"action": Action.CHANGE, "new": "cat"} if row == 3 else {"action": Action.UNSURE}
        pressed = Press(mark=f"{row:08}", cell=cell, seen="", seconds=seconds, **said)
        presses.apply(ws, review.queue(ws, run_id), [pressed], reviewer="Ann")
    publish_here(ws, info.version.id, "Ann", quiet)
    assert verified(ws)[0] == 4


def test_tables_are_named_by_id_or_name(ws, upload, pets):
    first = upload().version.id
    assert {e.dataset_id for e in audit_trail.show(ws, table="pets.csv")} == {first}
    second = upload(pets + "Ted,4.0,4,cat,new\n").version.id
    with pytest.raises(UnusableInput, match=r"2 tables .* by id") as told:
        audit_trail.show(ws, table="pets.csv")
    assert second in str(told.value)
    with pytest.raises(NotFound, match="names no table"):
        audit_trail.show(ws, table="cats.csv")
    events = audit_trail.show(ws, limit=1)
    assert [e.dataset_id for e in events] == [second]
