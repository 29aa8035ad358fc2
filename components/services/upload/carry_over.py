"""Decisions and accepted findings follow their rows into the next version of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.core.data.carry_over import CarryOver
from components.core.data.table import IntArray
from components.core.judgement.review import Action, Cell, Decision
from components.store import acceptances, carry_overs
from components.store import decisions as decision_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_HERE = -1
"""The row id of a row that is not in the next version."""

TextsOf = Callable[[Sequence[tuple[Decision, int]]], Sequence[str]]
"""Given decisions with the rows that they are about here, what those cells hold here."""


def carry(
    session: Session, met: CarryOver, places: IntArray, several: IntArray, texts_of: TextsOf
) -> None:
    """Let what was decided about a former version hold here, and keep how the two met.

    Parameters
    ----------
    met
        What is known before anybody looked at decisions.
    places
        The row here of each former row, ``NOT_HERE`` where there is none; shape (n_former,).
    several
        Former rows that are not here while several rows here could be each of them.
    """
    stands = list(decision_table.standing(session, met.former_id))
    kept = [(d, int(places[d.cell.row_id])) for d in stands]
    kept = [(d, row_id) for d, row_id in kept if row_id != NOT_HERE]
    found = [
        follow(d, met.dataset_id, row_id, text)
        for (d, row_id), text in zip(kept, texts_of(kept), strict=True)
    ]
    hold = [d for d in found if d is not None]
    decided = {d.cell.row_id for d in stands}
    n_carried = decision_table.add_carried(session, hold)
    accepted = acceptances.standing(session, met.former_id)
    acceptances.add_carried(session, met.dataset_id, accepted.values())
    carry_overs.save(
        session,
        replace(
            met,
            n_decided=len(decided),
            n_decided_found=len({d.cell.row_id for d, _ in kept}),
            n_decided_several=len(decided.intersection(several.tolist())),
            n_decided_carried=len({d.cell.row_id for d in hold}),
            n_carried=n_carried,
            n_differing=len(found) - len(hold),
        ),
    )


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


def rows_after(n_rows: int, left_out: Iterable[int]) -> IntArray:
    """Return the new id of each of ``n_rows`` rows after some were left out; shape (n_rows,)."""
    stays = np.ones(n_rows, dtype=bool)
    stays[list(left_out)] = False
    return np.where(stays, np.cumsum(stays) - 1, NOT_HERE)
