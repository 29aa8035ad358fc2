"""The process of a run, ``python -m components.worker RUN_DIR``, or of a request, ``... take``.

Runs without the web framework. The outcome of a run stands in the folder; the exit status is 0 when
the run ended as it should (done or cancelled) and 1 otherwise. ``components.jobs.apart`` says how
a request is made and answered.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from components.core.judgement.runs import RunState
from components.core.settings import bound_threads
from components.jobs import apart
from components.jobs.folder import RunFolder
from components.jobs.perform import perform
from components.services.data import change_columns
from components.services.upload import in_a_process

NICE = 5
"""The app must stay quick while a run works."""

REQUESTS = {in_a_process.COMMAND: in_a_process.work, change_columns.COMMAND: change_columns.work}
"""What can be asked for, with how it is done; no run has such a name: it is a path."""


def main(arguments: list[str]) -> int:
    """Do the run in the folder given as the only argument, or answer one request."""
    if len(arguments) == 1 and arguments[0] in REQUESTS:
        return _answer(REQUESTS[arguments[0]])
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m components.worker RUN_DIR\n")
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    os.nice(NICE)
    folder = Path(arguments[0])
    status = perform(folder)
    RunFolder(folder).clean()
    return 0 if status.state in {RunState.DONE, RunState.CANCELLED} else 1


def _answer(work: apart.Work) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    bound_threads()
    os.nice(NICE)
    apart.answer(work)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
