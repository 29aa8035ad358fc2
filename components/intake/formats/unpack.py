"""From an uploaded file to one whose cells can be read: what it is, taken out of its archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from components.core.data.source import Problem
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.intake.formats.file_endings import PACKED, ending
from components.intake.formats.file_types import HEAD, Form, identify, wrong_ending
from components.intake.formats.limits import Limits
from components.intake.formats.packed.archive import refuse_bomb, take_member, zip_form
from components.intake.formats.packed.streams import unpack_stream

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORD = "WordDocument".encode("utf-16-le")


@dataclass(slots=True)
class Upload:
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
    form: Form
    member: str = ""
    choices: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def open_upload(
    source: Path, name: str, work: Path, settings: Settings, *, member: str | None = None
) -> Upload:
    """Say what an uploaded file is, and take it out of its archive into ``work``.

    Raises
    ------
    ChoiceNeeded
        When an archive holds several tables and none is chosen.
    UnusableInput
        When it is no table, broken, encrypted, packed twice, or made to do harm.
    """
    limits = Limits.of(settings)
    upload = Upload(source, name, _form(source))
    _compare_name(upload)
    if upload.form is Form.ZIP:
        _take(upload, member, work / "unpacked", limits)
    elif upload.form.is_packed:
        unpack_stream(source, upload.form, work / "unpacked", limits)
        upload.path, upload.name = work / "unpacked", _inner_name(name)
    if upload.path is not source:
        upload.form = _form(upload.path)
        _refuse_nested(upload.form)
        _compare_name(upload)
    if upload.form in {Form.XLSX, Form.ODS}:
        refuse_bomb(upload.path, limits)
    return upload


def _take(upload: Upload, member: str | None, target: Path, limits: Limits) -> None:
    taken = take_member(upload.path, member, target, limits)
    upload.path, upload.name, upload.member = taken.path, taken.name, taken.member
    upload.choices = taken.choices
    upload.problems += taken.problems


def _form(path: Path) -> Form:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    form = identify(head)
    if form is Form.ZIP:
        return zip_form(path)
    if form is Form.XLS:
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


def _compare_name(upload: Upload) -> None:
    problem = wrong_ending(upload.name, upload.form)
    if problem is not None:
        upload.problems.append(problem)


def _inner_name(name: str) -> str:
    return name.rpartition(".")[0] if ending(name) in PACKED else name


def _refuse_nested(form: Form) -> None:
    if form.is_packed:
        raise UnusableInput(
            "There is an archive inside the archive.",
            "Unpack it yourself and upload the table inside.",
        )
