"""How much a packed file may grow to, and where it may grow."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from components.core.errors import UnusableInput
from components.core.settings import Settings

RATIO = 100
"""Growth at which a file is taken for a bomb (our choice). Deflate reaches at most 1,032, which one
value repeated for ever comes near to."""

RATIO_FROM = 50_000_000
"""Unpacked bytes from which the ratio counts; less harms nobody."""

RESERVE = 500_000_000
"""Bytes that stay free on the disk."""

CHECK_EVERY = 64_000_000
"""Bytes between two looks at the free disk."""

MAX_CELL = 10_000_000
"""Bytes of one cell; longer ones are no values that a model reads (our choice)."""


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """What a file may unpack to, in bytes."""

    unpacked: int
    ratio: int = RATIO

    @classmethod
    def of(cls, settings: Settings) -> UnpackLimits:
        """Return the limits under ``settings``."""
        return cls(unpacked=settings.max_unpacked)

    def check(self, unpacked: int, packed: int) -> None:
        """Refuse what unpacks to too much.

        Raises
        ------
        UnusableInput
            When the size or its ratio to ``packed`` is over the limit.
        """
        if unpacked > self.unpacked:
            raise UnusableInput(
                f"The file unpacks to more than {megabytes(self.unpacked)}, the limit.",
                "Upload a part of it, or raise PREFLIGHT_MAX_UNPACKED_MB.",
            )
        if unpacked > RATIO_FROM and unpacked > self.ratio * packed:
            raise UnusableInput(
                f"The file unpacks to more than {self.ratio} times its size, as files do that are"
                " made to fill a disk.",
                "If it is a table, unpack it yourself and upload it as Parquet.",
            )


def pour(chunks: Iterable[bytes], target: Path, packed: int, limits: UnpackLimits) -> int:
    """Write ``chunks`` to ``target`` as long as limits and disk allow; return the bytes."""
    size = since = 0
    require_space(target.parent, min(packed * 3, limits.unpacked))
    with target.open("wb") as out:
        for chunk in chunks:
            size += len(chunk)
            since += len(chunk)
            limits.check(size, packed)
            if since > CHECK_EVERY:
                require_space(target.parent, 0)
                since = 0
            out.write(chunk)
    return size


def require_space(folder: Path, needed: int) -> None:
    """Refuse to go on where the disk would fill up.

    Raises
    ------
    UnusableInput
        When fewer than ``needed`` bytes and a reserve are free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE:
        raise UnusableInput(
            f"The disk has {megabytes(free)} free, too little to unpack this file.",
            "Make room in the workspace, or unpack the file elsewhere and upload a part of it.",
        )


def megabytes(size: int) -> str:
    """Return a size in words."""
    return f"{size / 1_000_000:,.0f} MB"
