"""Texts in a dialect that the strict reader does not follow, written anew in one that it does.

DuckDB 2.0.0 takes escape characters in quoted cells only when it is strict, and a space after
every delimiter as part of the cell.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from components.intake.text.csv_records import Quoting, Record, quote_cell, read_records
from components.intake.text.scan import CHUNK
from components.intake.text.utf8_copy import Staged

LONGEST = 16_000_000
"""Characters of a record; past it the text is taken as it is."""


def needs_rewriting(quoting: Quoting) -> bool:
    """Whether the strict reader does not follow a dialect."""
    if quoting.form is not None:
        return True
    return quoting.escapechar is not None and quoting.escapechar not in {quoting.quotechar, '"'}


def canonical_quoting(quoting: Quoting) -> Quoting:
    """Return the dialect in which a text is written anew: quotes are doubled."""
    return Quoting(quoting.delimiter, quoting.quotechar or '"')


def rewrite(staged: Staged, quoting: Quoting, newline: str, folder: Path) -> Staged:
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
