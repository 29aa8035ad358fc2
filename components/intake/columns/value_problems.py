"""What a person should know about the values of a column."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

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

Odd = tuple[str, Mapping[str, int], int]
"""Name of a column, texts that are no values with their rows, and its filled rows."""

SHOWN = 3

GROUPED = re.compile(rf"[{MARKS}]?\s?[+-]?\d{{1,3}}(?:[., ]\d{{3}})*(?:[.,]\d+)?\s?[{MARKS}]?")

MOSTLY = 0.6
"""Share of different texts that look like dates or numbers from which a person should know that
the column is neither (our choice)."""


def mixed_types(columns: Sequence[Odd]) -> list[Problem]:
    """Return a problem for each column that is nearly numbers or dates, but not quite."""
    return [_mixed(name, odd, n) for name, odd, n in columns]


def _mixed(name: str, odd: Mapping[str, int], n_filled: int) -> Problem:
    n_odd = sum(odd.values())
    shown = ", ".join(f"“{text[:40]}”" for text in list(odd)[:SHOWN])
    more = " and others" if len(odd) > SHOWN else ""
    return Problem(
        code="mixed_types",
        message=f"In “{name}”, {n_filled - n_odd:,} of {n_filled:,} values are numbers or dates,"
        f" the others are not: {shown}{more}. The column was kept as text so that nothing is"
        " lost.",
        columns=(name,),
    )


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
        like = _like(values)
        if like and not is_code(values):
            found.append(_forms(name, like, values))
    return found


def looks_typed(value: str) -> bool:
    """Whether a text looks like a number or a date of any form."""
    patterns = (PLAIN, GROUPED, DATE_ISO, DATE_OFFSET, DATE_WORDS)
    if any(p.fullmatch(value) for p in patterns):
        return True
    match = DATE_PARTS.fullmatch(value)
    return match is not None and match["b"].isdigit()


def _like(values: Sequence[str]) -> list[str]:
    """Return the values that look like dates or numbers; none where too many do not."""
    most = len(values) - MOSTLY * len(values)
    like, n_other = [], 0
    for value in values:
        if looks_typed(value):
            like.append(value)
        else:
            n_other += 1
            if n_other > most:
                return []
    return like


def _forms(name: str, like: Sequence[str], values: Sequence[str]) -> Problem:
    shown = ", ".join(f"“{text[:40]}”" for text in sorted(set(values), key=_length)[-SHOWN:])
    return Problem(
        code="mixed_types",
        message=f"In “{name}”, {len(like):,} of {len(values):,} different texts look like dates or"
        f" numbers, but not in one form: {shown}. The column was kept as text.",
        columns=(name,),
    )


def _length(text: str) -> tuple[int, str]:
    return len(text), text


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
