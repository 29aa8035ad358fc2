"""Taking a file into the workspace: bytes in, an immutable dataset version out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from components.core.data.source import SourceReport
from components.core.progress import Progress, silent
from components.intake import ReadOptions
from components.services.dataset_info import DatasetInfo
from components.services.upload.make_version import (
    CARRIED,
    SYSTEM,
    Expected,
    Wanted,
    info_of,
    known,
    take,
)
from components.services.upload.source_bytes import (
    clean_name,
    fingerprint,
    link,
    link_or_move,
    receive,
    refuse_large,
)
from components.services.workspace import Workspace

__all__ = ["CARRIED", "DatasetInfo", "add", "add_file", "info_of", "read_again"]


def add(
    ws: Workspace,
    stream: BinaryIO,
    name: str,
    *,
    demo: bool = False,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    actor: str = SYSTEM,
    expected: Expected | None = None,
) -> DatasetInfo:
    """Take a file into the workspace; bytes that are known already give the known dataset.

    Parameters
    ----------
    stream
        The bytes, read to the end in pieces.
    name
        The name of the file, for people; folders in it are cut off.
    options
        How to read it; intake decides what is None.
    expected
        What it must be read as, where we have written it ourselves.

    Raises
    ------
    UnusableInput
        When the file is too large, or is no table.
    Conflict
        When it is another table than the expected one.
    """
    with ws.files.new_folder() as folder:
        sha256 = receive(stream, folder / "source", ws.settings.max_upload)
        wanted = Wanted(
            name=clean_name(name),
            sha256=sha256,
            demo=demo,
            options=options,
            expected=expected,
            actor=actor,
        )
        return _take(ws, folder, wanted, progress)


def add_file(
    ws: Workspace,
    path: Path,
    name: str,
    *,
    sha256: str | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    actor: str = SYSTEM,
    small_only: bool = False,
) -> DatasetInfo:
    """Take over a file that lies in the workspace already, without copying a byte.

    Parameters
    ----------
    path
        A file that nobody writes to any more. Whoever made it deletes it afterwards; until then a
        reading that was interrupted can start again.
    sha256
        Its fingerprint where it is known.
    options
        How to read it; intake decides what is None.
    small_only
        Whether this process reads small tables only.

    Raises
    ------
    ChoiceNeeded
        When it holds several tables, and ``options`` names none.
    UnusableInput
        When the file is too large, or is no table.
    NeedsWorker
        When a former table with the same columns is large, and ``small_only``.
    """
    wanted = Wanted(
        name=clean_name(name),
        sha256=sha256 or "",
        options=options,
        small_only=small_only,
        actor=actor,
    )
    return _take_placed(ws, path, link_or_move, wanted, progress)


def borrow(
    ws: Workspace, path: Path, name: str, *, options: ReadOptions | None = None, actor: str = SYSTEM
) -> DatasetInfo:
    """Take a file into a workspace that will not outlive it, without copying a byte.

    Raises
    ------
    ChoiceNeeded
        When it holds several tables, and ``options`` names none.
    UnusableInput
        When the file is too large, or is no table.
    """
    wanted = Wanted(name=clean_name(name), sha256="", options=options, actor=actor)
    return _take_placed(ws, path, _point, wanted, None)


def _point(path: Path, source: Path) -> None:
    source.symlink_to(path.resolve())


def _take_placed(
    ws: Workspace,
    path: Path,
    place: Callable[[Path, Path], None],
    wanted: Wanted,
    progress: Progress | None,
) -> DatasetInfo:
    """Make a dataset of a file that ``place`` puts into its folder without copying it."""
    refuse_large(path.stat().st_size, ws.settings.max_upload)
    with ws.files.new_folder() as folder:
        source = folder / "source"
        place(path, source)
        known_as = wanted.sha256 or fingerprint(source)
        return _take(ws, folder, replace(wanted, sha256=known_as), progress)


def read_again(
    ws: Workspace,
    info: DatasetInfo,
    options: ReadOptions,
    *,
    actor: str,
    progress: Progress | None = None,
    small_only: bool = False,
) -> DatasetInfo:
    """Read the same bytes in another way; gives a version beside the first one.

    A member of an archive or a sheet that was read stays chosen where ``options`` names none.

    Raises
    ------
    UnusableInput
        When the file is no table when read this way.
    NeedsWorker
        When a former table with the same columns is large, and ``small_only``.
    """
    version = info.version
    options = _still_chosen(options, info.report)
    with ws.files.new_folder() as folder:
        link(info.folder / "source", folder / "source")
        wanted = Wanted(
            name=version.name,
            sha256=version.sha256,
            demo=version.demo,
            parent=version.parent,
            options=options,
            small_only=small_only,
            actor=actor,
        )
        return _take(ws, folder, wanted, progress)


def _still_chosen(options: ReadOptions, report: SourceReport) -> ReadOptions:
    several = len(report.choices) > 1
    return replace(
        options,
        member=options.member or report.member or None,
        sheet=options.sheet or (report.sheet if several else "") or None,
    )


def _take(ws: Workspace, folder: Path, wanted: Wanted, progress: Progress | None) -> DatasetInfo:
    """Make a dataset of ``folder/source``, unless it is known."""
    return known(ws, wanted) or take(ws, folder, wanted, progress or silent)
