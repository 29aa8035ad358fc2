"""What people answered in another tool, as its file says it; nothing is trusted here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from components.services.exchange.questions import OUR_FIELDS

FIRST_YEAR = 2_000
"""A time before is none that a tool has measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAnswer:
    """What one person answered about one item.

    Attributes
    ----------
    place
        Where it stands in the file, in words.
    tool
        Where it was answered.
    label
        The class that was chosen.
    who
        The name of the person; "" where the tool does not tell.
    seen, fingerprint
        As they went out, see :class:`..questions.ItemQuestion`.
    said_at
        When; None where the tool does not tell.
    number
        The number of the answer in the tool; "" where it has none.
    """

    row_id: int
    column: str
    check_id: str
    seen: str
    fingerprint: str
    place: str
    tool: str
    label: str
    who: str
    said_at: datetime | None = None
    note: str = ""
    seconds: float | None = None
    number: str = ""

    @property
    def reviewer(self) -> str:
        """The name under which it is kept."""
        return self.who or f"somebody in {self.tool}"

    @property
    def mark(self) -> str:
        """The same for the same answer, however often its file is read."""
        when = "" if self.said_at is None else self.said_at.astimezone(UTC).isoformat()
        told = (self.tool, self.fingerprint, self.row_id, self.number, self.who, self.label, when)
        return f"in-{sha256(repr(told).encode()).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class SkippedAnswer:
    """Somebody looked at an item and did not answer, or has not sent the answer off."""

    place: str


@dataclass(frozen=True, slots=True)
class UnusableAnswer:
    """What is no answer at all; ``why`` in words."""

    place: str
    why: str


Entry = ToolAnswer | SkippedAnswer | UnusableAnswer


def our_fields(told: object, place: str) -> dict[str, Any] | UnusableAnswer:
    """Return what went out with an item, as it came back."""
    if not isinstance(told, dict):
        return UnusableAnswer(place, "it does not say which row it is about")
    found = {name: told.get(name) for name in OUR_FIELDS}
    row_id = found["row_id"]
    if isinstance(row_id, bool) or not isinstance(row_id, int) or not 0 <= row_id < 1 << 53:
        return UnusableAnswer(place, "it does not say which row it is about")
    texts = {name: found[name] for name in OUR_FIELDS if name != "row_id"}
    wrong = [name for name, value in texts.items() if not isinstance(value, str)]
    if wrong:
        return UnusableAnswer(place, f"“{wrong[0]}” is missing")
    return found


def instant(value: object) -> datetime | None:
    """Return a time as the tools write it; one without a zone is UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found if found.year >= FIRST_YEAR else None


def seconds(value: object) -> float | None:
    """Return a duration, where it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def text_of(value: object) -> str:
    """Return a text or a whole number as text; "" for anything else."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # half a pair cannot be kept
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
