"""ZIP archives: what is inside, which member is the table, and taking it out.

Names inside an archive are never used as paths: the one member that is read is written to a file
whose name is ours.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.core.data.source import Problem, ProblemLevel
from components.core.errors import ChoiceNeeded, UnusableInput
from components.intake.formats.file_types import ARCHIVES, SUPPORTED, FileType, ending
from components.intake.formats.limits import UnpackLimits, pour
from components.intake.formats.packed.streams import pieces

MAX_DIRECTORY = 8_000_000
"""Bytes of the list of members; over a hundred thousand names (our choice)."""

MOST_MEMBERS = 10_000
"""Members of an archive that are looked through (our choice); a workbook has some hundred."""

SHOWN = 8
"""Members named in a sentence."""

JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
TOO_OLD = (NotImplementedError, RuntimeError)
BROKEN = (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Taken:
    """A member that was taken out of an archive.

    Attributes
    ----------
    name
        As a person may see it.
    member
        As it is chosen: with its folder where two are called alike.
    choices
        The names of all members that could be the table.
    """

    path: Path
    name: str
    member: str
    choices: tuple[str, ...]
    problems: tuple[Problem, ...]


def zip_form(path: Path) -> FileType:
    """Return whether a ZIP file is a workbook or an archive.

    Raises
    ------
    UnusableInput
        When it is broken, or an Office document that holds no table.
    """
    with _opened(path) as archive:
        names = {info.filename for info in archive.infolist()}
        kind = _mimetype(archive) if "mimetype" in names else b""
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return FileType.ODS
    if kind.startswith(b"application/vnd.oasis.opendocument") or "word/document.xml" in names:
        raise _document("a text document or a presentation")
    if "ppt/presentation.xml" in names:
        raise _document("a presentation")
    if "xl/workbook.bin" in names:
        raise UnusableInput(
            "This file is a binary Excel workbook (.xlsb).", "Save it as .xlsx and upload that."
        )
    return FileType.XLSX if "xl/workbook.xml" in names else FileType.ZIP


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open("mimetype") as stream:
            return stream.read(200)
    except (*BROKEN, *TOO_OLD):
        return b""


def _document(what: str) -> UnusableInput:
    return UnusableInput(
        f"This file is not a table but {what}.", "Save the table in it as CSV and upload that."
    )


def take_member(path: Path, wanted: str | None, target: Path, limits: UnpackLimits) -> Taken:
    """Take one table out of a ZIP archive.

    Parameters
    ----------
    wanted
        The member that a person chose; None where there is only one table.

    Raises
    ------
    ChoiceNeeded
        When several members could be the table.
    UnusableInput
        When none can, or the archive is broken, encrypted or a bomb.
    """
    with _opened(path) as archive:
        files = [i for i in archive.infolist() if not i.is_dir() and not _is_junk(i.filename)]
        tables = _tables(files)
        chosen = _chosen(files, tables, wanted)
        _refuse_member(chosen)
        limits.check(chosen.file_size, max(chosen.compress_size, 1))
        _pour(archive, chosen, target, limits)
    member = next(n for i, n in zip(files, _names(files), strict=True) if i is chosen)
    return Taken(
        path=target,
        name=shown(chosen.filename),
        member=member,
        choices=_names(tables),
        problems=tuple(_told(files, chosen)),
    )


def refuse_bomb(path: Path, limits: UnpackLimits) -> None:
    """Refuse a workbook whose parts unpack to too much, by what the archive says of itself.

    Raises
    ------
    UnusableInput
        When it does, or when it is broken.
    """
    with _opened(path) as archive:
        infos = archive.infolist()
    limits.check(sum(i.file_size for i in infos), path.stat().st_size)


def shown(name: str) -> str:
    """Return the name of a member as a person may see it: no folders, nothing invisible."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()[-200:] or "file"


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        _refuse_directory(path)
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise UnusableInput(
            "The ZIP archive or workbook is broken or cut off.", "Save or transfer it again."
        ) from error
    n = len(archive.infolist())
    if n > MOST_MEMBERS:
        archive.close()
        raise UnusableInput(
            f"The archive holds {n:,} files; at most {MOST_MEMBERS:,} are looked through.",
            "Upload the table alone, without the other files.",
        )
    return archive


def _refuse_directory(path: Path) -> None:
    """Refuse a list of members that would not fit the memory; it is read whole otherwise."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_600))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile
    length = struct.unpack_from("<L", tail, at + 12)[0]
    wide = tail.rfind(b"PK\x06\x06")
    if wide >= 0 and len(tail) >= wide + 48:
        length = struct.unpack_from("<Q", tail, wide + 40)[0]
    if length > MAX_DIRECTORY:
        raise UnusableInput(
            "The archive lists too many members to look through.",
            "Upload the table alone, without the other files.",
        )


def _is_junk(name: str) -> bool:
    low = name.lower()
    return low.startswith(JUNK[0]) or low.rpartition("/")[2] in JUNK


def _tables(files: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the members that look like tables by name; plain texts only where nothing else."""
    known = [i for i in files if ending(i.filename) in SUPPORTED]
    better = [i for i in known if ending(i.filename) not in {"txt", *ARCHIVES}]
    return better or known or list(files)


def _chosen(
    files: Sequence[zipfile.ZipInfo], tables: Sequence[zipfile.ZipInfo], wanted: str | None
) -> zipfile.ZipInfo:
    if wanted is not None:
        found = [i for i, name in zip(files, _names(files), strict=True) if name == wanted]
        if not found:
            raise UnusableInput(
                f"The archive holds no file called “{shown(wanted)}”.",
                f"Choose one of: {_listed(_names(tables))}.",
            )
        return found[0]
    if not tables:
        raise UnusableInput("The archive is empty.", "Pack a table into it, or upload the table.")
    if len(tables) > 1:
        names = _names(tables)
        raise ChoiceNeeded(
            f"The archive holds {len(tables):,} files: {_listed(names)}.",
            "Choose one of them.",
            choices=names,
        )
    return tables[0]


def _names(infos: Sequence[zipfile.ZipInfo]) -> tuple[str, ...]:
    """Return a name for each member, with its folder where two are called alike."""
    short = [shown(i.filename) for i in infos]
    alike, again = Counter(short), Counter[str]()
    names: dict[str, None] = {}
    for info, name in zip(infos, short, strict=True):
        wanted = unique = name if alike[name] == 1 else _with_folder(info.filename)
        while unique in names:
            again[wanted] += 1
            unique = f"{wanted} ({again[wanted] + 1})"
        names[unique] = None
    return tuple(names)


def _with_folder(name: str) -> str:
    parts = [shown(part) for part in name.replace("\\", "/").split("/")]
    return " / ".join(p for p in parts if p not in {"", ".", ".."})


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(f"“{name[:60]}”" for name in names[:SHOWN]) + more


def _refuse_member(info: zipfile.ZipInfo) -> None:
    name = shown(info.filename)
    if info.flag_bits & 0x1:
        raise UnusableInput(
            f"“{name}” in the archive is encrypted with a password.",
            "Unpack it yourself and upload the table inside.",
        )
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise UnusableInput(
            f"“{name}” in the archive is not a file but a link to another place.",
            "Pack the table itself.",
        )


def _pour(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limits: UnpackLimits
) -> None:
    name = shown(info.filename)
    try:
        with archive.open(info) as stream:
            size = pour(pieces(stream), target, max(info.compress_size, 1), limits)
    except TOO_OLD as error:
        raise UnusableInput(
            f"“{name}” in the archive is packed in a way that cannot be read here.",
            "Pack it again as a plain ZIP archive.",
        ) from error
    except BROKEN as error:
        raise UnusableInput(
            f"“{name}” in the archive is broken or cut off.", "Pack or transfer it again."
        ) from error
    if size == 0:
        raise UnusableInput(
            f"“{name}” in the archive is empty.", "Upload a file with a header and rows."
        )


def _told(files: Sequence[zipfile.ZipInfo], chosen: zipfile.ZipInfo) -> list[Problem]:
    found = []
    others = _names([i for i in files if i is not chosen])
    if others:
        found.append(
            Problem(
                code="other_members",
                message=f"“{shown(chosen.filename)}” was read from the archive. It also holds"
                f" {_listed(others)}.",
                level=ProblemLevel.NOTE,
            )
        )
    parts = chosen.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        found.append(
            Problem(
                code="unsafe_member_name",
                message="The name in the archive points to a place outside it. Only its last part"
                " was used, as a name for people.",
            )
        )
    return found
