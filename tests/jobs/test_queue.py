"""At most so many workers at once; the others wait in order, and no slot is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from components.core.errors import NotFound
from components.core.judgement.runs import RunState
from components.jobs import runner
from components.jobs.queue import Queue, place_words
from components.processes.spawn import PACKAGE_ROOT, works

ODD = (sys.executable, str(Path(__file__).with_name("odd_worker.py")))


@pytest.fixture
def one_slot(tmp_path):
    return Queue(tmp_path, 1, ODD)


@pytest.fixture
def runs(prepare, one_slot):
    """Return a function that starts runs where one works at a time; they end with the test."""
    made = []

    def start(*checks):
        folders = [prepare(check) for check in checks]
        for folder in folders:
            runner.start(folder, one_slot)
        made.extend(folders)
        return folders

    yield start
    for folder in reversed(made):
        runner.stop(folder, one_slot)


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_jobs_that_wait_know_their_place(runs, one_slot):
    working, second, third = runs("polite", "polite", "polite")
    until(lambda: runner.status(working, one_slot).state is RunState.RUNNING)
    states = [runner.status(folder, one_slot) for folder in (second, third)]
    assert {status.state for status in states} == {RunState.QUEUED}
    assert [status.step for status in states] == [
        "Waiting: first in the queue",
        "Waiting: second in the queue",
    ]
    assert second.owner() is third.owner() is None, "no process was started for them"


def test_a_place_is_told_in_words():
    assert place_words(3) == "Waiting: third in the queue"
    assert place_words(48) == "Waiting: number 48 in the queue"


def test_who_waits_moves_up_and_starts_when_its_turn_comes(runs, one_slot, wait):
    first, second, third = runs("quick", "quick", "quick")
    assert wait(first, lambda s: s.state.is_over).state is RunState.DONE
    for folder in (second, third):
        until(lambda folder=folder: runner.status(folder, one_slot).state is RunState.DONE)
    until(lambda: one_slot.jobs() == ())


def test_a_run_that_waits_can_be_cancelled_and_never_starts(runs, one_slot):
    working, second, third = runs("polite", "quick", "polite")
    runner.stop(second, one_slot)
    assert runner.status(second, one_slot).state is RunState.CANCELLED
    assert "first in the queue" in runner.status(third, one_slot).step
    runner.stop(working, one_slot)
    until(lambda: runner.status(third, one_slot).state is RunState.RUNNING)
    assert second.owner() is None


def test_the_slot_of_a_worker_that_was_killed_is_free(runs, one_slot):
    working, second = runs("polite", "polite")
    until(lambda: runner.status(working, one_slot).state is RunState.RUNNING)
    os.kill(working.owner().process.pid, signal.SIGKILL)
    until(lambda: runner.status(second, one_slot).state is RunState.RUNNING)
    assert runner.status(working, one_slot).state is RunState.INTERRUPTED


def test_the_queue_goes_on_when_the_server_has_died_and_nobody_looks(prepare):
    first, second = prepare("quick"), prepare("quick")
    server = (
        "import os, signal, sys; from pathlib import Path\n"
        "from components.jobs import runner; from components.jobs.folder import RunFolder\n"
        "from components.jobs.queue import Queue\n"
        "queue = Queue(Path(sys.argv[1]), 1, (sys.executable, sys.argv[2]))\n"
        "for path in sys.argv[3:]:\n"
        "    runner.start(RunFolder(Path(path)), queue)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    home = str(first.path.parents[1])
    subprocess.run(
        [sys.executable, "-c", server, home, ODD[1], str(first.path), str(second.path)],
        cwd=PACKAGE_ROOT,
        check=False,
    )
    until(lambda: second.status().state is RunState.DONE)  # the file alone: no look at the queue
    assert first.status().state is RunState.DONE


def test_a_server_that_starts_again_goes_on_with_what_waits(prepare, tmp_path):
    waiting = prepare("quick")
    stopped = Queue(tmp_path, 0, ODD)  # as if all slots had been taken
    runner.start(waiting, stopped)
    assert runner.status(waiting, stopped).state is RunState.QUEUED
    again = Queue(tmp_path, 1, ODD)
    again.dispatch()
    until(lambda: runner.status(waiting, again).state is RunState.DONE)


def test_a_run_that_waits_for_long_is_not_interrupted(prepare, tmp_path):
    waiting, full = prepare("quick"), Queue(tmp_path, 0, ODD)
    runner.start(waiting, full)
    old = time.time() - 100 * runner.SECONDS_TO_START
    os.utime(waiting.path / "spec.json", (old, old))
    assert runner.status(waiting, full).step == "Waiting: first in the queue"


def test_a_job_that_was_removed_while_it_waited_is_forgotten(prepare, one_slot, tmp_path):
    full, waiting = Queue(tmp_path, 0, ODD), prepare("quick")
    runner.start(waiting, full)
    waiting.path.rename(tmp_path / "elsewhere")
    one_slot.dispatch()
    assert one_slot.jobs() == ()
    with pytest.raises(NotFound):
        runner.status(waiting, one_slot)


def test_small_work_holds_a_slot_where_one_is_free(runs, one_slot):
    with one_slot.slot() as is_mine:
        assert is_mine
        with one_slot.slot() as is_free:
            assert not is_free
        (waiting,) = runs("quick")
        assert "first in the queue" in runner.status(waiting, one_slot).step
    until(lambda: runner.status(waiting, one_slot).state is RunState.DONE)


def test_the_slot_of_a_process_that_died_with_small_work_is_free(one_slot, tmp_path):
    dying = (
        "import os, signal, sys; from pathlib import Path\n"
        "from components.jobs.queue import Queue\n"
        "with Queue(Path(sys.argv[1]), 1).slot():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", dying, str(tmp_path)], cwd=PACKAGE_ROOT, check=False)
    assert len(list((tmp_path / "queue").iterdir())) == 2  # the lock, and what was left
    with one_slot.slot() as is_mine:
        assert is_mine


def test_many_jobs_started_at_once_never_have_more_workers_than_slots(prepare, tmp_path):
    """Four processes start three runs each; at no look do more than two work."""
    queue = Queue(tmp_path, 2, ODD)
    folders = [prepare("quick") for _ in range(12)]
    starter = (
        "import sys; from pathlib import Path\n"
        "from components.jobs import runner; from components.jobs.folder import RunFolder\n"
        "from components.jobs.queue import Queue\n"
        "queue = Queue(Path(sys.argv[1]), 2, (sys.executable, sys.argv[2]))\n"
        "for path in sys.argv[3:]:\n"
        "    runner.start(RunFolder(Path(path)), queue)\n"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", starter, str(tmp_path), ODD[1], *map(str, some)],
            cwd=PACKAGE_ROOT,
        )
        for some in ([f.path for f in folders[i::4]] for i in range(4))
    ]
    counted = set()

    def all_done():
        # one that has said all ends by itself, and is no worker any more
        counted.add(sum(works(f) and not f.status().state.is_over for f in folders))
        queue.dispatch()
        return all(runner.status(f, queue).state is RunState.DONE for f in folders)

    until(all_done, 240)
    for process in starters:
        process.wait()
    assert max(counted) == 2
    until(lambda: queue.jobs() == ())
