"""Items about whole rows, and the answers to each type of item, as the fast card is told."""

from __future__ import annotations

from collections.abc import Callable

from components.core.data.row_numbers import row_number
from components.core.judgement.review import Decision
from components.services.review.cards import ReviewCard
from components.services.review.items.item_words import choices
from components.services.review.items.whole_rows import EqualRows
from components.services.review.queues import ReviewQueue
from components.views.desk_parts.plain import Said

MOST_COLUMNS = 60
"""Columns of rows side by side."""


def answers(queue: ReviewQueue) -> list[tuple[str, str, str]]:
    """Return the key, the action and the name of each answer that makes sense."""
    offered = choices(queue.item_type, queue.actions)
    return [(choice.key, choice.action.value, choice.text) for choice in offered]


def of_card(card: ReviewCard, short: Callable[[str], str]) -> Said:
    """Return what sets a row apart, and equal rows side by side."""
    return {
        "odd": [[o.column, short(o.value), o.reason, o.usual] for o in card.odd],
        "equal": None if card.equal is None else _equal(card.equal, short),
    }


def differing(made: Decision) -> Said:
    """Return one of two answers that differ, not whose it is."""
    column = made.cell.column
    return {"action": made.action, "new": made.new, "note": made.note, "column": column}


def _equal(equal: EqualRows, short: Callable[[str], str]) -> Said:
    """Return rows side by side; the columns in which they differ come first."""
    apart = set(equal.differing)
    names = sorted(map(str, equal.rows.columns), key=lambda name: name not in apart)[:MOST_COLUMNS]
    lines = zip(equal.rows.index, equal.rows[names].to_numpy(), strict=True)
    return {
        "names": names,
        "differing": [name for name in names if name in apart],
        "rows": [[row_number(int(row)), [short(str(t)) for t in texts]] for row, texts in lines],
        "more": equal.n_more,
    }
