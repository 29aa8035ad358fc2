"""The facts about a file, without a workspace and without checks."""

from __future__ import annotations

import tempfile
from pathlib import Path

from components import intake
from components.core.atomic_files import write_json
from components.core.data.dataset import DatasetVersion
from components.core.errors import UnusableInput
from components.core.facts.associations import Associations
from components.core.facts.profile import DatasetProfile
from components.core.progress import Progress, part, silent
from components.core.settings import Settings
from components.engine.connect import keep_open
from components.engine.table.open_table import open_table
from components.intake import Loaded, ReadOptions
from components.profiling.associations.associate import associate
from components.profiling.profile import profile
from components.reports import to_csv

PAIRS = ("associations.json", "associations.csv")

READ, PROFILED = 0.5, 0.8
"""Shares of the work after which the file is read, and profiled (it depends on the columns)."""


def write(
    data: Path,
    out: Path,
    options: ReadOptions | None = None,
    *,
    with_pairs: bool = True,
    progress: Progress | None = None,
) -> DatasetProfile:
    """Read a file and write the facts about it; nothing else of it is kept.

    Writes ``profile.json`` (the profile), ``columns.csv`` (one line per column), ``source.json``
    (how the file was read), ``associations.json`` and ``associations.csv`` (one line per pair of
    columns). The limit for uploads does not apply: the file is on this machine already.

    Parameters
    ----------
    out
        The folder for the results, made where it is not there.
    options
        How to read the file; intake decides what is None.
    with_pairs
        Whether it is told how columns go together.
    progress
        Told the share that is done, in [0, 1], and what comes next.

    Raises
    ------
    UnusableInput
        When the file is no table, or ``out`` cannot be written.
    """
    _make(out)
    settings = Settings.from_environment()
    settings = settings.for_local_file(_size(data))
    tell = progress or silent
    limit = settings.memory_limit
    with tempfile.TemporaryDirectory(prefix="preflight-") as home, keep_open(limit):
        loaded = intake.load(
            data,
            Path(home),
            name=data.name,
            settings=settings,
            options=options,
            progress=part(tell, 0.0, READ),
        )
        version = _version(data, loaded)
        words = intake.count_disguised(Path(home), loaded.columns, memory_limit=limit)
        with open_table(version, loaded.table, memory_limit=limit, held=loaded.held) as table:
            found = profile(table, disguised=words, progress=part(tell, READ, PROFILED))
            rest = part(tell, PROFILED, 1.0)
            pairs = associate(table, found, progress=rest) if with_pairs else None
    _write(out, found, pairs, loaded)
    return found


def _write(out: Path, found: DatasetProfile, pairs: Associations | None, loaded: Loaded) -> None:
    try:
        write_json(out / "profile.json", found)
        write_json(out / "source.json", loaded.report)
        to_csv.columns(found, out / "columns.csv")
        for name in PAIRS:
            (out / name).unlink(missing_ok=True)  # of an earlier file
        if pairs is not None:
            write_json(out / PAIRS[0], pairs)
            to_csv.associations(pairs, out / PAIRS[1])
    except OSError as error:
        raise _cannot_write(out, error) from error


def _version(data: Path, loaded: Loaded) -> DatasetVersion:
    """Return the table as profiling wants it; it gets no identity, for nothing of it is kept."""
    return DatasetVersion(
        id="profile", name=data.name, sha256="", n_rows=loaded.n_rows, columns=loaded.columns
    )


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _size(data: Path) -> int:
    try:
        with data.open("rb") as stream:  # a folder, or a file of somebody else, is refused here
            return stream.seek(0, 2)
    except OSError as error:
        raise UnusableInput(
            f"The file {data} cannot be read: {error.strerror}.", "Check the path."
        ) from error


def _cannot_write(out: Path, error: OSError) -> UnusableInput:
    return UnusableInput(f"{out} cannot be written: {error.strerror or error}.", "Choose another.")
