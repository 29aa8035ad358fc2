"""What a file is, told by its bytes; its name is only compared with that afterwards."""

from __future__ import annotations

import codecs
import json
import re
from enum import StrEnum

from components.core.data.source import Problem, ProblemLevel
from components.core.errors import UnusableInput
from components.intake.formats import file_endings
from components.intake.formats.file_endings import SENTENCE, ending


class Form(StrEnum):
    """How the bytes of a file are to be read."""

    TEXT = "text"
    JSON = "json"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    ARROW = "arrow"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    GZIP = "gz"
    BZIP2 = "bz2"
    XZ = "xz"
    ZSTD = "zst"
    ZIP = "zip"

    @property
    def is_packed(self) -> bool:
        """Whether other files are inside."""
        return self in PACKED

    @property
    def is_workbook(self) -> bool:
        """Whether it holds sheets."""
        return self in {Form.XLSX, Form.XLS, Form.ODS}


PACKED = frozenset({Form.GZIP, Form.BZIP2, Form.XZ, Form.ZSTD, Form.ZIP})

MARKS = (
    (b"\x1f\x8b", Form.GZIP),
    (b"BZh", Form.BZIP2),
    (b"\xfd7zXZ\x00", Form.XZ),
    (b"\x28\xb5\x2f\xfd", Form.ZSTD),
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.XLS),
    (b"PAR1", Form.PARQUET),
    (b"ARROW1", Form.ARROW),
    (b"FEA1", Form.ARROW),
)

TABLE = "Export the table in it as CSV and upload that."
OTHER = "Upload a table instead."
FOREIGN = (
    (b"%PDF", "a PDF document", TABLE),
    (b"\x89PNG", "a PNG picture", OTHER),
    (b"\xff\xd8\xff", "a JPEG picture", OTHER),
    (b"GIF8", "a GIF picture", OTHER),
    (b"RIFF", "a sound, a film or a picture", OTHER),
    (b"\x7fELF", "a program", OTHER),
    (b"MZ\x90", "a program", OTHER),
    (b"\xca\xfe\xba\xbe", "a program", OTHER),
    (b"SQLite format 3", "an SQLite database", TABLE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and upload the table inside."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it and upload the table inside."),
    (b"\x1f\x9d", "a .Z archive", "Unpack it and upload the table inside."),
    (b"\x04\x22\x4d\x18", "an lz4 archive", "Unpack it and upload the table inside."),
    (b"PARE", "an encrypted Parquet file", "Write it without encryption."),
    (b"ORC", "an ORC file", "Save the table as Parquet."),
    (b"Obj\x01", "an Avro file", "Save the table as Parquet."),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "Save the table as Parquet."),
    (b"\x93NUMPY", "a NumPy array", "Save the table as Parquet or CSV."),
    (b"$FL2", "an SPSS file", "Save the table as CSV."),
    (b"<stata_dta>", "a Stata file", "Save the table as CSV."),
    (b"{\\rtf", "an RTF document", TABLE),
)  # fmt: skip

PICKLE = re.compile(rb"\x80[\x02-\x05](?:\x95|[\x28\x5d\x7d\x63\x8c\x58\x4b\x4a\x71])")
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|table|script|svg|\?xml|!--)",
    re.IGNORECASE,
)
ARROW_STREAM = re.compile(rb"\xff\xff\xff\xff[\s\S]{2}[\x00-\x10]\x00\x10\x00\x00\x00", re.DOTALL)
TAR = (257, b"ustar")
MIDDLE = re.compile(r"\s*\[\s*(?:\{|\]|\[)")

HEAD = 100_000
"""Bytes that tell what a file is."""


def identify(head: bytes) -> Form:
    """Return what a file is from its first bytes.

    A ZIP archive may be a workbook; :mod:`.archive` tells.

    Raises
    ------
    UnusableInput
        When it is a known kind of file that is no table.
    """
    for mark, form in MARKS:
        if head.startswith(mark):
            return form
    if ARROW_STREAM.match(head):
        return Form.ARROW
    _refuse_foreign(head)
    return _json_form(head) or Form.TEXT


def _refuse_foreign(head: bytes) -> None:
    for mark, what, todo in FOREIGN:
        if head.startswith(mark):
            raise _not_a_table(what, todo)
    if PICKLE.match(head):
        raise _not_a_table("a Python pickle, which can run code when it is opened", OTHER)
    if MARKUP.match(head):
        raise _not_a_table("a web page or an XML document", TABLE)
    if head[TAR[0] :].startswith(TAR[1]):
        raise _not_a_table("a tar archive", "Unpack it and upload the table inside.")


def _not_a_table(what: str, todo: str) -> UnusableInput:
    return UnusableInput(f"This file is not a table but {what}.", f"{todo} {SENTENCE}")


def _json_form(head: bytes) -> Form | None:
    """Return whether the text is JSON: records line by line, or records one after another."""
    text = decoded(head).lstrip("\ufeff \t\r\n")
    if MIDDLE.match(text):
        return Form.JSON
    if not re.match(r"\{\s*[\"}]", text):
        return None
    line, _, rest = text.partition("\n")
    try:
        _, end = json.JSONDecoder().raw_decode(line)
    except (ValueError, RecursionError):
        whole = rest == "" and len(head) >= HEAD  # a first line longer than the head
        return Form.JSON_LINES if whole else Form.JSON
    if not line[end:].strip():
        return Form.JSON_LINES
    return None if line[end:].lstrip()[:1] in {",", ";", "|"} else Form.JSON


def encoding_of(head: bytes) -> str:
    """Return the encoding of a JSON text: UTF-8, or what its byte order mark says."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if head.startswith(mark):
            return "utf-16"
    return "utf-8-sig"


def decoded(head: bytes) -> str:
    """Return the text of the first bytes of what may be JSON."""
    return head.decode(encoding_of(head), errors="replace")


EXPECTED = {
    **dict.fromkeys(file_endings.DELIMITED, (Form.TEXT,)),
    **dict.fromkeys(file_endings.JSON, (Form.JSON, Form.JSON_LINES)),
    "parquet": (Form.PARQUET,),
    "pq": (Form.PARQUET,),
    "feather": (Form.ARROW,),
    "arrow": (Form.ARROW,),
    "ipc": (Form.ARROW,),
    "xlsx": (Form.XLSX,),
    "xlsm": (Form.XLSX,),
    "xls": (Form.XLS,),
    "ods": (Form.ODS,),
    **{form.value: (form,) for form in PACKED},
}
CALLED = {
    Form.TEXT: "delimited text",
    Form.JSON: "JSON",
    Form.JSON_LINES: "JSON Lines",
    Form.PARQUET: "a Parquet file",
    Form.ARROW: "an Arrow or Feather file",
    Form.XLSX: "an Excel workbook (.xlsx)",
    Form.XLS: "an old Excel workbook (.xls)",
    Form.ODS: "an OpenDocument sheet (.ods)",
    Form.GZIP: "packed with gzip",
    Form.BZIP2: "packed with bzip2",
    Form.XZ: "packed with xz",
    Form.ZSTD: "packed with zstd",
    Form.ZIP: "a ZIP archive",
}


def wrong_ending(name: str, form: Form) -> Problem | None:
    """Return what to tell where the name says something else than the bytes."""
    expected = EXPECTED.get(ending(name))
    if expected is None or form in expected:
        return None
    return Problem(
        code="wrong_extension",
        message=f"The name of the file ends in .{ending(name)}, but it is {CALLED[form]}. It was"
        " read as what it is.",
        level=ProblemLevel.NOTE,
    )
