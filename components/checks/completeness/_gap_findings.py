"""Findings about gaps of columns: where they are, what they go with, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.checks._lib.words import capital, listed, of_rows, plural, quoted, share
from components.checks.completeness import _missing_findings
from components.checks.completeness._mean_ties import ComparedGap, Tie
from components.checks.completeness._missing_patterns import (
    Complement,
    MissingPattern,
    rows_with_gaps,
)
from components.core.data.table import Table
from components.core.facts.profile import ColumnProfile
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

MOST = 0.5
COMPARISONS = 3
"""Comparisons that one finding puts into words; the evidence holds all."""


@dataclass(frozen=True, slots=True)
class GapLines:
    """Where a gap is told, and where it asks for review.

    Attributes
    ----------
    told, warns
        Shares of rows from which any gap is told, and asks for review.
    tied
        Share of rows from which a gap that is tied to another column asks for review; ``told``
        is enough where it is the share in the group that differs most.
    ratio
        The ratio of shares that makes a tie.
    """

    told: float
    warns: float
    tied: float
    ratio: float

    def is_small(self, part: float, tie: Tie) -> bool:
        """Whether a gap in a share of rows is too small for its tie to ask for review."""
        return part < self.tied and tie.empty_there < self.told

    def asks_for_review(self, part: float, tie: Tie | None) -> bool:
        """Whether a gap in a share of rows asks for review."""
        return part >= self.warns or (tie is not None and not self.is_small(part, tie))


@dataclass(frozen=True, slots=True)
class GapFacts:
    """A gap, the rows of the table, its strongest tie, and all its comparisons.

    ``compared`` is None where there were too few gaps, or too few values, to compare.
    """

    gap: MissingPattern
    n: int
    tie: ComparedGap | None
    compared: list[ComparedGap] | None


@dataclass(frozen=True, slots=True)
class GapContext:
    """What else is known about gaps.

    Attributes
    ----------
    places
        The input that a gap goes with most, by the leader of the gap.
    complements
        Columns of which one is filled where the other is empty.
    leaks
        Columns whose gaps give the label away.
    """

    places: Mapping[str, ComparedGap]
    complements: Sequence[Complement]
    leaks: Sequence[str]


def gap_findings(
    gaps: Sequence[GapFacts],
    columns: Mapping[str, ColumnProfile],
    context: GapContext,
    lines: GapLines,
) -> Iterator[Finding]:
    """Yield one finding per gap."""
    for facts in gaps:
        yield _finding(facts, columns[facts.gap.leader], context, lines)


def _finding(
    facts: GapFacts, leader: ColumnProfile, context: GapContext, lines: GapLines
) -> Finding:
    gap, tie, n = facts.gap, facts.tie, facts.n
    part = gap.n_missing / n
    words = _missing_findings.written(leader)
    names = listed(gap.columns, limit=3)
    title = (
        f"{names} is missing in {share(part)} of rows"
        if len(gap.columns) == 1
        else f"{names} are missing together in {share(gap.n_joint / n)} of rows"
    )
    if tie is not None:
        title += f", {tie.tie.where}"
    elif words:
        title += f", {words}"
    return Finding(
        check_id=_missing_findings.CHECK_ID,
        key=f"gap:{gap.leader}",
        title=title,
        detail=_detail(facts, words, context, lines),
        severity=Severity.WARNING
        if lines.asks_for_review(part, tie.tie if tie else None)
        else Severity.INFO,
        measure=Measure(name="Share of rows without a value", value=part, unit=Unit.SHARE, n=n),
        threshold=_line(part, lines, is_tied=tie is not None),
        affected=Affected(columns=gap.columns, n_rows=gap.n_any, share=gap.n_any / n),
        recommended_action=_advice(facts, context),
        caveat="It shows that the gaps go with another column, not why."
        if tie
        else "It compares with the label, the sensitive columns and inputs of few values only.",
        evidence=tuple(judged.tie.metrics for judged in facts.compared or ()),
    )


def _detail(facts: GapFacts, words: str, context: GapContext, lines: GapLines) -> str:
    gap, n = facts.gap, facts.n
    written = f", {words}" if words else ""
    if len(gap.columns) == 1:
        parts = [f"{capital(of_rows(gap.n_missing, n))} have no value{written}."]
    else:
        joint, touched = of_rows(gap.n_joint, n), of_rows(gap.n_any, n)
        parts = [
            f"They are empty in the same {joint}{written}."
            if gap.n_joint == gap.n_any
            else f"All of them are empty in {joint}, at least one in {touched}{written}."
        ]
    if len(gap.columns) > 3:  # noqa: PLR2004 - as many as the title names
        parts.append(f"The columns are {listed(gap.columns, limit=20)}.")
    if len(gap.columns) > 1 and facts.compared:
        parts.append(f"What follows is about {quoted(gap.leader)}.")
    parts += _comparisons(facts, lines)
    place = context.places.get(gap.leader)
    if place is not None:
        parts.append(
            f"Of the inputs with few values, {quoted(place.tie.by)} goes with the gaps "
            f"most: {_small_first(place.tie.text)}"
        )
    for pair in context.complements:
        if other := pair.other(gap.columns):
            own = pair.a if other == pair.b else pair.b
            parts.append(
                f"In {of_rows(pair.n_one, n)} exactly one of {quoted(own)} and {quoted(other)} "
                "has a value."
            )
    return " ".join(parts)


def _small_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence.startswith("A ") else sentence


def _comparisons(facts: GapFacts, lines: GapLines) -> list[str]:
    """Return the comparisons with label and sensitive columns in words, the clearest first."""
    tie = facts.tie
    others = [judged for judged in facts.compared or () if judged is not tie]
    others.sort(key=lambda judged: judged.tie.p)
    told = [] if tie is None else [f"{tie.tie.text} {_if_dropped(facts, tie.tie, lines)}"]
    left = COMPARISONS - len(told)
    told += [f"{_verdict(judged)}: {_small_first(judged.tie.text)}" for judged in others[:left]]
    more = len(others) - left
    if more > 0:
        told.append(f"{plural(more, 'more comparison is', 'more comparisons are')} in the charts.")
    return told


def _if_dropped(facts: GapFacts, tie: Tie, lines: GapLines) -> str:
    if lines.is_small(facts.gap.n_missing / facts.n, tie):
        return f"They are less than {share(lines.tied)} of the rows: to drop them changes little."
    return "Dropping these rows would change what the model learns."


def _verdict(judged: ComparedGap) -> str:
    by = quoted(judged.tie.by)
    if judged.is_tie:
        return f"Also tied to {by}"
    if judged.holds:
        return f"A small difference by {by}"
    if judged.tie.is_near:
        return f"No tie to {by}"
    many = " among so many comparisons" if judged.tie.is_apart else ""
    return f"By {by}, a difference that can be chance{many}"


def _line(part: float, lines: GapLines, *, is_tied: bool) -> Threshold:
    if part >= lines.warns:
        source = "LavenderTown asks for review above 25 %"
        return Threshold(value=lines.warns, param="warn_share", source=source)
    if is_tied:
        source = "the four-fifths rule of fair hiring, turned over"
        return Threshold(value=lines.ratio, param="min_ratio", source=source)
    source = "deepchecks: at most 5 % of a column may be missing"
    return Threshold(value=lines.told, param="min_share", source=source)


def _advice(facts: GapFacts, context: GapContext) -> str:
    gap, tie = facts.gap, facts.tie
    leaks = [name for name in gap.columns if name in context.leaks]
    if leaks:
        return (
            f"Whether {listed(leaks, limit=3)} {'has' if len(leaks) == 1 else 'have'} a value "
            "gives the label away, see Leakage: find out when it is filled in, and give the model "
            "neither the column nor a mark of its gaps if that is after the label is known."
        )
    for pair in context.complements:
        if pair.other(gap.columns):
            return (
                f"One is filled where the other is empty: combine {listed((pair.a, pair.b))} into "
                "one column if they mean the same."
            )
    if tie is not None and tie.tie.is_label:
        return (
            "Find out when and why these values are filled in. If that is after the label is "
            "known, leave the column out, and any mark of its gaps, too; if before, keep the rows "
            "and add a yes/no column that says whether the value is there."
        )
    if tie is not None:
        return (
            "Find out why these values are missing. Keep the rows. A yes/no column that says "
            f"whether the value is there would tell the model about {quoted(tie.tie.by)}, too."
        )
    if gap.n_missing >= MOST * facts.n:
        return (
            "Drop the column, or replace it by a yes/no column that says whether it is filled, if "
            "that is known before the label."
        )
    return "Fill the gaps inside the training pipeline, from training rows only."


def rest(table: Table, gaps: Sequence[MissingPattern], lines: GapLines) -> Finding:
    """Return one finding for the gaps that are not told one by one."""
    n = table.version.n_rows
    names = [name for gap in gaps for name in gap.columns]
    largest = max(gap.n_missing for gap in gaps)
    touched = rows_with_gaps(table, names)
    return Finding(
        check_id=_missing_findings.CHECK_ID,
        key="more_gaps",
        title=f"{plural(len(names), 'more column')} with up to {share(largest / n)} missing",
        detail=f"{listed(names, limit=30)}. They are told together to keep this list short; the "
        "ranking shows the emptiest.",
        severity=Severity.WARNING if largest >= lines.warns * n else Severity.INFO,
        measure=Measure(name="Columns with gaps", value=len(names), unit=Unit.COUNT),
        threshold=_line(largest / n, lines, is_tied=False),
        affected=Affected(columns=tuple(names), n_rows=touched, share=touched / n),
        recommended_action="Go through the ranking, and drop the columns that nobody needs.",
        caveat="They were compared with the label and sensitive columns; those tied to one come "
        "first, among the findings of their own.",
    )
