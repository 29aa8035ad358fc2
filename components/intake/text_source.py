"""An uploaded text: its encoding, dialect and layout, and the reading of its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from components.core.data.source import Dialect
from components.core.errors import UnusableInput
from components.core.settings import Settings
from components.engine.text.delimited import MAX_RECORD, Delimited, load_delimited
from components.intake.mend.drawn_tables import find_drawing
from components.intake.mend.empty_and_header_rows import sieve
from components.intake.mend.mender import How, Mender
from components.intake.mend.preparation import Preparation, prepare
from components.intake.mend.read_and_mend import Reader, Reading, too_long
from components.intake.options import TEXT_FILE, ReadOptions
from components.intake.text.csv_records import Quoting, Record, count_lines, read_records
from components.intake.text.dialect import guess_quoting
from components.intake.text.encoding import Encoding, find_encoding
from components.intake.text.header_repair import RepairedHeader, repair_header
from components.intake.text.layout import Layout, find_layout
from components.intake.text.plain_dialect import canonical_quoting, needs_rewriting, rewrite
from components.intake.text.scan import HEAD, Scan, line_at, scan_file
from components.intake.text.utf8_copy import (
    Staged,
    as_utf8,
    from_record,
    read_head,
    with_one_newline,
)

SEP_LINE = re.compile(r"\s*\"?sep=(?P<sign>.)\"?\s*(?:\r\n|\n|\r)", re.IGNORECASE)

SHORT_SAMPLE = 65_536
"""Characters from which a dialect is told, where they hold enough lines."""

ENOUGH_LINES = 30

LOOKED_AT = 1_000
"""Records that tell where the table starts and what fits its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """A text that is understood and can be read.

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
    preparation
        What is changed before the text is read.
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
    preparation: Preparation
    has_sep_line: bool = False
    header: RepairedHeader | None = None


def open_text(path: Path, options: ReadOptions, settings: Settings) -> TextSource:
    """Decide how the text ``path`` is read.

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
    return TextSource(
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
        preparation=prepare(sample[top:], records, layout, quoting, whole=whole),
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
    drawn = None if delimiter or options.quotechar is not None else find_drawing(found, short)
    guess = drawn or found.quoting
    if options.quotechar is not None:
        guess = replace(guess, quotechar=options.quotechar or None)
    if options.escapechar is not None:
        guess = replace(guess, escapechar=options.escapechar or None)
    return guess


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


Direct = Callable[[Staged, Delimited, Mender], Reading | None]
"""Reads a text that is ready in another way; None where that way does not lead to the end."""


def read_text_file(
    text: TextSource, work: Path, memory_limit: int, direct: Direct | None = None
) -> Reading:
    """Write the cells of ``text`` to ``text.parquet`` in ``work``, unless ``direct`` read them."""
    staged = as_utf8(text.path, text.scan, text.encoding, work)
    mender = Mender(text.quoting, text.layout.width, text.preparation.rows)
    target, width, quote = work / TEXT_FILE, text.layout.width, text.quoting.quotechar
    attempts = [None, quote, ""] if not text.mixed else [quote, ""]
    for number, attempt in enumerate(attempts):
        try:
            ready, settings, able = _ready(text, staged, mender, work, unify=attempt)
            found = None if direct is None else direct(ready, settings, able)
            if found is not None:
                return _with_changes(text, found)
            load = partial(load_delimited, settings=settings, n_columns=width, target=target)
            reader = Reader(able, settings, work, partial(load, memory_limit=memory_limit))
            return _with_changes(text, _read(text, ready, reader, target, memory_limit))
        except UnusableInput:
            if number == len(attempts) - 1 or not _has_other_ends(text):
                raise
    raise AssertionError("unreachable")  # the last attempt returns or raises


def _has_other_ends(text: TextSource) -> bool:
    kinds = (text.scan.n_lf, text.scan.n_cr, text.scan.n_crlf)
    return text.encoding.name.startswith("utf-16") or sum(1 for n in kinds if n) > 1


def _ready(
    text: TextSource, staged: Staged, mender: Mender, work: Path, *, unify: str | None
) -> tuple[Staged, Delimited, Mender]:
    """Return what the reader can follow, and how.

    ``unify`` makes the line ends one kind, except inside that quote.
    """
    newline, head = text.newline, text.sample[: text.body]
    lines = count_lines(head)
    if unify is not None:
        staged = with_one_newline(staged, unify or None, work)
        head, newline = _unified(head), "\n"
    proper = not any(r.n_broken for r in text.records[: text.layout.body])
    ready = from_record(staged, head, lines, newline, work, proper=proper)
    offset = len(head.encode()) if ready.path == staged.path else len("x" + newline)
    ready = text.preparation.applied(
        ready, text.sample[text.top :], (text.body - text.top, offset), newline, work, unify=unify
    )
    quoting = text.quoting
    if needs_rewriting(quoting):
        ready = rewrite(ready, quoting, newline, work)
        quoting = canonical_quoting(quoting)
        mender = Mender(quoting, text.layout.width, text.preparation.rows)
    settings = Delimited(
        delimiter=quoting.delimiter,
        quotechar=quoting.quotechar,
        escapechar=quoting.escapechar,
        newline=newline,
        skip=ready.skip,
    )
    return ready, settings, mender


def _read(
    text: TextSource, ready: Staged, reader: Reader, target: Path, memory_limit: int
) -> Reading:
    """Read the cells as texts, all of them."""
    reading = reader.read(ready)
    quoting = reader.mender.quoting
    gone = sieve(target, ready, text.layout, text.records, quoting, memory_limit=memory_limit)
    add_trimmed(text, reading)
    reading.n_rows -= len(gone)
    reading.aside = sorted([*reading.aside, *gone], key=lambda row: row.line)
    return reading


def _with_changes(text: TextSource, reading: Reading) -> Reading:
    """Tell what was changed before the text was read."""
    mended, aside = text.preparation.told(text.sample[text.top :], int(text.has_sep_line))
    reading.mended |= mended
    reading.aside = sorted([*reading.aside, *aside], key=lambda row: row.line)
    return reading


def add_trimmed(text: TextSource, reading: Reading) -> None:
    """Add the looked-at records with surplus empty cells: DuckDB drops a single one unasked."""
    top = 1 if text.has_sep_line else 0
    width = text.layout.width
    for record in text.preparation.rows:
        surplus = record.cells[width:]
        if surplus and not any(cell.strip() for cell in surplus):
            reading.mended.setdefault(record.line + 1 + top, How.TRIMMED)


def _unified(head: str) -> str:
    return head.replace("\r\n", "\n").replace("\r", "\n")
