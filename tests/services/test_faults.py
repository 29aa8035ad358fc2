"""Disk and database that fail: what was kept is there, what was not is said."""

from __future__ import annotations

import errno
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from components.core.errors import Damaged, NotKept, OutOfDisk, OutOfMemory, PreflightError
from components.core.judgement.review import Action, Cell, Decision
from components.core.settings import Settings
from components.processes.endings import explain, recognise
from components.services.data import datasets
from components.services.runs import runs
from components.services.workspace import now, open_workspace
from components.store.databases import sqlite
from components.store.review import decisions


def decide(ws, dataset_id, row):
    with ws.db.write() as session:
        decisions.add(
            session,
            Decision(
                dataset_id=dataset_id, cell=Cell(row, "kind"), check_id="labels.label_errors",
                action=Action.KEEP, given="a", new="a", reviewer="Ann", at=now(),
            ),
        )  # fmt: skip


def kept(ws, dataset_id):
    with ws.db.read() as session:
        return sorted(d.cell.row_id for d in decisions.standing(session, dataset_id))


@contextmanager
def files_of_at_most(size):
    """No file may grow beyond ``size`` bytes: writing fails as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_decision_that_the_disk_refuses_is_said_not_to_be_kept(ws, upload):
    dataset_id = upload().version.id
    decide(ws, dataset_id, 0)
    with files_of_at_most(4_096), pytest.raises(OutOfDisk, match="last was not kept") as told:
        decide(ws, dataset_id, 1)
    assert "gc" in told.value.todo
    assert kept(ws, dataset_id) == [0]
    decide(ws, dataset_id, 2)
    assert kept(ws, dataset_id) == [0, 2]


@pytest.mark.parametrize("state", ["empty", "gone"])
def test_a_lost_database_beside_files_never_opens_as_an_empty_workspace(ws, upload, state):
    upload()
    ws.close()
    for path in ws.files.home.glob("preflight.db*"):
        path.unlink()
    if state == "empty":
        ws.files.database.touch()
    with pytest.raises(Damaged, match=f"is {state}, and 1 folder"):
        open_workspace(ws.settings)
    assert not ws.files.database.exists() or not ws.files.database.stat().st_size


def test_a_destroyed_database_is_told(ws, upload):
    upload()
    ws.close()
    ws.files.database.write_bytes(b"not a database, not at all" * 1_000)
    with pytest.raises(Damaged, match="is damaged"):
        open_workspace(ws.settings)


def test_a_database_destroyed_under_a_server_is_told(ws, upload):
    dataset_id = upload().version.id
    ws.close()
    for path in ws.files.home.glob("preflight.db*"):
        path.write_bytes(b"x" * 50_000)
    with pytest.raises(Damaged, match="is damaged"):
        datasets.get(ws, dataset_id)
    with pytest.raises(Damaged, match="was not kept"):
        decide(ws, dataset_id, 1)


def test_a_database_that_others_hold_is_told(ws, upload, monkeypatch):
    dataset_id = upload().version.id
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    hasty = open_workspace(ws.settings)
    other = sqlite3.connect(ws.files.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotKept, match="Another writer"):
        decide(hasty, dataset_id, 0)
    other.close()
    decide(hasty, dataset_id, 0)
    with hasty.db.write(), ThreadPoolExecutor() as pool:
        held = pool.submit(decide, hasty, dataset_id, 1)
        with pytest.raises(NotKept, match="Another writer"):
            held.result()
    decide(hasty, dataset_id, 1)
    hasty.close()


def test_a_workspace_that_cannot_be_written_says_so_at_once(ws, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("components.store.files.tempfile.TemporaryFile", refuse)
    with pytest.raises(PreflightError, match="cannot be used: Read-only file system"):
        open_workspace(ws.settings)


def test_an_existing_folder_for_all_leaves_no_readable_file(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    for name in ("datasets", "runs"):
        (home / name).mkdir(mode=0o755)
    (home / "preflight.db").touch(mode=0o644)
    ws = open_workspace(Settings(home=home))
    modes = {path.name: path.stat().st_mode & 0o077 for path in home.iterdir()}
    ws.close()
    assert set(modes) >= {"preflight.db", "datasets", "runs", "incoming", "jobs"}
    assert set(modes.values()) == {0}


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutOfDisk, "gc"),
        (OSError(errno.EROFS, "Read-only file system", "x"), NotKept, "cannot be written: x"),
        (MemoryError(), OutOfMemory, "PREFLIGHT_MEMORY_GB"),
    ],
)
def test_errors_of_the_machine_have_words(error, kind, words):
    told = recognise(error)
    assert isinstance(told, kind)
    assert words in str(told)
    assert str(explain(error)) == str(told)
    assert recognise(ValueError("x")) is None


def test_too_little_memory_names_the_setting(ws, upload):
    lines = "".join(f"{n},{n * 7919 % 100_003},{'x' * 40}{n}\n" for n in range(60_000))
    dataset_id = upload(f"a,b,c\n{lines}").version.id
    poor = replace(ws, settings=replace(ws.settings, memory_limit=3_000_000))
    run_id = runs.execute(poor, dataset_id, only=["duplicates"])
    said = runs.status(ws, run_id).error + "".join(r.reason for r in runs.results(ws, run_id))
    assert "PREFLIGHT_MEMORY_GB" in said
    assert "OutOfMemoryException" not in said


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 40 MB."""
    place, mount, umount = tmp_path / "disk", shutil.which("mount"), shutil.which("umount")
    place.mkdir()
    if mount is None or umount is None:
        pytest.skip("there is no mount")
    command = [mount, "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted")
    yield place
    subprocess.run([umount, "-l", str(place)], check=True)


def test_on_a_full_disk_what_was_acknowledged_is_there(small_disk):
    ws = open_workspace(Settings(home=small_disk / "home"))
    dataset_id = datasets.add_sample(ws, "penguins").version.id
    decide(ws, dataset_id, 0)
    filler = small_disk / "filler"
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4_096):
            pass
    acknowledged, told = [0], ""
    for row in range(1, 300):
        try:
            decide(ws, dataset_id, row)
        except OutOfDisk as error:
            told = str(error)
        else:
            acknowledged.append(row)
    assert "last was not kept" in told
    filler.unlink()
    ws.close()
    again = open_workspace(Settings(home=small_disk / "home"))
    assert kept(again, dataset_id) == acknowledged
    again.close()


def test_a_process_that_is_killed_leaves_a_database_that_opens(tmp_path):
    """The look for a lost database must not take a young one for lost."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from components.core.settings import Settings\n"
        "from components.services.data import datasets\n"
        "from components.services.workspace import open_workspace\n"
        "datasets.add_sample(open_workspace(Settings(home=Path(sys.argv[1]))), 'penguins')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    ws = open_workspace(Settings(home=tmp_path))
    assert len(datasets.recent(ws)) == 1
    ws.close()
