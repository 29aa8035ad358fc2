"""Rows of which nearly everything is missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from components.checks._lib.words import plural, share
from components.checks.completeness._missing_findings import CHECK_ID
from components.core.data.table import Table
from components.core.judgement.checks import Item, RunContext
from components.core.judgement.evidence import Measure, RowScores, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold
from components.core.judgement.row_evidence import FloatArray, IntArray

FEW_COLUMNS = 3
"""Below this many inputs a row with one gap would already be nearly empty."""
SPARSE = 0.5
"""A table of which this share of rows is nearly empty is sparse by nature."""
NOTABLE = 0.01
CELLS_AT_ONCE = 2_000_000


def nearly_empty_rows(table: Table, run: RunContext, nearly_empty: float) -> Iterator[Item]:
    """Tell the rows of which at least ``nearly_empty`` of the inputs are missing.

    A table where most rows are like that is sparse by nature, and gives nothing.
    """
    names = [c.name for c in table.version.inputs]
    needed = max(FEW_COLUMNS, int(np.ceil(nearly_empty * len(names) - 1e-9)))
    most = max((run.profile.missing_per_row or {0: 0}), default=0)
    if len(names) < FEW_COLUMNS or (run.profile.missing_per_row is not None and most < needed):
        return
    row_id, filled = _filled(table, run, names)
    flagged = filled <= 1.0 - needed / len(names) + 1e-9
    n_flagged, n = int(flagged.sum()), table.version.n_rows
    if not 0 < n_flagged < SPARSE * n:
        return
    quality = np.round(filled, 6)
    yield RowScores.of(
        "share of inputs with a value", row_id=row_id, quality=quality, flagged=flagged
    )
    yield _finding(row_id[flagged], n, len(names), needed, nearly_empty)


def _filled(table: Table, run: RunContext, names: list[str]) -> tuple[IntArray, FloatArray]:
    """Return the share of filled inputs per row, batch by batch."""
    ids, parts, seen = [], [], 0
    size = max(1_000, CELLS_AT_ONCE // len(names))
    for batch in table.batches(columns=names, size=size):
        ids.append(batch.row_id)
        parts.append(1.0 - batch.frame.isna().to_numpy().mean(axis=1))
        seen += len(batch.row_id)
        run.progress(0.1 + 0.3 * seen / batch.n_total, "looking for empty rows")
    return np.concatenate(ids), np.concatenate(parts)


def _finding(row_id: IntArray, n: int, n_inputs: int, needed: int, nearly_empty: float) -> Finding:
    count = len(row_id)
    part = count / n
    return Finding(
        check_id=CHECK_ID,
        key="nearly_empty_rows",
        title=f"{plural(count, 'row is', 'rows are')} nearly empty: {needed} or more of "
        f"{n_inputs} inputs are missing",
        detail=f"{plural(count, 'row')} of {n:,} ({share(part)}) "
        f"{'has' if count == 1 else 'have'} almost nothing to learn from. Filling the gaps "
        "would make up the row.",
        severity=Severity.WARNING if part >= NOTABLE else Severity.INFO,
        measure=Measure(name="Nearly empty rows", value=count, unit=Unit.COUNT),
        threshold=Threshold(
            value=nearly_empty,
            param="nearly_empty",
            source="four of five inputs missing; our convention",
        ),
        affected=Affected(n_rows=count, share=part, row_id=tuple(int(i) for i in row_id[:50])),
        recommended_action="Leave these rows out, or find the values they lost.",
        caveat="A row can be worth keeping when the few values it has are the ones that count.",
    )
