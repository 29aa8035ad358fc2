"""How often labels are flagged by class, source, split and time, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from components.checks._lib import words
from components.checks._lib.stats import wilson
from components.checks.labels._explain import Searched
from components.checks.labels._patterns.values import NO_VALUE, ColumnValues
from components.core.data.dataset import Role
from components.core.judgement.evidence import GroupMetrics, Unit
from components.core.judgement.row_evidence import BoolArray, IntArray

BY_CLASS = "flagged_by_class"
BY_SOURCE = "flagged_by_source"
OVER_TIME = "flagged_over_time"
MOST = 30
"""Classes, or values of a source, that are told."""


def rates(searched: Searched, columns: Sequence[ColumnValues]) -> Iterator[GroupMetrics]:
    """Yield the shares: of all judged rows by class, of rows that models read by source and time.

    Classes and sources come with the highest share first, times in their order.
    """
    judged, material = searched.judged, searched.material
    yield _metric(BY_CLASS, material.label, material.classes, judged.given, judged.flagged)
    flagged = judged.flagged[: len(material.codes)]
    for values in columns:
        if values.role in {Role.SOURCE, Role.SPLIT}:
            yield _metric(BY_SOURCE, values.column, values.names, values.of_row, flagged)
        elif values.role is Role.TIME:
            yield _metric(OVER_TIME, values.column, values.names, values.of_row, flagged)


def _metric(
    kind: str, attribute: str, names: tuple[str, ...], of_row: IntArray, flagged: BoolArray
) -> GroupMetrics:
    known = of_row != NO_VALUE
    n = np.bincount(of_row[known], minlength=len(names))
    x = np.bincount(of_row[known & flagged], minlength=len(names))
    share = x / np.maximum(1, n)
    order = (
        np.arange(len(names)) if kind == OVER_TIME else np.lexsort((np.arange(len(names)), -share))
    )
    order = order[n[order] > 0][:MOST]
    ends = [wilson(int(x[i]), int(n[i])) for i in order]
    return GroupMetrics(
        name=f"Share of labels flagged, by {words.clean(attribute)}",
        metric=kind,
        attribute=attribute,
        unit=Unit.SHARE,
        groups=tuple(names[i] for i in order),
        value=tuple(float(share[i]) for i in order),
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(int(n[i]) for i in order),
        overall=float(x.sum() / max(1, n.sum())),
    )
