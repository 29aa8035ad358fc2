"""Items of a queue that are kept for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The owner of a table has kept some items for somebody.

    Attributes
    ----------
    id
        Given by the store; 0 before. Of several that contain an item the newest one holds.
    wanted
        Which items, as plain JSON values; ``services.review.selection`` reads them.
    person, by
        For whom, and who said so.
    """

    id: int = 0
    dataset_id: str
    check_id: str
    wanted: Mapping[str, Any]
    person: str
    by: str
    at: datetime
