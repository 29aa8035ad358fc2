"""The process of a run, ``python -m components.worker RUN_DIR``, or of reading a file, ``take``.

Runs without the web framework. The outcome of a run stands in the folder; the exit status is 0 when
the run ended as it should (done or cancelled) and 1 otherwise. ``components.jobs.apart`` says how
the reading of a file is asked for and answered.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from components.core.runs import RunState
from components.core.settings import bound_threads
from components.jobs import apart
from components.jobs.folder import RunFolder
from components.jobs.perform import perform
from components.services import taking

NICE = 5
"""The app must stay quick while a run works."""


def main(arguments: list[str]) -> int:
    """Do the run in the folder given as the only argument, or read a file."""
    if arguments == [taking.COMMAND]:
        return _take()
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m components.worker RUN_DIR\n")
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    os.nice(NICE)
    folder = Path(arguments[0])
    status = perform(folder)
    RunFolder(folder).clean()
    return 0 if status.state in {RunState.DONE, RunState.CANCELLED} else 1


def _take() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    bound_threads()
    os.nice(NICE)
    apart.answer(taking.work)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
