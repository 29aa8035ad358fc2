"""Workers for the tests of work apart: each behaves as its first argument says."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from components.jobs import apart


def obedient(request, tell):
    tell(0.25, "A quarter")
    print("a library prints on its own")  # noqa: T201 - it must not be taken for an answer
    time.sleep(0.3)
    tell(0.75, "Three quarters")
    time.sleep(0.3)
    return {"twice": 2 * request["n"], "scratch": os.environ["TMPDIR"]}


def crash(_request, _tell):
    raise RuntimeError("planted")


def vanish(_request, _tell):
    os.kill(os.getpid(), 9)


def stubborn(request, tell):
    import signal
    import subprocess

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(request["pids"]).write_text(f"{os.getpid()} {child.pid}")
    tell(0.5, "Busy")
    time.sleep(60)


apart.answer({f.__name__: f for f in (obedient, crash, vanish, stubborn)}[sys.argv[1]])
