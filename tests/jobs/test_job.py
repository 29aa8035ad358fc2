"""A job that is no run: what is left of it, and for how long."""

import os
import time
from contextlib import suppress

import pytest

from components.core.errors import Cancelled, NotFound, PreflightError
from components.jobs import job
from components.jobs.queue import Queue
from components.processes.folder import JobFolder, Owner
from components.processes.identity import ProcessId, this_process


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "jobs"
    folder.mkdir()
    return folder


def aged(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_a_job_that_was_never_asked_for_is_not_found(root, tmp_path):
    with pytest.raises(NotFound):
        job.status(job.new(root), Queue(tmp_path, 1))


def test_nothing_is_left_of_a_job_whose_end_is_noted_while_it_is_deleted(root, monkeypatch):
    done = job.new(root)
    done.write_result({"value": 1})
    rmdir = os.rmdir

    def with_a_late_word(path, **where):
        with suppress(OSError):  # as whoever waits for the process does
            done.write_exit_status(0)
        rmdir(path, **where)

    monkeypatch.setattr(os, "rmdir", with_a_late_word)
    job.remove(done)
    job.remove(done)
    assert list(root.iterdir()) == []


def test_a_job_can_be_cancelled_while_it_waits(root, tmp_path):
    full = Queue(tmp_path, 0)
    waiting, next_one = job.new(root), job.new(root)
    for one in (waiting, next_one):
        job.submit(one, full, "nothing", {})
    assert job.status(next_one, full).place == 2
    job.cancel(waiting, full)
    assert job.status(next_one, full).place == 1
    assert job.status(waiting, full).is_over
    with pytest.raises(Cancelled):
        job.result(waiting)


def test_what_is_told_while_a_job_waits_may_end_it(root, tmp_path):
    full, waiting = Queue(tmp_path, 0), job.new(root)
    job.submit(waiting, full, "nothing", {})
    said = []

    def leave(share, note):
        said.append((share, note))
        raise Cancelled

    with pytest.raises(Cancelled):
        job.wait(waiting, full, leave)
    assert said == [(0.0, "Waiting: first in the queue")]
    assert full.jobs() == ()


def test_a_worker_that_cannot_be_started_is_told(root, tmp_path):
    queue = Queue(tmp_path, 1, ("/nowhere/python",))
    made = job.new(root)
    job.submit(made, queue, "nothing", {})
    assert job.status(made, queue).is_over
    with pytest.raises(PreflightError, match="could not be started: No such file"):
        job.result(made)
    assert queue.jobs() == ()


def test_what_ended_long_ago_is_deleted_and_nothing_else(root):
    ended, young, working, waiting, lost = (job.new(root) for _ in range(5))
    for made in (ended, young):
        made.write_result({"value": 1})
    working.write_owner(Owner(process=this_process()))
    lost.write_owner(Owner(process=ProcessId(pid=1, started="another boot:1")))
    for made in (ended, working, waiting, lost):
        aged(made.path, job.KEPT + 60)
    new = job.new(root)
    assert {JobFolder(path) for path in root.iterdir()} == {young, working, waiting, new}
    aged(waiting.path, job.KEPT_WAITING + 60)
    job.new(root)
    assert not waiting.path.exists()


def test_a_job_that_waits_is_kept_however_long_it_waits(tmp_path, queue):
    """What waited for its turn used to be deleted by its age, with the uploaded file in it."""
    root = tmp_path / "jobs"
    root.mkdir()
    with queue.slot(), queue.slot():
        waits, never_asked = job.new(root), job.new(root)
        job.submit(waits, queue, "read", {})
        long_ago = time.time() - 30 * 86_400
        for path in (waits.path, never_asked.path):
            os.utime(path, (long_ago, long_ago))
        job.new(root)
        assert waits.path.is_dir()
        assert not never_asked.path.exists()
        assert job.status(waits, queue).place == 1
        job.cancel(waits, queue)
