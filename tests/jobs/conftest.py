from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from components.core.judgement.runs import RunSpec, RunStatus
from components.jobs import runner
from components.jobs.folder import RunFolder
from components.jobs.queue import Queue

ODD = (sys.executable, str(Path(__file__).with_name("odd_worker.py")))


@pytest.fixture
def prepare(make_table, tmp_path: Path) -> Callable[..., RunFolder]:
    """Return a function that makes a run of the odd checks on three rows."""

    number = itertools.count()

    def make(*checks: str, table: str | None = None) -> RunFolder:
        made = make_table(pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]}))
        spec = RunSpec(
            run_id=f"250102-030405-ab{next(number):02}",
            dataset=made.version,
            table=table or str(made.path),
            checks=tuple(f"odd.{check}" for check in checks),
            created_at=datetime.now(UTC),
        )
        return runner.prepare(tmp_path / "runs" / spec.run_id, spec)

    return make


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    """Return a queue with two slots, whose workers know the odd checks."""
    return Queue(tmp_path, 2, ODD)


@pytest.fixture
def start(prepare, tmp_path) -> Callable[..., RunFolder]:
    """Return a function that starts a run of the odd checks in a process."""

    def make(*checks: str, command=ODD, table: str | None = None) -> RunFolder:
        folder = prepare(*checks, table=table)
        runner.start(folder, Queue(tmp_path, 2, command))
        return folder

    return make


def wait_until(folder: RunFolder, true: Callable[[RunStatus], bool], seconds: float = 60):
    deadline = time.monotonic() + seconds
    queue = Queue(folder.path.parents[1], 2, ODD)
    while not true(status := runner.status(folder, queue)):
        assert time.monotonic() < deadline, f"{status}\n{folder.last_words()}"
        time.sleep(0.02)
    return status


@pytest.fixture
def wait() -> Callable[..., RunStatus]:
    return wait_until
