"""The values in a filter: as the words that are written, and as a column stores them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from components.core.data.dataset import Column, Storage
from components.core.data.value_texts import truth_of
from components.services.explore.filter_words import unusable

MOST_DIGITS = 30
"""Digits of a number that is kept whole; more are no whole number of a table."""

Value = str | int | float | bool | datetime


def text_of(value: object) -> str:
    """Return a value as a text that :func:`value_of` reads."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return repr(value) if isinstance(value, float) else str(value)


def _number(text: str) -> float | int:
    if re.fullmatch(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}", text):
        return int(text)
    return float(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _truth(column: Column, text: str) -> bool:
    """Return what a text says; an address says yes or no, a person may write as the file does."""
    known = {"yes": True, "no": False}
    found = known.get(text, truth_of(text, column.spelling))
    if found is None:
        raise ValueError(text)
    return found


_READERS: dict[Storage, Callable[[str], Value]] = {
    Storage.TEXT: str,
    Storage.INTEGER: _number,
    Storage.NUMBER: _number,
    Storage.DATETIME: _instant,
}


def value_of(column: Column, text: str) -> Value:
    """Parse a string as a value of a column.

    Raises
    ------
    UnusableInput
        When the column cannot hold it.
    """
    try:
        value = (
            _truth(column, text)
            if column.storage is Storage.BOOLEAN
            else _READERS[column.storage](text)
        )
    except (ValueError, KeyError):
        raise unusable(
            f"“{text[:40]}” is no {column.storage.value}, as “{column.name}” holds"
        ) from None
    if value != value:  # noqa: PLR0124 - not a number
        raise unusable("it compares with no number")
    return value
