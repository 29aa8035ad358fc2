"""What is changed in a text before it is read: the records that the reader would take wrongly.

The reader tells only records of another width. A record that has the right number of cells by
chance, a remark between two rows or a second table would pass without a word; they are found in the
first records of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from components.core.data.source import AsideRow
from components.intake.mend.comments_and_totals import DOUBTFUL, find_remarks
from components.intake.mend.mender import How, Mended, Mender
from components.intake.mend.second_table import Second, find_second
from components.intake.text.csv_records import Quoting, Record, count_lines, quote_cell
from components.intake.text.layout import Layout
from components.intake.text.patches import Patch, Patches
from components.intake.text.utf8_copy import Staged, one_newline

SHOWN = 2_000
"""Characters kept of a record that is set aside."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is written otherwise, or left out.

    Attributes
    ----------
    start, end
        Where it stands in the sample.
    line
        Its line in the text, from 0.
    new
        Its cells and how they were mended, or the reason for which it is left out.
    """

    start: int
    end: int
    line: int
    new: Mended | str


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is changed.

    Attributes
    ----------
    rows
        The records that show what fits a column.
    doubts
        Records that stay rows although they look like something else, and what.
    """

    quoting: Quoting
    changes: tuple[Change, ...]
    rows: tuple[Record, ...]
    doubts: tuple[tuple[Record, str], ...] = ()

    def applied(
        self,
        ready: Staged,
        text: str,
        body: tuple[int, int],
        newline: str,
        folder: Path,
        *,
        unify: str | None,
    ) -> Staged:
        """Return ``ready`` with the changes; every record stays on its line.

        Parameters
        ----------
        text
            The sample that the changes are told in.
        body
            Where the first row starts: its character in ``text``, its byte in ``ready``.
        unify
            Not None where ``ready`` has other line ends than ``text``: see ``with_one_newline``.
        """
        if not self.changes:
            return ready
        last, at = body
        patches = []
        for change in self.changes:
            piece = text[change.start : change.end]
            at += len(_bytes(text[last : change.start], unify))
            end = at + len(_bytes(piece, unify))
            patches.append(Patch(at, end, self._written(change, piece, newline)))
            last, at = change.end, end
        found = Patches()
        found.add(patches)
        target = folder / "prepared.txt"
        found.write(ready.path, target)
        return replace(ready, path=target)

    def told(self, text: str, above: int) -> tuple[dict[int, How], list[AsideRow]]:
        """Return line -> how a record was mended, and the rows kept aside.

        Parameters
        ----------
        above
            Lines of the file above ``text``.
        """
        mended, aside = {}, []
        for change in self.changes:
            line = change.line + 1 + above
            if isinstance(change.new, str):
                shown = text[change.start : change.end].rstrip("\r\n")[:SHOWN]
                aside.append(AsideRow(line=line, reason=change.new, text=shown))
            else:
                mended[line] = change.new.how
        return mended, aside

    def _written(self, change: Change, piece: str, newline: str) -> bytes:
        if isinstance(change.new, str):
            return newline.encode() * max(count_lines(piece), 1)
        cells = (quote_cell(cell, self.quoting) for cell in change.new.cells)
        return (self.quoting.delimiter.join(cells) + newline).encode()


def prepare(
    text: str, records: Sequence[Record], layout: Layout, quoting: Quoting, *, whole: bool
) -> Preparation:
    """Return what is changed in a text.

    Parameters
    ----------
    text
        What ``records`` were read from.
    whole
        Whether these are all records of the file.
    """
    second = find_second(records, layout, quoting) if whole else None
    end = second.index if second else len(records)
    rows = records[layout.body : end]
    remarks = find_remarks(rows, layout.width, quoting, to_end=whole)
    doubts = [(rows[i], why) for i, why in sorted(remarks.items()) if why in DOUBTFUL]
    changes = [_left_out(rows[i], why) for i, why in remarks.items() if why not in DOUBTFUL]
    rows = tuple(r for i, r in enumerate(rows) if i not in remarks)
    if quoting.form is None:
        changes += _mended(text, rows, Mender(quoting, layout.width, rows))
    if second:
        changes += _below(records, second)
    changes.sort(key=lambda change: change.start)
    return Preparation(quoting, tuple(changes), tuple(rows), tuple(doubts))


def _left_out(record: Record, reason: str) -> Change:
    return Change(record.start, record.end, record.line, reason)


def _below(records: Sequence[Record], second: Second) -> list[Change]:
    below = records[second.index :]
    return [_left_out(record, second.reason) for record in below if not record.is_blank]


def _mended(text: str, rows: Sequence[Record], mender: Mender) -> Iterator[Change]:
    for record in rows:
        if len(record.cells) in {mender.width, mender.width + 1}:
            mended = mender.better(record, text[record.start : record.end])
            if mended:
                yield Change(record.start, record.end, record.line, mended)


def _bytes(text: str, unify: str | None) -> bytes:
    data = text.encode("utf-8", errors="replace")
    return data if unify is None else one_newline(data, unify or None)
