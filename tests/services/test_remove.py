from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from components.core.errors import Conflict, NotFound
from components.core.judgement.review import Action, Cell, Decision
from components.core.judgement.runs import RunState
from components.core.people.person import Identity, Person
from components.services import workspace
from components.services.data import datasets, remove, sweep
from components.services.export import exports
from components.services.runs import runs
from components.services.workspace import now, open_workspace
from components.store.review import decisions

ONE = ["completeness.missing_values"]


def decide(ws, dataset_id, row=3):
    with ws.db.write() as session:
        made = Decision(
            dataset_id=dataset_id, cell=Cell(row, "kind"), check_id="labels.label_errors",
            action=Action.KEEP, given="a", new="a", reviewer="Ann", at=now(),
        )  # fmt: skip
        decisions.add(session, made)


def standing(ws, dataset_id):
    with ws.db.read() as session:
        return len(list(decisions.standing(session, dataset_id)))


@pytest.fixture
def later(monkeypatch):
    """The week of removed tables is over."""

    def pass_the_week():
        after = datetime.now(UTC) + remove.GRACE + timedelta(seconds=1)
        monkeypatch.setattr(remove, "now", lambda: after)

    return pass_the_week


@pytest.mark.both_databases
def test_a_removed_table_is_hidden_and_can_be_taken_back_whole(ws, labelled, tmp_path):
    info, run_id = labelled()
    dataset_id = info.version.id
    decide(ws, dataset_id)
    remove.remove(ws, dataset_id, actor="Ann")
    assert datasets.recent(ws) == ()
    for ask in (datasets.get, remove.size):
        with pytest.raises(NotFound):
            ask(ws, dataset_id)
    with pytest.raises(NotFound):
        exports.write_run(ws, run_id, tmp_path)
    (gone,) = remove.removed(ws)
    assert (gone.info.version.id, gone.until - gone.removed_at) == (dataset_id, timedelta(days=7))
    assert sweep.sweep(ws)[0].n == 0, "nothing goes within the week"
    assert remove.restore(ws, dataset_id, actor="Bob") == datasets.get(ws, dataset_id)
    assert runs.latest(ws, dataset_id) == run_id
    assert standing(ws, dataset_id) == 1
    said = [(e.action, e.actor) for e in workspace.history(ws)[:2]]
    assert said == [("dataset.restored", "Bob"), ("dataset.removed", "Ann")]


@pytest.mark.both_databases
def test_after_a_week_all_that_was_said_goes_and_the_file_begins_anew(ws, labelled, pets, later):
    info, run_id = labelled()
    dataset_id = info.version.id
    decide(ws, dataset_id)
    remove.remove(ws, dataset_id, actor="Ann")
    later()
    assert remove.removed(ws) == ()
    n, size = remove.end_grace(ws)
    assert n == 1
    assert size > len(pets)
    assert list(ws.files.datasets.iterdir()) == []
    assert list(ws.files.runs.iterdir()) == []
    assert standing(ws, dataset_id) == 0
    with pytest.raises(NotFound, match="cannot be taken back"):
        remove.restore(ws, dataset_id, actor="Ann")
    actions = [e.action for e in workspace.history(ws, dataset_id=dataset_id)]
    assert actions[:2] == ["dataset.deleted", "dataset.removed"]
    back = datasets.add(ws, io.BytesIO(pets.encode()), "pets.csv")
    assert back.version.id != dataset_id
    assert not back.confirmed
    assert standing(ws, back.version.id) == 0
    assert remove.end_grace(ws) == (0, 0)
    assert run_id not in {s.run_id for s in runs.active(ws)}


def test_a_file_that_was_uploaded_again_stands_beside_the_removed_one(ws, labelled, upload, later):
    info, _ = labelled()
    remove.remove(ws, info.version.id, actor="Ann")
    again = upload()
    assert again.folder != info.folder
    with pytest.raises(Conflict, match="uploaded again"):
        remove.restore(ws, info.version.id, actor="Ann")
    later()
    remove.end_grace(ws)
    assert datasets.preview(ws, again.version.id, 1)["name"].tolist() == ["Tom"]


def test_only_the_owner_removes_a_table_or_who_runs_the_server(ws, upload):
    dataset_id = upload(actor="Ann").version.id
    ann, bob = Person("Ann", Identity.LOGIN), Person("Bob", Identity.HEADER)
    for nobody in (bob, Person("", Identity.LOGIN)):
        with pytest.raises(Conflict, match="belongs to Ann: only Ann can remove it here"):
            remove.remove(ws, dataset_id, actor=nobody)
    remove.remove(ws, dataset_id, actor=ann)
    with pytest.raises(Conflict, match="only Ann can take it back"):
        remove.restore(ws, dataset_id, actor=bob)
    remove.restore(ws, dataset_id, actor=ann)
    remove.remove(ws, dataset_id, actor="root", is_operator=True)
    told = [e.detail["identity"] for e in workspace.history(ws, limit=3)]
    assert told == ["typed", "login", "login"]


def test_everybody_is_an_owner_where_names_are_typed_and_of_what_belongs_to_nobody(ws, upload):
    """Whoever types the name of the owner was the owner: the refusal protected nothing."""
    hers = upload(actor="Ann").version.id
    remove.remove(ws, hers, actor="Bob")
    nobodys = upload("a,b\n1,2\n", name="b.csv").version.id
    remove.remove(ws, nobodys, actor=Person("Bob", Identity.LOGIN))
    assert datasets.recent(ws) == ()


def test_a_run_that_works_is_stopped_when_its_table_is_removed(ws, upload):
    dataset_id = upload().version.id
    run_id = runs.start(ws, dataset_id)
    remove.remove(ws, dataset_id, actor="Ann")
    assert runs.status(ws, run_id).state is RunState.CANCELLED


@pytest.mark.both_databases
def test_sizes_are_told(ws, labelled, pets):
    info, _ = labelled()
    size = remove.size(ws, info.version.id)
    assert size.table > len(pets)
    assert size.runs > 1_000
    whole = sweep.size(ws)
    assert (whole.tables, whole.runs) == (size.table, size.runs)
    database = ws.files.database  # on a server it takes no room here
    assert whole.total >= size.total + (database.stat().st_size if database.exists() else 0)
    assert whole.free > 0


MAKE = """
import os, sys, time
from pathlib import Path
from components.store.files import Files
files = Files(Path(sys.argv[1]))
files.new_part().write_bytes(b"x" * 1000)
with files.new_folder() as folder:
    (folder / "half").write_bytes(b"x" * 1000)
    print("made", flush=True)
    sys.stdin.readline()
"""


def half_made(ws):
    return sorted(ws.files.incoming.iterdir()) + sorted(ws.files.datasets.glob(".new-*"))


def test_what_is_being_made_belongs_to_its_process_however_old_it_is(ws, monkeypatch):
    """A step of the clock by an hour used to delete files that were just being sent."""
    command = [sys.executable, "-c", MAKE, str(ws.files.home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as maker:
        assert maker.stdout.readline() == "made\n"
        made = half_made(ws)
        assert len(made) == 2
        monkeypatch.setattr("components.store.files.time.time", lambda: 4e9)
        assert sweep.sweep(ws)[1].n == 0
        assert half_made(ws) == made
        maker.kill()
    assert half_made(ws) == made
    assert sweep.sweep(ws)[1] == sweep.Freed(
        what="files half made by processes that have ended", n=2, size=2_000
    )
    assert half_made(ws) == []


def test_folders_that_no_row_names_are_swept_and_no_others(ws, labelled):
    info, run_id = labelled()
    for root in (ws.files.datasets, ws.files.runs):
        (root / "nobodys").mkdir()
        (root / "nobodys" / "x").write_bytes(b"12345")
    freed = {f.what: (f.n, f.size) for f in sweep.sweep(ws)}
    assert freed["folders of no table"] == freed["folders of no run"] == (1, 5)
    assert datasets.get(ws, info.version.id) == info
    assert runs.status(ws, run_id).state is RunState.DONE
    assert all(f.n == 0 for f in sweep.sweep(ws))


def test_the_newest_run_is_the_last_one_started_whatever_the_clock_says(ws, upload, monkeypatch):
    dataset_id = upload().version.id
    started = []
    for day in (3, 2, 1):
        past = datetime(2025, 1, day, tzinfo=UTC)
        monkeypatch.setattr(runs, "now", lambda past=past: past)
        started.append(runs.execute(ws, dataset_id, only=ONE, seed=day))
    assert runs.latest(ws, dataset_id) == started[-1]
    assert [s.run_id for s in runs.history(ws, dataset_id)] == started[::-1]


def test_a_workspace_that_is_opened_forgets_what_nobody_took_back(ws, upload, later):
    dataset_id = upload().version.id
    remove.remove(ws, dataset_id, actor="Ann")
    later()
    other = open_workspace(ws.settings)
    remove.end_grace(other)
    other.close()
    assert not any(ws.files.datasets.iterdir())
