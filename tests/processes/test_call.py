"""Work in a bounded worker: what comes back, and true words for every way to end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from components.core.errors import (
    Cancelled,
    OutOfDisk,
    OutOfMemory,
    OutOfTime,
    PreflightError,
    UnusableInput,
)
from components.processes import endings
from components.processes.call import call
from components.processes.folder import JobFolder
from components.processes.limits import Limits
from components.processes.spawn import PACKAGE_ROOT

ODD = str(Path(__file__).with_name("odd_worker.py"))


@pytest.fixture
def ask(tmp_path):
    def asking(behaviour, request=None, *, pulse=lambda: None, **limits):
        return call(
            JobFolder(tmp_path),
            (sys.executable, ODD, behaviour),
            request or {},
            limits=Limits(**limits),
            pulse=pulse,
            environment={},
        )

    return asking


def is_over(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_result_comes_back_and_no_temporary_file_is_left(ask, tmp_path):
    result = ask("double", {"n": 21})
    assert result["twice"] == 42
    assert Path(result["scratch"]).parent == tmp_path
    assert not Path(result["scratch"]).exists()


def test_an_error_comes_back_as_it_was_raised(ask):
    with pytest.raises(UnusableInput) as told:
        ask("refuse")
    assert (told.value.what, told.value.todo) == ("The file is empty.", "Upload another one.")


def test_a_crash_is_told_in_words(ask):
    with pytest.raises(PreflightError, match="Something went wrong: ValueError: planted"):
        ask("crash")


def test_a_worker_that_is_killed_is_not_said_to_have_run_out_of_memory(ask, monkeypatch):
    monkeypatch.setattr("components.processes.call.out_of_memory_kills", lambda: 7)
    with pytest.raises(PreflightError, match="ended before it was done: it got the signal SIGKILL"):
        ask("vanish")


def test_a_worker_that_the_system_killed_for_want_of_memory_is_told(ask, monkeypatch):
    counts = iter([7, 8])
    monkeypatch.setattr("components.processes.call.out_of_memory_kills", lambda: next(counts))
    with pytest.raises(OutOfMemory, match=r"ran out of memory.* PREFLIGHT_MEMORY_GB"):
        ask("vanish")


def test_more_memory_than_allowed_is_told(ask):
    with pytest.raises(OutOfMemory, match=r"not enough memory.* PREFLIGHT_MEMORY_GB"):
        ask("greedy", memory=500_000_000)


@pytest.mark.parametrize("behaviour", ["full", "quota"])
def test_a_full_disk_is_told(ask, behaviour):
    with pytest.raises(OutOfDisk, match=r"The disk is full.* Make room"):
        ask(behaviour)


def test_a_file_that_grows_over_its_limit_is_told(ask, tmp_path):
    with pytest.raises(OutOfDisk, match="larger than it may be"):
        ask("long_file", {"folder": str(tmp_path)}, file_size=2_000_000)
    assert (tmp_path / "long").stat().st_size == 2_000_000


def test_work_that_takes_too_long_is_ended(ask, tmp_path):
    with pytest.raises(OutOfTime):
        ask("busy", {"pid": str(tmp_path / "pid")}, seconds=2)
    assert is_over(int((tmp_path / "pid").read_text()))


def test_what_the_pulse_raises_ends_the_worker(ask, tmp_path):
    noted = tmp_path / "pid"

    def stop():
        if noted.exists() and noted.read_text():
            raise Cancelled

    with pytest.raises(Cancelled):
        ask("busy", {"pid": str(noted)}, pulse=stop)
    assert is_over(int(noted.read_text()))


def test_a_worker_ends_when_whoever_asked_has_died(tmp_path):
    noted = tmp_path / "pid"
    asking = (
        "import os, signal, sys; from pathlib import Path\n"
        "from components.processes.call import call\n"
        "from components.processes.folder import JobFolder\n"
        "from components.processes.limits import Limits\n"
        "pid = Path(sys.argv[3])\n"
        "def die():\n"
        "    if pid.exists() and pid.read_text():\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "call(JobFolder(Path(sys.argv[1])), (sys.executable, sys.argv[2], 'busy'),"
        " {'pid': str(pid)}, limits=Limits(), pulse=die, environment={})\n"
    )
    command = [sys.executable, "-c", asking, str(tmp_path), ODD, str(noted)]
    subprocess.run(command, cwd=PACKAGE_ROOT, check=False)
    deadline = time.monotonic() + 60
    while not is_over(int(noted.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), OutOfMemory),
        (type("OutOfMemoryException", (Exception,), {})("failed to allocate"), OutOfMemory),
        (RuntimeError("write failed: No space left on device"), OutOfDisk),
        (OSError(28, "No space left on device"), OutOfDisk),
    ],
)
def test_an_error_behind_another_one_is_told(error, kind):
    outer = ValueError("could not go on")
    outer.__cause__ = error
    assert type(endings.explain(outer)) is kind


def test_the_counters_of_the_system_only_grow():
    first = endings.out_of_memory_kills()
    assert 0 <= first <= endings.out_of_memory_kills()
