"""Sniffing a delimited text: encoding, dialect, layout, header; nothing is changed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from components.core.data.source import Dialect
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.engine.text.delimited import MAX_RECORD
from components.intake.options import ReadOptions
from components.intake.text.csv_records import Quoting, Record, count_lines, read_records
from components.intake.text.dialect import Guess, guess_quoting
from components.intake.text.drawn_tables import find_drawing
from components.intake.text.encoding import Encoding, find_encoding
from components.intake.text.header_repair import RepairedHeader, repair_header
from components.intake.text.layout import Layout, find_layout
from components.intake.text.reader_copy import read_head
from components.intake.text.scan import HEAD, Scan, line_at, scan_file, too_long

SEP_LINE = re.compile(r"\s*\"?sep=(?P<sign>.)\"?\s*(?:\r\n|\n|\r)", re.IGNORECASE)

SHORT_SAMPLE = 65_536
"""Characters from which a dialect is sniffed, where they hold enough lines."""

ENOUGH_LINES = 30

LOOKED_AT = 1_000
"""Records from which it is sniffed where the table starts and what fits its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SniffedText:
    """What a delimited text is, as far as its first records show.

    Attributes
    ----------
    sample
        The first characters, from which all this was decided.
    records
        The first of its records.
    top
        Where the first of the records starts in ``sample``.
    body
        Where the first data record starts in ``sample``.
    mixed
        Whether the line ends of records differ.
    whole
        Whether ``records`` are all records of the file.
    header
        What was done to the header, where it was not written as the rows.
    """

    path: Path
    scan: Scan
    encoding: Encoding
    quoting: Quoting
    layout: Layout
    dialect: Dialect
    sample: str
    records: tuple[Record, ...]
    top: int
    body: int
    newline: str
    mixed: bool
    whole: bool
    has_sep_line: bool = False
    header: RepairedHeader | None = None

    @property
    def below(self) -> str:
        """The sample from the first of the records on: their offsets count in it."""
        return self.sample[self.top :]

    @property
    def rows(self) -> tuple[Record, ...]:
        """The records below the header."""
        return self.records[self.layout.body :]


def sniff(path: Path, options: ReadOptions, settings: Settings) -> SniffedText:
    """Find out how the text ``path`` is written; what a person chose is taken as it is.

    Raises
    ------
    UnusableInput
        When it holds no table, or one that is too wide.
    """
    scan = scan_file(path)
    _refuse_blank(scan)
    encoding, sample = read_head(scan, find_encoding(scan, options.encoding))
    if scan.longest > MAX_RECORD and not encoding.line_end:
        raise too_long(line_at(path, scan.longest_at))
    whole = scan.size <= HEAD
    sep = SEP_LINE.match(sample)
    top = sep.end() if sep else 0
    quoting = _quoting(sample[top:], options, sep["sign"] if sep else None)
    records = read_records(sample[top:], quoting, limit=LOOKED_AT)
    if not whole and 1 < len(records) < LOOKED_AT:
        records = records[:-1]
    whole = whole and len(records) < LOOKED_AT
    header = None
    if options.header_rows is None and options.preamble_lines is None:
        header = repair_header(sample[top:], records, quoting)
        records = header.records if header else records
    layout = _layout(records, options, n_above=1 if sep else 0)
    _refuse_width(layout.width, settings)
    newline, mixed = _newline(sample[top:], records)
    body = records[layout.body].start if layout.body < len(records) else records[-1].end
    return SniffedText(
        path=path,
        scan=scan,
        encoding=encoding,
        quoting=quoting,
        layout=layout,
        dialect=_dialect(encoding.name, quoting, layout, newline, has_sep_line=bool(sep)),
        sample=sample,
        records=tuple(records),
        top=top,
        body=top + body,
        whole=whole,
        newline=newline,
        mixed=mixed,
        has_sep_line=bool(sep),
        header=header,
    )


def _refuse_blank(scan: Scan) -> None:
    if scan.is_blank:
        raise UnusableInput(
            "The file holds only blank lines.", "Upload a file with a header and rows."
        )


def _refuse_width(width: int, settings: Settings) -> None:
    if width > settings.max_columns:
        raise UnusableInput(
            f"The table has {width:,} columns; the limit is {settings.max_columns:,}.",
            "Leave columns out, or raise PREFLIGHT_MAX_COLUMNS.",
        )


def _dialect(
    encoding: str, quoting: Quoting, layout: Layout, newline: str, *, has_sep_line: bool
) -> Dialect:
    return Dialect(
        encoding=encoding,
        delimiter=quoting.delimiter,
        quotechar=quoting.quotechar,
        escapechar=quoting.escapechar,
        header_rows=layout.header_rows,
        preamble_lines=layout.preamble_lines + has_sep_line,
        newline=newline,
    )


def _quoting(sample: str, options: ReadOptions, sep: str | None) -> Quoting:
    """Return the dialect: chosen, or guessed under what was chosen."""
    delimiter = options.delimiter or sep
    short = _short(sample)
    found = guess_quoting(short, delimiter=delimiter)
    chosen = delimiter or options.quotechar is not None
    drawn = None if chosen or not _may_be_drawn(found, short) else find_drawing(found, short)
    guess = drawn or found.quoting
    if options.quotechar is not None:
        guess = replace(guess, quotechar=options.quotechar or None)
    if options.escapechar is not None:
        guess = replace(guess, escapechar=options.escapechar or None)
    return guess


def _may_be_drawn(guess: Guess, sample: str) -> bool:
    """Whether a text may have frames, or places where its cells start, instead of delimiters."""
    delimiter = guess.quoting.delimiter.strip() or guess.quoting.delimiter
    return guess.score <= 0 or delimiter == "|" or f" {delimiter}" in sample


def _short(sample: str) -> str:
    """Return the start of a sample: as much as holds enough lines."""
    size = SHORT_SAMPLE
    while size < len(sample) and count_lines(sample[:size]) < ENOUGH_LINES:
        size *= 2
    return sample[:size]


def _layout(records: list[Record], options: ReadOptions, *, n_above: int) -> Layout:
    """Return the layout of the records; ``n_above`` lines were cut off above them."""
    preamble = options.preamble_lines
    if preamble is not None:
        preamble = max(0, preamble - n_above)
    return find_layout(records, header_rows=options.header_rows, preamble_lines=preamble)


def _newline(text: str, records: list[Record]) -> tuple[str, bool]:
    """Return the most frequent line end of the records, and whether there are others."""
    ends = Counter(e for e in (_end(text, r) for r in records) if e)
    if not ends:
        return "\n", False
    return ends.most_common(1)[0][0], len(ends) > 1


def _end(text: str, record: Record) -> str:
    last = text[max(record.start, record.end - 2) : record.end]
    return next((end for end in ("\r\n", "\n", "\r") if last.endswith(end)), "")
