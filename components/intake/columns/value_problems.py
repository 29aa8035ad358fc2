"""What a person should know about the values of a column."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.core.data.dataset import Column, Storage
from components.core.data.source import Problem, ProblemLevel
from components.engine.text.text_facts import TextTable
from components.intake.columns.text_formats import (
    DATE_ISO,
    DATE_OFFSET,
    DATE_PARTS,
    DATE_WORDS,
    MARKS,
    PLAIN,
    is_code,
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of which most cells are numbers or dates, but not all.

    Attributes
    ----------
    n_read, n_filled
        Cells that could be read, of all filled ones.
    odd
        Texts that could not, with their rows; the most frequent ones.
    """

    name: str
    n_read: int
    n_filled: int
    odd: Mapping[str, int]


SHOWN = 3

GROUPED = re.compile(rf"[{MARKS}]?\s?[+-]?\d{{1,3}}(?:[., ]\d{{3}})*(?:[.,]\d+)?\s?[{MARKS}]?")

FORMS = (
    ("integer", re.compile(r"[+-]?\d+")),
    ("number", PLAIN),
    ("grouped number", GROUPED),
    ("date", DATE_ISO),
    ("date and zone", DATE_OFFSET),
    ("date in words", DATE_WORDS),
)
"""What a text may look like, tried in this order."""

MOSTLY = 0.6
"""Share of different texts that look like dates or numbers from which a person should know that
the column is neither (our choice)."""


def mixed_types(columns: Sequence[Unread]) -> list[Problem]:
    """Return a problem for each column that is nearly numbers or dates, but not quite."""
    return [_mixed(column) for column in columns]


def _mixed(column: Unread) -> Problem:
    shown = _shown(list(column.odd)[:SHOWN]) + " and others" * (len(column.odd) > SHOWN)
    known = (
        f"{column.n_read:,} of {column.n_filled:,} filled cells could be read as numbers or dates,"
        f" the others could not: {shown}"
        if column.n_read
        else f"none of {column.n_filled:,} filled cells could be read as a number or a date, though"
        f" they look like one: {shown}"
    )
    strange = " Only the digits 0 to 9 are read." * any(map(_has_other_digits, column.odd))
    return Problem(
        code="mixed_types",
        message=f"In “{column.name}”, {known}.{strange} The column was kept as text so that nothing"
        " is lost.",
        columns=(column.name,),
    )


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text[:40]}”" for text in texts)


def _has_other_digits(text: str) -> bool:
    return any(sign.isdigit() and not sign.isascii() for sign in text)


def infinite_values(spans: Sequence[tuple[str, float | None, float | None]]) -> list[Problem]:
    """Return a problem for each column with infinite numbers, given name, lowest and highest."""
    return [
        Problem(
            code="infinite_values",
            message=f"Some values of “{name}” are infinite (inf). Most models stop at them or treat"
            " them as missing. They often come from a division by zero.",
            level=ProblemLevel.WARNING,
            columns=(name,),
        )
        for name, low, high in spans
        if any(end is not None and math.isinf(end) for end in (low, high))
    ]


def mixed_forms(columns: Sequence[tuple[str, Sequence[str]]]) -> list[Problem]:
    """Return a problem for each text column of which most texts look like dates or numbers.

    Parameters
    ----------
    columns
        Name, and different texts of some rows.
    """
    found = []
    for name, texts in columns:
        values = [t for t in map(str.strip, texts) if t]
        forms = _by_form(list(dict.fromkeys(values)))
        if any(forms) and not is_code(values):
            found.append(_forms(name, forms))
    return found


def looks_typed(value: str) -> bool:
    """Whether a text looks like a number or a date of any form."""
    return bool(_form(value))


def _form(value: str) -> str:
    """Return what a text looks like; empty where it is no number and no date."""
    for form, pattern in FORMS:
        if pattern.fullmatch(value):
            return form
    match = DATE_PARTS.fullmatch(value)
    return "date in parts" if match is not None and match["b"].isdigit() else ""


def _by_form(values: Sequence[str]) -> dict[str, list[str]]:
    """Return the values by what they look like; nothing where too many look like neither."""
    most = len(values) - MOSTLY * len(values)
    found: dict[str, list[str]] = {}
    for value in values:
        form = _form(value)
        found.setdefault(form, []).append(value)
        if not form and len(found[form]) > most:
            return {}
    return found


def _forms(name: str, forms: Mapping[str, Sequence[str]]) -> Problem:
    """Say what the texts look like, with an example of each form and of those of none."""
    n = sum(map(len, forms.values()))
    others = sorted(forms.get("", ()))
    like = sorted((sorted(f) for form, f in forms.items() if form), key=len, reverse=True)
    n_like = n - len(others)
    shown = " and ".join(f"{len(f):,} like {_shown(f[:1])}" for f in like[:SHOWN])
    told = f"{n_like:,} of {n:,} different texts examined look like dates or numbers"
    if others:
        told += f" ({shown}), the others do not: {_shown(others[:SHOWN])}"
    elif len(like) > 1:
        told += f", but not in one form: {shown}"
    else:
        ends = dict.fromkeys([like[0][0], like[0][len(like[0]) // 2], like[0][-1]])
        told += f", but could not all be read in one way: {_shown(list(ends))}"
    more = " and others" if len(others) > SHOWN else ""
    return Problem(
        code="mixed_types",
        message=f"In “{name}”, {told}{more}. The column was kept as text.",
        columns=(name,),
    )


def ambiguous_dates(texts: TextTable, columns: Sequence[Column]) -> list[Problem]:
    """Return a problem for each date column that reads just as well with day and month swapped."""
    doubtful = [c for c in columns if c.storage is Storage.DATETIME and _swapped(c.format)]
    return [
        _ambiguous(c) for c in doubtful if texts.reads_alike(c.field, c.format, _swapped(c.format))
    ]


def _swapped(style: str) -> str:
    """Return the format with day and month swapped; empty where it has no such order."""
    if not re.search(r"%[dm][-/. ]%[dm]", style) or style.startswith("%Y"):
        return ""
    return style.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def _ambiguous(column: Column) -> Problem:
    day = column.format.index("%d") < column.format.index("%m")
    order = "day first" if day else "month first"
    return Problem(
        code="ambiguous_dates",
        message=f"The dates in “{column.name}” can be read day first or month first; no value tells"
        f" which. They are read {order}.",
        level=ProblemLevel.WARNING,
        columns=(column.name,),
    )
