"""Values as short texts for people."""

from __future__ import annotations

from datetime import datetime, time

from components.core.data.query import Scalar

LONGEST = 200
"""Characters of a value that a profile keeps."""


def text_of(value: Scalar) -> str:
    """Return a value as text: whole numbers without a point, midnight without a time."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - digits of a double
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)


def cut(text: str) -> str:
    """Return ``text``, or its start and an ellipsis: :data:`LONGEST` characters at most."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
