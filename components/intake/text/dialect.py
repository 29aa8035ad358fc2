"""Which delimiter, quote and escape character a text is written with.

Every candidate reads a sample; the best one gives records of one width with cells that look like
values. The measure follows van den Burg, Nazabal and Sutton, "Wrangling messy CSV files by
detecting row and type patterns" (2019): pattern score times type score; see :func:`score`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from components.intake.text.csv_records import Quoting, Record, read_records

COMMON = (",", ";", "\t", "|")
RARE = (
    *("||", "::", ";;", "~|~", "|~|", ", "),
    *("^", "~", ":", "\x1f", "\x01", "\xa7", "\xac", "#", " "),
    *("\uff0c", "\uff1b", "\u061b"),  # the comma and the semicolon of Chinese, of Arabic
)
WEIGHT = {":": 0.6, " ": 0.5, "#": 0.6, "^": 0.9, "~": 0.9, ", ": 0.9, "-": 0.4, "/": 0.4} | {
    "\uff0c": 0.7
}
"""Characters that also occur inside values must win clearly (our choice)."""

QUOTED_WEIGHT = 0.9
"""For a space that occurs within quotes as well as between cells (our choice)."""

ALL_BUT_FEW = 0.98
"""Share of records that must show a delimiter of two characters (our choice)."""

LONG_TEXT = 200
"""Characters from which a cell is a text, whatever is in it."""

QUOTES = ('"', "'", "`")

VALUE = re.compile(
    r"\s*(?:"
    r"|[$€£¥]?\s?[+-]?(?:\d+|\d{1,3}(?:[.,' ]\d{3})+)"
    r"(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?[%€$£]?"  # number, all of it
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.{0,15})?"  # date
    r"|\d{1,2}:\d{2}(?::\d{2})?"  # time
    r"|[^\W\d_]+"  # word
    r"|[\w.-]+"  # code
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # mail
    r"|https?://\S+"
    r"|[^\W\d_][\w' .&()-]{0,60}"  # a short phrase
    r"|\?|\*+|#N/A|N/A|n/a|-+"
    r")\s*"
)


CODES = re.compile(r"[\w.\0-]*")
"""Cells with NUL between them that are all empty, numbers, words or codes: values in any case."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A dialect, its score in [0, 1], and the records of the sample read with it."""

    quoting: Quoting
    score: float
    records: tuple[Record, ...]


def guess_quoting(sample: str, *, delimiter: str | None = None) -> Guess:
    """Return the dialect of ``sample``; a comma with double quotes where nothing separates cells.

    Where commas are part of the only text, another delimiter that never occurs.

    Parameters
    ----------
    sample
        The first lines of the text.
    delimiter
        The delimiter, where it is known.
    """
    best: Guess | None = None
    for quoting in _quotings(sample, delimiter) if delimiter else _candidates(sample):
        records = tuple(read_records(sample, quoting))
        guess = Guess(quoting, score(records, quoting), records)
        if best is None or guess.score > best.score + 1e-9:
            best = guess
    if best is None or (delimiter is None and not _is_table(best)):
        plain = Quoting("," if best is None or not _is_prose(best) else _absent(sample))
        return Guess(plain, 0.0, tuple(read_records(sample, plain)))
    return best if delimiter else _longer(best, sample)


def _longer(guess: Guess, sample: str) -> Guess:
    """Return the guess with a delimiter of two characters where the sample shows one.

    A space after every delimiter belongs to it, and every other cell empty means a doubled one.
    """
    one = guess.quoting.delimiter
    if len(one) > 1 or one == " ":
        return guess
    rows = [r for r in guess.records if not r.is_blank]
    width = regular_width([r.cells for r in rows])
    rows = [r for r in rows if len(r.cells) == width]
    if width < 2 or len(rows) < 2:  # noqa: PLR2004 - nothing to compare
        return guess
    least = ALL_BUT_FEW * len(rows)
    spaced = sum(1 for r in rows if _is_spaced(r, sample, guess.quoting)) >= least
    n_doubled = sum(1 for r in rows if not any(r.cells[1::2]))
    doubled = width > 2 and n_doubled >= least  # noqa: PLR2004 - more than one pair of cells
    if not spaced and not doubled:
        return guess
    quoting = replace(guess.quoting, delimiter=one + (" " if spaced else one))
    found = tuple(read_records(sample, quoting))
    expected = width if spaced else (width + 1) // 2
    full = [r for r in found if not r.is_blank]
    same = sum(1 for r in full if len(r.cells) == expected)
    return Guess(quoting, guess.score, found) if same >= least * len(full) / len(rows) else guess


def _is_spaced(record: Record, sample: str, quoting: Quoting) -> bool:
    """Whether a space follows every delimiter; before a quote it is no part of the cell.

    A character within quotes is no delimiter: ``1,"Paris, France"`` is not spaced.
    """
    text, sign = sample[record.start : record.end], quoting.delimiter + " "
    if text.count(sign) < len(record.cells) - 1:
        return False
    bare = [cell for cell in record.cells[1:] if not cell.startswith(" ")]
    if len(bare) > record.n_quoted:
        return False
    quote = re.escape(quoting.quotechar or "")
    opened = len(re.findall(rf"{re.escape(sign)}{quote}(?!{quote})", text)) if quote else 0
    return opened >= sum(1 for cell in bare if cell)


def regular_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the most frequent number of cells; of two equally frequent ones, the larger."""
    widths = Counter(len(cells) for cells in rows)
    if not widths:
        return 0
    return max(widths, key=lambda w: (widths[w] * (w > 1 or len(widths) == 1), widths[w], w))


def _is_table(guess: Guess) -> bool:
    """Whether a guess is better than one column."""
    return guess.score >= _least(guess.quoting) and not _is_prose(guess)


def _is_prose(guess: Guess) -> bool:
    """Whether the first line is one cell, and less than half of the lines agree in width."""
    rows = [r.cells for r in guess.records if not r.is_blank]
    width = regular_width(rows)
    n_regular = sum(1 for cells in rows if len(cells) == width)
    return len(rows[0]) == 1 and 2 * n_regular < len(rows)


def _absent(sample: str) -> str:
    return next((sign for sign in COMMON if sign not in sample), "\x1f")


def _least(quoting: Quoting) -> float:
    """Return the score below which a text is one column (our choice)."""
    return 0.1 if quoting.delimiter in COMMON else 0.35


def score(records: tuple[Record, ...], quoting: Quoting) -> float:
    """Return how table-like ``records`` are, in [0, 1].

    The share of records with the most frequent width, times the share of cells that look like
    values, times (width - 1) / width, less for quotes in wrong places.
    """
    full = [r for r in records if not r.is_blank]
    if not full:
        return 0.0
    widths = Counter(len(r.cells) for r in full)
    width = max(widths, key=lambda w: (widths[w] * (w - 1) / w, w))
    if width == 1:
        return 0.0
    regular = [r for r in full if len(r.cells) == width]
    pattern: float = len(regular) / len(full) * (width - 1) / width / len(widths) ** 0.25
    seen = regular[:200]
    n_values = sum(map(_n_values, zip(*(r.cells for r in seen), strict=True)))
    types = n_values / (width * len(seen))
    n_broken = sum(r.n_broken + _n_escaped(r, quoting) for r in full)
    broken = n_broken / sum(len(r.cells) for r in full)
    weight = WEIGHT.get(quoting.delimiter, 1.0)
    if quoting.delimiter == " " and _quotes_spaces(full, quoting):
        weight = QUOTED_WEIGHT
    return pattern * (0.3 + 0.7 * types) * weight / (1.0 + 4.0 * broken)


def _n_values(cells: Sequence[str]) -> int:
    """Return how many cells look like values, or are long texts."""
    if CODES.fullmatch("\0".join(cells)):
        return len(cells)
    return sum(1 for cell in cells if len(cell) > LONG_TEXT or VALUE.fullmatch(cell))


def _quotes_spaces(full: Sequence[Record], quoting: Quoting) -> bool:
    """Whether half of the records have a space within quotes, and there is no quote elsewhere."""
    quote = quoting.quotechar or "\n"
    n = 0
    for record in full:
        within = [c for i, c in enumerate(record.cells) if record.quoted >> i & 1]
        if any(quote in c for i, c in enumerate(record.cells) if not record.quoted >> i & 1):
            return False
        n += any(" " in cell for cell in within)
    return 2 * n >= len(full)


def _n_escaped(record: Record, quoting: Quoting) -> int:
    """Count quotes after a backslash that the dialect does not take for escaped."""
    if quoting.escapechar or not quoting.quotechar:
        return 0
    return "\0".join(record.cells).count("\\" + quoting.quotechar)


def _candidates(sample: str) -> Iterator[Quoting]:
    lines = max(1, sample.count("\n") or sample.count("\r"))
    for delimiter in COMMON + RARE:
        enough = 1 if delimiter in COMMON else 0.5 * lines
        if sample.count(delimiter) >= enough:
            yield from _quotings(sample, delimiter)


def _quotings(sample: str, delimiter: str) -> Iterator[Quoting]:
    """Yield the plain dialect first: a tie goes to it."""
    yield Quoting(delimiter)
    if "\\" + delimiter in sample:
        yield Quoting(delimiter, '"', "\\")
    for quote in QUOTES:
        opens = any(sign + quote in sample for sign in ("\n", "\r", delimiter))
        if not opens and not sample.startswith(quote):
            if quote == '"' and '\\"' in sample:
                yield Quoting(delimiter, quote, "\\")
            continue
        # another quote, but double ones still doubled: the writer escaped them all the same
        doubled = quote != '"' and '""' in sample and '"' not in sample.replace('""', "")
        if quote != '"':
            yield Quoting(delimiter, quote, '"' if doubled else None)
        if "\\" + quote in sample and not doubled:
            yield Quoting(delimiter, quote, "\\")
