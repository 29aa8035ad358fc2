"""What a person may type into a cell: a text that reads as the others of its column do."""

from __future__ import annotations

import re

from components.core.data.dataset import Column, Kind
from components.core.errors import Conflict
from components.services.data import cells
from components.services.dataset_info import DatasetInfo

LONGEST = 10_000
"""Characters of a text that is typed in."""
LOOKED_AT = 500
"""Rows at the top whose texts say how the column is written."""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")


def refuse_unfit(info: DatasetInfo, column: Column, text: str) -> None:
    """Refuse a text that the next reading would not take for a value of the column.

    An empty cell always fits.

    Raises
    ------
    Conflict
        When it is too long, is no number or not written like the others, or no time written like
        one of the others.
    """
    if len(text) > LONGEST:
        raise Conflict(f"The text has more than {LONGEST:,} characters.", "Shorten it.")
    if not text:
        return
    if column.kind.is_numeric:
        _refuse_number(info, column, text)
    elif column.kind is Kind.DATETIME and _shape(text) not in _shapes(info, column):
        raise Conflict(
            f"“{text[:60]}” is not written as the times in “{column.name}” are.",
            "Type it in the form that the other rows have.",
        )


def _refuse_number(info: DatasetInfo, column: Column, text: str) -> None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Conflict(
            f"“{text[:60]}” is no number, and “{column.name}” holds numbers.",
            "Type a number, or nothing for an empty cell.",
        )
    sign = (found[1] or "")[:1]
    others = {mark for other in _texts(info, column) for mark in ".," if mark in other}
    if sign and others and sign not in others:
        raise Conflict(
            f"“{column.name}” is written with “{'”, “'.join(sorted(others))}” before the fraction.",
            "Type the number in this form.",
        )


def _texts(info: DatasetInfo, column: Column) -> list[str]:
    texts = cells.texts(info, range(min(LOOKED_AT, info.version.n_rows)), [column.name])
    return [str(text) for text in texts[column.name] if text]


def _shapes(info: DatasetInfo, column: Column) -> set[str]:
    return {_shape(text) for text in _texts(info, column)}


def _shape(text: str) -> str:
    """Return a text with every digit a 0: ``2024-05-01`` is ``0000-00-00``."""
    return re.sub(r"\d", "0", text.strip())
