"""Find what is not there.

What it looks for
-----------------
Columns, rows and labels without a value. Signs that stand for missing, such as “?” or “N/A”, count
as missing; categories that say “unknown” are named. Columns that are empty in the same rows are
told as one finding.

Why it matters before training
------------------------------
Most models cannot read an empty cell, so somebody fills or drops it. When emptiness goes with the
label or with a group of people, both change who the model learns from.

How it decides
--------------
A column is told when at least 5 % of its rows are empty (deepchecks uses the same line), and asks
for review from 25 % on (the line of LavenderTown). It also asks for review when emptiness goes
with the label or a sensitive column: the share of empty rows in one group is at least 1.25 times
that of the other rows, or at most 0.8 times (the four-fifths rule of fair hiring; where most rows
are empty, shares of filled rows are held against each other), or the means of a numeric
label differ by at least 0.2 standard deviations, and the false discovery rate over all comparisons
is at most 5 %. Where less than 1 % of all rows and less than 5 % of the group that differs most are
empty, such a tie is information: to drop these rows moves no share of a class or group by more
than about one point. Sensitive numbers are compared in bands. Differences are shown in
numbers with a 95 % interval, whether they ask for review or not. For gaps that are told by
themselves, the input of few values that they go with most (by Cramér's V) is named as well, as
something to know. Columns with fewer gaps, but at least 1 % (the line of
ydata-profiling), are told together, as something to know. A row is nearly empty when at least
80 % of its inputs are missing. Columns without any value are always told, and so are words for
“unknown” and missing labels.

What it cannot see
------------------
Numbers that stand for missing, such as -999: the check for stand-in numbers looks for those.
Values that are wrong. Why something is missing. Emptiness that goes with several columns at once,
with a number that is not sensitive, or with a text. Fewer than 20 gaps are not compared.

What to do
----------
Find out why the values are missing before choosing a remedy. Fill gaps inside the training
pipeline, from training rows only. Keep a yes/no column where the gap itself tells something that
is known before the label.

References
----------
Rubin 1976, Biometrika 63: missing at random and not at random. Newcombe 1998, Statistics in
Medicine 17: intervals of differences. Koopman 1984, Biometrics 40: intervals of ratios. Benjamini,
Hochberg 1995, JRSS B 57. Cohen 1988, Statistical Power Analysis, chapter 2: what is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import stats
from components.checks._lib.absence import absences
from components.checks._lib.label_leaks import Strength, absence_strength, asked_limits
from components.checks._lib.words import plural
from components.checks.completeness import (
    _empty_rows,
    _gap_findings,
    _gap_ties,
    _missing_findings,
    _missing_patterns,
    _unknown_words,
)
from components.checks.completeness._gap_findings import GapContext, GapFacts, GapLines
from components.checks.completeness._mean_ties import ComparedGap, Tie
from components.checks.completeness._missing_patterns import MissingPattern
from components.core.data.dataset import Column, Kind, Role, Task
from components.core.data.table import Table
from components.core.facts.profile import ColumnProfile
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Ranking, Unit
from components.core.judgement.findings import Coverage
from components.core.judgement.parameters import parameter

MAX_RANKED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingValuesParams:
    """Where the lines are."""

    min_share: float = parameter(
        0.05,
        "Share of empty rows from which a column is told.",
        unit="share of rows",
        within=(0, 1),
        source="deepchecks: 5 %",
    )
    note_share: float = parameter(
        0.01,
        "Share of empty rows from which a column is named among the small gaps.",
        unit="share of rows",
        within=(0, 1),
        source="ydata-profiling: 1 %",
    )
    warn_share: float = parameter(
        0.25,
        "Share of empty rows from which a column asks for review.",
        unit="share of rows",
        within=(0, 1),
        source="LavenderTown: 25 %",
    )
    tie_share: float = parameter(
        0.01,
        "Share of empty rows from which emptiness that goes with another column asks for review; "
        "below it, it does where the group that differs most has min_share of its rows empty.",
        unit="share of rows",
        within=(0, 1),
        source="ours: without a share s of the rows, the share of a class or group moves by at "
        "most s / (1 - s), so by about one point at 1 %",
    )
    min_ratio: float = parameter(
        1.25,
        "Ratio of two shares of empty rows, or its inverse, from which emptiness goes with "
        "another column.",
        unit="ratio",
        above=1,
        source="the four-fifths rule of the EEOC 1978, turned over",
    )
    max_q: float = parameter(
        0.05,
        "False discovery rate over all comparisons.",
        unit="rate",
        within=(0, 1),
        source="Benjamini, Hochberg 1995",
    )
    together: float = parameter(
        0.9,
        "Overlap of empty rows from which columns are told as one.",
        unit="Jaccard index",
        within=(0, 1),
    )
    nearly_empty: float = parameter(
        0.8,
        "Share of missing inputs from which a row is nearly empty.",
        unit="share of inputs",
        above=0,
        at_most=1,
    )
    min_rows: int = parameter(
        20, "Fewest empty rows, and fewest filled ones, for a comparison.", unit="rows", at_least=1
    )
    max_findings: int = parameter(
        8,
        "Most findings about single gaps; the rest is told in one.",
        unit="findings",
        within=(1, 100),
    )


@check(
    title="Missing values",
    needs=Needs(),
    cost=Cost.SCAN,
    params=MissingValuesParams,
    suggests=True,
    sources=("Rubin 1976", "Newcombe 1998", "Koopman 1984", "Benjamini, Hochberg 1995"),
    libraries=("scipy", "statsmodels"),
    version=4,
)
def missing_values(table: Table, params: MissingValuesParams, run: RunContext) -> Iterator[Item]:
    """Tell what is missing, and what the gaps go with."""
    watched = [c for c in run.profile.columns if _is_watched(table.version.column(c.name))]
    yield _ranking(watched, params)
    yield from _missing_findings.empty_columns(watched)
    yield from _missing_findings.missing_labels(table, watched)
    yield from _missing_findings.disguised(table, watched)
    yield from _unknown_words.unknown_words(table)
    run.progress(0.1)
    yield from _empty_rows.nearly_empty_rows(table, run, params.nearly_empty)
    run.progress(0.4)
    yield from _partly_empty(table, watched, params, run)
    left_out = len(run.profile.columns) - len(watched)
    n = table.version.n_rows
    note = f"{plural(left_out, 'column')} to be ignored, of annotators or of a model left out."
    note *= bool(left_out)
    yield Coverage(rows_seen=n, rows_total=n, note=note)


def _is_watched(column: Column) -> bool:
    """Return whether gaps matter: not where a person ignored the column, or answers are few.

    Those of predicted probabilities are told where the probabilities are used.
    """
    nobody_chose = column.kind is Kind.EMPTY and bool(column.role_why)
    return nobody_chose or column.role not in {
        Role.IGNORE,
        Role.ANNOTATOR,
        Role.PREDICTED,
    }


def _ranking(watched: list[ColumnProfile], params: MissingValuesParams) -> Ranking:
    order = sorted(watched, key=lambda c: (c.completeness, c.name))
    shown = [c for c in order if c.n_missing][:MAX_RANKED] or order[:1]
    return Ranking(
        name="Share of rows without a value",
        axis="share of rows without a value",
        unit=Unit.SHARE,
        items=tuple(c.name for c in shown),
        values=tuple(1.0 - c.completeness for c in shown),
        notes=tuple(_missing_findings.written(c) for c in shown),
        threshold=params.min_share,
    )


def _partly_empty(
    table: Table, watched: list[ColumnProfile], params: MissingValuesParams, run: RunContext
) -> Iterator[Item]:
    missing = {
        c.name: c.n_missing
        for c in watched
        if 0 < c.n_missing < c.n and c.role is not Role.LABEL and c.kind is not Kind.EMPTY
    }
    if len(missing) > 1:
        yield _missing_patterns.together_matrix(table, missing)
    gaps = _missing_patterns.find_patterns(table, missing, params.together)
    run.progress(0.6)
    n = table.version.n_rows
    lines = GapLines(params.min_share, params.warn_share, params.tie_share, params.min_ratio)
    compared, _ = _gap_ties.tested(gaps, n, params.min_rows)
    ties = _gap_ties.find_ties(table, run.profile, [g.leader for g in compared], params.min_ratio)
    judged = _judged(ties, params.max_q)
    kept = {name: tie for name, found in judged.items() if (tie := _strongest(found))}
    told = [g for g in gaps if g.n_missing >= params.min_share * n or g.leader in kept]
    told.sort(key=lambda g: (g.leader not in kept, -g.n_missing))
    run.progress(0.7)
    first = told[: params.max_findings]
    yield from _gap_findings.gap_findings(
        [_known(table, gap, judged, kept) for gap in first],
        {c.name: c for c in watched},
        _context(table, run, missing, first, params),
        lines,
    )
    if len(told) > params.max_findings:
        yield _gap_findings.rest(table, told[params.max_findings :], lines)
    named = {name for g in told for name in g.columns}
    small = {c: m for c, m in missing.items() if c not in named and m >= params.note_share * n}
    found = [tie for name in small for tie in judged.get(name, [])]
    yield from _missing_findings.small_gaps(table, small, params.note_share, found)


def _known(
    table: Table,
    gap: MissingPattern,
    judged: dict[str, list[ComparedGap]],
    kept: dict[str, ComparedGap],
) -> GapFacts:
    return GapFacts(gap, table.version.n_rows, kept.get(gap.leader), judged.get(gap.leader))


def _context(
    table: Table,
    run: RunContext,
    missing: dict[str, int],
    told: list[MissingPattern],
    params: MissingValuesParams,
) -> GapContext:
    """Look where the gaps that are told are, what completes them, and which give the label away."""
    n, version = table.version.n_rows, table.version
    compared, _ = _gap_ties.tested(told, n, params.min_rows)
    places = _judged(
        _gap_ties.find_places(table, run.profile, compared, params.min_ratio), params.max_q
    )
    leaks: tuple[str, ...] = ()
    if version.task is Task.CLASSIFICATION and version.label is not None:
        limits = asked_limits(run)
        leaks = tuple(
            a.column
            for a in absences(table, version.label)
            if absence_strength(a, limits) is not Strength.NONE
        )
    return GapContext(
        places={
            name: max(large, key=lambda judged: judged.tie.strength)
            for name, found in places.items()
            if (large := [judged for judged in found if judged.is_tie])
        },
        complements=_missing_patterns.find_complements(table, missing, version, params.min_rows),
        leaks=leaks,
    )


def _judged(ties: dict[str, list[Tie]], max_q: float) -> dict[str, list[ComparedGap]]:
    """Say of each comparison whether it holds at the false discovery rate over all of them."""
    every = [tie for found in ties.values() for tie in found]
    adjusted = iter(stats.benjamini_hochberg([tie.p for tie in every]))
    return {
        name: [ComparedGap(tie, bool(next(adjusted) <= max_q)) for tie in found]
        for name, found in ties.items()
    }


def _strongest(found: list[ComparedGap]) -> ComparedGap | None:
    """Return the tie that holds best, if one does."""
    large = [judged for judged in found if judged.is_tie]
    return min(large, key=lambda judged: (judged.tie.p, -judged.tie.effect), default=None)
