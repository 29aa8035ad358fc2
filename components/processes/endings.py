"""Why work ended before it was done: true words for memory, disk, time and everything else."""

from __future__ import annotations

import errno
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path

from components.core.errors import NotKept, OutOfDisk, OutOfMemory, OutOfTime, PreflightError

MEMORY_TODO = (
    "Close other programs, start fewer jobs at once, set PREFLIGHT_MEMORY_GB to less than the "
    "memory that is free, or try a part of the table."
)
ENGINE_ERROR = "OutOfMemoryException"
"""The query engine has an error of its own, and only its room knows it."""
ENGINE_TODO = (
    "Set PREFLIGHT_MEMORY_GB to more than it is now (2 where it is not set), as far as the memory "
    "of the computer allows, or try a part of the table."
)
DISK_TODO = (
    "Make room on the disk: remove tables that are no longer needed, or run “preflight gc --now”. "
    "Then try again."
)
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
OUT_OF_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_SPACE = "No space left on device"
NO_MEMORY = (
    "memory allocation of",
    "bad_alloc",
    "MemoryError",
    "Cannot allocate memory",
    "failed to map segment",
)
"""What libraries say that end for want of memory."""

LONGEST = 300
"""Characters of an unknown error that are shown."""


def explain(error: BaseException) -> PreflightError:
    """Return an error of this process in words for a person; one that has words is kept."""
    if isinstance(error, PreflightError):
        return error
    known = recognise(error)
    if known is not None:
        return known
    last = traceback.format_exception_only(error)[-1].strip()[:LONGEST]
    return PreflightError(f"Something went wrong: {last}.")


def recognise(error: BaseException) -> PreflightError | None:
    """Return words for an error of memory or disk; None for any other."""
    chain = list(_chain(error))
    if any(type(e).__name__ == ENGINE_ERROR for e in chain):
        return OutOfMemory("The query engine needed more memory than it may use.", ENGINE_TODO)
    if any(map(_is_memory, chain)):
        return OutOfMemory("There was not enough memory to do this.", MEMORY_TODO)
    if any(map(_is_disk, chain)):
        return OutOfDisk("The disk is full: there was no room to do this.", DISK_TODO)
    failed = [e for e in chain if isinstance(e, OSError)]
    if any(e.errno == errno.EFBIG for e in failed):
        return OutOfDisk("A file became larger than it may be.", "Try a part of the table.")
    closed = next((e for e in failed if e.errno in CLOSED), None)
    if closed is not None:
        where = f" {closed.filename}" if closed.filename else ""
        what = f"A file cannot be written:{where} ({closed.strerror}). It was not kept."
        return NotKept(what, "Check that the folder is yours and is not on a read-only disk.")
    return None


def explain_exit(
    status: int | None, last_words: str, *, was_out_of_memory: bool = False
) -> PreflightError:
    """Return why a worker ended without a result.

    Parameters
    ----------
    status
        As :attr:`subprocess.Popen.returncode`; None where nobody waited for it.
    last_words
        The last line that it printed.
    was_out_of_memory
        Whether the system has ended a process for want of memory since the worker started.
    """
    if was_out_of_memory and status in {None, -signal.SIGKILL}:
        what = "The computer ran out of memory, and the system ended the process that did the work."
        return OutOfMemory(what, MEMORY_TODO)
    known = _known(last_words)
    if known is not None:
        return known
    if status == -signal.SIGXCPU:
        return OutOfTime("The work took longer than it may take.", "Try a part of the table.")
    what = "The process that did the work ended before it was done"
    if status is not None and status < 0:
        return PreflightError(
            f"{what}: it got the signal {signal.Signals(-status).name}.",
            "Try again. If it happens each time, try a part of the table.",
        )
    said = f" It said last: {last_words}" if last_words else ""
    return PreflightError(f"{what}.{said}", "Try again.")


def _known(last_words: str) -> PreflightError | None:
    if ENGINE_ERROR in last_words:
        return OutOfMemory("The query engine needed more memory than it may use.", ENGINE_TODO)
    if _says_no_memory(last_words):
        return OutOfMemory("There was not enough memory to do this.", MEMORY_TODO)
    if NO_SPACE in last_words:
        return OutOfDisk("The disk is full: there was no room to do this.", DISK_TODO)
    return None


def out_of_memory_kills() -> int:
    """Return how many processes the system has ended for want of memory; 0 where it does not say.

    Only a difference of two readings means anything.
    """
    return sum(_count(path) for path in _COUNTERS)


_COUNTERS = (Path("/proc/vmstat"), Path("/sys/fs/cgroup/memory.events"))


def _count(path: Path) -> int:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    return _says_no_memory(str(error))


def _says_no_memory(words: str) -> bool:
    return any(sign in words for sign in NO_MEMORY)


def _is_disk(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in OUT_OF_ROOM:
        return True
    return NO_SPACE in str(error)
