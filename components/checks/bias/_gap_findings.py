"""Findings about gaps between groups, in words."""

from __future__ import annotations

from collections.abc import Sequence

from components.checks._lib.groups.attributes import Attribute, Group
from components.checks._lib.words import listed, number, plural, points, quoted, share
from components.checks.bias._means import MeanGap
from components.checks.bias._rates import RateGap
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

CHECK_ID = "bias.outcome_gap"
ACTION = (
    "Ask how the labels came about before a model learns the gap; if you train, measure errors by "
    "group."
)
CAVEAT = "A gap is not proof of unfair treatment: groups may differ in what the label depends on."


def rate_finding(
    label: str, worst: RateGap, others: Sequence[RateGap], why: str, min_ratio: float
) -> Finding:
    """Tell the largest gap of an attribute; ``others`` are further groups with a gap."""
    group, reference = worst.rate, worst.reference
    attribute, outcome = worst.attribute.name, worst.outcome.name
    return Finding(
        check_id=CHECK_ID,
        key=f"gap:{attribute}",
        title=f"{quoted(label)} is {quoted(outcome)} in {share(group.value)} of rows where "
        f"{quoted(attribute)} is {quoted(group.group.name)}, and in {share(reference.value)} where "
        f"it is {quoted(reference.group.name)}",
        detail=_rate_detail(worst, others, why),
        severity=Severity.WARNING,
        measure=_measure(worst),
        threshold=Threshold(
            value=min_ratio,
            param="min_ratio",
            source="four-fifths rule, 29 CFR 1607.4(D), and its inverse",
        ),
        affected=Affected(
            columns=(attribute, label),
            groups=(group.group.name, *(g.rate.group.name for g in others)),
            n_rows=group.n,
            share=group.n / max(1, sum(g.n for g in worst.attribute.groups)),
        ),
        recommended_action=ACTION,
        caveat=CAVEAT,
    )


def _measure(gap: RateGap) -> Measure:
    """Return the ratio; the difference where the reference never has the outcome."""
    is_finite = gap.reference.x > 0
    low, high = gap.ratio_ends if is_finite else gap.difference_ends
    return Measure(
        name="Ratio of rates" if is_finite else "Difference of rates",
        value=gap.ratio if is_finite else gap.difference,
        unit=Unit.RATIO if is_finite else Unit.DIFFERENCE,
        n=gap.rate.n + gap.reference.n,
        ci_low=low,
        ci_high=high,
    )


def _rate_detail(worst: RateGap, others: Sequence[RateGap], why: str) -> str:
    low, high = worst.ratio_ends
    d_low, d_high = worst.difference_ends
    ratio = (
        f"The ratio is {worst.ratio:.2f} (95 % interval {low:.2f} to {high:.2f})"
        if worst.reference.x
        else "The second group never has it"
    )
    difference = f"{points(worst.difference)} ({points(d_low)} to {points(d_high)})"
    rows = f"{worst.rate.n:,} and {plural(worst.reference.n, 'row')}"
    parts = [
        f"{ratio}, the difference {difference}, from {rows}.",
        f"{quoted(worst.reference.group.name)} is the largest group.",
    ]
    if others:
        names = listed([g.rate.group.name for g in others])
        parts.append(f"{plural(len(others), 'more group')} outside the band: {names}.")
    if why:
        parts.append(f"The class compared is {quoted(worst.outcome.name)}, {why}.")
    return " ".join(parts)


def mean_finding(label: str, worst: MeanGap, n_gaps: int, lines: tuple[float, float]) -> Finding:
    """Tell the largest gap of means of an attribute."""
    small, medium = lines
    attribute, group, reference = worst.attribute.name, worst.moments, worst.reference_moments
    more = f" {plural(n_gaps - 1, 'more group')} differ, too." if n_gaps > 1 else ""
    return Finding(
        check_id=CHECK_ID,
        key=f"gap:{attribute}",
        title=f"The mean of {quoted(label)} is {number(group.mean)} where {quoted(attribute)} is "
        f"{quoted(worst.group.name)}, and {number(reference.mean)} where it is "
        f"{quoted(worst.reference.name)}",
        detail=f"The difference is {worst.g:.2f} standard deviations (95 % interval "
        f"{worst.ends[0]:.2f} to {worst.ends[1]:.2f}), from {group.n:,} and "
        f"{plural(reference.n, 'row')}. {quoted(worst.reference.name)} is the largest group.{more}",
        severity=Severity.WARNING if abs(worst.g) >= medium else Severity.INFO,
        measure=Measure(
            name="Standardised difference of means",
            value=worst.g,
            unit=Unit.DIFFERENCE,
            n=group.n + reference.n,
            ci_low=worst.ends[0],
            ci_high=worst.ends[1],
        ),
        threshold=Threshold(value=small, param="small_g", source="Cohen 1988: a small effect"),
        affected=Affected(
            columns=(attribute, label),
            groups=(worst.group.name,),
            n_rows=group.n,
            share=group.n / max(1, sum(g.n for g in worst.attribute.groups)),
        ),
        recommended_action=ACTION,
        caveat=CAVEAT,
    )


def left_out(found: Sequence[tuple[Attribute, Sequence[Group]]]) -> list[str]:
    """Say which groups had too few labelled rows."""
    names = [
        f"{attribute.name}: {group.name} ({group.n:,})"
        for attribute, groups in found
        for group in groups
    ]
    names = list(dict.fromkeys(names))
    return [f"Too few rows to compare: {listed(names, limit=10)}."] if names else []
