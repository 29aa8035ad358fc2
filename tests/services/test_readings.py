"""Reading a file in a worker: the same outcome as here, and nothing left behind."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import psutil
import pytest

from components.core.data.dataset import Kind, Role, Storage
from components.core.errors import ChoiceNeeded, PreflightError, UnusableInput
from components.intake import ReadOptions
from components.processes.spawn import PACKAGE_ROOT
from components.services.data import change_columns, datasets, remove
from components.services.upload import readings
from components.services.upload.incoming import ReceivedFile
from components.services.upload.source_bytes import SMALL, fingerprint

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


@pytest.fixture
def read(ws, tmp_path):
    """Return a function that starts to read a file, as the drop zone does."""

    def start(path, name, ws=ws):
        copy = tmp_path / f"received-{name}"
        copy.write_bytes(path.read_bytes())
        received = ReceivedFile(
            name=name, path=copy, sha256=fingerprint(copy), size=copy.stat().st_size, until=0.0
        )
        reading = readings.start(ws, received)
        copy.unlink(missing_ok=True)
        return reading

    return start


def table_of(reading):
    assert reading.wait(120)
    return reading.result()


def empty(ws):
    folders = (ws.files.datasets, ws.files.incoming, ws.files.jobs)
    return not any(list(folder.iterdir()) for folder in folders)


def not_here(*_args, **_kwargs):
    raise AssertionError("the file was read in this process")


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_small_and_plain_is_read_here(tmp_path, packed):
    plain = tmp_path / "people.csv"
    plain.write_bytes(TABLE)
    assert readings.is_small(plain)
    assert not readings.is_small(packed)
    with plain.open("ab") as stream:
        stream.truncate(SMALL + 1)
    assert not readings.is_small(plain)


def test_the_outcome_is_the_same_here_and_in_a_worker(ws, read, packed, monkeypatch, helpers):
    here = datasets.add_file(ws, packed, "people.csv.gz")
    seen_here = datasets.preview(ws, here.version.id)
    remove.remove(ws, here.version.id, actor="test")
    packed.write_bytes(gzip.compress(TABLE))
    monkeypatch.setattr("components.intake.load", not_here)
    reading = read(packed, "people.csv.gz")
    there = table_of(reading)
    assert there.version.columns == here.version.columns
    assert there.report == here.report
    assert datasets.preview(ws, there.version.id).equals(seen_here)
    assert len(seen_here) == 20
    until(lambda: helpers() == [])
    reading.drop()
    again = read(packed, "people.csv.gz")  # known: nothing is read
    assert table_of(again).version.id == there.version.id
    again.drop()
    assert list(ws.files.incoming.iterdir()) == list(ws.files.jobs.iterdir()) == []


def test_a_small_file_is_read_here_where_a_slot_is_free_and_waits_where_none_is(ws, read, tmp_path):
    plain = tmp_path / "people.csv"
    plain.write_bytes(TABLE)
    few = replace(ws, settings=replace(ws.settings, max_workers=1))
    longer = tmp_path / "longer.csv"
    longer.write_bytes(TABLE + b"1,Hull,low\n")
    with few.queue.slot():
        waiting = read(longer, "longer.csv", few)
        assert waiting.status().note == "Waiting: first in the queue"
        assert not waiting.wait(0)
    assert table_of(waiting).version.n_rows == 121
    assert read(plain, "people.csv").status().is_over, "it was read at once"


def test_a_reading_is_found_again_by_its_key_alone(ws, read, packed):
    reading = read(packed, "people.csv.gz")
    found = readings.find(ws, reading.key)
    assert found.file == reading.file
    assert table_of(found).version.n_rows == 120
    found.drop()
    assert readings.find(ws, reading.key) is None
    for key in ("", "none", "../runs", "0" * 32):
        assert readings.find(ws, key) is None


def test_a_reading_goes_on_when_the_server_has_died(ws, packed):
    server = (
        "import os, signal, sys; from pathlib import Path\n"
        "from components.core.settings import Settings\n"
        "from components.services.upload import readings\n"
        "from components.services.upload.incoming import ReceivedFile\n"
        "from components.services.upload.source_bytes import fingerprint\n"
        "from components.services.workspace import open_workspace\n"
        "ws = open_workspace(Settings(home=Path(sys.argv[1])))\n"
        "part = ws.files.new_part(); part.write_bytes(Path(sys.argv[2]).read_bytes())\n"
        "size, digest = part.stat().st_size, fingerprint(part)\n"
        "received = ReceivedFile(name='p.csv.gz', path=part, sha256=digest, size=size, until=0)\n"
        "reading = readings.start(ws, received)\n"
        "print(reading.key, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", server, str(ws.files.home), str(packed)],
        cwd=PACKAGE_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert table_of(readings.find(ws, done.stdout.strip())).version.n_rows == 120


def test_roles_of_a_former_version_are_carried_over_in_a_worker(ws, read, packed):
    first = datasets.add(ws, io.BytesIO(TABLE + b"1,Hull,low\n"), "may.csv")
    town = first.version.column("town")
    datasets.set_columns(ws, first.version.id, {"town": (town.kind, Role.SENSITIVE)}, actor="test")
    info = table_of(read(packed, "june.csv.gz"))
    assert info.version.column("town").role is Role.SENSITIVE
    assert "may.csv" in info.version.column("town").role_why


def test_a_table_belongs_to_who_brought_it(ws, packed):
    received = ReceivedFile(
        name="p.csv.gz",
        path=packed,
        sha256=fingerprint(packed),
        size=packed.stat().st_size,
        until=0,
    )
    assert table_of(readings.start(ws, received, actor="Ann")).version.owner == "Ann"


def test_errors_come_back_as_they_were(ws, read, tmp_path):
    bad = tmp_path / "x.csv.gz"
    bad.write_bytes(gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(100)))
    reading = read(bad, "x.csv.gz")
    with pytest.raises(UnusableInput, match="PNG picture") as there:
        table_of(reading)
    reading.drop()
    with pytest.raises(UnusableInput, match="PNG picture") as here:
        datasets.add_file(ws, bad, "x.csv.gz")
    assert (here.value.what, here.value.todo) == (there.value.what, there.value.todo)
    assert empty(ws)


def test_a_choice_comes_back_with_its_names(ws, read, tmp_path):
    both = tmp_path / "both.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("one.csv", TABLE)
        archive.writestr("two.csv", TABLE + b"1,Hull,low\n")
    reading = read(both, "both.zip")
    with pytest.raises(ChoiceNeeded) as asked:
        table_of(reading)
    assert asked.value.choices == ("one.csv", "two.csv")
    chosen = reading.again(ReadOptions(member="two.csv"))
    info = table_of(chosen)
    assert (info.report.n_rows, info.report.member) == (121, "two.csv")
    chosen.drop()
    assert list(ws.files.jobs.iterdir()) == []


def test_limits_of_the_workspace_hold_in_a_worker(ws, read, packed):
    narrow = replace(ws, settings=replace(ws.settings, max_columns=2))
    reading = read(packed, "people.csv.gz", narrow)
    with pytest.raises(UnusableInput, match="columns"):
        table_of(reading)


def test_stopping_ends_the_worker_and_keeps_nothing(ws, read, packed, helpers):
    reading = read(packed, "people.csv.gz")
    until(helpers)
    reading.stop()
    until(lambda: helpers() == [])
    assert empty(ws)
    assert datasets.recent(ws) == ()


def test_a_reading_whose_worker_was_killed_is_told_and_keeps_nothing(ws, read, packed, helpers):
    reading = read(packed, "people.csv.gz")
    until(helpers)
    for worker in helpers():
        worker.kill()
    with pytest.raises(PreflightError, match="ended before it was done"):
        table_of(reading)
    reading.drop()
    assert empty(ws)


def test_reading_again_can_be_done_by_a_worker(ws, packed, monkeypatch):
    info = datasets.add_file(ws, packed, "people.csv.gz")
    monkeypatch.setattr("components.intake.load", not_here)
    told = []
    again = readings.read_again(
        ws,
        info,
        ReadOptions(header_rows=0),
        actor="test",
        tell=lambda *said: told.append(said),
    )
    assert again.report.n_rows == 121
    assert told
    assert list(ws.files.jobs.iterdir()) == []


def test_choices_for_a_large_table_are_worked_in_by_a_worker(ws, packed, monkeypatch):
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
