"""Find rows that repeat other rows.

What it looks for
-----------------
Rows that equal an earlier row in every column that says something (identifiers and predicted
probabilities are left out). Rows whose inputs are equal but whose labels differ.

Why it matters before training
------------------------------
A copied row counts twice. When one copy is trained on and the other is tested on, the test measures
memory. Rows that look the same and are labelled differently cannot both be learned.

How it decides
--------------
Repeats are counted exactly, over the whole table. They ask for review from 5 % of the rows on
(deepchecks uses the same line), and whenever copies stand in different splits; copies of 5 % of a
split in another split mean that the test cannot be trusted. Tables with few columns repeat by
chance: the expected number is computed from a tree that links each column to the one it goes with
most (Chow, Liu), where numbers with many values stay unrelated; where it explains at least a
third of the repeats (our convention), they are only mentioned. For equal inputs with different
labels, the columns that a model would read are compared, without those that give the label away,
and these are named. They ask for review when they make at least 1 % of the rows unlearnable (our
convention; deepchecks tolerates none), with the named columns as well as without them, unless the
inputs have so few values that a row would find an equal one by chance.

What it cannot see
------------------
Near copies: a typo or another spelling hides a repeat. Whether two equal rows are two real cases:
two people may share every value. Columns that are related three and more at a time make
coincidences likelier than the computed chance.

What to do
----------
Ask how the table was put together; a join or a repeated import is the usual cause. Remove true
copies before the split, not after it. Where there are more repeats than chance explains, the review
asks about each set of equal rows: keep one, or keep all.

References
----------
deepchecks, data duplicates and train-test samples mix (5 %), conflicting labels. Kapoor, Narayanan
2023, Patterns 4(9): duplicates across the split are a form of leakage. Chow, Liu 1968, IEEE
Transactions on Information Theory 14: trees of columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from components.checks._lib.words import joined, listed, plural, share
from components.checks.duplicates import _equal_rows
from components.checks.duplicates._chance_repeats import expected_repeats
from components.checks.duplicates._conflicting_labels import CHECK_ID, Comparison, conflict_finding
from components.checks.duplicates._equal_rows import Copies
from components.core.data.dataset import DatasetVersion, Role, Task
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, RowGroups, RowScores, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
from components.core.judgement.parameters import parameter
from components.core.judgement.review import Asks, ItemType


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactRowsParams:
    """Where the lines are."""

    warn_share: float = parameter(
        0.05,
        "Share of repeated rows that asks for review.",
        unit="share of rows",
        within=(0, 1),
        source="deepchecks: 5 %",
    )
    split_share: float = parameter(
        0.05,
        "Share of a split with copies in another split that stops.",
        unit="share of the split",
        within=(0, 1),
        source="deepchecks: 5 %",
    )
    conflict_share: float = parameter(
        0.01,
        "Share of rows that equal inputs with different labels make unlearnable, from which it "
        "asks for review.",
        unit="share of rows",
        within=(0, 1),
    )
    chance_part: float = parameter(
        0.33,
        "Part of the repeats that pairs of columns must explain for a mere mention; relations of "
        "three and more columns, which are not in the estimate, add to it.",
        unit="share of the repeats",
        within=(0, 1),
    )


@check(
    title="Repeated rows",
    needs=Needs(min_rows=2),
    cost=Cost.SCAN,
    params=ExactRowsParams,
    sources=(
        "deepchecks, data duplicates",
        "Kapoor, Narayanan 2023, Patterns",
        "Chow, Liu 1968, IEEE Transactions on Information Theory",
    ),
    suggests=True,
    version=4,
)
def exact_rows(table: Table, params: ExactRowsParams, run: RunContext) -> Iterator[Item]:
    """Count repeats, copies across splits, and equal inputs with different labels."""
    names = _equal_rows.compared(table.version)
    if not names:
        raise NotApplicable("No column is left to compare when identifiers are left out.")
    if table.version.with_roles(Role.PREDICTED) and not table.version.inputs:
        raise NotApplicable("Beside predicted probabilities there is no column to compare.")
    copies = _equal_rows.find(table, names)
    run.progress(0.4)
    by_chance = expected_repeats(table, run, names) if copies.n else 0.0
    natural = by_chance >= params.chance_part * copies.n
    yield from _evidence(table.version.n_rows, copies, asks=not natural)
    if copies.n:
        yield _repeats(table.version, names, copies, by_chance, natural=natural, params=params)
    split = table.version.with_roles(Role.SPLIT)
    if split and copies.n:
        yield from _across_splits(table, copies, split[0].name, params)
    run.progress(0.6)
    if table.version.task is Task.CLASSIFICATION:
        yield from _conflicts(table, params, run)
    n = table.version.n_rows
    yield Coverage(rows_seen=n, rows_total=n, note=_left_out(table.version, names))


def _left_out(version: DatasetVersion, names: list[str]) -> str:
    others = [c.name for c in version.columns if c.name not in names]
    return f"Not compared: {listed(others)}." if others else ""


def _evidence(n: int, copies: Copies, *, asks: bool) -> Iterator[Item]:
    yield Measure(name="Repeated rows", value=float(copies.n), unit=Unit.COUNT, n=n)
    groups = copies.groups()
    yield RowGroups(
        name="Rows and their copies",
        relation="copies",
        n_groups=copies.n_groups,
        n_rows=copies.n,
        groups=groups,
    )
    flagged = np.zeros(n, dtype=np.bool_)
    flagged[copies.row_id] = True
    scores = RowScores.of(
        "uniqueness",
        row_id=np.arange(n, dtype=np.int64),
        quality=np.where(flagged, 0.0, 1.0),
        flagged=flagged,
    )
    first = np.arange(n, dtype=np.int64)
    first[copies.row_id] = copies.first
    yield scores.asking(Asks(item_type=ItemType.REPEATS), first) if asks else scores


def _but(version: DatasetVersion, names: list[str]) -> str:
    others = [c.name for c in version.columns if c.name not in names]
    return f" in all columns but {listed(others, limit=2)}" if others else ""


def _repeats(
    version: DatasetVersion,
    names: list[str],
    copies: Copies,
    by_chance: float,
    *,
    natural: bool,
    params: ExactRowsParams,
) -> Finding:
    n = version.n_rows
    part = copies.n / n
    largest = copies.largest
    about = f"about {round(by_chance):,}" if by_chance >= 0.5 else "hardly one"  # noqa: PLR2004 - rounds up
    chance = (
        f"From how its columns go together in pairs, {about} would repeat by chance in such a "
        f"table{'; different cases can be equal here.' if natural else ': these are more.'}"
    )
    return Finding(
        check_id=CHECK_ID,
        key="repeats",
        title=f"{plural(copies.n, 'row')} of {n:,} ({share(part)}) "
        f"{'repeats' if copies.n == 1 else 'repeat'} an earlier row{_but(version, names)}",
        detail=f"They belong to {plural(copies.n_groups, 'set')} of equal rows; the largest has "
        f"{plural(largest, 'row')}. {chance}",
        severity=Severity.WARNING if part >= params.warn_share and not natural else Severity.INFO,
        measure=Measure(name="Share of repeated rows", value=part, unit=Unit.SHARE, n=n),
        threshold=Threshold(
            value=params.warn_share,
            param="warn_share",
            source="deepchecks: at most 5 % duplicate rows",
        ),
        affected=copies.affected(n),
        recommended_action="Keep them if several cases can share all values in this table."
        if natural
        else "Find out whether they are copies of one record or different cases; remove true "
        "copies before splitting.",
        caveat="Equal rows can be different cases. The chance is an estimate from pairs of "
        "columns; columns that are related three and more at a time make it larger.",
    )


def _across_splits(
    table: Table, copies: Copies, split: str, params: ExactRowsParams
) -> Iterator[Finding]:
    crossing = _equal_rows.crossing(table, copies, split)
    if not crossing.n:
        return
    worst, part = crossing.worst
    n = table.version.n_rows
    parts = joined([f"{share(value)} of “{name}”" for name, value in crossing.shares.items()])
    yield Finding(
        check_id=CHECK_ID,
        key="across_splits",
        title=f"{plural(crossing.n, 'row has', 'rows have')} a copy in another split",
        detail=f"Copies elsewhere: {parts}. A test on rows that were trained on measures memory.",
        severity=Severity.CRITICAL if part >= params.split_share else Severity.WARNING,
        measure=Measure(name=f"Largest share of a split ({worst})", value=part, unit=Unit.SHARE),
        threshold=Threshold(
            value=params.split_share,
            param="split_share",
            source="deepchecks: at most 5 % of test rows may be in training",
        ),
        affected=Affected(
            columns=(split,),
            groups=tuple(crossing.shares),
            n_rows=crossing.n,
            share=crossing.n / n,
            row_id=tuple(int(i) for i in crossing.row_id[:50]),
        ),
        recommended_action="Remove the copies, then split again so that equal rows stay together.",
        caveat="Near copies across the splits are not counted.",
    )


def _conflicts(table: Table, params: ExactRowsParams, run: RunContext) -> Iterator[Item]:
    label = table.version.label
    if label is None:
        return
    names, leaks = _equal_rows.read_by_a_model(table, run)
    found = _equal_rows.conflicts(table, names, label.name) if names else None
    if found is None or not found.n_rows:
        return
    with_all = _equal_rows.conflicts(table, [*names, *leaks], label.name) if leaks else found
    asked = Comparison(
        n_inputs=len(names),
        leaks=tuple(leaks),
        wrong_with_leaks=with_all.n_wrong,
        coincidence=_equal_rows.is_coincidence(run.profile, names, table.version),
    )
    yield conflict_finding(table.version, found, params.conflict_share, asked)
