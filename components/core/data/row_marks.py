"""The mark of a whole row: equal where all the texts that it is made of are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256


def row_mark(texts: Iterable[str]) -> str:
    """Return SHA-256 of texts, such as the cells of a row in the order of the columns; 32 signs."""
    return sha256(json.dumps([*texts]).encode("ascii")).hexdigest()[:32]
