"""Reading a file in a process of its own: the same outcome, and nothing left behind."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from dataclasses import replace

import psutil
import pytest

from components.core.data.dataset import Kind, Role, Storage
from components.core.errors import Cancelled, ChoiceNeeded, UnusableInput
from components.intake import ReadOptions
from components.services.data import change_columns, datasets
from components.services.upload import in_a_process

TABLE = b"age,town,income\n" + b"".join(
    b"%d,%s,%s\n" % (20 + i % 50, (b"York", b"Bath")[i % 2], (b"low", b"high")[i % 3 == 0])
    for i in range(120)
)


@pytest.fixture
def packed(tmp_path):
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(TABLE))
    return path


@pytest.fixture
def helpers():
    """Ask which processes this one has started since (a browser of other tests may run)."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}

    def started():
        return [c for c in psutil.Process().children(recursive=True) if c.pid not in before]

    return started


def empty(ws):
    return not list(ws.files.datasets.iterdir()) and not list(ws.files.incoming.iterdir())


def test_what_is_small_and_plain_is_read_here(tmp_path, packed):
    plain = tmp_path / "people.csv"
    plain.write_bytes(TABLE)
    assert in_a_process.is_small(plain)
    assert not in_a_process.is_small(packed)
    with plain.open("ab") as stream:
        stream.truncate(in_a_process.SMALL + 1)
    assert not in_a_process.is_small(plain)


def test_the_outcome_is_the_same_here_and_apart(ws, packed, monkeypatch, helpers):
    here = datasets.add_file(ws, packed, "people.csv.gz")
    seen_here = datasets.preview(ws, here.version.id)
    datasets.remove(ws, here.version.id, actor="test")
    told = []

    def no_reading_here(*_args, **_kwargs):
        raise AssertionError("the file was read in this process")

    monkeypatch.setattr("components.intake.load", no_reading_here)
    apart = datasets.add_file(
        ws, packed, "people.csv.gz", apart=True, progress=lambda *said: told.append(said)
    )
    assert apart.version.columns == here.version.columns
    assert apart.report == here.report
    assert datasets.preview(ws, apart.version.id).equals(seen_here)
    assert len(seen_here) == 20
    assert told[-1][0] > 0
    deadline = time.monotonic() + 60
    while helpers():
        assert time.monotonic() < deadline, "the worker has not ended"
        time.sleep(0.05)
    again = datasets.add_file(ws, packed, "people.csv.gz", apart=True)  # known: nothing is read
    assert again.version.id == apart.version.id
    assert list(ws.files.incoming.iterdir()) == []


def test_roles_of_a_former_version_are_carried_over_apart(ws, packed):
    first = datasets.add(ws, io.BytesIO(TABLE + b"1,Hull,low\n"), "may.csv")
    town = first.version.column("town")
    datasets.set_columns(ws, first.version.id, {"town": (town.kind, Role.SENSITIVE)}, actor="test")
    info = datasets.add_file(ws, packed, "june.csv.gz", apart=True)
    assert info.version.column("town").role is Role.SENSITIVE
    assert "may.csv" in info.version.column("town").role_why


def test_errors_come_back_as_they_were(ws, tmp_path):
    bad = tmp_path / "x.csv.gz"
    bad.write_bytes(gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(100)))
    with pytest.raises(UnusableInput, match="PNG picture") as here:
        datasets.add_file(ws, bad, "x.csv.gz")
    with pytest.raises(UnusableInput, match="PNG picture") as apart:
        datasets.add_file(ws, bad, "x.csv.gz", apart=True)
    assert (here.value.what, here.value.todo) == (apart.value.what, apart.value.todo)
    assert empty(ws)


def test_a_choice_comes_back_with_its_names(ws, tmp_path):
    both = tmp_path / "both.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("one.csv", TABLE)
        archive.writestr("two.csv", TABLE + b"1,Hull,low\n")
    with pytest.raises(ChoiceNeeded) as asked:
        datasets.add_file(ws, both, "both.zip", apart=True)
    assert asked.value.choices == ("one.csv", "two.csv")
    options = ReadOptions(member="two.csv")
    info = datasets.add_file(ws, both, "both.zip", options=options, apart=True)
    assert (info.report.n_rows, info.report.member) == (121, "two.csv")


def test_limits_of_the_workspace_hold_apart(ws, packed):
    narrow = replace(ws, settings=replace(ws.settings, max_columns=2))
    with pytest.raises(UnusableInput, match="columns"):
        datasets.add_file(narrow, packed, "people.csv.gz", apart=True)


def test_stopping_ends_the_process_and_keeps_nothing(ws, packed, helpers):
    stopped = []

    def stop(_share, _note):
        if helpers():
            stopped.append(time.monotonic())
            raise Cancelled

    with pytest.raises(Cancelled):
        datasets.add_file(ws, packed, "people.csv.gz", apart=True, progress=stop)
    assert time.monotonic() - stopped[0] < 2
    assert helpers() == []
    assert empty(ws)
    assert datasets.recent(ws) == ()


def test_reading_again_can_be_done_apart(ws, packed):
    info = datasets.add_file(ws, packed, "people.csv.gz")
    told = []
    again = datasets.reread(
        ws,
        info.version.id,
        ReadOptions(header_rows=0),
        actor="test",
        progress=lambda *said: told.append(said),
        apart=True,
    )
    assert again.report.n_rows == 121
    assert told


def test_choices_for_a_large_table_are_worked_in_apart(ws, packed, monkeypatch):
    info = datasets.add_file(ws, packed, "people.csv.gz")
    monkeypatch.setattr(change_columns, "SMALL", 0)
    monkeypatch.setattr(datasets, "set_columns", None)
    changes = {"age": (Kind.CATEGORY, Role.LABEL), "income": (Kind.CATEGORY, Role.FEATURE)}
    told = []

    def tell(*said):
        told.append(said)

    done = change_columns.set_columns(ws, info.version.id, changes, actor="Ann", tell=tell)
    assert done.confirmed
    age = done.version.column("age")
    assert (age.kind, age.role, age.storage) == (Kind.CATEGORY, Role.LABEL, Storage.TEXT)
    assert datasets.table_path(done).is_file()
    assert told
    wrong = {"town": (Kind.NUMBER, Role.FEATURE)}
    with pytest.raises(UnusableInput, match="cannot be read as number"):
        change_columns.set_columns(ws, info.version.id, wrong, actor="Ann", tell=tell)
    assert datasets.get(ws, info.version.id).version.column("town").kind is Kind.CATEGORY
