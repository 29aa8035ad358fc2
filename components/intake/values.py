"""How the texts of a column could be read: numbers, dates, truth; from some of its texts.

What is proposed here is tried on all rows by the engine afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from components.core.dataset import Storage
from components.engine.readings import INFINITE, ISO, WITH_INFINITY, Notation
from components.engine.text_facts import Reading

MISSING_WORDS = (
    "?", "??", "N/A", "n/a", "N/a", "NA", "na", "#N/A", "#NA", "#N/A N/A", "<NA>", "NULL", "null",
    "Null", "#NULL!", "#VALUE!", "#DIV/0!", "#REF!", "NaN", "nan", "NAN", "-nan", "\\N", "nil",
    "-", "--", "---", "–", "—", ".", "..", "...", "*", "**", "***", "****", "*****", "******",
    "missing", "Missing", "MISSING", "(missing)", "<missing>", "(blank)", "blank", "(null)",
    "not available", "Not available", "Not Available", "NOT AVAILABLE", "(NA)", "(N/A)",
)  # fmt: skip
"""Texts that stand for a missing value wherever they are."""

WEAK_WORDS = (
    "None", "none", "NONE", "unknown", "Unknown", "UNKNOWN", "unk", "UNK", "nd", "ND", "n.a.",
    "n.d.", "N.A.", "undefined", "x", "X",
)  # fmt: skip
"""Texts that do so only among numbers, dates or truth values, or where nothing else stands."""

INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
LONG_DIGITS = 15
"""Integers of more digits are identifiers, not quantities; a double would not keep them."""

TRUTH = (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"))

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
GROUPED = re.compile(rf"[{MARKS}]?\s?[+-]?\d{{1,3}}(?:[., ]\d{{3}})*(?:[.,]\d+)?\s?[{MARKS}]?")
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


def propose(name: str, field: str, texts: Iterable[str]) -> Reading:
    """Return the reading that fits the sampled ``texts``; text where none does."""
    values = [t for t in (text.strip() for text in texts) if t]
    words = set(MISSING_WORDS) | set(WEAK_WORDS)
    values = [v for v in values if v not in words]
    if not values:
        return Reading(field)
    found = (
        _truth(field, values)
        or _compact_dates(name, field, values)
        or _with_infinity(field, values)
        or _number(field, values)
        or _dates(field, values)
    )
    return found or Reading(field)


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(1 for v in values if pattern.fullmatch(v)) / len(values)


def _truth(field: str, values: Sequence[str]) -> Reading | None:
    lower = {v.casefold() for v in values}
    for yes, no in TRUTH:
        if lower == {yes, no}:
            return Reading(field, Storage.BOOLEAN, f"{yes}/{no}")
    return None


def _number(field: str, values: Sequence[str]) -> Reading | None:
    if not _looks_numeric(values) or is_code(values):
        return None
    whole = all(INTEGER.fullmatch(v) or not _plain(v) for v in values)
    if whole and _share(values, INTEGER) >= ENOUGH:
        return Reading(field, Storage.INTEGER)
    notation = find_notation(values)
    return None if notation is None else _in_notation(field, values, notation)


def _with_infinity(field: str, values: Sequence[str]) -> Reading | None:
    """Return the reading of plain numbers, where some of them are infinite."""
    finite = [v for v in values if v.casefold() not in INFINITE]
    if len(finite) == len(values) or not finite:
        return None
    found = _number(field, finite)
    if found is None or (found.style and found.style != Notation().example):
        return None
    return Reading(field, Storage.NUMBER, WITH_INFINITY)


def _looks_numeric(values: Sequence[str]) -> bool:
    return sum(1 for v in values if MARKED.fullmatch(v) or _plain(v)) >= ENOUGH * len(values)


def _in_notation(field: str, values: Sequence[str], notation: Notation) -> Reading | None:
    figures = [_bare(v, notation.mark) for v in values]
    pattern = re.compile(notation.pattern)
    fitting = [f for f in figures if pattern.fullmatch(f)]
    if len(fitting) < ENOUGH * len(values):
        return None
    plain = notation == Notation() and _share(values, _PLAIN) >= ENOUGH
    style = "" if plain else notation.example
    if any(notation.decimal in f or "e" in f.lower() for f in fitting) or notation.mark:
        return Reading(field, Storage.NUMBER, style)
    return Reading(field, Storage.INTEGER, style or Notation().example)


_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def _plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None


def looks_typed(value: str) -> bool:
    """Whether a text looks like a number or a date of any form."""
    patterns = (_PLAIN, GROUPED, DATE_ISO, DATE_OFFSET, DATE_WORDS)
    if any(p.fullmatch(value) for p in patterns):
        return True
    match = DATE_PARTS.fullmatch(value)
    return match is not None and match["b"].isdigit()


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
        if _share(figures, re.compile(notation.pattern)) == 1:
            return notation
    for decimal in ".,":
        notation = Notation("", decimal, mark)
        if _share(figures, re.compile(notation.pattern)) >= ENOUGH:
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


def _compact_dates(name: str, field: str, values: Sequence[str]) -> Reading | None:
    if DATE_NAME.search(name) and _share(values, COMPACT_DATE) >= ENOUGH:
        return Reading(field, Storage.DATETIME, "%Y%m%d")
    return None


def _dates(field: str, values: Sequence[str]) -> Reading | None:
    if _share(values, DATE_ISO) >= ENOUGH:
        return Reading(field, Storage.DATETIME, ISO)
    if _share(values, DATE_OFFSET) >= ENOUGH:
        return Reading(field, Storage.DATETIME, WITH_OFFSET)
    formats: dict[str, int] = {}
    order = "%d{0}%m" if day_first(values) else "%m{0}%d"
    for value in values:
        style = _date_format(value, order)
        if style:
            formats[style] = formats.get(style, 0) + 1
    if sum(formats.values()) < ENOUGH * len(values) or len({f.split(" ")[0] for f in formats}) > 1:
        return None
    return Reading(field, Storage.DATETIME, "|".join(sorted(formats, key=lambda f: -formats[f])))


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
