"""What a worker may use: memory, time, size of a file."""

from __future__ import annotations

import resource
from dataclasses import dataclass

GRACE = 5
"""Seconds of processor time between the signal that says so and the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a worker; None for none.

    Attributes
    ----------
    memory
        Bytes of data that it may hold.
    seconds
        Time that it may take: of a processor, and by the clock.
    file_size
        Bytes of any file that it writes.
    """

    memory: int | None = None
    seconds: int | None = None
    file_size: int | None = None

    def apply(self) -> None:
        """Bound this process; it cannot be undone."""
        _bound(resource.RLIMIT_CORE, 0)
        if self.memory is not None:
            _bound(resource.RLIMIT_DATA, self.memory)
        if self.file_size is not None:
            _bound(resource.RLIMIT_FSIZE, self.file_size)
        if self.seconds is not None:
            _bound(resource.RLIMIT_CPU, self.seconds, GRACE)


def _bound(kind: int, value: int, grace: int = 0) -> None:
    most = resource.getrlimit(kind)[1]
    soft, hard = (
        wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        for wanted in (value, value + grace)
    )
    resource.setrlimit(kind, (soft, hard))
