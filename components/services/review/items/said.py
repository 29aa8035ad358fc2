"""Decisions and what they are about, in words."""

from __future__ import annotations

from components.core.data.row_numbers import row_number
from components.core.judgement.review import Action, Cell, Decision, ItemType, place_of


def of(decision: Decision) -> str:
    """Return what was decided, as in “was …”."""
    return {
        Action.KEEP: _kept_words(decision),
        Action.CHANGE: f"changed to “{decision.new}”",
        Action.EXCLUDE: _left_out_words(decision),
        Action.UNSURE: "marked as not sure",
        Action.ESCALATE: "handed on to somebody who knows more",
        Action.ERROR: "called an error",
    }[decision.action]


def _kept_words(decision: Decision) -> str:
    what = place_of(decision.cell.column)
    if what is None:
        return f"kept as “{decision.given}”" if decision.given else "left empty"
    return "kept, with all that repeat it" if what is ItemType.REPEATS else "kept as it is"


def _left_out_words(decision: Decision) -> str:
    if place_of(decision.cell.column) is ItemType.REPEATS:
        n = len(decision.others)
        return f"kept, and {n:,} that {'repeats' if n == 1 else 'repeat'} it left out"
    return "left out" if place_of(decision.cell.column) else "left out with its row"


def place(cell: Cell) -> str:
    """Return a cell in words."""
    what = place_of(cell.column)
    if what is not None:
        repeats = ", with those that repeat it," if what is ItemType.REPEATS else ""
        return f"row {row_number(cell.row_id):,}{repeats}"
    return f"“{cell.column}” of row {row_number(cell.row_id):,}"
