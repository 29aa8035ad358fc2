"""Decisions as rows of the database, and their hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from components.core.judgement.review import Action, Capacity, Cell, Decision
from components.store.chain import hashes
from components.store.tables import DecisionRow


def fingerprint(decision: Decision) -> str:
    """Return the hash of a decision as it is on record, with its id, by which an event tells it."""
    return hashes.of_row({**values_of(decision), "id": decision.id})


def values_of(decision: Decision) -> dict[str, object]:
    """Return the columns of a decision, without its id."""
    answered = decision.answered
    return {
        "dataset_id": decision.dataset_id,
        "row_id": decision.cell.row_id,
        "column_name": decision.cell.column,
        "check_id": decision.check_id,
        "action": decision.action.value,
        "given": decision.given,
        "new": decision.new,
        "reviewer": decision.reviewer,
        "at": decision.at,
        "note": decision.note,
        "undone": decision.undone,
        "answered": None if answered is None else json.dumps(answered),
        "carried_from": decision.carried_from,
        "press": decision.press or None,
        "seconds": _real(decision.seconds),
        "stratum": decision.stratum or None,
        "probability": _real(decision.probability),
        "capacity": None if decision.capacity is Capacity.ALONE else decision.capacity.value,
        "source": decision.source or None,
        "said_at": decision.said_at,
        "batch": decision.batch or None,
        "judged_first": decision.judged_first or None,
        "others": spans(decision.others) or None,
    }


def _real(value: float | None) -> float | None:
    """Return 5.0 for 5: SQLite gives a whole number back so when it tells what was inserted."""
    return None if value is None else float(value)


def spans(row_ids: Sequence[int]) -> str:
    """Return ascending ids as a short text, such as ``3-7,9``: a set may have 100,000 rows."""
    ids = np.asarray(row_ids, dtype=np.int64)
    if not len(ids):
        return ""
    ends = np.flatnonzero(np.diff(ids) != 1)
    first, last = ids[np.r_[0, ends + 1]].tolist(), ids[np.r_[ends, len(ids) - 1]].tolist()
    pairs = zip(first, last, strict=True)
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in pairs)


def rows_in(text: str) -> tuple[int, ...]:
    """Return the ids that such a text names."""
    found: list[int] = []
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def answers_of(text: str | None) -> tuple[str | None, ...] | None:
    """Return the texts that a decision answered, as they stand in the database."""
    return None if text is None else tuple(json.loads(text))


def decision_of(row: DecisionRow) -> Decision:
    """Return the decision of a row."""
    return Decision(
        id=row.id,
        dataset_id=row.dataset_id,
        cell=Cell(row.row_id, row.column_name),
        check_id=row.check_id,
        action=Action(row.action),
        given=row.given,
        new=row.new,
        reviewer=row.reviewer,
        at=row.at,
        note=row.note,
        undone=row.undone,
        answered=answers_of(row.answered),
        carried_from=row.carried_from,
        press=row.press or "",
        seconds=_real(row.seconds),
        stratum=row.stratum or "",
        probability=_real(row.probability),
        capacity=Capacity(row.capacity) if row.capacity else Capacity.ALONE,
        source=row.source or "",
        said_at=row.said_at,
        batch=row.batch or "",
        judged_first=bool(row.judged_first),
        others=rows_in(row.others or ""),
    )
