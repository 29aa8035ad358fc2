"""Findings about gaps between groups, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from components.checks._lib.groups.attributes import Attribute, Group
from components.checks._lib.groups.rates import RateGap
from components.checks._lib.words import listed, number, plural, points, quoted, share
from components.checks.bias._means import MeanGap
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Affected, Finding, Severity, Threshold

CHECK_ID = "bias.outcome_gap"
ACTION = (
    "Ask how the labels came about before a model learns the gap; if you train, measure errors by "
    "group."
)
CAVEAT = "A gap is not proof of unfair treatment: groups may differ in what the label depends on."


def rate_finding(
    label: str,
    worst: RateGap,
    others: Sequence[RateGap],
    why: str,
    lines: tuple[float, float],
) -> Finding:
    """Tell the largest gap of an attribute; ``others`` are further groups with a gap.

    It asks for review where a ratio leaves the band; a difference alone is worth knowing.

    Parameters
    ----------
    lines
        The least ratio, and the least difference that is told.
    """
    group, reference = worst.rate, worst.reference
    attribute, outcome = worst.attribute.name, worst.outcome.name
    told = [worst, *others]
    n_rows = sum(g.rate.n for g in told)
    outside = any(g.is_outside(lines[0]) or g.is_counter_outside(lines[0]) for g in told)
    return Finding(
        check_id=CHECK_ID,
        key=f"gap:{attribute}",
        title=f"{quoted(label)} is {quoted(outcome)} in {share(group.value)} of rows where "
        f"{quoted(attribute)} is {quoted(group.group.name)}, and in {share(reference.value)} where "
        f"it is {quoted(reference.group.name)}",
        detail=_rate_detail(worst, others, why),
        severity=Severity.WARNING if outside else Severity.INFO,
        measure=_measure(worst, lines[0]),
        threshold=_threshold(worst, lines),
        affected=Affected(
            columns=(attribute, label),
            groups=(group.group.name, *(g.rate.group.name for g in others)),
            n_rows=n_rows,
            share=n_rows / max(1, sum(g.n for g in worst.attribute.groups)),
        ),
        recommended_action=ACTION,
        caveat=CAVEAT,
    )


def _measure(gap: RateGap, min_ratio: float) -> Measure:
    """Return the ratio that leaves the band; the difference where none does, or has no end."""
    ways = [
        ("Ratio of rates", gap.ratio, gap.ratio_ends, gap.is_outside(min_ratio)),
        (
            f"Ratio of rates of not {quoted(gap.outcome.name)}",
            gap.counter,
            gap.counter_ends,
            gap.is_counter_outside(min_ratio),
        ),
    ]
    n = gap.rate.n + gap.reference.n
    for name, value, (low, high), told in ways:
        if gap.reference.x and told and math.isfinite(value) and math.isfinite(high):
            return Measure(name=name, value=value, unit=Unit.RATIO, n=n, ci_low=low, ci_high=high)
    low, high = gap.difference_ends
    return Measure(
        name="Difference of rates",
        value=gap.difference,
        unit=Unit.DIFFERENCE,
        n=n,
        ci_low=low,
        ci_high=high,
    )


def _threshold(gap: RateGap, lines: tuple[float, float]) -> Threshold:
    if gap.is_outside(lines[0]) or gap.is_counter_outside(lines[0]):
        source = "four-fifths rule, 29 CFR 1607.4(D), and its inverse, for either outcome"
        return Threshold(value=lines[0], param="min_ratio", source=source)
    return Threshold(value=lines[1], param="min_difference", source="ours")


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
    first = (
        f"{ratio}, that of not {quoted(worst.outcome.name)} {_counter(worst)}, the difference "
        f"{difference}, from {rows}."
    )
    parts = [
        first,
        reference_words(worst.attribute, worst.reference.group),
        *_lower(worst, why),
    ]
    if worst.rate.entities is not None and worst.reference.entities is not None:
        parts.append(
            f"They belong to {worst.rate.entities:,} and {worst.reference.entities:,} different "
            "entities, so the intervals and the test count each of these once."
        )
    if others:
        names = listed([g.rate.group.name for g in others])
        differ = "differs" if len(others) == 1 else "differ"
        parts.append(f"{plural(len(others), 'more group')} {differ}, too: {names}.")
    if why:
        parts.append(f"The class compared is {quoted(worst.outcome.name)}, {why}.")
    return " ".join(parts)


def _counter(gap: RateGap) -> str:
    low, high = gap.counter_ends
    if not math.isfinite(gap.counter):
        return "without end, as all of the second group have it"
    return f"{gap.counter:.2f} ({low:.2f} to {high:.2f})"


def _lower(gap: RateGap, why: str) -> list[str]:
    """Say it plainly when the group that others are compared with is the worse off."""
    if not why or gap.difference <= 0:
        return []
    return [f"{quoted(gap.reference.group.name)} has the lower rate of the two."]


def reference_words(attribute: Attribute, reference: Group) -> str:
    """Say why groups are compared with this one: it is the largest, or one of the largest."""
    name = quoted(reference.name)
    if sum(g.n == reference.n for g in attribute.known) > 1:
        return f"{name} is what others are compared with; no group has more rows."
    if max(g.n for g in attribute.known) > reference.n:
        return f"{name} is what others are compared with: it has the most rows with a label."
    return f"{name} is the largest group, so others are compared with it."


def mean_finding(
    label: str, worst: MeanGap, others: Sequence[MeanGap], lines: tuple[float, float]
) -> Finding:
    """Tell the largest gap of means of an attribute; ``others`` are further groups with a gap."""
    small, medium = lines
    n_rows = sum(g.group.n for g in (worst, *others))
    attribute, group, reference = worst.attribute.name, worst.moments, worst.reference_moments
    names = [g.group.name for g in others]
    differ = "differs" if len(names) == 1 else "differ"
    more = f" {plural(len(names), 'more group')} {differ}, too: {listed(names)}." if names else ""
    return Finding(
        check_id=CHECK_ID,
        key=f"gap:{attribute}",
        title=f"The mean of {quoted(label)} is {number(group.mean)} where {quoted(attribute)} is "
        f"{quoted(worst.group.name)}, and {number(reference.mean)} where it is "
        f"{quoted(worst.reference.name)}",
        detail=f"The difference is {worst.g:.2f} standard deviations (95 % interval "
        f"{worst.ends[0]:.2f} to {worst.ends[1]:.2f}), from {group.n:,} and "
        f"{plural(reference.n, 'row')}. {reference_words(worst.attribute, worst.reference)}{more}",
        severity=Severity.WARNING if abs(worst.g) >= medium else Severity.INFO,
        measure=Measure(
            name="Difference of means, in standard deviations",
            value=worst.g,
            unit=Unit.SCORE,
            n=group.n + reference.n,
            ci_low=worst.ends[0],
            ci_high=worst.ends[1],
        ),
        threshold=Threshold(value=small, param="small_g", source="Cohen 1988: a small effect"),
        affected=Affected(
            columns=(attribute, label),
            groups=(worst.group.name, *names),
            n_rows=n_rows,
            share=n_rows / max(1, sum(g.n for g in worst.attribute.groups)),
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
