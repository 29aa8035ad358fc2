"""Values as texts for people, spelled as in the file where the value itself does not tell."""

from __future__ import annotations

from datetime import datetime, time

MISSING_TEXT = "(missing)"
"""How a group without a value is called."""

Spelling = tuple[str, str]
"""How a column writes true and false, in this order."""

PLAIN: Spelling = ("true", "false")
"""The words of a column that tells no others."""


def value_text(value: object, spelling: Spelling | None = None) -> str:
    """Return a value as text: 1 for 1.0, a date without an empty time of day.

    This is how profile and checks name values, classes and groups, so that all can be joined.

    Parameters
    ----------
    spelling
        How the column of the value writes true and false
        (:attr:`components.core.data.dataset.Column.spelling`); ``true`` and ``false`` if None.
    """
    plain = value.item() if hasattr(value, "item") else value  # one of NumPy
    if plain is None:
        return MISSING_TEXT
    if isinstance(plain, bool):
        return (spelling or PLAIN)[0 if plain else 1]
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15:  # noqa: PLR2004 - digits of a double
        return str(int(plain))
    if isinstance(plain, datetime):
        return plain.date().isoformat() if plain.time() == time() else plain.isoformat(sep=" ")
    return str(plain)


def truth_of(text: str, spelling: Spelling | None = None) -> bool | None:
    """Return the truth value that :func:`value_text` writes as ``text``; None for another text."""
    words = [PLAIN] if spelling is None else [PLAIN, spelling]
    return {text: i == 0 for pair in words for i, text in enumerate(pair)}.get(text)
