"""The words that a filter is written with; see :mod:`components.services.explore.filters`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from components.core.errors import UnusableInput

MOST_ROWS = 500
"""Rows that a filter names by their ids."""

AND, OR, NOT, ROWS, FLAGGED = "and", "or", "not", "rows", "flagged"
ANY = ("any", "of")
"""The words before a filter of which one part is enough. No filter without them starts so."""
_OURS = {AND, OR, NOT, ROWS, FLAGGED}
_WORD = re.compile(r"(?:[A-Za-z0-9_.-]|~[0-9A-F]{2})+|~")
_EMPTY = "~"
_RANGE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")
_NO_ROW = "none"


def word(text: str) -> str:
    """Return a text as one word of a filter: percent-encoding, with ``~`` for ``%``."""
    if not text:
        return _EMPTY
    if text in _OURS:
        return f"~{ord(text[0]):02X}{text[1:]}"
    return quote(text, safe="", errors="replace").replace("~", "%7E").replace("%", "~")


def unword(text: str) -> str:
    """Decode a word of a filter.

    Raises
    ------
    UnusableInput
        When it is no word of a filter.
    """
    if not _WORD.fullmatch(text):
        raise unusable("it holds characters that no filter has")
    if text == _EMPTY:
        return ""
    try:
        return unquote(text.replace("~", "%"), errors="strict")
    except UnicodeDecodeError:
        raise unusable("a part of it is no text") from None


def unusable(why: str) -> UnusableInput:
    """Return the error for a filter that cannot be used."""
    return UnusableInput(f"This filter cannot be used: {why}.", "Choose the rows again.")


def row_ids(words: list[str]) -> list[int]:
    """Return the ids that words name, ascending.

    Raises
    ------
    UnusableInput
        When a word is no row, or they name more than ``MOST_ROWS``.
    """
    found: set[int] = set()
    if words == [_NO_ROW]:
        return []
    for one in words:
        match = _RANGE.fullmatch(one)
        if match is None:
            raise unusable(f"“{one[:20]}” is no row")
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first >= MOST_ROWS or len(found) > MOST_ROWS:
            raise unusable(f"it names more than {MOST_ROWS} rows")
        found.update(range(first, last + 1))
    if not found or len(found) > MOST_ROWS:
        raise unusable(f"it names no row, or more than {MOST_ROWS}")
    return sorted(found)


def ranges(values: Iterable[object]) -> str:
    """Return ids as ``3 17-20``.

    Raises
    ------
    UnusableInput
        When there are more than ``MOST_ROWS``.
    """
    ids = sorted({int(str(v)) for v in values})
    if len(ids) > MOST_ROWS:
        raise UnusableInput(
            f"{len(ids):,} rows are too many for a link.", f"Choose at most {MOST_ROWS}."
        )
    runs: list[list[int]] = []
    for row_id in ids:
        if runs and row_id == runs[-1][1] + 1:
            runs[-1][1] = row_id
        else:
            runs.append([row_id, row_id])
    return " ".join(f"{a}-{b}" if b > a else str(a) for a, b in runs) or _NO_ROW
