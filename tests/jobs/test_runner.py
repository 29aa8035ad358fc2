from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from components.core.errors import NotFound
from components.core.judgement.findings import Status
from components.core.judgement.runs import RunState
from components.jobs import runner
from components.jobs.folder import RunFolder
from components.processes.folder import Owner
from components.processes.identity import ProcessId, this_process
from components.store.results import read_result

ROOT = Path(runner.__file__).parents[2]


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_run_ends_with_all_results_whatever_a_check_does(start, wait):
    folder = start("quick", "broken", "loaded")
    status = wait(folder, lambda s: s.state.is_over)
    assert (status.state, status.error, status.done) == (RunState.DONE, "", 1.0)
    assert [c.status for c in status.checks] == [Status.PASSED, Status.FAILED, Status.PASSED]
    assert status.checks[0].title == "Title of quick"
    assert "no such luck" in status.checks[1].note
    assert read_result(folder.path, "odd.quick").evidence[0].value == 42
    assert read_result(folder.path, "odd.broken").evidence == ()
    assert read_result(folder.path, "odd.loaded").evidence[0].value == 0, "streamlit was loaded"
    assert folder.profile().n_rows == 3
    assert not folder.scratch.exists()


def test_results_are_there_before_the_run_is_over(start, wait, queue):
    folder = start("quick", "polite")
    status = wait(folder, lambda s: s.checks[1].done > 0)
    assert status.state is RunState.RUNNING
    assert status.step == "Title of polite"
    assert read_result(folder.path, "odd.quick").status is Status.PASSED
    runner.stop(folder, queue)


def test_a_polite_run_stops_when_asked(start, wait, queue):
    folder = start("quick", "polite")
    wait(folder, lambda s: s.checks[1].done > 0)
    began = time.monotonic()
    runner.stop(folder, queue)
    assert time.monotonic() - began < 2
    status = runner.status(folder, queue)
    assert status.state is RunState.CANCELLED
    assert status.checks[0].status is Status.PASSED
    assert status.checks[1].status is None


def test_a_deaf_run_is_killed_with_all_it_started(start, wait, queue):
    folder = start("deaf")
    wait(folder, lambda _: (folder.path / "child").exists())
    time.sleep(0.1)
    pids = [folder.owner().process.pid, int((folder.path / "child").read_text())]
    assert all(map(alive, pids))
    began = time.monotonic()
    runner.stop(folder, queue)
    assert time.monotonic() - began < 2
    assert runner.status(folder, queue).state is RunState.CANCELLED
    while any(map(alive, pids)) and time.monotonic() - began < 5:
        time.sleep(0.02)  # a killed process may take a moment to be gone on a busy machine
    assert not any(map(alive, pids))
    assert not folder.scratch.exists()


def test_a_run_that_is_stopped_before_it_began_is_cancelled(start, queue):
    folder = start("polite")
    began = time.monotonic()
    runner.stop(folder, queue)
    assert time.monotonic() - began < 2
    assert runner.status(folder, queue).state is RunState.CANCELLED


def test_a_killed_worker_shows_as_interrupted_and_keeps_what_was_done(start, wait, queue):
    folder = start("quick", "polite")
    wait(folder, lambda s: s.checks[1].done > 0)
    os.kill(folder.owner().process.pid, signal.SIGKILL)
    status = wait(folder, lambda s: s.state.is_over, 5)
    assert status.state is RunState.INTERRUPTED
    assert "Start the run again" in status.error
    assert read_result(folder.path, "odd.quick").status is Status.PASSED
    assert runner.status(folder, queue) == status, "the end is told once"


def test_a_worker_that_the_system_killed_for_want_of_memory_is_told(start, wait, monkeypatch):
    folder = start("quick", "polite")
    wait(folder, lambda s: s.checks[1].done > 0)
    kills = folder.owner().kills
    monkeypatch.setattr(runner, "out_of_memory_kills", lambda: kills + 1)
    os.kill(folder.owner().process.pid, signal.SIGKILL)
    status = wait(folder, lambda s: s.state.is_over)
    assert status.state is RunState.INTERRUPTED
    assert "ran out of memory" in status.error
    assert "PREFLIGHT_MEMORY_GB" in status.error


def test_no_zombie_is_left(start, wait):
    folder = start("quick")
    wait(folder, lambda s: s.state.is_over)
    pid = folder.owner().process.pid
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(pid)


def test_the_run_survives_the_death_of_the_server(prepare, wait, queue):
    folder = prepare("polite")
    odd = Path(__file__).with_name("odd_worker.py")
    server = (
        "import os, signal, sys; from pathlib import Path\n"
        "from components.jobs import runner; from components.jobs.folder import RunFolder\n"
        "from components.jobs.queue import Queue\n"
        "folder = RunFolder(Path(sys.argv[1]))\n"
        "queue = Queue(folder.path.parents[1], 2, (sys.executable, sys.argv[2]))\n"
        "runner.start(folder, queue)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", server, str(folder.path), str(odd)], cwd=ROOT, check=False
    )
    assert done.returncode == -signal.SIGKILL
    status = wait(folder, lambda s: s.checks[0].done > 0)
    assert status.state is RunState.RUNNING
    runner.stop(folder, queue)
    assert runner.status(folder, queue).state is RunState.CANCELLED


def test_a_process_number_that_was_given_again_is_not_the_worker(prepare, queue):
    folder = prepare("quick")
    folder.write_status(replace(runner.status(folder, queue), state=RunState.RUNNING))
    me = os.getpid()
    folder.write_owner(Owner(process=ProcessId(pid=me, started="another boot:1")))
    assert runner.status(folder, queue).state is RunState.INTERRUPTED
    assert alive(me)


def test_stopping_a_run_in_this_process_only_asks(prepare, queue):
    folder = prepare("quick")
    folder.write_status(replace(runner.status(folder, queue), state=RunState.RUNNING))
    folder.write_owner(Owner(process=this_process()))
    runner.stop(folder, queue)
    status = runner.status(folder, queue)
    assert (status.state, status.step) == (RunState.RUNNING, "Stopping")
    assert folder.cancel_asked


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("/nowhere/python",), "could not be started: No such file"),
        ((sys.executable, "-c", "raise SystemExit('no library')"), "could not start: no library"),
        ((sys.executable, "-m", "components.nothing"), "No module named components.nothing"),
        ((sys.executable, "-c", ""), "it printed nothing"),
    ],
)
def test_a_worker_that_does_not_start_says_why(start, wait, command, words):
    status = wait(start("quick", command=command), lambda s: s.state.is_over)
    assert status.state is RunState.FAILED
    assert words in status.error


def test_an_error_outside_of_the_checks_is_told(start, wait):
    status = wait(start("quick", table="/nowhere.parquet"), lambda s: s.state.is_over)
    assert status.state is RunState.FAILED
    assert "Upload it again" in status.error


def test_a_run_that_never_got_a_process_is_interrupted(prepare, queue):
    folder = prepare("quick")
    assert runner.status(folder, queue).state is RunState.QUEUED
    old = time.time() - 2 * runner.SECONDS_TO_START
    os.utime(folder.path / "spec.json", (old, old))
    assert runner.status(folder, queue).state is RunState.INTERRUPTED


def test_there_is_no_status_where_there_is_no_run(tmp_path: Path, queue):
    with pytest.raises(NotFound):
        runner.status(RunFolder(tmp_path), queue)
