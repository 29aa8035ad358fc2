"""What a run comes to when what people said is taken in: counts, accepted findings, the verdict."""

from __future__ import annotations

import numpy as np

from components.core.errors import Conflict, NotFound, UnusableInput
from components.core.judgement.answers import Acceptance, Answers
from components.core.judgement.findings import CheckResult, Finding
from components.core.judgement.gate import Verdict, judge
from components.core.judgement.review import ItemType, ReviewCounts
from components.core.people.person import Person
from components.services.data import datasets
from components.services.people import rights
from components.services.people.names import person_of
from components.services.review.items.orders import CellOrder, IntArray
from components.services.review.queues import reviewable
from components.services.review.states import (
    cell_order,
    counted,
    each_once,
    states,
)
from components.services.runs import runs
from components.services.workspace import Workspace, now
from components.store import audit
from components.store.review import acceptances

MAX_REASON = 2_000
"""Characters of a reason."""


def answers(ws: Workspace, run_id: str) -> Answers:
    """Return what people have said about what a run has found so far."""
    dataset_id = runs.spec(ws, run_id).dataset.id
    found: list[tuple[CellOrder, IntArray]] = []
    by_check: dict[str, ReviewCounts] = {}
    reviewed: dict[str, ReviewCounts] = {}
    for result in reviewable(ws, run_id):
        order = cell_order(ws, run_id, result.check_id)
        state = states(ws, dataset_id, order)
        found.append((order, state))
        by_check[result.check_id] = counted(state)
        reviewed |= _reviewed(result, order, state)
    with ws.db.read() as session:
        accepted = acceptances.standing(session, dataset_id)
    return Answers(
        counts=counted(each_once(found)), by_check=by_check, reviewed=reviewed, accepted=accepted
    )


def verdict(ws: Workspace, run_id: str, said: Answers) -> Verdict:
    """Return the verdict on what the machine found and people said about it.

    ``runs.verdict`` is that of the machine alone.
    """
    state = runs.status(ws, run_id).state
    return judge(runs.spec(ws, run_id), state, runs.results(ws, run_id), said)


def accept(
    ws: Workspace, run_id: str, finding_id: str, *, reason: str, reviewer: str | Person
) -> Acceptance:
    """Take a finding as it is, for a reason; it leaves the verdict.

    Raises
    ------
    NotFound
        When the run has no such finding.
    Conflict
        When somebody has accepted it already, or the table belongs to somebody else.
    UnusableInput
        When there is no reason, or no name.
    """
    person, why = person_of(reviewer), " ".join(reason.split())[:MAX_REASON]
    if not why:
        raise UnusableInput(
            "Accepting a finding needs a reason.", "Say why the table may stay as it is."
        )
    finding = runs.finding(ws, run_id, finding_id)
    if finding is None:
        raise NotFound("This finding is not in this run.", "Choose one from the list.")
    dataset_id = runs.spec(ws, run_id).dataset.id
    rights.refuse_others(datasets.get(ws, dataset_id).version, person, "accept findings")
    with ws.db.write() as session:
        there = acceptances.standing(session, dataset_id).get(finding_id)
        if there is not None and there.covers(finding):
            raise Conflict(
                f"{there.reviewer} has accepted this finding already: “{there.reason}”.",
                "Take that back first if it is wrong.",
            )
        made = acceptances.add(session, _acceptance(dataset_id, finding, why, person))
        audit.remember(session, person.name, made.at)
        told = {
            "acceptance_id": made.id,
            "content": acceptances.fingerprint(made),
            "identity": person.identity.value,
        }
        detail = {"run_id": run_id, "finding": finding_id, "title": made.title, "reason": why}
        ws.record(session, person.name, "finding.accepted", dataset_id, detail | told)
    return made


def _acceptance(dataset_id: str, finding: Finding, reason: str, person: Person) -> Acceptance:
    return Acceptance(
        dataset_id=dataset_id,
        finding_id=finding.id,
        title=finding.title,
        severity=finding.severity,
        share=finding.affected.share,
        reason=reason,
        reviewer=person.name,
        at=now(),
    )


def take_back(ws: Workspace, dataset_id: str, finding_id: str, *, reviewer: str | Person) -> None:
    """Take the acceptance of a finding back: it asks for review again.

    Raises
    ------
    NotFound
        When nobody has accepted it.
    Conflict
        When the table belongs to somebody else.
    """
    person = person_of(reviewer)
    rights.refuse_others(datasets.get(ws, dataset_id).version, person, "take acceptances back")
    with ws.db.write() as session:
        taken = acceptances.withdraw(session, dataset_id, finding_id)
        if not taken:
            raise NotFound("Nobody has accepted this finding.", "Look at it as it is now.")
        detail = {"finding": finding_id, "of": taken[-1].reviewer, "reason": taken[-1].reason}
        told = {"acceptance_ids": [a.id for a in taken], "identity": person.identity.value}
        ws.record(session, person.name, "finding.acceptance_undone", dataset_id, detail | told)


def _reviewed(result: CheckResult, order: CellOrder, state: IntArray) -> dict[str, ReviewCounts]:
    """Return the counts of each finding that consists of cells which its check asks about."""
    found = {f.id: _asked(f, order) for f in result.findings}
    return {key: counted(state[asked]) for key, asked in found.items() if asked is not None}


def _asked(finding: Finding, order: CellOrder) -> IntArray | None:
    """Return the places of the cells that a finding consists of; None where it is about more.

    It names examples; where those are all its rows, only these rows are meant.
    """
    touched = finding.affected
    if order.asks.item_type.place:
        return _asked_rows(finding, order)
    codes = [code for code, name in enumerate(order.names) if name in touched.columns]
    asked = np.isin(order.column, codes)
    if not touched.n_rows or not np.isin(touched.row_id, order.row_id[asked]).all():
        return None
    if len(touched.row_id) == touched.n_rows:
        asked &= np.isin(order.row_id, touched.row_id)
    return np.flatnonzero(asked) if len(np.unique(order.row_id[asked])) >= touched.n_rows else None


def _asked_rows(finding: Finding, order: CellOrder) -> IntArray | None:
    """Return all items where a finding consists of exactly the rows that they are about.

    Of equal rows these are the rows that repeat an earlier one.
    """
    is_repeats = order.asks.item_type is ItemType.REPEATS
    rows, touched = order.others if is_repeats else order.row_id, finding.affected
    if touched.columns or touched.n_rows != len(rows) or not touched.n_rows:
        return None
    return np.arange(len(order.row_id)) if np.isin(touched.row_id, rows).all() else None
