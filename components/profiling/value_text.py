"""Values as short texts for people."""

from __future__ import annotations

LONGEST = 200
"""Characters of a value that a profile keeps."""


def cut(text: str) -> str:
    """Return ``text``, or its start and an ellipsis: :data:`LONGEST` characters at most."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
