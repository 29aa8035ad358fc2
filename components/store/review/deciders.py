"""Who made the decisions that count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from components.store.tables import DecisionRow, StandingDecisionRow


def rows_of_each(session: Session, dataset_id: str, column: str) -> dict[str, NDArray[np.int64]]:
    """Return, by person, the rows whose cell in a column they decided, in no order."""
    ids = func.aggregate_strings(cast(StandingDecisionRow.row_id, String), ",")
    query = (
        select(DecisionRow.reviewer, ids)
        .join(StandingDecisionRow, StandingDecisionRow.decision_id == DecisionRow.id)
        .where(
            StandingDecisionRow.dataset_id == dataset_id, StandingDecisionRow.column_name == column
        )
        .group_by(DecisionRow.reviewer)
    )
    found = session.execute(query)
    return {who: np.fromstring(rows, dtype=np.int64, sep=",") for who, rows in found}
