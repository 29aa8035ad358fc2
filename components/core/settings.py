"""The only reader of environment variables."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.core.errors import UnusableInput

GIGABYTE = 1_000_000_000

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""For numeric libraries: sums come out the same every time, and a busy machine stays quick.

Measured on 2 busy cores: the label check took 17 s with one thread, 152 s with two (OpenMP waits
by spinning). A number in the environment wins.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set from outside.

    Attributes
    ----------
    home
        The workspace folder: database, datasets, runs. ``PREFLIGHT_HOME``; default
        ``~/.local/share/preflight``.
    memory_limit
        For the engine, in bytes. ``PREFLIGHT_MEMORY_GB``; default 2.
    max_upload
        Largest file taken, in bytes. ``PREFLIGHT_MAX_UPLOAD_MB``; default 2,000.
    max_columns
        Widest table taken. ``PREFLIGHT_MAX_COLUMNS``; default 9,500: the engine
        needs about 200 kB per column (measured: 9,500 fit into 2 GB, 10,000 do not).
    data_dir
        The one folder of this machine whose files visitors may open. ``PREFLIGHT_DATA_DIR``;
        none by default.
    """

    home: Path
    memory_limit: int = 2 * GIGABYTE
    max_upload: int = 2_000 * 1_000_000
    max_columns: int = 9_500
    data_dir: Path | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings.

        Raises
        ------
        UnusableInput
            When a value is not a positive number.
        """
        home = os.environ.get("PREFLIGHT_HOME") or "~/.local/share/preflight"
        data_dir = os.environ.get("PREFLIGHT_DATA_DIR", "").strip()
        return cls(
            home=Path(home).expanduser(),
            memory_limit=int(_number("PREFLIGHT_MEMORY_GB", 2) * GIGABYTE),
            max_upload=int(_number("PREFLIGHT_MAX_UPLOAD_MB", 2_000) * 1_000_000),
            max_columns=int(_number("PREFLIGHT_MAX_COLUMNS", 9_500)),
            data_dir=Path(data_dir).expanduser() if data_dir else None,
        )


def environment_with(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child process: bounded threads, ours, ``extra`` on top."""
    return {**ONE_THREAD, **os.environ, **extra}


def bound_threads() -> None:
    """Bound the threads of this process; call it before NumPy is imported."""
    for name, number in ONE_THREAD.items():
        os.environ.setdefault(name, number)


def _number(name: str, default: float) -> float:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise UnusableInput(
            f"The environment variable {name} is “{text}”, which is not a positive number.",
            f"Set {name} to a number such as {default:g}.",
        )
    return value
