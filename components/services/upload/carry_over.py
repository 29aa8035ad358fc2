"""Decisions, accepted findings and the plan go on with the next version of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.core.data.carry_over import CarryOver
from components.core.data.table import IntArray
from components.core.judgement.review import Action, Cell, Decision
from components.store.review import acceptances, assignments, carry_overs, guidelines, plans
from components.store.review import decisions as decision_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_HERE = -1
"""The row id of a row that is not in the next version."""

TextsOf = Callable[[Sequence[tuple[Decision, int]]], Sequence[str]]
"""Given decisions with the rows that they are about here, what those cells hold here."""


@dataclass(frozen=True, slots=True)
class Carry:
    """What follows from a former version into another one, before it is kept.

    Attributes
    ----------
    met
        How the two met; what is known without looking at each decided cell.
    hold
        Decisions that hold here, too; of cells that several people judge the answer of each.
    differing
        Decided cells that hold another text here.
    """

    met: CarryOver
    hold: tuple[Decision, ...]
    differing: frozenset[Cell]


def prepare(
    session: Session, met: CarryOver, places: IntArray, several: IntArray, texts_of: TextsOf
) -> Carry:
    """Return what was decided about a former version and holds here; nothing is kept yet.

    Parameters
    ----------
    met
        What is known before anybody looked at decisions.
    places
        The row here of each former row, ``NOT_HERE`` where there is none; shape (n_former,).
    several
        Former rows that are not here while several rows here could be each of them.
    """
    made = decision_table.to_carry(session, met.former_id)
    stands = list(decision_table.standing(session, met.former_id))
    counts = {d.id for d in stands}
    kept = [(d, int(places[d.cell.row_id])) for d in made]
    kept = [(d, row_id) for d, row_id in kept if row_id != NOT_HERE]
    hold: list[Decision] = []
    differing: set[Cell] = set()
    carried: set[Cell] = set()
    for (decision, row_id), text in zip(kept, texts_of(kept), strict=True):
        others = [int(places[row]) for row in decision.others]
        found = follow(decision, met.dataset_id, row_id, text, others)
        if found is not None:
            hold.append(found)
        if decision.id in counts:
            place = Cell(row_id, decision.cell.column)
            (differing if found is None else carried).add(place)
    decided = {d.cell.row_id for d in stands}
    met = replace(
        met,
        n_decided=len(decided),
        n_decided_found=len({d.cell.row_id for d, _ in kept if d.id in counts}),
        n_decided_several=len(decided.intersection(several.tolist())),
        n_decided_carried=len({cell.row_id for cell in carried}),
    )
    return Carry(met, tuple(hold), frozenset(differing))


def keep(session: Session, carries: Iterable[Carry]) -> None:
    """Let what was decided about former versions of one table hold here, and how they met.

    The best match comes first. A cell that holds another text than in one former version, and was
    decided through another one, does not count as differing; no cell counts twice.
    """
    best_first = sorted(carries, key=lambda c: (-c.met.n_rows, -c.met.n_decided_carried))
    n_carried = []
    for one in best_first:
        n_carried.append(decision_table.add_carried(session, one.hold))
        accepted = acceptances.standing(session, one.met.former_id)
        acceptances.add_carried(session, one.met.dataset_id, accepted.values())
        for said in (plans, assignments, guidelines):
            said.carry(session, one.met.former_id, one.met.dataset_id)
    told = _decided(session, best_first)
    for one, n in zip(best_first, n_carried, strict=True):
        undecided = one.differing - told
        told |= undecided
        met = replace(one.met, n_carried=n, n_differing=len(undecided))
        carry_overs.save(session, met)


def _decided(session: Session, carries: Sequence[Carry]) -> set[Cell]:
    """Return the cells that are decided here, where any cell differs."""
    if not any(one.differing for one in carries):
        return set()
    return {d.cell for d in decision_table.standing(session, carries[0].met.dataset_id)}


def follow(
    decision: Decision, dataset_id: str, row_id: int, text: str, others: Sequence[int] = ()
) -> Decision | None:
    """Return a decision as it holds for the same row of another version.

    Where the cell holds there what the person chose, it is kept; where it holds what the person
    looked at, the same is decided. Anything else was not decided about: None.

    Parameters
    ----------
    row_id, text
        The row there, and what its cell holds; of a question about whole rows, their mark.
    others
        The rows there that it leaves out, ``NOT_HERE`` for those that are gone: where all of them
        are, the one that stays is kept.
    """
    left = tuple(sorted(row for row in others if row != NOT_HERE))
    if text == decision.new and decision.action in {Action.KEEP, Action.CHANGE}:
        action = Action.KEEP
    elif text == decision.given:
        action = decision.action
    else:
        return None
    if decision.others and not left:
        action = Action.KEEP
    return replace(
        decision,
        id=0,
        dataset_id=dataset_id,
        cell=Cell(row_id, decision.cell.column),
        action=action,
        given=text,
        new=decision.new if action is Action.CHANGE else text,
        carried_from=decision.carried_from or decision.id,
        press="",
        batch="",
        others=left,
    )


def rows_after(n_rows: int, left_out: Iterable[int]) -> IntArray:
    """Return the new id of each of ``n_rows`` rows after some were left out; shape (n_rows,)."""
    stays = np.ones(n_rows, dtype=bool)
    stays[list(left_out)] = False
    return np.where(stays, np.cumsum(stays) - 1, NOT_HERE)
