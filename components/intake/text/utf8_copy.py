"""Copies of an uploaded text that the reader can follow: UTF-8, one kind of line end, data only.

A file that is fine as it is gets no copy.
"""

from __future__ import annotations

import codecs
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from components.intake.text.encoding import MIXED, Encoding
from components.intake.text.scan import CHUNK, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A text to be read.

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


def as_utf8(source: Path, scan: Scan, encoding: Encoding, folder: Path) -> Staged:
    """Return ``source`` as UTF-8 without byte order marks and NUL bytes."""
    plain = encoding.name in {"utf-8", "ascii"} and scan.is_utf8 and not encoding.line_end
    if plain and not scan.n_nul and not scan.n_marks:
        return Staged(path=source)
    target = folder / "utf8.txt"
    decoder = _decoder(encoding)
    with source.open("rb") as stream, target.open("wb") as out:
        while True:
            chunk = stream.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            out.write(_clean(text, encoding).encode("utf-8", errors="replace"))
            if not chunk:
                break
    return Staged(path=target)


def from_record(
    staged: Staged, head: str, line: int, newline: str, folder: Path, *, proper: bool
) -> Staged:
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
    return Staged(path=target, skip=1, first_line=line - 1)


def with_one_newline(staged: Staged, quotechar: str | None, folder: Path) -> Staged:
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
