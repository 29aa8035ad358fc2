"""The one model of a report: everything said, in the words of the product, ready to be laid out.

Texts are clean (one line, no control or direction characters) but not escaped. No rows and no cell
values are in it: only counts, aggregates, names and row ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from components.charts.style.text import by_unit, clean, count, interval, percent
from components.core.data.row_numbers import row_number
from components.core.facts.profile import DatasetProfile
from components.core.judgement.answers import NO_ANSWERS, Answers
from components.core.judgement.evidence import Evidence, GroupMetrics, Measure
from components.core.judgement.findings import CheckResult, Finding, Status, ranked
from components.core.judgement.gate import Verdict
from components.core.judgement.review import Tally
from components.core.judgement.runs import RunSpec, RunStatus
from components.reports import words
from components.reports.cards import (
    DETAIL,
    MOST_COLUMNS,
    SENTENCE,
    ColumnRow,
    Pair,
    asked,
    card,
    columns,
    decided,
    problems,
    some,
)
from components.reports.former_tables import FormerTable, headline, told
from components.reports.label_numbers import WrongLabels, as_pairs
from components.reports.methods import Method, method
from components.reports.pictures.picture import picture
from components.reports.pictures.picture_parts import Picture
from components.reports.words import plural

MOST_FINDINGS = 100
MOST_PICTURES = 3
"""Pictures per finding and per check."""

MOST_NAMES = 8
SHORT_FROM = 4
"""From so many findings on, their titles stand together above them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCard:
    """One finding, told."""

    number: int
    title: str
    severity: str
    severity_css: str
    concern: str
    detail: str
    action: str
    caveat: str
    facts: tuple[Pair, ...]
    share: float
    touched: str
    row_numbers: str
    sampled: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check: how it ended, what it saw, and how it decides."""

    title: str
    check_id: str
    concern: str
    status: str
    status_css: str
    note: str
    rows: str
    seconds: str
    n_findings: int
    pictures: tuple[Picture, ...]
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report; see the module."""

    name: str
    demo: bool
    made_at: str
    headline: str
    outcome: str
    outcome_css: str
    incomplete: str
    coverage: tuple[str, ...]
    counts: tuple[tuple[str, int, str, str], ...]
    card: tuple[Pair, ...]
    findings: tuple[FindingCard, ...]
    has_short: bool
    more_findings: int
    checks: tuple[CheckRow, ...]
    not_started: tuple[str, ...]
    columns: tuple[ColumnRow, ...]
    more_columns: int
    formers: tuple[Pair, ...]
    problems: tuple[Pair, ...]
    decisions: tuple[Pair, ...]


def build(
    spec: RunSpec,
    status: RunStatus,
    results: tuple[CheckResult, ...],
    verdict: Verdict,
    *,
    profile: DatasetProfile | None = None,
    decisions: Tally | None = None,
    answers: Answers = NO_ANSWERS,
    formers: Sequence[FormerTable] = (),
    wrong: Mapping[str, WrongLabels] | None = None,
) -> Document:
    """Put a report together. The same run gives the same document: no clock is read.

    Parameters
    ----------
    wrong
        What reviews tell of wrong labels, by the check that flagged them.
    """
    findings = ranked(results)
    of = {result.check_id: result for result in results}
    beside = _beside(findings[:MOST_FINDINGS], of)
    return Document(
        name=clean(spec.dataset.name, 120),
        demo=spec.dataset.demo,
        made_at=moment(status.ended_at or spec.created_at),
        headline=words.verdict_sentence(verdict),
        outcome=words.outcome_name(verdict.outcome),
        outcome_css=verdict.outcome.value,
        incomplete=_incomplete(status),
        coverage=_basis(spec, verdict, results),
        counts=_counts(verdict),
        card=card(spec, profile),
        findings=tuple(
            _finding(i, f, of[f.check_id], beside[f.id], _said(f, answers, of, wrong or {}))
            for i, f in enumerate(findings[:MOST_FINDINGS], 1)
        ),
        has_short=len(findings) >= SHORT_FROM,
        more_findings=max(0, len(findings) - MOST_FINDINGS),
        checks=tuple(_check(result, beside) for result in results),
        not_started=tuple(c for c in spec.checks if c not in of),
        columns=columns(spec.dataset, profile),
        more_columns=max(0, len(spec.dataset.columns) - MOST_COLUMNS),
        formers=tuple((headline(f), told(f, spec.dataset.n_rows)) for f in formers),
        problems=() if spec.source is None else problems(spec.source),
        decisions=asked(answers) + decided(decisions),
    )


def _basis(spec: RunSpec, verdict: Verdict, results: tuple[CheckResult, ...]) -> tuple[str, ...]:
    """Return what the verdict rests on, and what the run was told."""
    lines = (
        *words.coverage_sentences(verdict, results),
        *words.unread_sentences(spec.dataset),
        *words.settings_sentences(spec, results),
    )
    return tuple(clean(line, 2_000) for line in lines)


def _incomplete(status: RunStatus) -> str:
    text = words.state_sentence(status.state, status.error)
    return clean(text, SENTENCE) if text else ""


def moment(at: datetime) -> str:
    """Return ``1 March 2026, 12:00 UTC``."""
    zone = at.tzname() or ""
    return f"{at.day} {at:%B %Y, %H:%M} {zone}".strip()


def _counts(verdict: Verdict) -> tuple[tuple[str, int, str, str], ...]:
    return (
        ("Blockers", verdict.n_critical, "critical", "do not train before these are fixed"),
        ("To review", verdict.n_warning, "warning", "look at these before training"),
        ("Notes", verdict.n_info, "info", "good to know"),
    )


def _finding(
    number: int,
    finding: Finding,
    result: CheckResult,
    evidence: Sequence[Evidence],
    said: tuple[Pair, ...],
) -> FindingCard:
    return FindingCard(
        number=number,
        title=clean(finding.title, SENTENCE),
        severity=words.severity_name(finding.severity),
        severity_css=finding.severity.name.lower(),
        concern=words.concern_name(finding.concern),
        detail=clean(finding.detail, DETAIL),
        action=clean(finding.recommended_action, SENTENCE),
        caveat=clean(finding.caveat, SENTENCE),
        facts=_facts(finding) + said,
        share=min(1.0, max(0.0, finding.affected.share)),
        touched=percent(finding.affected.share) if finding.affected.n_rows else "",
        row_numbers=", ".join(f"{row_number(i):,}" for i in finding.affected.row_id[:12]),
        sampled=_seen(result) if result.coverage.sampled else "",
        pictures=_drawn(evidence),
    )


def _facts(finding: Finding) -> tuple[Pair, ...]:
    measure, affected, line = finding.measure, finding.affected, finding.threshold
    number = by_unit(measure.value, measure.unit)
    spread = interval(measure.ci_low, measure.ci_high, measure.unit)
    number += f" (95 % interval {spread})" if spread else ""
    number += f", n = {measure.n:,}" if measure.n is not None else ""
    facts = [(clean(measure.name[:1].upper() + measure.name[1:]), number)]
    if line is not None:
        source = f" ({clean(line.source, 300)})" if line.source else ""
        facts.append(("Threshold", f"{by_unit(line.value, measure.unit)}{source}"))
    if affected.n_rows:
        rows = f"{plural(affected.n_rows, 'row')}, {percent(affected.share)} of the table"
        facts.append(("Touches", rows))
    if finding.severity_of_check is not None:
        said = words.severity_name(finding.severity_of_check)
        facts.append(("Severity by the policy", f"the check says {said}"))
    for title, names in (("Columns", affected.columns), ("Groups", affected.groups)):
        if names:
            facts.append((title, some(names, MOST_NAMES)))
    return tuple(facts)


def _said(
    finding: Finding,
    answers: Answers,
    of: Mapping[str, CheckResult],
    wrong: Mapping[str, WrongLabels],
) -> tuple[Pair, ...]:
    """Return the three numbers of a finding about labels, and what people said about it."""
    id_ = finding.check_id
    facts = [*as_pairs(of[id_], wrong.get(id_))] if finding.affected.n_rows else []
    if (counts := answers.reviewed.get(finding.id)) is not None:
        facts.append(("Review", words.review_sentence(counts)))
    if (acceptance := answers.acceptance_of(finding)) is not None:
        text = words.acceptance_sentence(acceptance, finding)
        facts.append(("Accepted", clean(text, SENTENCE)))
    return tuple(facts)


def _drawn(evidence: Iterable[Evidence]) -> tuple[Picture, ...]:
    drawn = (drawing for shape in evidence if (drawing := picture(shape)) is not None)
    return tuple(islice(drawn, MOST_PICTURES))


def _beside(
    findings: Sequence[Finding], of: Mapping[str, CheckResult]
) -> dict[str, Sequence[Evidence]]:
    """Return what stands beside each finding: its own evidence, else what its check has on it.

    Evidence of a check that is about no attribute in particular stands beside its first finding.
    """
    beside: dict[str, Sequence[Evidence]] = {}
    lent: set[str] = set()
    for finding in findings:
        shapes = [e for e in of[finding.check_id].evidence if not isinstance(e, Measure)]
        found = list(finding.evidence) or [e for e in shapes if _is_about(e, finding)]
        if not found and finding.check_id not in lent:
            lent.add(finding.check_id)
            found = [e for e in shapes if not isinstance(e, GroupMetrics)]
        beside[finding.id] = found[:MOST_PICTURES]
    return beside


def _is_about(shape: Evidence, finding: Finding) -> bool:
    return isinstance(shape, GroupMetrics) and shape.attribute in finding.affected.columns


def _left(result: CheckResult, beside: Mapping[str, Sequence[Evidence]]) -> list[Evidence]:
    """Return the evidence of a check that stands beside none of its findings."""
    used = {_subject(e) for f in result.findings for e in (*f.evidence, *beside.get(f.id, ()))}
    return [shape for shape in result.evidence if _subject(shape) not in used]


def _subject(shape: Evidence) -> tuple[str, ...]:
    about = (getattr(shape, name, "") for name in ("name", "axis", "attribute", "metric"))
    return (type(shape).__name__, *about)


def _seen(result: CheckResult) -> str:
    seen = result.coverage
    if result.status in {Status.SKIPPED, Status.FAILED}:
        return "none"
    if seen.sampled:
        return f"a sample of {count(seen.rows_seen)} of {count(seen.rows_total)} rows"
    if seen.rows_seen == seen.rows_total:
        return f"all {count(seen.rows_total)}"
    return f"{count(seen.rows_seen)} of {count(seen.rows_total)}"


def _seconds(elapsed: float) -> str:
    shown = f"{elapsed:.1f} s"
    return "< 0.1 s" if shown == "0.0 s" else shown


def _check(result: CheckResult, beside: Mapping[str, Sequence[Evidence]]) -> CheckRow:
    note = " ".join(text for text in (result.reason, result.coverage.note) if text)
    return CheckRow(
        title=clean(result.title, 120),
        check_id=result.check_id,
        concern=words.concern_name(result.concern),
        status=words.status_name(result.status),
        status_css=result.status.value,
        note=clean(note, SENTENCE) if note else "",
        rows=_seen(result),
        seconds=_seconds(result.elapsed_s),
        n_findings=len(result.findings),
        pictures=_drawn(_left(result, beside)),
        method=method(result),
    )
