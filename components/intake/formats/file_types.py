"""What a file is, sniffed from its bytes; its name is only compared with that afterwards."""

from __future__ import annotations

import codecs
import json
import re
from enum import StrEnum

from components.core.data.source import Problem, ProblemLevel
from components.core.errors import UnusableInput

DELIMITED = ("csv", "tsv", "tab", "psv", "txt")
JSON = ("json", "jsonl", "ndjson")
COLUMNAR = ("parquet", "feather", "arrow")
WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
ARCHIVES = ("gz", "zip", "bz2", "xz", "zst")

SUPPORTED = (*DELIMITED, *JSON, *COLUMNAR, *WORKBOOKS, *ARCHIVES)
"""Without the point, in the order in which they are shown."""

SENTENCE = (
    "Preflight reads CSV and other delimited text, JSON, Parquet, Arrow and Feather, Excel and"
    " OpenDocument sheets, and one of these inside .gz, .zip, .bz2, .xz or .zst."
)


class FileType(StrEnum):
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
        return self in {FileType.XLSX, FileType.XLS, FileType.ODS}


PACKED = frozenset({FileType.GZIP, FileType.BZIP2, FileType.XZ, FileType.ZSTD, FileType.ZIP})

MARKS = (
    (b"\x1f\x8b", FileType.GZIP),
    (b"BZh", FileType.BZIP2),
    (b"\xfd7zXZ\x00", FileType.XZ),
    (b"\x28\xb5\x2f\xfd", FileType.ZSTD),
    (b"PK\x03\x04", FileType.ZIP),
    (b"PK\x05\x06", FileType.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType.XLS),
    (b"PAR1", FileType.PARQUET),
    (b"ARROW1", FileType.ARROW),
    (b"FEA1", FileType.ARROW),
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

BINARY_SHARE = 0.02
"""Share of control bytes in the head above which a file is not text (our choice)."""

CONTROL = (0, *range(2, 9), *range(14, 28), 127)
"""Bytes that no text has; 1 and 28 to 31 part the cells of some."""

HEAD = 100_000
"""Bytes from which a file is sniffed."""


def identify(head: bytes) -> FileType:
    """Return what a file is from its first bytes.

    A ZIP archive may be a workbook; :mod:`.archive` tells.

    Raises
    ------
    UnusableInput
        When it is a known kind of file that is no table, or no text.
    """
    for mark, form in MARKS:
        if head.startswith(mark):
            return form
    if ARROW_STREAM.match(head):
        return FileType.ARROW
    _refuse_foreign(head)
    found = _json_form(head)
    if found is None:
        _refuse_binary(head)
    return found or FileType.TEXT


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


def _refuse_binary(head: bytes) -> None:
    """Refuse what is no text although no mark says what it is."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or _is_wide(head):
        return
    sample = head[:100_000].rstrip(b"\0") or head[:100_000]
    control = sum(sample.count(c) for c in CONTROL)
    if control > BINARY_SHARE * len(sample) and control > 2 * sample.count(b"\n") + 1:
        raise UnusableInput("This file is not text, so it cannot be read as a table.", SENTENCE)


def _is_wide(head: bytes) -> bool:
    sample = head[:4000]
    half = len(sample) // 2
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    return bool(half) and max(zeros) > 0.8 * half and min(zeros) < 0.2 * half


def _not_a_table(what: str, todo: str) -> UnusableInput:
    return UnusableInput(f"This file is not a table but {what}.", f"{todo} {SENTENCE}")


def _json_form(head: bytes) -> FileType | None:
    """Return whether the text is JSON: records line by line, or records one after another."""
    text = decoded(head).lstrip("\ufeff \t\r\n")
    if MIDDLE.match(text):
        return FileType.JSON
    if not re.match(r"\{\s*[\"}]", text):
        return None
    line, _, rest = text.partition("\n")
    try:
        _, end = json.JSONDecoder().raw_decode(line)
    except (ValueError, RecursionError):
        whole = rest == "" and len(head) >= HEAD  # a first line longer than the head
        return FileType.JSON_LINES if whole else FileType.JSON
    if not line[end:].strip():
        return FileType.JSON_LINES
    return None if line[end:].lstrip()[:1] in {",", ";", "|"} else FileType.JSON


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
    **dict.fromkeys(DELIMITED, (FileType.TEXT,)),
    **dict.fromkeys(JSON, (FileType.JSON, FileType.JSON_LINES)),
    "parquet": (FileType.PARQUET,),
    "pq": (FileType.PARQUET,),
    "feather": (FileType.ARROW,),
    "arrow": (FileType.ARROW,),
    "ipc": (FileType.ARROW,),
    "xlsx": (FileType.XLSX,),
    "xlsm": (FileType.XLSX,),
    "xls": (FileType.XLS,),
    "ods": (FileType.ODS,),
    **{form.value: (form,) for form in PACKED},
}
CALLED = {
    FileType.TEXT: "delimited text",
    FileType.JSON: "JSON",
    FileType.JSON_LINES: "JSON Lines",
    FileType.PARQUET: "a Parquet file",
    FileType.ARROW: "an Arrow or Feather file",
    FileType.XLSX: "an Excel workbook (.xlsx)",
    FileType.XLS: "an old Excel workbook (.xls)",
    FileType.ODS: "an OpenDocument sheet (.ods)",
    FileType.GZIP: "packed with gzip",
    FileType.BZIP2: "packed with bzip2",
    FileType.XZ: "packed with xz",
    FileType.ZSTD: "packed with zstd",
    FileType.ZIP: "a ZIP archive",
}


def wrong_ending(name: str, form: FileType) -> Problem | None:
    """Return the problem of a name that says something else than the bytes."""
    expected = EXPECTED.get(ending(name))
    if expected is None or form in expected:
        return None
    return Problem(
        code="wrong_extension",
        message=f"The name of the file ends in .{ending(name)}, but it is {CALLED[form]}. It was"
        " read as what it is.",
        level=ProblemLevel.NOTE,
    )


def ending(name: str) -> str:
    """Return the ending of a file name in small letters, without the point."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""
