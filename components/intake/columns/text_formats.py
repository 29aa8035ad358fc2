"""How the texts of a column could be read: numbers, dates, truth; from some of its texts.

What is proposed here is tried on all rows by the engine afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from components.core.data.dataset import Storage
from components.engine.sql.casts import INFINITE, ISO, WITH_INFINITY, Notation
from components.engine.text.text_facts import Cast
from components.intake.columns.missing_words import ALL_WORDS

INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
INTEGER_LINES = re.compile(rf"(?:{INTEGER.pattern}\n)*+")
PLAIN_LINES = re.compile(rf"(?:{Notation().pattern}\n)*+")
LONG_DIGITS = 15
"""Integers of more digits are identifiers, not quantities; a double would not keep them."""

CODE_LINE = re.compile(rf"^(?:0\d+|\d{{{LONG_DIGITS + 1},}})$", re.MULTILINE)

TRUTH = (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"))
TRUTH_WORDS = frozenset(word for pair in TRUTH for word in pair)

MARKS = "%$€£¥₹₽₩"
CODES = ("USD", "EUR", "GBP", "CHF", "JPY", "kr", "zł")
MARKED = re.compile(
    rf"(?P<before>[{MARKS}]|{'|'.join(CODES)})?\s*(?P<figures>[+-]?[\d.,' \u00a0\u202f]*\d[.,]?)"
    rf"\s*(?P<after>[{MARKS}]|{'|'.join(CODES)})?"
)

DATE_ISO = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?)?"
)
DATE_OFFSET = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?[+-]\d{2}(?::?\d{2})?"
)
WITH_OFFSET = "|".join(
    f"%Y-%m-%d{between}%H:%M:%S{fraction}%z" for between in "T " for fraction in ("", ".%f")
)
DATE_PARTS = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/. ])(?P<b>\d{1,2}|[A-Za-z]{3,9})(?P=sep)"
    r"(?P<y>\d{4}|\d{2})(?P<time>[ T,].*)?"
)
DATE_WORDS = re.compile(
    r"(?P<m>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?P<c>,?) (?P<y>\d{4})(?P<time> .*)?"
)
TIME = re.compile(
    r"(?P<lead>[ T]|, )(?P<h>\d{1,2}):\d{2}(?P<s>:\d{2})?(?P<f>\.\d{1,6})?(?P<p> ?[AaPp][Mm])?"
)
MONTHS = frozenset(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)
COMPACT_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
DATE_NAME = re.compile(r"date|datum|dob|birth|timestamp|(?:^|_)(?:day|dt)(?:$|_)", re.IGNORECASE)

ENOUGH = 0.9
"""Share of the sampled texts that must fit for a reading to be tried on all rows; what does not
fit is either a missing word or makes the column text (our choice)."""


def propose(name: str, field: str, texts: Iterable[str]) -> Cast:
    """Return the reading that fits the sampled ``texts``; text where none does."""
    values = [t for t in map(str.strip, texts) if t and t not in ALL_WORDS]
    if not values:
        return Cast(field)
    found = (
        _plain_numbers(name, field, values)
        or _truth(field, values)
        or _compact_dates(name, field, values)
        or _with_infinity(field, values)
        or _number(field, values)
        or _dates(field, values)
    )
    return found or Cast(field)


def _plain_numbers(name: str, field: str, values: Sequence[str]) -> Cast | None:
    """Return the reading of nothing but plain numbers, found in one go; as :func:`_number`."""
    lines = "\n".join(values) + "\n"
    if lines.count("\n") > len(values) or DATE_NAME.search(name) or CODE_LINE.search(lines):
        return None
    if INTEGER_LINES.fullmatch(lines):
        return Cast(field, Storage.INTEGER)
    if PLAIN_LINES.fullmatch(lines) and any(sign in lines for sign in ".eE"):
        return Cast(field, Storage.NUMBER)
    return None


def _mostly(values: Sequence[str], fits: Callable[[str], object]) -> bool:
    """Whether :data:`ENOUGH` of the values fit; those that cannot matter are not asked."""
    least, left = ENOUGH * len(values), len(values)
    for value in values:
        if not fits(value):
            left -= 1
            if left < least:
                return False
    return True


def _truth(field: str, values: Sequence[str]) -> Cast | None:
    lower = set()
    for value in values:
        word = value.casefold()
        if word not in TRUTH_WORDS:
            return None
        lower.add(word)
    for yes, no in TRUTH:
        if lower == {yes, no}:
            return Cast(field, Storage.BOOLEAN, f"{yes}/{no}")
    return None


def spelling_of(
    cast: Cast, counted: Mapping[str, int], sample: Iterable[str]
) -> tuple[str, str] | None:
    """Return how texts read as truth values write true and false; None for other readings.

    Parameters
    ----------
    counted
        Different texts of all rows and the rows of each; may be empty.
    sample
        Different texts of some rows, for those that ``counted`` does not hold.
    """
    if cast.storage is not Storage.BOOLEAN:
        return None
    yes, no = (cast.style or "true/false").split("/")
    texts = sorted(set(map(str.strip, sample)), key=lambda t: (-counted.get(t, 0), t))

    def written(word: str) -> str:
        return next((t for t in texts if t.casefold() == word), word)

    return written(yes), written(no)


def _number(field: str, values: Sequence[str]) -> Cast | None:
    if not _looks_numeric(values) or is_code(values):
        return None
    whole = all(INTEGER.fullmatch(v) or not _plain(v) for v in values)
    if whole and _mostly(values, INTEGER.fullmatch):
        return Cast(field, Storage.INTEGER)
    notation = find_notation(values)
    return None if notation is None else _in_notation(field, values, notation)


def _with_infinity(field: str, values: Sequence[str]) -> Cast | None:
    """Return the reading of plain numbers, where some of them are infinite."""
    finite = [v for v in values if v[-1] not in "fFyY" or v.casefold() not in INFINITE]
    if len(finite) == len(values) or not finite:
        return None
    found = _number(field, finite)
    if found is None or (found.style and found.style != Notation().example):
        return None
    return Cast(field, Storage.NUMBER, WITH_INFINITY)


def _looks_numeric(values: Sequence[str]) -> bool:
    return _mostly(values, lambda v: MARKED.fullmatch(v) or _plain(v))


def _in_notation(field: str, values: Sequence[str], notation: Notation) -> Cast | None:
    figures = [_bare(v, notation.mark) for v in values]
    pattern = re.compile(notation.pattern)
    fitting = [f for f in figures if pattern.fullmatch(f)]
    if len(fitting) < ENOUGH * len(values):
        return None
    plain = notation == Notation() and _mostly(values, PLAIN.fullmatch)
    style = "" if plain else notation.example
    if any(notation.decimal in f or "e" in f.lower() for f in fitting) or notation.mark:
        return Cast(field, Storage.NUMBER, style)
    return Cast(field, Storage.INTEGER, style or Notation().example)


PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def _plain(value: str) -> bool:
    return PLAIN.fullmatch(value) is not None


def is_code(values: Sequence[str]) -> bool:
    """Whether digits are names: leading zeros, or more digits than a quantity has."""
    return any(
        v.isdigit() and ((len(v) > 1 and v[0] == "0") or len(v) > LONG_DIGITS) for v in values
    )


SIGNS = (
    (",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u00a0", ","), ("\u202f", ","),
)  # fmt: skip
"""Thousands and decimal signs."""


def find_notation(values: Sequence[str]) -> Notation | None:
    """Return how the numbers of a column are written, from ``values``; None where they differ.

    A comma or point followed by three figures alone could be either sign: a comma separates
    thousands unless another value shows it to be decimal; a point is decimal unless one shows it
    to separate thousands.
    """
    marks = {m for v in values if (m := _mark(v)) is not None}
    if len(marks) > 1 and "" in marks:
        return None
    mark = marks.pop() if len(marks) == 1 else ""
    figures = [_bare(v, mark) for v in values]
    for thousands, decimal in SIGNS:
        with_sign = [f for f in figures if thousands in f]
        if not with_sign or not _is_thousands(with_sign, thousands, decimal):
            continue
        notation = Notation(thousands, decimal, mark)
        if all(map(re.compile(notation.pattern).fullmatch, figures)):
            return notation
    for decimal in ".,":
        notation = Notation("", decimal, mark)
        if _mostly(figures, re.compile(notation.pattern).fullmatch):
            return notation
    return None


def _is_thousands(figures: Sequence[str], sign: str, decimal: str) -> bool:
    """Say whether a sign separates thousands: a point only where one value shows it."""
    if sign != ".":
        return True
    return any(f.count(".") > 1 or decimal in f for f in figures)


def _mark(value: str) -> str | None:
    match = MARKED.fullmatch(value)
    if match is None:
        return None
    return match["before"] or match["after"] or ""


def _bare(value: str, mark: str) -> str:
    return value.replace(mark, "").strip() if mark else value


def _compact_dates(name: str, field: str, values: Sequence[str]) -> Cast | None:
    if DATE_NAME.search(name) and _mostly(values, COMPACT_DATE.fullmatch):
        return Cast(field, Storage.DATETIME, "%Y%m%d")
    return None


def _dates(field: str, values: Sequence[str]) -> Cast | None:
    if _mostly(values, DATE_ISO.fullmatch):
        return Cast(field, Storage.DATETIME, ISO)
    if _mostly(values, DATE_OFFSET.fullmatch):
        return Cast(field, Storage.DATETIME, WITH_OFFSET)
    if not _mostly(values, lambda v: DATE_PARTS.fullmatch(v) or DATE_WORDS.fullmatch(v)):
        return None
    formats: dict[str, int] = {}
    order = "%d{0}%m" if day_first(values) else "%m{0}%d"
    for value in values:
        style = _date_format(value, order)
        if style:
            formats[style] = formats.get(style, 0) + 1
    if sum(formats.values()) < ENOUGH * len(values) or len({f.split(" ")[0] for f in formats}) > 1:
        return None
    return Cast(field, Storage.DATETIME, "|".join(sorted(formats, key=lambda f: -formats[f])))


def day_first(values: Iterable[str]) -> bool:
    """Whether the first number of dates such as 31/12/2012 is the day.

    It is where one is over 12, or where nothing tells and the sign is a point (the custom of
    countries that write so); otherwise the month comes first.
    """
    first, second, point = order_evidence(values)
    if first == second == 0:
        return point
    return first >= second


def order_evidence(values: Iterable[str]) -> tuple[int, int, bool]:
    """Return how many dates prove day first, how many month first, and whether a point is used."""
    first = second = 0
    point = False
    for value in values:
        match = DATE_PARTS.fullmatch(value)
        if match and match["b"].isdigit():
            first += int(match["a"]) > 12  # noqa: PLR2004 - months
            second += int(match["b"]) > 12  # noqa: PLR2004 - months
            point = point or match["sep"] == "."
    return first, second, point


def _date_format(value: str, order: str) -> str | None:
    match = DATE_PARTS.fullmatch(value)
    if match:
        sep = match["sep"]
        year = "%Y" if len(match["y"]) == 4 else "%y"  # noqa: PLR2004 - digits
        if match["b"].isdigit():
            date = order.format(sep) + sep + year
        elif match["b"][:3].casefold() in MONTHS:
            date = sep.join(("%d", _month(match["b"]), year))
        else:
            return None
        return _with_time(date, match["time"])
    match = DATE_WORDS.fullmatch(value)
    if match and match["m"][:3].casefold() in MONTHS:
        return _with_time(f"{_month(match['m'])} %d{match['c']} %Y", match["time"])
    return None


def _month(word: str) -> str:
    return "%b" if len(word) == 3 else "%B"  # noqa: PLR2004 - an abbreviation


def _with_time(date: str, time: str | None) -> str | None:
    if not time:
        return date
    match = TIME.fullmatch(time)
    if match is None:
        return None
    hour = "%I" if match["p"] else "%H"
    seconds = ":%S" if match["s"] else ""
    fraction = ".%f" if match["f"] else ""
    half = " %p" if match["p"] and match["p"].startswith(" ") else "%p" if match["p"] else ""
    return f"{date}{match['lead']}{hour}:%M{seconds}{fraction}{half}"
