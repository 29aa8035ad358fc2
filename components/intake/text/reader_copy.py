"""Copies of an uploaded text that the strict reader can follow.

In UTF-8, with one kind of line end, from the first row on, and in a dialect that it knows. A file
that is fine as it is gets no copy. DuckDB 2.0.0 takes escape characters in quoted cells only when
it is strict, and a space after every delimiter as part of the cell.
"""

from __future__ import annotations

import codecs
import io
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from components.intake.text.csv_records import Quoting, Record, quote_cell, read_records
from components.intake.text.encoding import MIXED, Encoding
from components.intake.text.scan import CHUNK, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCopy:
    """A text for the reader: the upload, or a copy of it.

    Attributes
    ----------
    skip
        Lines at the top that are not data.
    first_line
        The line of the upload (counted from 0) that is the first line of this file.
    """

    path: Path
    skip: int = 0
    first_line: int = 0


def _replace_stray(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as cp1252 (an error handler of ``codecs``)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", errors="replace"), error.end


codecs.register_error("preflight-stray", _replace_stray)


LINE_ENDS = ("\x1e", "\x85", "\u2028", "\u2029", "\x0c", "\x0b")
"""Characters that end lines, or records, in some files instead of CR and LF."""


def own_line_end(sample: str) -> str:
    """Return the character that ends the lines of a text without CR and LF; else nothing."""
    text = sample.strip("\r\n")
    if "\n" in text or "\r" in text:
        return ""
    return next((sign for sign in LINE_ENDS if sign in text), "")


def read_head(scan: Scan, encoding: Encoding) -> tuple[Encoding, str]:
    """Return the text of the head of a file, and its encoding with what ends its lines."""
    final = scan.size <= len(scan.head)
    line_end = own_line_end(decode(scan.head, encoding, final=final))
    encoding = replace(encoding, line_end=line_end)
    return encoding, decode(scan.head, encoding, final=final)


def decode(data: bytes, encoding: Encoding, *, final: bool = False) -> str:
    """Return the text of the first bytes of a file, without byte order marks and NUL."""
    return _clean(_decoder(encoding).decode(data, final=final), encoding)


def _clean(text: str, encoding: Encoding) -> str:
    if encoding.line_end:
        text = text.replace(encoding.line_end, "\n")
    return text.replace("\0", "").replace("\ufeff", "")


def _decoder(encoding: Encoding) -> codecs.IncrementalDecoder:
    errors = "preflight-stray" if encoding.name == MIXED and encoding.n_stray else "replace"
    return codecs.getincrementaldecoder(encoding.name)(errors=errors)


def as_utf8(source: Path, scan: Scan, encoding: Encoding, folder: Path) -> ReaderCopy:
    """Return ``source`` as UTF-8 without byte order marks and NUL bytes."""
    plain = encoding.name in {"utf-8", "ascii"} and scan.is_utf8 and not encoding.line_end
    if plain and not scan.n_nul and not scan.n_marks:
        return ReaderCopy(path=source)
    target = folder / "utf8.txt"
    decoder = _decoder(encoding)
    with source.open("rb") as stream, target.open("wb") as out:
        while True:
            chunk = stream.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            out.write(_clean(text, encoding).encode("utf-8", errors="replace"))
            if not chunk:
                break
    return ReaderCopy(path=target)


def from_record(
    staged: ReaderCopy, head: str, line: int, newline: str, folder: Path, *, proper: bool
) -> ReaderCopy:
    """Return the same text from its first data record on.

    Parameters
    ----------
    head
        The text above the first data record.
    line
        The number of lines in ``head``.
    proper
        Whether every quote in ``head`` stands where it belongs: the reader minds quotes in the
        lines that it skips.
    """
    if not head:
        first = staged
        if newline != "\r\n":
            return first
    if line == 1 and "\n" in newline and proper:
        return replace(staged, skip=1)
    target = folder / "body.txt"
    with staged.path.open("rb") as stream, target.open("wb") as out:
        stream.seek(len(head.encode("utf-8")))
        # the reader takes the first line end for that of all records: show it one
        out.write(b"x" + newline.encode())
        shutil.copyfileobj(stream, out, CHUNK)
    return ReaderCopy(path=target, skip=1, first_line=line - 1)


def with_one_newline(staged: ReaderCopy, quotechar: str | None, folder: Path) -> ReaderCopy:
    r"""Return the same text with ``\n`` after every record; line ends in quotes stay.

    Parameters
    ----------
    quotechar
        None also changes the line ends in quotes: the last resort where quotes do not close.
    """
    target = folder / ("lines.txt" if quotechar else "lines_all.txt")
    pattern = _line_ends(quotechar)
    carry = b""
    with staged.path.open("rb") as stream, target.open("wb") as out:
        while True:
            chunk = stream.read(CHUNK)
            data = carry + chunk
            keep = _unfinished(data, pattern, quotechar) if chunk else len(data)
            out.write(pattern.sub(_one_newline, data[:keep]))
            carry = data[keep:]
            if not chunk:
                break
    return replace(staged, path=target)


def one_newline(data: bytes, quotechar: str | None) -> bytes:
    """Return whole records as :func:`with_one_newline` writes them."""
    return _line_ends(quotechar).sub(_one_newline, data)


def _line_ends(quotechar: str | None) -> re.Pattern[bytes]:
    quote = re.escape((quotechar or "").encode())
    quoted = rb"%s[^%s]*(?:%s|\Z)|" % (quote, quote, quote) if quotechar else b""
    return re.compile(quoted + rb"\r\n?")


def _one_newline(match: re.Match[bytes]) -> bytes:
    found = match.group()
    return b"\n" if found[:1] == b"\r" else found


def _unfinished(data: bytes, pattern: re.Pattern[bytes], quotechar: str | None) -> int:
    """Return where the last quoted cell or line end starts that may go on in the next bytes."""
    if data.endswith(b"\r"):
        return len(data) - 1
    if not quotechar or data.count(quotechar.encode()) % 2 == 0:
        return len(data)
    last = len(data)
    for match in pattern.finditer(data):
        if match.end() == len(data) and match.group()[:1] != b"\r":
            last = match.start()
    return last if len(data) - last < 4 * CHUNK else len(data)


LONGEST = 16_000_000
"""Characters of a record; past it the text is taken as it is."""


def canonical_quoting(quoting: Quoting) -> Quoting:
    """Return the dialect in which a text is written anew: quotes are doubled."""
    return Quoting(quoting.delimiter, quoting.quotechar or '"')


def rewrite(staged: ReaderCopy, quoting: Quoting, newline: str, folder: Path) -> ReaderCopy:
    """Write the records of ``staged`` in :func:`canonical_quoting`, line by line as before.

    Records are read leniently; cells keep their line ends.
    """
    target = folder / "canonical.txt"
    with staged.path.open("rb") as raw, target.open("wb") as out:
        for _ in range(staged.skip):
            out.write(_line(raw, newline.encode()))
        text = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="")
        rest = ""
        while True:
            chunk = text.read(CHUNK)
            rest += chunk
            records = read_records(rest, quoting)
            whole = records[:-1] if chunk and len(rest) < LONGEST + CHUNK else records
            for record in whole:
                out.write(_written(record, quoting, newline))
            rest = rest[whole[-1].end :] if whole else rest
            if not chunk:
                break
        text.detach()
    return replace(staged, path=target)


def _written(record: Record, quoting: Quoting, newline: str) -> bytes:
    if record.is_blank:
        return newline.encode()
    plain = canonical_quoting(quoting)
    cells = quoting.delimiter.join(quote_cell(cell, plain) for cell in record.cells)
    return (cells + newline).encode("utf-8", errors="replace")


def _line(stream: BinaryIO, newline: bytes) -> bytes:
    """Read up to a line end, which may be a carriage return alone."""
    found = b""
    while not found.endswith(newline):
        byte = stream.read(1)
        if not byte:
            break
        found += byte
    return found
