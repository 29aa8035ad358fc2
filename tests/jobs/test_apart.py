"""Work in a process of its own: its answer, its end, and what is left of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from components.core.errors import Cancelled, PreflightError
from components.core.settings import environment_with
from components.jobs import apart

ODD = (sys.executable, str(Path(__file__).with_name("odd_apart.py")))


def call(behaviour, request, scratch, tell=lambda _share, _note: None):
    return apart.call([behaviour], request, tell=tell, scratch=scratch, command=ODD)


def wait_for(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


def pids(path):
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def is_over(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_outcome_comes_back_and_progress_on_the_way(tmp_path):
    told = []
    outcome = call("obedient", {"n": 21}, tmp_path, lambda *said: told.append(said))
    assert outcome["twice"] == 42
    assert list(dict.fromkeys(told)) == [(0.0, "Starting"), (0.25, "A quarter"),
                                         (0.75, "Three quarters")]  # fmt: skip
    assert Path(outcome["scratch"]).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_crash_is_told_with_its_last_words(tmp_path):
    with pytest.raises(PreflightError, match="RuntimeError: planted"):
        call("crash", {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_is_killed_is_told(tmp_path):
    with pytest.raises(PreflightError, match="ended before it was done"):
        call("vanish", {}, tmp_path)


def test_what_progress_raises_ends_the_worker_and_all_it_started(tmp_path):
    noted = tmp_path / "pids"
    asked = []

    def stop(share, _note):
        if share == 0.5:
            asked.append(time.monotonic())
            raise Cancelled

    with pytest.raises(Cancelled):
        call("stubborn", {"pids": str(noted)}, tmp_path, stop)
    assert time.monotonic() - asked[0] < 2
    assert len(pids(noted)) == 2
    assert wait_for(lambda: all(map(is_over, pids(noted))))
    assert [p.name for p in tmp_path.iterdir()] == ["pids"]


def test_a_worker_ends_when_nobody_waits_for_it(tmp_path):
    noted = tmp_path / "pids"
    process = subprocess.Popen(
        [*ODD, "stubborn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment_with({"PYTHONPATH": str(apart.PACKAGE_ROOT)}),
        start_new_session=True,
    )
    process.stdin.write(f'{{"pids": "{noted}"}}\n'.encode())
    process.stdin.flush()
    assert wait_for(lambda: len(pids(noted)) == 2, 20)
    process.stdin.close()
    assert process.wait(5) == -9
    assert wait_for(lambda: all(map(is_over, pids(noted))))
