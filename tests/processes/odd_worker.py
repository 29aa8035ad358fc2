"""A worker that behaves as the request says."""

import errno
import os
import sys
import time
from pathlib import Path

from components.core.errors import UnusableInput
from components.processes.folder import JobFolder
from components.processes.serve import serve


def double(request, tell):
    tell(0.5, "Half")
    print("a library prints on its own")  # noqa: T201 - it must not be taken for a result
    return {"twice": 2 * request["n"], "scratch": os.environ["TMPDIR"]}


def refuse(_request, _tell):
    raise UnusableInput("The file is empty.", "Upload another one.")


def crash(_request, _tell):
    raise ValueError("planted")


def vanish(_request, _tell):
    os.kill(os.getpid(), 9)


def greedy(_request, _tell):
    return len(bytearray(1 << 31))


def full(_request, _tell):
    with Path("/dev/full").open("wb") as out:
        out.write(b"x" * 100_000)


def long_file(request, _tell):
    (Path(request["folder"]) / "long").write_bytes(bytes(3_000_000))


def quota(_request, _tell):
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


def busy(request, tell):
    Path(request["pid"]).write_text(str(os.getpid()))
    while True:
        tell(0.5, "Busy")
        time.sleep(0.05)


KNOWN = (double, refuse, crash, vanish, greedy, full, long_file, quota, busy)
works = {function.__name__: function for function in KNOWN}
serve(JobFolder(Path(sys.argv[-1])), works[sys.argv[1]])
