"""The only reader of environment variables."""

from __future__ import annotations

import ctypes
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from components.core.errors import UnusableInput

GIGABYTE = 1_000_000_000

LOCAL_GROWTH = 5
"""Unpacked bytes allowed per byte of a file that is on this machine already (our choice)."""

LARGEST_KEPT = 30_000_000
"""Bytes of a piece of memory up to which it is used again; the GNU C library allows 32 MiB."""

MOST_KEPT = 64_000_000
"""Bytes at the end of the heap that are kept for what comes next."""

_SITE = re.compile(r"[a-z0-9.\-]+|[0-9a-f:]+:[0-9a-f:.]*")
_TOKEN = re.compile(r"[A-Za-z0-9-]+")
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # from malloc.h

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""For numeric libraries: sums come out the same every time, and a busy machine stays quick.

Measured on 2 busy cores: the label check took 17 s with one thread, 152 s with two (OpenMP waits
by spinning). A number in the environment wins.
"""


def processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


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
    max_unpacked
        What a packed file or a columnar table may grow to, in bytes of text.
        ``PREFLIGHT_MAX_UNPACKED_MB``; default 4,000, or twice a larger ``max_upload``.
    max_columns
        Widest table taken. ``PREFLIGHT_MAX_COLUMNS``; default 9,500: the engine
        needs about 200 kB per column (measured: 9,500 fit into 2 GB, 10,000 do not).
    max_workers
        Jobs (runs, readings, exports) that work at the same time; the others wait.
        ``PREFLIGHT_MAX_WORKERS``; default: the processors of this process.
    data_dir
        The one folder of this machine whose files visitors may open. ``PREFLIGHT_DATA_DIR``;
        none by default.
    public_url
        Under which visitors reach the app through a proxy, such as ``https://preflight.example``;
        see :func:`valid_public_url`. ``PREFLIGHT_PUBLIC_URL``; "" by default: there is no proxy.
    user_header
        In which a proxy tells who visits, such as ``X-Forwarded-Email``. ``PREFLIGHT_USER_HEADER``;
        "" by default: no header is believed.
    database_url
        Of a PostgreSQL database for all that is kept beside files, such as
        ``postgresql://user:password@host/name``: secret, so it is not shown with the others.
        ``PREFLIGHT_DATABASE_URL``; "" by default: a SQLite file in the workspace.
    """

    home: Path
    memory_limit: int = 2 * GIGABYTE
    max_upload: int = 2_000 * 1_000_000
    max_unpacked: int = 4_000 * 1_000_000
    max_columns: int = 9_500
    max_workers: int = field(default_factory=processors)
    data_dir: Path | None = None
    public_url: str = ""
    user_header: str = ""
    database_url: str = field(default="", repr=False)

    def for_local_file(self, size: int) -> Settings:
        """Return the settings for a file of this machine: the limit for uploads does not apply."""
        return replace(
            self,
            max_upload=max(self.max_upload, size),
            max_unpacked=max(self.max_unpacked, LOCAL_GROWTH * size),
        )

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings.

        Raises
        ------
        UnusableInput
            When a value is not a positive number, an address or the name of a header.
        """
        home = os.environ.get("PREFLIGHT_HOME") or "~/.local/share/preflight"
        data_dir = os.environ.get("PREFLIGHT_DATA_DIR", "").strip()
        upload = _number("PREFLIGHT_MAX_UPLOAD_MB", 2_000)
        return cls(
            home=Path(home).expanduser(),
            memory_limit=int(_number("PREFLIGHT_MEMORY_GB", 2) * GIGABYTE),
            max_upload=int(upload * 1_000_000),
            max_unpacked=int(_number("PREFLIGHT_MAX_UNPACKED_MB", max(4_000, 2 * upload)) * 1e6),
            max_columns=int(_number("PREFLIGHT_MAX_COLUMNS", 9_500)),
            max_workers=max(1, int(_number("PREFLIGHT_MAX_WORKERS", processors()))),
            data_dir=Path(data_dir).expanduser() if data_dir else None,
            public_url=valid_public_url(os.environ.get("PREFLIGHT_PUBLIC_URL", "").strip()),
            user_header=_header(os.environ.get("PREFLIGHT_USER_HEADER", "").strip()),
            database_url=os.environ.get("PREFLIGHT_DATABASE_URL", "").strip(),
        )


def valid_public_url(text: str) -> str:
    """Return the address of a site as browsers tell it: scheme, name, and a port that is unusual.

    Raises
    ------
    UnusableInput
        When it is not the address of a site.
    """
    if not text:
        return ""
    usual = {"http": 80, "https": 443}
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        parts, name, port = urlsplit(""), "", None
    is_whole = parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in text)
    if parts.scheme not in usual or not _SITE.fullmatch(name) or not is_whole:
        raise UnusableInput(
            f"“{text}” is not the address of a site.",
            "Give scheme and name, without a path: https://preflight.example",
        )
    host = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port not in {None, usual[parts.scheme]} else ""
    )


def environment_with(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child process: bounded threads, ours, ``extra`` on top."""
    return {**ONE_THREAD, **os.environ, **extra}


def bound_threads() -> None:
    """Bound the threads of this process; call it before NumPy is imported."""
    for name, number in ONE_THREAD.items():
        os.environ.setdefault(name, number)


def keep_freed_memory() -> None:
    """Let freed memory be used again instead of going back to the system at once.

    Arrays of a megabyte come and go all the time, and getting each anew from the system took 5 %
    of the CPU of a profile at 100,000 rows, and 8 % at a million (measured). Arrow takes its memory
    from the same library, so that one uses what the other has freed: 6 % and 100 MB less at a
    million (measured). Call it before Arrow is imported. Where the C library knows no such settings
    it keeps its own.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGEST_KEPT)
        mallopt(_TRIM_THRESHOLD, MOST_KEPT)


def _header(name: str) -> str:
    if name and not _TOKEN.fullmatch(name):
        raise UnusableInput(
            f"The environment variable PREFLIGHT_USER_HEADER is “{name}”, which names no header.",
            "Set it to a name such as X-Forwarded-Email.",
        )
    return name


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
