"""From a sniffed text to one that the strict reader can follow, but for records it will reject.

The reader rejects only records of another width. A record that has the right number of cells by
chance, a remark between two rows or a second table would pass without a word; they are found in the
first records of the file, and changed in a copy before the reader sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from components.core.data.source import AsideRow
from components.engine.text.delimited import Delimited
from components.intake.mend.mender import REJECTED, Mended, MendedRow, Mender
from components.intake.mend.non_rows import DOUBTFUL, Second, find_remarks, find_second
from components.intake.mend.patches import Patch, Patches
from components.intake.text.csv_records import (
    Quoting,
    Record,
    count_lines,
    has_stray_quote,
    quote_cell,
)
from components.intake.text.reader_copy import (
    as_utf8,
    canonical_quoting,
    from_record,
    one_newline,
    rewrite,
    with_one_newline,
)
from components.intake.text.sniff import SniffedText

SHOWN = 2_000
"""Characters kept of a record that is rejected."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is written otherwise, or left out.

    Attributes
    ----------
    start, end
        Offsets in ``SniffedText.below``.
    line
        Its line in the file, 1-based.
    new
        Its cells and how they were mended, or the reason for which it is left out.
    """

    start: int
    end: int
    line: int
    new: Mended | str


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the first records of a text show.

    Attributes
    ----------
    changes
        What is changed before the text is read, in the order of the file.
    rows
        The records that are rows; they show what fits a column.
    doubts
        Records that stay rows although they look like something else, and what.
    only_reject
        Whether nothing may be mended: what does not fit is rejected.
    """

    changes: tuple[Change, ...]
    rows: tuple[Record, ...]
    doubts: tuple[tuple[Record, str], ...] = ()
    only_reject: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyText:
    """A text that the strict reader can follow, but for records that it rejects.

    Attributes
    ----------
    path
        The upload itself, or a copy in which every record is on its line.
    settings, quoting
        How the reader reads it, and the same for :mod:`components.intake.text.csv_records`.
    width
        Cells of a regular record.
    first_line
        The line of the upload (counted from 0) that is the first line of ``path``.
    rows
        Some regular records; they show what fits a column.
    mended, aside
        What was changed already.
    """

    path: Path
    settings: Delimited
    quoting: Quoting
    width: int
    first_line: int
    rows: tuple[Record, ...]
    only_reject: bool
    mended: tuple[MendedRow, ...] = ()
    aside: tuple[AsideRow, ...] = ()

    def mender(self) -> Mender:
        """Return what mends its records."""
        return Mender(self.quoting, self.width, self.rows, only_reject=self.only_reject)


def prepare(text: SniffedText, *, only_reject: bool = False) -> Preparation:
    """Return what is to be changed in a text before it is read."""
    layout, quoting, records = text.layout, text.quoting, text.records
    second = find_second(records, layout, quoting) if text.whole else None
    rows = records[layout.body : second.index if second else len(records)]
    remarks = find_remarks(rows, layout.width, quoting, to_end=text.whole)
    doubts = tuple((rows[i], why) for i, why in sorted(remarks.items()) if why in DOUBTFUL)
    changes = [_change(text, rows[i], why) for i, why in remarks.items() if why not in DOUBTFUL]
    rows = tuple(r for i, r in enumerate(rows) if i not in remarks)
    if quoting.form is None:
        changes += _mended(text, rows, only_reject=only_reject)
    if second:
        changes += _below(text, second)
    changes.sort(key=lambda change: change.start)
    return Preparation(tuple(changes), rows, doubts, only_reject)


def line_end_attempts(text: SniffedText) -> list[str | None]:
    """Return the ways to make the line ends one kind, the next where the reader fails with one.

    None leaves them; otherwise those within this quote stay, and without a quote none does.
    """
    quote = text.quoting.quotechar
    attempts = [quote, ""] if text.mixed else [None, quote, ""]
    kinds = (text.scan.n_lf, text.scan.n_cr, text.scan.n_crlf)
    has_others = text.encoding.name.startswith("utf-16") or sum(1 for n in kinds if n) > 1
    return attempts if has_others else attempts[:1]


def ready_text(
    text: SniffedText, preparation: Preparation, work: Path, *, unify: str | None
) -> ReadyText:
    """Write a copy that the strict reader can follow, where it cannot follow the text itself.

    Parameters
    ----------
    unify
        One of :func:`line_end_attempts`.
    """
    copy = as_utf8(text.path, text.scan, text.encoding, work)
    newline, head = text.newline, text.sample[: text.body]
    lines = count_lines(head)
    if unify is not None:
        copy = with_one_newline(copy, unify or None, work)
        head, newline = head.replace("\r\n", "\n").replace("\r", "\n"), "\n"
    proper = not any(r.n_broken for r in text.records[: text.layout.body])
    ready = from_record(copy, head, lines, newline, work, proper=proper)
    offset = len(head.encode()) if ready.path == copy.path else len("x" + newline)
    if preparation.changes:
        target = work / "prepared.txt"
        patches = _patches(text, preparation.changes, offset, newline, unify=unify)
        Patches(patches).write(ready.path, target)
        ready = replace(ready, path=target)
    quoting = text.quoting
    if quoting.needs_rewriting:
        ready = rewrite(ready, quoting, newline, work)
        quoting = canonical_quoting(quoting)
    mended, aside = _what_changed(text, preparation)
    return ReadyText(
        path=ready.path,
        settings=Delimited(
            delimiter=quoting.delimiter,
            quotechar=quoting.quotechar,
            escapechar=quoting.escapechar,
            newline=newline,
            skip=ready.skip,
        ),
        quoting=quoting,
        width=text.layout.width,
        first_line=ready.first_line,
        rows=preparation.rows,
        only_reject=preparation.only_reject,
        mended=mended,
        aside=aside,
    )


def _patches(
    text: SniffedText, changes: Sequence[Change], offset: int, newline: str, *, unify: str | None
) -> Iterator[Patch]:
    """Yield the changes in bytes of a copy in which the first row starts at ``offset``.

    Every record stays on its line.
    """
    last, at = text.body - text.top, offset
    for change in changes:
        piece = text.below[change.start : change.end]
        at += len(_bytes(text.below[last : change.start], unify))
        end = at + len(_bytes(piece, unify))
        yield Patch(at, end, _written(change, piece, text.quoting, newline))
        last, at = change.end, end


def _what_changed(
    text: SniffedText, preparation: Preparation
) -> tuple[tuple[MendedRow, ...], tuple[AsideRow, ...]]:
    mended, aside = [], []
    for change in preparation.changes:
        written = text.below[change.start : change.end].rstrip("\r\n")
        if isinstance(change.new, str):
            aside.append(AsideRow(line=change.line, reason=change.new, text=written[:SHOWN]))
        else:
            mended.append(MendedRow(change.line, change.new.how, written))
    return tuple(mended), tuple(aside)


def _written(change: Change, piece: str, quoting: Quoting, newline: str) -> bytes:
    if isinstance(change.new, str):
        return newline.encode() * max(count_lines(piece), 1)
    cells = (quote_cell(cell, quoting) for cell in change.new.cells)
    return (quoting.delimiter.join(cells) + newline).encode()


def _change(text: SniffedText, record: Record, new: Mended | str) -> Change:
    return Change(record.start, record.end, record.line + 1 + text.has_sep_line, new)


def _below(text: SniffedText, second: Second) -> list[Change]:
    below = text.records[second.index :]
    return [_change(text, record, second.reason) for record in below if not record.is_blank]


def _mended(text: SniffedText, rows: Sequence[Record], *, only_reject: bool) -> Iterator[Change]:
    """Yield how records that the reader takes as they are should be read, if otherwise.

    A quote within a cell hides delimiters, and the reader drops surplus empty cells at the end:
    both can leave cells under the wrong columns.
    """
    width, quoting = text.layout.width, text.quoting
    doubtful = [
        r
        for r in rows
        if len(r.cells) == width + 1 or (len(r.cells) == width and has_stray_quote(r, quoting))
    ]
    mender = Mender(quoting, width, rows) if doubtful else None
    for record in doubtful:
        mended = mender and mender.better(record, text.below[record.start : record.end])
        if mended:
            yield _change(text, record, REJECTED[mended.how] if only_reject else mended)


def _bytes(text: str, unify: str | None) -> bytes:
    data = text.encode("utf-8", errors="replace")
    return data if unify is None else one_newline(data, unify or None)
