"""The finding about rows unlike the rest: how many, why, and what several of them share."""

from __future__ import annotations

from collections import Counter

import numpy as np

from components.checks._lib import words
from components.core.data.table import Table
from components.core.judgement.evidence import CellScores, Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold
from components.core.judgement.row_evidence import BoolArray, IntArray

SHARED = 3
"""Rows with one value from which it is told as one cause."""
CAUSES = 3
"""Causes that are told."""


def finding(
    table: Table,
    check_id: str,
    warn_share: float,
    worst: IntArray,
    cells: CellScores,
    *,
    far: BoolArray,
    times: float,
) -> Finding:
    """Return the finding.

    Parameters
    ----------
    worst
        Ids of the flagged rows, worst first, shape (n,).
    cells
        The cells that were named for them.
    far
        Whether a row has a far cell, shape (n,); the detectors agree about the others.
    times
        The distance of the nearest of the others, in usual distances.
    """
    n, total = len(worst), table.version.n_rows
    alone = n == 1 and not far.any()  # in a table of 200 rows one row is 0.5 % already
    return Finding(
        check_id=check_id,
        key="rows",
        title=(
            f"{words.plural(n, 'row')} {'is' if n == 1 else 'are'} unlike the rest "
            f"({words.share(n / total)} of rows)"
        ),
        detail=" ".join([*_grounds(cells, worst[far], len(worst), times), *_causes(cells), _WHY]),
        severity=Severity.WARNING if n / total >= warn_share and not alone else Severity.INFO,
        measure=Measure(name="rows unlike the rest", value=n / total, unit=Unit.SHARE, n=total),
        threshold=Threshold(
            value=warn_share,
            param="warn_share",
            source="deepchecks, condition of the outlier check: at most 0.5 % of rows",
        ),
        affected=Affected(n_rows=n, share=n / total, row_id=tuple(worst[:50].tolist())),
        recommended_action=(
            "Look at the row, and correct, exclude or keep it."
            if n == 1
            else f"Look at the {n:,} rows, worst first, and correct, exclude or keep each."
        ),
        caveat=(
            "Rare is not wrong: some of these rows may be real. Odd rows that are alike, and wrong "
            "values inside the usual range, are not seen."
        ),
    )


_WHY = (
    "Such rows are often entry errors, unit mix-ups or test records, and a few of them can move "
    "a model."
)


def _grounds(cells: CellScores, far_rows: IntArray, n: int, times: float) -> list[str]:
    """Say how many rows are flagged for one cell, and how many because detectors agree."""
    said = []
    by_cell, by_row = len(far_rows), n - len(far_rows)
    if by_cell:
        columns = Counter(cells.column[np.isin(cells.row_id, far_rows)].tolist())
        names = words.listed([name for name, _ in columns.most_common()], limit=3)
        said.append(
            f"In {words.plural(by_cell, 'row')} a value lies far beyond the others of its column "
            f"({names})."
        )
    if by_row:
        said.append(
            f"{words.plural(by_row, 'row')} {'lies' if by_row == 1 else 'lie'} at least "
            f"{times:.1f} times as far from similar rows as usual, and a second detector finds "
            f"{'it' if by_row == 1 else 'them'} unusual, too."
        )
    return said


def _causes(cells: CellScores) -> list[str]:
    """Say once what several rows share."""
    pairs = zip(cells.column.tolist(), cells.value.tolist(), strict=True)
    common = Counter(pair for pair in pairs if pair[1])
    return [
        f"{n:,} of them hold {words.quoted(column)} {words.clean(value, 40)}."
        for (column, value), n in common.most_common(CAUSES)
        if n >= SHARED
    ]
