"""Filters as short texts that can stand in an address, and back.

A filter is some conditions, all of which hold. Its text is words with a space between::

    age ge 30 and age lt 40 and sex in f m and not deck missing and note has 50~25
    rows 3 17-20 and flagged anomalies.multivariate

A word that holds anything else than ASCII letters, digits and ``_ - .``, and a word that would
read as one of ours, has ``~`` and two hexadecimal digits for each such byte of UTF-8. So the text
of an attacker can only ever be a name or a value, and a text that is not ours is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from components.core.dataset import ROW_ID, Column, DatasetVersion, Storage
from components.core.errors import NotFound, UnusableInput
from components.core.query import (
    AllOf,
    Compare,
    Condition,
    Contains,
    Missing,
    Not,
    OneOf,
    Op,
)
from components.services.filter_words import (
    AND,
    FLAGGED,
    MOST_ROWS,
    NOT,
    ROWS,
    ranges,
    row_ids,
    unusable,
    unword,
    word,
)

__all__ = [
    "MOST_ROWS",
    "MOST_TEXT",
    "Flagged",
    "Part",
    "from_text",
    "parts",
    "to_text",
    "unword",
    "word",
]

MOST_TEXT = 6_000
"""Characters of a filter; servers and browsers cut addresses beyond about 8,000."""
MOST_CONDITIONS = 40
MOST_DIGITS = 30
"""Digits of a number that is kept whole; more are no whole number of a table."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """The rows that a check of the run at hand has flagged, or (``wanted`` False) all others."""

    check_id: str
    wanted: bool = True


Part = Condition | Flagged
"""What a filter is made of; a check's flags are known to a run only, not to the table."""

_OPS = {Op.EQ: "eq", Op.NE: "ne", Op.LT: "lt", Op.LE: "le", Op.GT: "gt", Op.GE: "ge"}
_BY_NAME = {word: op for op, word in _OPS.items()}
_CHECK_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,60}")

Value = str | int | float | bool | datetime


def to_text(conditions: Iterable[Part]) -> str:
    """Return a filter as a text that :func:`from_text` reads; "" for none.

    Conditions are :class:`Compare`, :class:`OneOf`, :class:`Contains` and :class:`Missing`,
    :class:`Not` one of them, :class:`Flagged`, and rows by id (``OneOf("row_id", ids)``); those
    inside :class:`AllOf` are written one by one. The text is ASCII: it may stand in an address as
    it is, but for its spaces.

    Raises
    ------
    UnusableInput
        When it would be longer than ``MOST_TEXT``, names more than ``MOST_ROWS`` rows, or holds
        another kind of condition.
    """
    text = f" {AND} ".join(map(_written, _flat(conditions)))
    if len(text) > MOST_TEXT:
        raise UnusableInput("This filter is too long for a link.", "Use fewer or shorter values.")
    return text


def from_text(text: str, version: DatasetVersion) -> tuple[Condition, ...]:
    """Return the conditions of a filter that speaks about the table only; see :func:`parts`.

    Raises
    ------
    UnusableInput
        When it is no filter, does not fit the table, or asks for the flags of a check.
    """
    found: list[Condition] = []
    for part in parts(text, version):
        if isinstance(part, Flagged):
            raise UnusableInput("This filter needs the flags of a check.", "Open it beside a run.")
        found.append(part)
    return tuple(found)


def parts(text: str, version: DatasetVersion) -> tuple[Part, ...]:
    """Return the parts of a filter, values read as the columns store them.

    Raises
    ------
    UnusableInput
        When the text is no filter, or names a column that is not there, or compares a column with
        what it cannot hold. Nothing is left out in silence: other rows would be shown.
    """
    if len(text) > MOST_TEXT:
        raise unusable("it is too long")
    found = [_read(words, version) for words in _split(text)]
    if len(found) > MOST_CONDITIONS:
        raise unusable(f"it has more than {MOST_CONDITIONS} parts")
    return tuple(found)


def _flat(conditions: Iterable[Part]) -> Iterator[Part]:
    for condition in conditions:
        if isinstance(condition, AllOf):
            yield from _flat(condition.inner)
        else:
            yield condition


def _written(part: Part) -> str:  # noqa: PLR0911 - one per condition
    match part:
        case Compare(column, op, value):
            return f"{word(column)} {_OPS[op]} {word(_value_text(value))}"
        case OneOf(column, values) if column == ROW_ID:
            return f"{ROWS} {ranges(values)}"
        case OneOf(column, values) if values:
            return f"{word(column)} in {' '.join(word(_value_text(v)) for v in values)}"
        case Contains(column, text):
            return f"{word(column)} has {word(text)}"
        case Missing(column):
            return f"{word(column)} missing"
        case Flagged(check_id, wanted):
            return f"{'' if wanted else NOT + ' '}{FLAGGED} {word(check_id)}"
        case Not(inner) if not isinstance(inner, Not | AllOf):
            return f"{NOT} {_written(inner)}"
        case _:
            raise UnusableInput("This filter has no short form.", "Use simple conditions.")


def _value_text(value: object) -> str:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return repr(value) if isinstance(value, float) else str(value)


def _split(text: str) -> Iterator[list[str]]:
    words: list[str] = []
    for one in text.split():
        if one == AND:
            yield words
            words = []
        else:
            words.append(one)
    if words or text.strip():
        yield words


def _read(words: list[str], version: DatasetVersion) -> Part:
    if len(words) >= 2 and words[0] == NOT:  # noqa: PLR2004 - and what is denied
        inner = _read_plain(words[1:], version)
        return Flagged(inner.check_id, wanted=False) if isinstance(inner, Flagged) else Not(inner)
    return _read_plain(words, version)


def _read_plain(words: list[str], version: DatasetVersion) -> Part:
    match words:
        case ["rows", *ids]:
            return OneOf(ROW_ID, tuple(row_ids(ids)))
        case ["flagged", check_id] if _CHECK_ID.fullmatch(check_id):
            return Flagged(check_id)
        case [name, "missing"]:
            return Missing(_column(name, version).name)
        case [name, "has", text]:
            column = _column(name, version)
            if column.storage is not Storage.TEXT:
                raise unusable(f"the column “{column.name}” holds no texts")
            return Contains(column.name, unword(text))
        case [name, "in", *values] if values:
            column = _column(name, version)
            return OneOf(column.name, tuple(_value(column, unword(v)) for v in values))
        case [name, op, value] if op in _BY_NAME:
            column = _column(name, version)
            return Compare(column.name, _BY_NAME[op], _value(column, unword(value)))
    raise unusable("a part of it says nothing")


def _column(name: str, version: DatasetVersion) -> Column:
    try:
        return version.column(unword(name))
    except NotFound as error:
        raise UnusableInput(error.what, "Choose the rows again.") from None


def _yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _number(text: str) -> float | int:
    if re.fullmatch(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}", text):
        return int(text)
    return float(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


_READERS: dict[Storage, Callable[[str], Value]] = {
    Storage.TEXT: str,
    Storage.INTEGER: _number,
    Storage.NUMBER: _number,
    Storage.BOOLEAN: _yes_or_no,
    Storage.DATETIME: _instant,
}


def _value(column: Column, text: str) -> Value:
    try:
        value = _READERS[column.storage](text)
    except (ValueError, KeyError):
        raise unusable(
            f"“{text[:40]}” is no {column.storage.value}, as “{column.name}” holds"
        ) from None
    if value != value:  # noqa: PLR0124 - not a number
        raise unusable("it compares with no number")
    return value
