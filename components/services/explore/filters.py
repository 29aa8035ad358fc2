"""Filters as short texts that can stand in an address, and back.

A filter is some conditions, all of which hold, or (``any of``) at least one. Its text is words with
a space between::

    age ge 30 and age lt 40 and sex in f m and not deck missing and note has 50~25
    rows 3 17-20 and flagged anomalies.multivariate
    any of age ge 30 and age lt 40 or sex in f or flagged labels.label_errors

A word that holds anything else than ASCII letters, digits and ``_ - .``, and a word that would
read as one of ours, has ``~`` and two hexadecimal digits for each such byte of UTF-8. So the text
of an attacker can only ever be a name or a value, and a text that is not ours is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from components.core.data.dataset import ROW_ID, Column, DatasetVersion, Storage
from components.core.data.query import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Missing,
    Not,
    OneOf,
    Op,
)
from components.core.errors import NotFound, UnusableInput
from components.services.explore.filter_values import text_of, value_of
from components.services.explore.filter_words import (
    AND,
    ANY,
    FLAGGED,
    MOST_ROWS,
    NOT,
    OR,
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
    "Filter",
    "Flagged",
    "Part",
    "from_text",
    "is_range",
    "read",
    "to_text",
    "unword",
    "word",
]

MOST_TEXT = 6_000
"""Characters of a filter; servers and browsers cut addresses beyond about 8,000."""
MOST_CONDITIONS = 40


@dataclass(frozen=True, slots=True)
class Flagged:
    """The rows that a check of the run at hand has flagged, or (``wanted`` False) all others."""

    check_id: str
    wanted: bool = True


Part = Condition | Flagged
"""What a filter is made of; a check's flags are known to a run only, not to the table."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are asked for.

    Attributes
    ----------
    parts
        None: all rows. A range with two ends is one part, an :class:`AllOf`.
    any_of
        Whether one part that holds is enough.
    """

    parts: tuple[Part, ...] = ()
    any_of: bool = False


_OPS = {Op.EQ: "eq", Op.NE: "ne", Op.LT: "lt", Op.LE: "le", Op.GT: "gt", Op.GE: "ge"}
_BY_NAME = {word: op for op, word in _OPS.items()}
_CHECK_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,60}")


def to_text(parts: Iterable[Part], *, any_of: bool = False) -> str:
    """Return a filter as a text that :func:`read` reads; "" for none.

    Parts are :class:`Compare`, :class:`OneOf`, :class:`Contains` and :class:`Missing`,
    :class:`Not` one of them, :class:`Flagged`, rows by id (``OneOf("row_id", ids)``), and
    :class:`AllOf` such conditions. The text is ASCII: it may stand in an address as it is, but for
    its spaces.

    Raises
    ------
    UnusableInput
        When it would be longer than ``MOST_TEXT``, names more than ``MOST_ROWS`` rows, or holds
        another kind of condition.
    """
    text = _any(list(parts)) if any_of else _all(parts)
    if len(text) > MOST_TEXT:
        raise UnusableInput("This filter is too long for a link.", "Use fewer or shorter values.")
    return text


def from_text(text: str, version: DatasetVersion) -> tuple[Condition, ...]:
    """Return the conditions of a filter that speaks about the table only, all of which hold.

    Raises
    ------
    UnusableInput
        When it is no filter, does not fit the table, or asks for the flags of a check.
    """
    asked = read(text, version)
    found: list[Condition] = []
    for part in asked.parts if asked.any_of else _flat(asked.parts):
        if isinstance(part, Flagged):
            raise UnusableInput("This filter needs the flags of a check.", "Open it beside a run.")
        found.append(part)
    return (AnyOf(tuple(found)),) if asked.any_of else tuple(found)


def read(text: str, version: DatasetVersion) -> Filter:
    """Return what a text asks for, values read as the columns store them.

    Raises
    ------
    UnusableInput
        When the text is no filter, or names a column that is not there, or compares a column with
        what it cannot hold. Nothing is left out in silence: other rows would be shown.
    """
    if len(text) > MOST_TEXT:
        raise unusable("it is too long")
    words = text.split()
    if tuple(words[: len(ANY)]) != ANY:
        return Filter(_ranges(_parts(words, version)) if words else ())
    groups = [_parts(group, version) for group in _split(words[len(ANY) :], OR)]
    if sum(map(len, groups)) > MOST_CONDITIONS:
        raise unusable(f"it has more than {MOST_CONDITIONS} parts")
    return Filter(tuple(map(_one, groups)), any_of=True)


def _parts(words: list[str], version: DatasetVersion) -> list[Part]:
    found = [_read(group, version) for group in _split(words, AND)]
    if len(found) > MOST_CONDITIONS:
        raise unusable(f"it has more than {MOST_CONDITIONS} parts")
    return found


def _one(group: list[Part]) -> Part:
    """Return parts that all hold as one."""
    conditions = [part for part in group if not isinstance(part, Flagged)]
    if len(group) == 1:
        return group[0]
    if len(conditions) < len(group):
        raise unusable("the flags of a check stand beside another condition")
    return AllOf(tuple(conditions))


def _ranges(found: list[Part]) -> tuple[Part, ...]:
    """Return the parts with each lower end and the upper end behind it as one."""
    made: list[Part] = []
    for part in found:
        if made and is_range(made[-1], part):
            made[-1] = _one([made[-1], part])
        else:
            made.append(part)
    return tuple(made)


def is_range(low: Part, high: Part) -> bool:
    """Return whether two conditions are the ends of a range of one column."""
    return (
        isinstance(low, Compare)
        and isinstance(high, Compare)
        and low.column == high.column
        and low.op in {Op.GE, Op.GT}
        and high.op in {Op.LE, Op.LT}
    )


def _all(parts: Iterable[Part]) -> str:
    return f" {AND} ".join(map(_written, _flat(parts)))


def _any(parts: Sequence[Part]) -> str:
    groups = [_all((part,)) for part in parts]
    if not all(groups):
        raise UnusableInput("This filter has no short form.", "Use simple conditions.")
    return f"{' '.join(ANY)} {f' {OR} '.join(groups)}" if groups else ""


def _flat(conditions: Iterable[Part]) -> Iterator[Part]:
    for condition in conditions:
        if isinstance(condition, AllOf):
            yield from _flat(condition.inner)
        else:
            yield condition


def _written(part: Part) -> str:  # noqa: PLR0911 - one per condition
    match part:
        case Compare(column, op, value):
            return f"{word(column)} {_OPS[op]} {word(text_of(value))}"
        case OneOf(column, values) if column == ROW_ID:
            return f"{ROWS} {ranges(values)}"
        case OneOf(column, values) if values:
            return f"{word(column)} in {' '.join(word(text_of(v)) for v in values)}"
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


def _split(words: list[str], at: str) -> Iterator[list[str]]:
    group: list[str] = []
    for one in words:
        if one == at:
            yield group
            group = []
        else:
            group.append(one)
    yield group


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
            return OneOf(column.name, tuple(value_of(column, unword(v)) for v in values))
        case [name, op, value] if op in _BY_NAME:
            column = _column(name, version)
            return Compare(column.name, _BY_NAME[op], value_of(column, unword(value)))
    raise unusable("a part of it says nothing")


def _column(name: str, version: DatasetVersion) -> Column:
    try:
        return version.column(unword(name))
    except NotFound as error:
        raise UnusableInput(error.what, "Choose the rows again.") from None
