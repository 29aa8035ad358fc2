"""Values out of requests, checked: what has another type counts as not said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.services.review.selection import Selection, Stage

Said = Mapping[str, Any]

TENTHS = frozenset("0123456789")
LARGEST = 1 << 53
"""Whole numbers of browsers are exact below."""


def text(said: Said, name: str) -> str:
    """Return a text, "" where there is none."""
    value = said.get(name)
    return value if isinstance(value, str) else ""


def whole(value: object, default: int) -> int:
    """Return a whole number that browsers can tell exactly."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST:
        return default
    return value


def wholes(value: object) -> list[int]:
    """Return the whole numbers of a list; nothing where it is none."""
    if not isinstance(value, list):
        return []
    return [n for n in value if isinstance(n, int) and not isinstance(n, bool)]


def selection(said: object) -> Selection:
    """Return which items are meant; all open ones where nothing is said."""
    if not isinstance(said, dict):
        return Selection()
    given, suggested = said.get("given"), said.get("suggested")
    try:
        stage = Stage(said.get("stage", Stage.OPEN))
    except ValueError:
        stage = Stage.OPEN
    return Selection(
        stage=stage,
        given=given if isinstance(given, str) else None,
        suggested=suggested if isinstance(suggested, str) else None,
        reason=text(said, "reason"),
        by_column=text(said, "by_column"),
        group=text(said, "group"),
        band=int(band) if (band := text(said, "band")) in TENTHS else None,
        decided_by=text(said, "decided_by"),
        text=text(said, "text"),
        column=text(said, "column"),
        value=text(said, "value"),
    )


def short(most: int, text: str) -> str:
    """Return a text, cut where it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
