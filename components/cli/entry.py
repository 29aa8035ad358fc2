"""One command, from its arguments to its exit status."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from components.cli import app, audit, checking, listing, reading, reviewing, tables
from components.cli.console import FAILED, INTERRUPTED, UNUSABLE, Parser, complain
from components.core.errors import PreflightError
from components.core.settings import bound_threads, keep_freed_memory
from components.processes.endings import recognise

ADD = (
    *(checking.add_check, listing.add_checks, reading.add_load, reading.add_profile),
    *(app.add_serve, app.add_report, app.add_export, app.add_worker),
    *(tables.add_list, tables.add_remove, tables.add_gc, audit.add_audit),
    reviewing.add_review,
)

COLLECT = (500_000, 20, 20)
"""Objects made before Python looks for garbage: most of ours live until the end, and looking at
them again and again took 5 % of the CPU of a profile, and 2 % at 50,000 objects (measured)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; never raises for an error of the user."""
    bound_threads()
    keep_freed_memory()
    gc.set_threshold(*COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        parsed = parser().parse_args(arguments)
        status: int = parsed.command(parsed)
    except PreflightError as error:
        return complain(str(error), UNUSABLE)
    except KeyboardInterrupt:
        return complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the default status 1 would mean “stop”
        known = recognise(error)
        if known is not None:
            return complain(str(known), FAILED)
        return complain(f"Unexpected error: {type(error).__name__}: {error}", FAILED)
    return status


def run() -> NoReturn:
    """Run one command and end the process with its exit status.

    What was written is flushed and what was registered for the end is done; then the process ends,
    and the interpreter does not free one object after another first, which took 6 % of the CPU of a
    profile of 100,000 rows (measured).
    """
    status = main()
    atexit._run_exitfuncs()  # noqa: SLF001 - the one way to have them done before os._exit
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = FAILED
    os._exit(status)


def parser() -> Parser:
    """Return the parser of all commands."""
    whole = Parser(
        prog="preflight",
        description="Is this table ready to train on?",
        epilog="Exit status: 0 pass or review, 1 stop, 2 unusable input, 3 a check failed to run, "
        "4 unknown.",
        allow_abbrev=False,
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for add in ADD:
        add(commands)
    return whole
