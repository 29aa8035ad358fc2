"""SHA-256 of what is on record: of an event with all before it, of a decision, of several.

What goes into a hash never changes: what was written before would not fit any more. A field that a
later version adds is left out where it holds nothing, so that earlier rows keep their hashes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

BEGINNING = "0" * 64
"""What stands for the hash before the first event."""

EVENT = ("id", "at", "actor", "action", "dataset_id", "detail")
"""What an event consists of, by the names of its columns, in this order."""

_MAY_CHANGE = frozenset({"undone", "withdrawn"})
"""Marks of a row that are set later, by an event of their own."""


def of_event(previous: str, values: Mapping[str, object]) -> str:
    """Return the hash of an event and of all events before it.

    Parameters
    ----------
    previous
        The hash of the event before it; ``BEGINNING`` for the first one.
    values
        By the names of columns; only those of ``EVENT`` count.
    """
    kept = [_plain(values[name]) for name in EVENT]
    return _hash(f"{previous}\n{_canonical(kept)}")


def of_row(values: Mapping[str, object]) -> str:
    """Return the hash of a decision or of an acceptance, by the names of its columns."""
    kept = {
        name: _plain(value)
        for name, value in values.items()
        if name not in _MAY_CHANGE and value is not None and value != ""
    }
    return _hash(_canonical(kept))


def of_several(hashes: Iterable[str]) -> str:
    """Return the hash of several hashes, in their order."""
    return _hash("\n".join(hashes))


def instant(at: datetime) -> str:
    """Return an instant as it stands in the database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: object) -> object:
    return instant(value) if isinstance(value, datetime) else value


def _canonical(value: object) -> str:
    """Return the one JSON text for a value: keys in order, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _hash(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()
