"""How a numeric label differs between groups, against a reference group."""

from __future__ import annotations

import math
from dataclasses import dataclass

from components.checks._lib import ask, stats
from components.checks._lib.groups.attributes import Attribute, Group
from components.checks._lib.stats import Moments
from components.core.data.query import Agg, AllOf, Fn, Missing, Not
from components.core.data.table import Table
from components.core.judgement.evidence import GroupMetrics, Unit


@dataclass(frozen=True, slots=True)
class MeanGap:
    """The mean label of one group against that of the reference of its attribute.

    Attributes
    ----------
    g, ends
        Hedges' g with its 95 % interval.
    p
        Of Welch's test for equal means.
    """

    attribute: Attribute
    group: Group
    moments: Moments
    reference: Group
    reference_moments: Moments
    g: float
    ends: tuple[float, float]
    p: float


@dataclass(frozen=True, slots=True)
class MeansCompared:
    """All means of one attribute, and the gaps that could be judged."""

    attribute: Attribute
    moments: tuple[Moments, ...]
    reference: int
    gaps: tuple[MeanGap, ...]
    left_out: tuple[Group, ...]


def compare(
    table: Table, attribute: Attribute, label: str, min_rows: int, entity: str | None = None
) -> MeansCompared:
    """Compare the mean label of each group with that of the largest group.

    Where rows repeat an ``entity``, the size of a group is the number of these.
    """
    groups = attribute.groups
    fns = (Fn.PRESENT, Fn.MEAN, Fn.SD)
    measures = {
        f"{i}.{fn.value}": Agg(fn, label, where=group.where)
        for i, group in enumerate(groups)
        for fn in fns
    }
    if entity is not None:
        labelled = Not(Missing(label))
        measures |= {
            f"{i}.e": Agg(Fn.DISTINCT, entity, where=AllOf((group.where, labelled)))
            for i, group in enumerate(groups)
        }
    answer = ask.aggregate_all(table, measures)
    moments = tuple(
        Moments(
            n=ask.whole(answer.get(f"{i}.e", answer[f"{i}.{Fn.PRESENT.value}"])),
            mean=ask.real(answer[f"{i}.{Fn.MEAN.value}"]),
            sd=ask.real(answer[f"{i}.{Fn.SD.value}"]),
        )
        for i in range(len(groups))
    )
    known = [i for i, group in enumerate(groups) if not group.is_missing]
    reference = max(known, key=lambda i: moments[i].n)
    judged = [
        i for i in known if i != reference and min(moments[i].n, moments[reference].n) >= min_rows
    ]
    gaps = [_gap(attribute, i, moments, reference) for i in judged]
    return MeansCompared(
        attribute=attribute,
        moments=moments,
        reference=reference,
        gaps=tuple(gap for gap in gaps if math.isfinite(gap.g)),
        left_out=tuple(groups[i] for i in known if moments[i].n < min_rows),
    )


def _gap(attribute: Attribute, i: int, moments: tuple[Moments, ...], reference: int) -> MeanGap:
    g, low, high = stats.standardised_difference(moments[i], moments[reference])
    return MeanGap(
        attribute=attribute,
        group=attribute.groups[i],
        moments=moments[i],
        reference=attribute.groups[reference],
        reference_moments=moments[reference],
        g=g,
        ends=(low, high),
        p=stats.welch_p(moments[i], moments[reference]),
    )


def metrics(compared: MeansCompared, label: str) -> list[GroupMetrics]:
    """Return the mean of every group, and the standardised differences."""
    groups, moments = compared.attribute.groups, compared.moments
    reference = groups[compared.reference].name
    ends = [_interval(m) for m in moments]
    found = [
        GroupMetrics(
            name=f"Mean of {label}",
            metric="mean",
            attribute=compared.attribute.name,
            unit=Unit.VALUE,
            groups=tuple(g.name for g in groups),
            value=tuple(m.mean if m.n else None for m in moments),
            ci_low=tuple(low for low, _ in ends),
            ci_high=tuple(high for _, high in ends),
            n=tuple(m.n for m in moments),
            reference=reference,
        )
    ]
    if compared.gaps:
        found.append(_difference(compared, reference))
    return found


def _difference(compared: MeansCompared, reference: str) -> GroupMetrics:
    gaps = compared.gaps
    return GroupMetrics(
        name=f"Mean minus that of {reference}, in standard deviations",
        metric="standardised_difference",
        attribute=compared.attribute.name,
        unit=Unit.SCORE,
        groups=tuple(g.group.name for g in gaps),
        value=tuple(g.g for g in gaps),
        ci_low=tuple(g.ends[0] for g in gaps),
        ci_high=tuple(g.ends[1] for g in gaps),
        n=tuple(g.moments.n for g in gaps),
        reference=reference,
    )


def _interval(m: Moments) -> tuple[float | None, float | None]:
    low, high = stats.mean_interval(m.mean, m.sd, m.n)
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)
