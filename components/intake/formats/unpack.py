"""From an uploaded file to one whose cells can be read: what it is, taken out of its archive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from components.core.data.source import Problem
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake.formats.file_types import (
    ARCHIVES,
    HEAD,
    FileType,
    ending,
    identify,
    wrong_ending,
)
from components.intake.formats.limits import UnpackLimits
from components.intake.formats.packed.archive import refuse_bomb, take_member, zip_form
from components.intake.formats.packed.streams import unpack_stream

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORD = "WordDocument".encode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """An uploaded file, out of its archive.

    Attributes
    ----------
    name
        Of the table itself: for an archive, that of the member.
    member, choices
        The member that was read, and all that could have been.
    """

    path: Path
    name: str
    form: FileType
    member: str = ""
    choices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def open_upload(
    source: Path, name: str, work: Path, settings: Settings, *, member: str | None = None
) -> OpenedFile:
    """Say what an uploaded file is, and take it out of its archive into ``work``.

    Raises
    ------
    ChoiceNeeded
        When an archive holds several tables and none is chosen.
    UnusableInput
        When it is empty, too large, no table, broken, encrypted, packed twice, or made to do harm.
    """
    _refuse_size(source, settings)
    form = _form(source)
    opened = OpenedFile(path=source, name=name, form=form, problems=_wrong_name(name, form))
    if form.is_packed:
        opened = _unpacked(opened, member, work / "unpacked", settings)
    if opened.form in {FileType.XLSX, FileType.ODS}:
        refuse_bomb(opened.path, UnpackLimits.of(settings))
    return opened


def _unpacked(
    packed: OpenedFile, wanted: str | None, target: Path, settings: Settings
) -> OpenedFile:
    limits = UnpackLimits.of(settings)
    name, member, problems = _inner_name(packed.name), "", packed.problems
    choices: tuple[str, ...] = ()
    if packed.form is FileType.ZIP:
        taken = take_member(packed.path, wanted, target, limits)
        name, member, choices = taken.name, taken.member, taken.choices
        problems += taken.problems
    else:
        unpack_stream(packed.path, packed.form, target, limits)
    form = _form(target)
    _refuse_nested(form)
    return OpenedFile(
        path=target,
        name=name,
        form=form,
        member=member,
        choices=choices,
        problems=problems + _wrong_name(name, form),
    )


def _refuse_size(path: Path, settings: Settings) -> None:
    """Refuse a file that is empty or over the limit."""
    size = path.stat().st_size
    if size == 0:
        raise UnusableInput(
            "The file is empty: it has 0 bytes.", "Upload a file with a header and rows."
        )
    if size > settings.max_upload:
        raise UnusableInput(
            f"The file has {_mb(size)}; the limit is {_mb(settings.max_upload)}.",
            "Upload a part of it, or raise PREFLIGHT_MAX_UPLOAD_MB.",
        )


def _mb(size: int) -> str:
    megabytes = size / 1_000_000
    return f"{megabytes:,.0f} MB" if megabytes >= 1 else f"{size:,} bytes"


def _form(path: Path) -> FileType:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    form = identify(head)
    if form is FileType.ZIP:
        return zip_form(path)
    if form is FileType.XLS:
        _refuse_office(path)
    return form


def _refuse_office(path: Path) -> None:
    """Refuse what shares the container of old workbooks but is none."""
    with path.open("rb") as stream:
        head = stream.read(4_000_000)
    if ENCRYPTED in head:
        raise UnusableInput(
            "The workbook is encrypted with a password.", "Save it without a password."
        )
    if OLD_WORD in head:
        raise UnusableInput(
            "This file is not a table but a Word document.",
            "Save the table in it as CSV and upload that.",
        )


def _wrong_name(name: str, form: FileType) -> tuple[Problem, ...]:
    problem = wrong_ending(name, form)
    return () if problem is None else (problem,)


def _inner_name(name: str) -> str:
    return name.rpartition(".")[0] if ending(name) in ARCHIVES else name


def _refuse_nested(form: FileType) -> None:
    if form.is_packed:
        raise UnusableInput(
            "There is an archive inside the archive.",
            "Unpack it yourself and upload the table inside.",
        )
