"""How versions met earlier ones, in the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from components.core.codec import from_json, to_json
from components.core.data.carry_over import CarryOver
from components.store.tables import CarryOverRow


def save(session: Session, found: CarryOver) -> None:
    """Keep what was found; it replaces what was known about these two versions."""
    session.merge(
        CarryOverRow(
            dataset_id=found.dataset_id,
            former_id=found.former_id,
            at=found.at,
            found=to_json(found),
        )
    )


def of_dataset(session: Session, dataset_id: str) -> tuple[CarryOver, ...]:
    """Return what is known about a version and former ones, the best match first."""
    query = select(CarryOverRow).where(CarryOverRow.dataset_id == dataset_id)
    found = [from_json(CarryOver, row.found) for row in session.scalars(query)]
    return tuple(sorted(found, key=_best_first))


def _best_first(found: CarryOver) -> tuple[int, int, int, str]:
    """Return what sorts versions as their decisions were taken: the first one gave the most."""
    return (-found.n_rows, -found.n_decided_carried, -found.n_carried, found.former_id)
