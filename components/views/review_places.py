"""Places of the review: parts of the address that lead there, and what a visitor has seen there."""

from __future__ import annotations

from dataclasses import dataclass, field

from components.core.judgement.review import Cell, Decision
from components.services.review.several.together import PressForSeveral

PANEL = "panel"
PEOPLE = "people"
"""The value of it that opens who is asked, and what is drawn at random."""


@dataclass(slots=True)
class ReviewVisit:
    """What one visitor has seen and taken back.

    Attributes
    ----------
    shown
        Items whose suggestion was on a card of this visit, by check.
    fast
        Checks whose fast card was shown with suggestions: which ones is known to the browser alone.
    undone
        What can be done again, the last one at the end: a decision with the version that stood
        after the undo, or a press about several items.
    together
        Presses about several items, by their marks.
    trail
        Items that were on the screen, by check, in the order in which they were shown first.
    n_noting, n_focused
        How often the key of the note was pressed, and had its field take the cursor.
    """

    shown: set[tuple[str, Cell]] = field(default_factory=set)
    fast: set[str] = field(default_factory=set)
    undone: list[tuple[Decision, str] | PressForSeveral] = field(default_factory=list)
    together: dict[str, PressForSeveral] = field(default_factory=dict)
    trail: list[tuple[str, Cell]] = field(default_factory=list)
    n_noting: int = 0
    n_focused: int = 0

    def has_seen(self, check_id: str, cell: Cell) -> bool:
        """Whether the suggestion for a cell may have been on the screen in this visit."""
        return check_id in self.fast or (check_id, cell) in self.shown
