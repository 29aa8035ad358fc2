"""How often labels are flagged by source, split and time, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.checks.labels._fair.flag_rates import rates_of
from components.checks.labels._patterns.values import ColumnValues
from components.checks.labels._reasons.reasons import Searched
from components.core.data.dataset import Role
from components.core.judgement.evidence import GroupMetrics

BY_SOURCE = "flagged_by_source"
OVER_TIME = "flagged_over_time"
MOST = 30
"""Values of a source that are told."""


def rates(searched: Searched, columns: Sequence[ColumnValues]) -> Iterator[GroupMetrics]:
    """Yield the shares of rows that models read, by source and time.

    Sources come with the highest share first, times in their order.
    """
    flagged = searched.judged.flagged[: len(searched.material.codes)]
    for values in columns:
        told = rates_of(values.column, values.names, values.of_row, flagged)
        if values.role in {Role.SOURCE, Role.SPLIT}:
            yield told.metrics(BY_SOURCE, most=MOST)
        elif values.role is Role.TIME:
            yield told.metrics(OVER_TIME, in_order=True)
