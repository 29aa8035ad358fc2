"""Decisions and accepted findings follow their rows into the next version of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.core.judgement.review import Action, Cell, Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOT_HERE = -1
"""The row id of a row that is not in the next version."""


def follow(decision: Decision, dataset_id: str, row_id: int, text: str) -> Decision | None:
    """Return a decision as it holds for the same row of another version.

    Where the cell holds there what the person chose, it is kept; where it holds what the person
    looked at, the same is decided. Anything else was not decided about: None.

    Parameters
    ----------
    row_id, text
        The row there, and what its cell holds.
    """
    if text == decision.new and decision.action in {Action.KEEP, Action.CHANGE}:
        action = Action.KEEP
    elif text == decision.given:
        action = decision.action
    else:
        return None
    return replace(
        decision,
        id=0,
        dataset_id=dataset_id,
        cell=Cell(row_id, decision.cell.column),
        action=action,
        given=text,
        new=decision.new if action is Action.CHANGE else text,
        carried_from=decision.carried_from or decision.id,
    )


def rows_after(n_rows: int, left_out: Iterable[int]) -> NDArray[np.int64]:
    """Return the new id of each of ``n_rows`` rows after some were left out; shape (n_rows,)."""
    stays = np.ones(n_rows, dtype=bool)
    stays[list(left_out)] = False
    return np.where(stays, np.cumsum(stays) - 1, NOT_HERE)
