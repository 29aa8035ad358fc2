"""What is said of numbers far off what is expected that several rows share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from components.checks._lib import words
from components.checks._lib.features import FloatArray
from components.checks.labels._numbers.judged import JudgedNumbers
from components.checks.labels._numbers.spelling import number_in_file
from components.core.data.dataset import Column
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity

TOLD = 3
"""Numbers that the finding names."""
LISTED = 50
"""Rows that it leads to."""
MEASURE = "rows that share a number far off what is expected"
ACTION = (
    "Look at these rows together. Where the number stands for “not known”, make it an empty cell; "
    "where it is a price of a group, a limit or a rule, give models a column that shows it."
)


def shared_finding(check_id: str, judged: JudgedNumbers, label: Column) -> Iterator[Finding]:
    """Yield a finding where several rows share a number that is not expected in them."""
    rows = np.flatnonzero(judged.shared)
    if not len(rows):
        return
    told, n_values = _told(judged.given[rows], label)
    n, total = len(rows), len(judged.row_id)
    worst = rows[np.lexsort((judged.row_id[rows], -np.abs(judged.off[rows])))]
    yield Finding(
        check_id=check_id,
        key="shared_numbers",
        title=(
            f"{words.plural(n, 'row')} share{'s' if n == 1 else ''} "
            f"{words.plural(n_values, 'number')} in {words.quoted(label.name)} where models "
            f"expect others ({words.share(n / total)} of rows)"
        ),
        detail=(
            f"Far off what models expect that had not seen these rows: {told}. "
            "Numbers that went wrong in single rows are rarely equal, so these rows are told "
            "together, and none of them is flagged as contradicted."
        ),
        severity=Severity.INFO,
        measure=Measure(name=MEASURE, value=n / total, unit=Unit.SHARE, n=total),
        threshold=None,
        affected=Affected(
            columns=(label.name,),
            n_rows=n,
            share=n / total,
            row_id=tuple(int(r) for r in judged.row_id[worst[:LISTED]]),
        ),
        recommended_action=ACTION,
        caveat="That rows share a number does not say that it is wrong.",
    )


def _told(numbers: FloatArray, label: Column) -> tuple[str, int]:
    """Return the most frequent numbers with their rows, and how many different ones there are."""
    values, counts = np.unique(numbers, return_counts=True)
    order = np.lexsort((values, -counts))
    told = [
        f"{number_in_file(float(values[i]), label)} in {words.plural(int(counts[i]), 'row')}"
        for i in order[:TOLD]
    ]
    if len(order) > TOLD:
        told.append(f"{words.plural(len(order) - TOLD, 'more number')} in other rows")
    return words.joined(told), len(values)
