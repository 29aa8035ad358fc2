r"""One piece of work in a process of its own: what it takes is given back when it ends.

A process that has held two gigabytes seldom returns them; one that ends always does. The worker
gets its request as JSON on standard input and answers in lines of JSON on standard output:
``{"share": 0.4, "note": "Reading"}`` any number of times, then its outcome. It ends by itself when
its standard input is closed: then nobody waits for the answer any more.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import components
from components.core.errors import PreflightError
from components.core.progress import Progress
from components.core.settings import environment_with

Work = Callable[[dict[str, Any], Progress], Mapping[str, Any]]

PACKAGE_ROOT = Path(components.__file__).parents[1]
WORKER = (sys.executable, "-m", "components.worker")

LOOK_EVERY = 0.1
"""Seconds between two looks at whether anybody still wants the answer."""

SECONDS_TO_END = 0.5
"""How long a terminated worker may take to end, before it is killed."""

SECONDS_TO_LEAVE = 2.0
"""How long a worker may take to end by itself when it has said all."""

LAST_WORDS = 500
"""Characters of what a worker printed before it died that are told."""


def call(
    arguments: Sequence[str],
    request: Mapping[str, Any],
    *,
    tell: Progress,
    scratch: Path,
    command: Sequence[str] = WORKER,
) -> dict[str, Any]:
    """Run a worker with ``arguments`` and return its outcome.

    Parameters
    ----------
    request
        Plain JSON values.
    tell
        Told how far the worker is, about ten times a second; what it raises ends the worker.
    scratch
        Where a folder for the temporary files of the worker is made; gone at the end.

    Raises
    ------
    PreflightError
        When the worker died before it had an outcome.
    """
    with (
        tempfile.TemporaryDirectory(prefix=".apart-", dir=scratch) as folder,
        tempfile.TemporaryFile() as printed,
    ):
        environment = environment_with({"PYTHONPATH": str(PACKAGE_ROOT), "TMPDIR": folder})
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, *arguments],
            cwd=PACKAGE_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
            start_new_session=True,
        )
        try:
            outcome = _converse(process, json.dumps(request).encode(), tell)
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_LEAVE)  # it has said all and ends by itself
        finally:
            _end(process)
        return outcome or _explain_death(process.returncode, printed)


def _converse(
    process: subprocess.Popen[bytes], request: bytes, tell: Progress
) -> dict[str, Any] | None:
    """Hand over the request and return the outcome; None where the worker ends without one."""
    if process.stdin is None or process.stdout is None:  # cannot be: both were asked for
        return None
    with suppress(BrokenPipeError):
        process.stdin.write(request + b"\n")
        process.stdin.flush()
    share, note, held = 0.0, "Starting", b""
    while True:
        tell(share, note)
        if not select.select([process.stdout], [], [], LOOK_EVERY)[0]:
            continue
        piece = os.read(process.stdout.fileno(), 1 << 16)
        if not piece:
            return None
        *lines, held = (held + piece).split(b"\n")
        for message in map(json.loads, lines):
            if "share" not in message:
                return dict(message)
            share, note = message["share"], message["note"]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Make sure that the worker and all it started are over."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
            return
    process.wait()


def _explain_death(status: int, printed: IO[bytes]) -> dict[str, Any]:
    printed.seek(0)
    lines = printed.read()[-4_000:].decode("utf-8", "replace").strip().splitlines()
    words = f" Its last words: {lines[-1].strip()[:LAST_WORDS]}" if lines and status > 0 else ""
    raise PreflightError(
        f"The process that did the work ended before it was done.{words}",
        "It may have run out of memory. Close other programs, or try a part of the file.",
    )


def answer(work: Work) -> None:
    """Do what the request on standard input asks for, as the worker.

    Parameters
    ----------
    work
        Given the request and a way to tell how far it is; returns the outcome as JSON values
        without a key ``share``.
    """
    request = json.loads(sys.stdin.buffer.readline())
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    threading.Thread(target=_leave_when_alone, name="alone", daemon=True).start()

    def tell(share: float, note: str) -> None:
        _say(out, {"share": share, "note": note})

    _say(out, work(request, tell))


def _say(out: IO[bytes], message: Mapping[str, Any]) -> None:
    out.write(json.dumps(message).encode() + b"\n")


def _leave_when_alone() -> None:
    """End this process, and what it started, when nobody waits for it."""
    # not sys.stdin: its lock would be held when the interpreter ends
    while os.read(0, 1 << 10):
        pass
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
