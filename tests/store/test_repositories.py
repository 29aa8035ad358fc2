from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from components.core.data.dataset import Role
from components.core.judgement.review import Action, Cell, Decision
from components.store import audit, datasets, runs
from components.store.datasets import StoredDataset
from components.store.db import Database
from components.store.review import decisions

pytestmark = pytest.mark.both_databases

NOW = datetime(2025, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def decision(row_id: int = 1, column: str = "label", **changes) -> Decision:
    base = Decision(
        dataset_id="0123456789",
        cell=Cell(row_id, column),
        check_id="labels.label_errors",
        action=Action.CHANGE,
        given="cat",
        new="dög",
        reviewer="Ann",
        at=NOW,
        note="clear",
    )
    return replace(base, **changes)


def test_a_dataset_comes_back_equal(db_with_dataset: Database, stored: StoredDataset):
    with db_with_dataset.read() as session:
        assert datasets.get(session, "0123456789") == stored
        assert datasets.find(session, stored.version.sha256, "") == stored
        assert datasets.recent(session, 5) == (stored,)
        assert datasets.get(session, "nope") is None


def test_the_same_bytes_under_the_same_options_cannot_be_stored_twice(
    db_with_dataset: Database, stored: StoredDataset
):
    twin = replace(stored, version=replace(stored.version, id="another-id"))
    with pytest.raises(sa.exc.IntegrityError), db_with_dataset.write() as session:
        datasets.save(session, twin)


def test_ids_are_short_and_grow_only_when_taken(db_with_dataset: Database, stored: StoredDataset):
    sha256 = stored.version.sha256
    with db_with_dataset.read() as session:
        assert datasets.free_id(session, "b" * 64, "") == "b" * 10
        assert datasets.free_id(session, "0123456789" + "b" * 54, "") == "0123456789bb"
        other = datasets.free_id(session, sha256, '{"delimiter":";"}')
    assert other.startswith("0123456789-")
    assert len(other) == 15


def test_removed_datasets_disappear_and_their_bytes_come_back_as_others(
    db_with_dataset: Database, stored: StoredDataset
):
    sha256 = stored.version.sha256
    with db_with_dataset.write() as session:
        datasets.mark_removed(session, "0123456789", NOW)
    with db_with_dataset.read() as session:
        assert datasets.get(session, "0123456789") is None
        assert datasets.recent(session, 5) == ()
        assert datasets.find(session, sha256, "") is None
        again = datasets.free_id(session, sha256, "")
    assert again != "0123456789"
    back = replace(stored, version=replace(stored.version, id=again))
    with db_with_dataset.write() as session:
        datasets.save(session, back)
    with db_with_dataset.read() as session:
        assert datasets.find(session, sha256, "") == back


def test_columns_are_set_by_who_has_seen_the_newest_ones(
    db_with_dataset: Database, stored: StoredDataset
):
    columns = stored.version.columns
    mine = (replace(columns[0], role=Role.SENSITIVE), columns[1])
    with db_with_dataset.write() as session:
        assert datasets.set_columns(session, "0123456789", mine, revision=0)
        assert not datasets.set_columns(session, "0123456789", columns, revision=0)
    with db_with_dataset.read() as session:
        found = datasets.get(session, "0123456789")
    assert (found.version.columns, found.revision) == (mine, 1)


def test_confirmed_roles_are_found_by_header(db_with_dataset: Database, stored: StoredDataset):
    columns = stored.version.columns
    with db_with_dataset.read() as session:
        assert datasets.confirmed_like(session, columns) is None
    chosen = (replace(columns[0], role=Role.SENSITIVE), columns[1])
    with db_with_dataset.write() as session:
        datasets.set_columns(session, "0123456789", chosen, revision=0)
    with db_with_dataset.read() as session:
        found = datasets.confirmed_like(session, columns)
        assert datasets.confirmed_like(session, columns[::-1]) is None
    assert found.version.columns == chosen
    assert found.confirmed


def test_decisions_come_back_equal_and_in_order(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        first = decisions.add(session, decision(1))
        second = decisions.add(session, decision(1, action=Action.KEEP, new="cat"))
        decisions.mark_undone(session, second.id)
    with db_with_dataset.read() as session:
        found = decisions.of_dataset(session, "0123456789")
    assert found == (first, replace(second, undone=True))
    with db_with_dataset.read() as session:
        assert list(decisions.standing(session, "0123456789")) == [first]


def counting(session) -> dict[Cell, int]:
    """The newest decision per cell that was not undone, folded in Python from the history."""
    found = {}
    for made in decisions.of_dataset(session, "0123456789"):
        if not made.undone:
            found[made.cell] = made.id
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_counts_is_what_the_history_adds_up_to(db_with_dataset: Database, seed: int):
    chance = random.Random(seed)  # noqa: S311 - the same history in every run
    made = []
    for _ in range(60):
        with db_with_dataset.write() as session:
            if made and chance.random() < 0.3:
                decisions.mark_undone(session, made.pop(chance.randrange(len(made))).id)
                continue
            row_id, column = chance.randrange(6), chance.choice(["label", "age"])
            action, who = chance.choice(list(Action)), chance.choice("AB")
            one = decision(row_id, column, action=action, reviewer=who)
            made.append(decisions.add(session, one))
    with db_with_dataset.read() as session:
        standing = list(decisions.standing(session, "0123456789"))
        expected = counting(session)
        tally = decisions.tally(session, "0123456789")
        rows = decisions.decided_rows(session, "0123456789", "label")
    assert {d.cell: d.id for d in standing} == expected
    assert [d.id for d in standing] == sorted(expected.values(), reverse=True)
    assert tally.actions == Counter(d.action for d in standing)
    assert tally.reviewers == Counter(d.reviewer for d in standing)
    excluded = {d.cell.row_id for d in standing if d.action is Action.EXCLUDE}
    changed = {d.cell for d in standing if d.action is Action.CHANGE}
    assert tally.n_excluded == len(excluded)
    assert tally.n_changed == sum(cell.row_id not in excluded for cell in changed)
    assert {one.answered for one in rows} <= {None}
    assert {one.action: sorted(one.row_id.tolist()) for one in rows} == {
        a: sorted(d.cell.row_id for d in standing if d.cell.column == "label" and d.action is a)
        for a in {d.action for d in standing if d.cell.column == "label"}
    }


def test_decisions_that_count_are_read_a_page_at_a_time(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        made = [decisions.add(session, decision(row)) for row in range(7)]
        decisions.add(session, decision(0, "age", action=Action.EXCLUDE))
    with db_with_dataset.read() as session:
        page = decisions.standing(session, "0123456789", column="label", limit=3, offset=2)
        assert list(page) == made[4:1:-1]
        among = decisions.standing(session, "0123456789", row_ids=[0], actions=[Action.CHANGE])
        assert list(among) == [made[0]]
        assert decisions.last_of(session, "0123456789", "labels.label_errors", "Bob", limit=1) == ()


def test_decisions_go_with_their_removed_dataset_and_nothing_else(db_with_dataset: Database):
    """They used to stay for ever, also where a person had the table removed."""
    with db_with_dataset.write() as session:
        decisions.add(session, decision())
        event = audit.Event(at=NOW, actor="Ann", action="x", dataset_id="0123456789", detail={})
        audit.record(session, event)
    with pytest.raises(sa.exc.IntegrityError), db_with_dataset.write() as session:
        datasets.delete_all_of(session, "0123456789", NOW)  # it was not removed
    with db_with_dataset.write() as session:
        datasets.mark_removed(session, "0123456789", NOW)
        datasets.delete_all_of(session, "0123456789", NOW)
    with db_with_dataset.read() as session:
        assert list(decisions.standing(session, "0123456789")) == []
        assert decisions.of_dataset(session, "0123456789") == ()
        assert len(audit.events(session, dataset_id="0123456789")) == 1
        assert datasets.removed(session) == ()
        assert datasets.free_id(session, "0123456789" + "a" * 54, "") != "0123456789"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decisions",
        "UPDATE decisions SET new = 'x'",
        "UPDATE decisions SET reviewer = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_events SET actor = 'x'",
    ],
)
def test_history_cannot_be_rewritten(db_with_dataset: Database, statement: str):
    with db_with_dataset.write() as session:
        decisions.add(session, decision())
        audit.record(
            session,
            audit.Event(at=NOW, actor="Ann", action="x", dataset_id=None, detail={}),
        )
    with (
        pytest.raises(
            sa.exc.IntegrityError, match=r"for ever|as long as|never change|only be undone"
        ),
        db_with_dataset.write() as session,
    ):
        session.execute(sa.text(statement))


def test_an_undone_decision_stays_undone(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        made = decisions.add(session, decision())
        decisions.mark_undone(session, made.id)
    with (
        pytest.raises(sa.exc.IntegrityError, match="only be undone, once"),
        db_with_dataset.write() as session,
    ):
        session.execute(sa.text("UPDATE decisions SET undone = false"))


def test_a_decision_needs_its_dataset(db: Database):
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"), db.write() as session:
        decisions.add(session, decision())


def test_a_time_without_zone_is_refused(db_with_dataset: Database):
    naive = decision(at=datetime(2025, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(sa.exc.StatementError), db_with_dataset.write() as session:
        decisions.add(session, naive)


def test_events_are_newest_first_and_filtered(db_with_dataset: Database):
    def event(action: str, dataset_id: str | None) -> audit.Event:
        return audit.Event(
            at=NOW, actor="Ann", action=action, dataset_id=dataset_id, detail={"a": [1]}
        )

    with db_with_dataset.write() as session:
        audit.record(session, event("one", "0123456789"))
        audit.record(session, event("two", None))
    with db_with_dataset.read() as session:
        assert [e.action for e in audit.events(session)] == ["two", "one"]
        assert audit.events(session, dataset_id="0123456789") == (event("one", "0123456789"),)


def test_reviewers_are_listed_by_last_visit(db: Database):
    with db.write() as session:
        audit.remember(session, "Ann", NOW)
        audit.remember(session, "Bob", NOW + timedelta(minutes=1))
    with db.write() as session:
        audit.remember(session, "Ann", NOW + timedelta(minutes=2))
    with db.read() as session:
        assert audit.reviewers(session) == ("Ann", "Bob")


def test_runs_are_listed_newest_first(db_with_dataset: Database):
    with db_with_dataset.write() as session:
        for n in range(3):
            runs.add(session, f"run-{n}", "0123456789", NOW + timedelta(seconds=n))
    with db_with_dataset.read() as session:
        assert runs.of_dataset(session, "0123456789") == ("run-2", "run-1", "run-0")
        assert runs.newest(session, 2) == ("run-2", "run-1")
        assert runs.exists(session, "run-1")
        assert not runs.exists(session, "run-9")
