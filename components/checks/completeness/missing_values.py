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
with the label or a sensitive column: Cramér's V of at least 0.1, called small by Cohen, or a
difference of means of at least 0.2 standard deviations, and a false discovery rate of at most 5 %
over all columns that were compared. Columns with fewer gaps, but at least 1 % (the line of
ydata-profiling), are told together, as something to know. A row is nearly empty when at least
80 % of its inputs are missing. Columns without any value are always told, and so are words for
“unknown” and missing labels.

What it cannot see
------------------
Numbers that stand for missing, such as -999: the check for stand-in numbers looks for those.
Values that are wrong. Why something is missing. Emptiness that goes with several columns at once.

What to do
----------
Find out why the values are missing before choosing a remedy. Fill gaps inside the training
pipeline, from training rows only. Keep a yes/no column where the gap itself tells something.

References
----------
Rubin 1976, Biometrika 63: missing at random and not at random. Bergsma 2013, J. Korean
Statistical Society 42: Cramér's V without bias. Benjamini, Hochberg 1995, JRSS B 57. Cohen 1988,
Statistical Power Analysis, chapters 2 and 7: what is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.checks._lib import stats
from components.checks._lib.words import capital, listed, of_rows, plural, share
from components.checks.completeness import (
    _empty_rows,
    _missing_findings,
    _missing_patterns,
    _unknown_words,
)
from components.checks.completeness._missing_patterns import MissingPattern, Tie
from components.core.data.dataset import Column, Kind, Role
from components.core.data.table import Table
from components.core.facts.profile import ColumnProfile
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Ranking, Unit
from components.core.judgement.findings import Affected, Coverage, Finding, Severity, Threshold
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
    min_effect: float = parameter(
        0.1,
        "Cramér's V from which emptiness goes with another column.",
        unit="Cramér's V",
        within=(0, 1),
        source="Cohen 1988: small",
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
    sources=("Rubin 1976", "Bergsma 2013", "Benjamini, Hochberg 1995"),
    libraries=("scipy", "statsmodels"),
)
def missing_values(table: Table, params: MissingValuesParams, run: RunContext) -> Iterator[Item]:
    """Tell what is missing, and what the gaps go with."""
    watched = [c for c in run.profile.columns if _is_watched(table.version.column(c.name))]
    yield _ranking(watched, params)
    yield from _missing_findings.empty_columns(watched)
    yield from _missing_findings.missing_labels(table, watched)
    yield from _missing_findings.disguised(watched)
    yield from _unknown_words.unknown_words(table)
    run.progress(0.1)
    yield from _empty_rows.nearly_empty_rows(table, run, params.nearly_empty)
    run.progress(0.4)
    yield from _partly_empty(table, watched, params, run)
    left_out = len(run.profile.columns) - len(watched)
    n = table.version.n_rows
    note = f"{plural(left_out, 'column')} to be ignored or of annotators left out." * bool(left_out)
    yield Coverage(rows_seen=n, rows_total=n, note=note)


def _is_watched(column: Column) -> bool:
    """Return whether gaps matter: not where a person ignored the column, or answers are few."""
    nobody_chose = column.kind is Kind.EMPTY and bool(column.role_why)
    return nobody_chose or column.role not in {Role.IGNORE, Role.ANNOTATOR}


def _ranking(watched: list[ColumnProfile], params: MissingValuesParams) -> Ranking:
    order = sorted(watched, key=lambda c: (c.completeness, c.name))
    shown = [c for c in order if c.n_missing][:MAX_RANKED] or order[:1]
    return Ranking(
        name="Share of rows without a value",
        axis="column",
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
    ties = _missing_patterns.find_ties(
        table, gaps, min_effect=params.min_effect, min_rows=params.min_rows
    )
    kept = _significant(ties, params.max_q)
    n = table.version.n_rows
    told = [g for g in gaps if g.n_missing >= params.min_share * n or g.leader in kept]
    told.sort(key=lambda g: (g.leader not in kept, -g.n_missing))
    by_name = {c.name: c for c in watched}
    for gap in told[: params.max_findings]:
        told_ties = (kept.get(gap.leader), ties.get(gap.leader, []))
        yield _gap_finding(gap, by_name[gap.leader], told_ties, params)
    if len(told) > params.max_findings:
        yield _rest(told[params.max_findings :], n, params)
    named = {name for g in told for name in g.columns}
    small = {c: m for c, m in missing.items() if c not in named and m >= params.note_share * n}
    yield from _missing_findings.small_gaps(small, n, params.note_share)


def _significant(ties: dict[str, list[Tie]], max_q: float) -> dict[str, Tie]:
    """Return the strongest tie that holds, for each column that has one."""
    every = [(name, tie) for name, found in ties.items() for tie in found]
    adjusted = stats.benjamini_hochberg([tie.p for _, tie in every])
    kept: dict[str, Tie] = {}
    for (name, tie), q in zip(every, adjusted, strict=True):
        if tie.is_large and q <= max_q and (name not in kept or tie.effect > kept[name].effect):
            kept[name] = tie
    return kept


def _gap_finding(
    gap: MissingPattern,
    leader: ColumnProfile,
    ties: tuple[Tie | None, list[Tie]],
    params: MissingValuesParams,
) -> Finding:
    tie, tested = ties
    n = leader.n
    part = gap.n_missing / n
    words = _missing_findings.written(leader)
    names = listed(gap.columns, limit=3)
    verb = "is missing in" if len(gap.columns) == 1 else "are missing together in"
    title = f"{names} {verb} {share(part)} of rows"
    if tie is not None:
        title += f", {tie.where}"
    elif words:
        title += f", {words}"
    return Finding(
        check_id=_missing_findings.CHECK_ID,
        key=f"gap:{gap.leader}",
        title=title,
        detail=_gap_detail(gap, tie, tested, n, words),
        severity=Severity.WARNING if tie or part >= params.warn_share else Severity.INFO,
        measure=Measure(name="Share of rows without a value", value=part, unit=Unit.SHARE, n=n),
        threshold=_line(tie, part, params),
        affected=Affected(columns=gap.columns, n_rows=gap.n_missing, share=part),
        recommended_action=_advice(part, tie),
        caveat="It shows that the gaps go with another column, not why."
        if tie
        else "It compares with the label and the sensitive columns only.",
        evidence=tuple(t.metrics for t in tested),
    )


def _gap_detail(gap: MissingPattern, tie: Tie | None, tested: list[Tie], n: int, words: str) -> str:
    parts = [f"{capital(of_rows(gap.n_missing, n))} have no value{', ' + words if words else ''}."]
    if len(gap.columns) > 3:  # noqa: PLR2004 - as many as the title names
        parts.append(f"The columns are {listed(gap.columns, limit=20)}.")
    if tie is not None:
        parts.append(f"{tie.text} Dropping these rows would change what the model learns.")
    elif tested:
        partners = listed([t.by for t in tested])
        parts.append(f"The gaps show no clear tie to {partners}.")
    return " ".join(parts)


def _line(tie: Tie | None, part: float, params: MissingValuesParams) -> Threshold:
    if part >= params.warn_share:
        source = "LavenderTown asks for review above 25 %"
        return Threshold(value=params.warn_share, param="warn_share", source=source)
    if tie is not None and part < params.min_share:
        source = "Cohen 1988 calls this effect small"
        return Threshold(value=params.min_effect, param="min_effect", source=source)
    source = "deepchecks: at most 5 % of a column may be missing"
    return Threshold(value=params.min_share, param="min_share", source=source)


def _advice(part: float, tie: Tie | None) -> str:
    if tie is not None:
        return (
            "Find out why these values are missing. Keep the rows, and give the model a yes/no "
            "column that says whether the value is there, unless the gap is written after the "
            "label is known."
        )
    if part >= 0.5:  # noqa: PLR2004 - most rows
        return "Drop the column, or replace it by a yes/no column that says whether it is filled."
    return "Fill the gaps inside the training pipeline, from training rows only."


def _rest(gaps: list[MissingPattern], n: int, params: MissingValuesParams) -> Finding:
    names = [name for gap in gaps for name in gap.columns]
    largest = max(gap.n_missing for gap in gaps)
    return Finding(
        check_id=_missing_findings.CHECK_ID,
        key="more_gaps",
        title=f"{plural(len(names), 'more column')} with up to {share(largest / n)} missing",
        detail=f"{listed(names, limit=30)}. They are told together to keep this list short; the "
        "ranking shows each.",
        severity=Severity.WARNING if largest >= params.warn_share * n else Severity.INFO,
        measure=Measure(name="Columns with gaps", value=len(names), unit=Unit.COUNT),
        threshold=_line(None, largest / n, params),
        affected=Affected(columns=tuple(names), n_rows=largest, share=largest / n),
        recommended_action="Go through the ranking, and drop the columns that nobody needs.",
        caveat="“Rows touched” counts the emptiest of these columns only.",
    )
