"""What the labels of a table mean and how to decide, written by its owner for all who review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidelines:
    """One version of the guidelines; the newest one holds.

    Attributes
    ----------
    id
        Given by the store; 0 before.
    text
        As it was written; "" where somebody took it away.
    author, at
        Who wrote it, and when; also where it came from an earlier version of the table.
    """

    id: int = 0
    dataset_id: str
    text: str
    author: str
    at: datetime
