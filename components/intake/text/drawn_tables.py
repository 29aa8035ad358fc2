"""Tables that are drawn with characters instead of written with delimiters.

Columns aligned with spaces (old programs, printed reports), tables in frames (psql, mysql,
Markdown), and lines that were put in quotes as a whole. Such a text is read by its form, and
written anew in a plain dialect before the reader sees it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from components.intake.text.column_signs import Columns, joined
from components.intake.text.csv_records import Quoting, Record, read_records
from components.intake.text.dialect import Guess, guess_quoting, regular_width
from components.intake.text.layout import column_kind

LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
RULE = re.compile(r"[\s|+:=-]*[-=]{3}[\s|+:=-]*")
"""A line between the names and the rows, or around the table."""

LINES = Quoting("\0")
"""Takes a line for one cell: NUL bytes are left out of every text."""

MIN_LINES = 5
"""Lines that must be drawn alike (our choice)."""

LOOKED_AT = 300
NEARLY_ALL = 0.98
MOST = 0.95
"""Records of which one text alone can hold the surplus spaces (our choice)."""

WRAPPED_SCORE = 0.5
"""Score of a dialect within quoted lines above which they are a table (our choice)."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Every line is one quoted cell, and a record within."""

    inner: Quoting

    def records(self, text: str, limit: int | None) -> list[Record]:
        """Return the records of ``text``, at most ``limit``."""
        found = []
        for outer in read_records(text, LINES, limit):
            inner = read_records(outer.cells[0], self.inner)
            found.append(replace(outer, cells=inner[0].cells if inner else ("",), quoted=0))
        return found


@dataclass(frozen=True, slots=True)
class Aligned:
    """Cells start at the same places of all lines.

    A line in which a word crosses such a place is one cell: it does not fit.
    """

    starts: tuple[int, ...]

    def records(self, text: str, limit: int | None) -> list[Record]:
        """Return the records of ``text``, at most ``limit``."""
        return _by_line(text, limit, self._cells)

    def _cells(self, line: str) -> tuple[str, ...]:
        if not line.strip():
            return ("",)
        if any(_is_within(line, at) for at in self.starts):
            return (line,)
        ends = (*self.starts[1:], len(line))
        return tuple(line[a:b].strip() for a, b in zip(self.starts, ends, strict=True))


@dataclass(frozen=True, slots=True)
class Framed:
    """Cells are padded with spaces between lines; ruled lines part the rows.

    Attributes
    ----------
    outer
        Whether a line starts and ends with a delimiter.
    """

    delimiter: str
    outer: bool

    def records(self, text: str, limit: int | None) -> list[Record]:
        """Return the records of ``text``, at most ``limit``."""
        return _by_line(text, limit, self._cells)

    def _cells(self, line: str) -> tuple[str, ...]:
        if RULE.fullmatch(line):
            return ("",)
        cells = tuple(cell.strip() for cell in line.split(self.delimiter))
        framed = self.outer and len(cells) > 2 and not cells[0] and not cells[-1]  # noqa: PLR2004 - two edges
        return cells[1:-1] if framed else cells


def _is_within(line: str, at: int) -> bool:
    """Whether a word crosses a place."""
    return 0 < at < len(line) and not line[at - 1].isspace() and not line[at].isspace()


def _by_line(text: str, limit: int | None, cells: Callable[[str], tuple[str, ...]]) -> list[Record]:
    found: list[Record] = []
    at = 0
    while at < len(text) and (limit is None or len(found) < limit):
        match = LINE.match(text, at)
        if match is None:
            break
        found.append(Record(cells(match[1]), at, match.end(), len(found)))
        at = match.end()
    return found


def find_drawing(guess: Guess, sample: str) -> Quoting | None:
    """Return how a sample is drawn, where the best dialect is not all there is to it."""
    if guess.score > 0:
        return _framed(guess, sample) if guess.quoting.delimiter != " " else None
    return _wrapped(sample) or _aligned(sample) or _spaced(sample)


def _wrapped(sample: str) -> Quoting | None:
    full = [r for r in read_records(sample, LINES) if not r.is_blank][:LOOKED_AT]
    if len(full) < 2 or any(r.n_quoted != 1 or r.n_broken for r in full):  # noqa: PLR2004 - nothing to compare
        return None
    guess = guess_quoting("\n".join(r.cells[0] for r in full))
    widths = {len(r.cells) for r in guess.records}
    if guess.score < WRAPPED_SCORE or len(widths) != 1:
        return None
    return replace(guess.quoting, form=Wrapped(guess.quoting))


def _framed(guess: Guess, sample: str) -> Quoting | None:
    delimiter, rows = guess.quoting.delimiter.strip() or guess.quoting.delimiter, guess.records
    lines = [m[1] for r in rows[:LOOKED_AT] if (m := LINE.match(sample, r.start)) and m[1].strip()]
    drawn = [line for line in lines if not RULE.fullmatch(line)]
    if len(drawn) < 2 or any(r.n_quoted for r in rows):  # noqa: PLR2004 - nothing to compare
        return None
    ruled = len(drawn) < len(lines) and delimiter == "|"
    padded = sum(1 for line in drawn if f" {delimiter}" in line) > len(drawn) / 2
    if not ruled and not (padded and _are_aligned(drawn, delimiter)):
        return None
    outer = all(x.strip().startswith(delimiter) and x.strip().endswith(delimiter) for x in drawn)
    return replace(guess.quoting, delimiter=delimiter, form=Framed(delimiter, outer))


def _are_aligned(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the delimiters have the same offsets in nearly all lines."""
    places = Counter(tuple(m.start() for m in re.finditer(re.escape(delimiter), x)) for x in lines)
    return len(lines) >= MIN_LINES and places.most_common(1)[0][1] >= NEARLY_ALL * len(lines)


def _aligned(sample: str) -> Quoting | None:
    lines = [m[1] for m in LINE.finditer(sample) if m[1].strip()][:LOOKED_AT]
    padded = sum(1 for line in lines if "  " in line)
    if len(lines) < MIN_LINES or 2 * padded < len(lines) or any("\t" in line for line in lines):
        return None
    width = max(map(len, lines))
    used = [any(line[i : i + 1].strip() for line in lines) for i in range(width)]
    starts = [i for i in range(width) if used[i] and (i == 0 or not used[i - 1])]
    starts = _named(starts, lines)
    found = Aligned(tuple(starts))
    rows = [r.cells for r in found.records("\n".join(lines[1:]), None)]
    kinds = [column_kind([row[i] for row in rows]) for i in range(len(starts))]
    if len(starts) < 2 or not any(kinds):  # noqa: PLR2004 - one column needs no places
        return None
    return Quoting(" ", '"', form=found)


def _named(starts: Sequence[int], lines: Sequence[str]) -> list[int]:
    """Leave out places without a name in the first line: words of one text may part there."""
    ends = [*starts[1:], max(map(len, lines))]
    named = [a for a, b in zip(starts, ends, strict=True) if lines[0][a:b].strip()]
    return named if named[:1] == list(starts[:1]) else list(starts)


def _spaced(sample: str) -> Quoting | None:
    """Return a space as the delimiter where only one text of each row has spaces, too."""
    quoting = Quoting(" ")
    records = [r for r in read_records(sample, quoting, LOOKED_AT) if not r.is_blank]
    width = regular_width([r.cells for r in records])
    regular = [r for r in records if len(r.cells) == width]
    if width < 3 or len(records[0].cells) != width or not any(r.n_quoted for r in records):  # noqa: PLR2004 - a text between others
        return None
    columns = Columns(regular[1:], width, quoting)
    longer = [r for r in records if len(r.cells) > width]
    fit = sum(1 for r in longer if columns.known and _is_joined(r, columns))
    return quoting if fit + len(regular) >= MOST * len(records) else None


def _is_joined(record: Record, columns: Columns) -> bool:
    """Whether one text alone can hold the surplus spaces of a record."""
    return sum(1 for _ in _joined(record, columns)) == 1


def _joined(record: Record, columns: Columns) -> Iterator[tuple[str, ...]]:
    for tried in joined(record.cells, record.quoted, columns, " "):
        if columns.oddness(tried.cells, tried.quoted) == 0:
            yield tried.cells
