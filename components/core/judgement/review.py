"""A machine suggests, a person decides: decisions, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What a person decided about a flagged label."""

    KEEP = "keep"
    CHANGE = "change"
    EXCLUDE = "exclude"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about one cell; kept for ever.

    Attributes
    ----------
    id
        Given by the store; 0 before.
    column
        Display name of the label column.
    given, new
        The cell text before and after; ``new`` equals ``given`` unless the action is CHANGE.
    undone
        Whether it was taken back; it then counts for nothing.
    """

    id: int = 0
    dataset_id: str
    row_id: int
    column: str
    check_id: str
    action: Action
    given: str
    new: str
    reviewer: str
    at: datetime
    note: str = ""
    undone: bool = False


def resolve(decisions: Iterable[Decision]) -> dict[int, Decision]:
    """Return the decision that holds for each row: the last one that was not undone."""
    standing: dict[int, Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.id):
        if not decision.undone:
            standing[decision.row_id] = decision
    return standing
