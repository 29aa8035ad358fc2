"""The process of a job: ``python -m components.worker JOB_DIR``.

Runs without the web framework. What came of the job stands in the folder; the exit status is 0 when
it ended as it should (done or cancelled) and 1 otherwise.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from components.core.judgement.runs import RunState
from components.core.settings import Settings
from components.jobs.queue import Queue
from components.processes.folder import JobFolder
from components.processes.serve import Work, serve
from components.processes.spawn import WORKER

NICE = 5
"""The app must stay quick while a run works."""


def main(arguments: list[str], command: Sequence[str] = WORKER) -> int:
    """Do the job in the folder given as the only argument, and start the next one of the queue.

    Parameters
    ----------
    command
        How the next worker is started.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m components.worker JOB_DIR\n")
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    os.umask(0o077)  # what it writes is for the owner of the workspace
    os.nice(max(0, NICE - os.nice(0)))  # a worker that another one started is nice already
    job = JobFolder(Path(arguments[0]))
    try:
        is_done = _do(job)
    finally:
        job.clean()
        home = job.path.absolute().parents[1]
        Queue(home, Settings.from_environment().max_workers, command).leave(job)
    return 0 if is_done else 1


def _do(job: JobFolder) -> bool:
    request = job.request()
    if request is None:
        from components.jobs.perform import perform  # a run needs nothing of the services

        return perform(job.path).state in {RunState.DONE, RunState.CANCELLED}
    return serve(job, _requests()[request["command"]])


def _requests() -> dict[str, Work]:
    """Return what can be asked for beside a run, with how it is done.

    Imported here: it brings the database along, and took half a second of each run (measured).
    """
    from components.services.data import change_columns
    from components.services.export import downloads, publish
    from components.services.team import cleaning, figures
    from components.services.upload import readings

    return {
        readings.READ: readings.work,
        readings.READ_AGAIN: readings.work_again,
        change_columns.COMMAND: change_columns.work,
        publish.COMMAND: publish.work,
        downloads.COMMAND: downloads.work,
        figures.COMMAND: figures.work,
        cleaning.COMMAND: cleaning.work,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
