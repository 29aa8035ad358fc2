"""How often each group has an outcome, against a reference group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from components.checks._lib import ask, stats
from components.checks._lib.groups.attributes import Attribute, Group
from components.core.data.dataset import Column
from components.core.data.query import Agg, AllOf, Compare, Fn, Missing, Not, Op, Scalar
from components.core.data.table import Table
from components.core.judgement.evidence import GroupMetrics, Unit


@dataclass(frozen=True, slots=True)
class OutcomeClass:
    """A class of the label, as a condition on the table."""

    name: str
    where: Compare


@dataclass(frozen=True, slots=True)
class Rate:
    """Rows of a group with a label (``n``) and with the outcome (``x``).

    Attributes
    ----------
    entities
        Different entities among the rows with a label, where rows repeat them; else None.
    """

    group: Group
    x: int
    n: int
    entities: int | None = None

    @property
    def independent(self) -> tuple[int, int]:
        """``x`` and ``n`` as of one row per entity: what an interval may rest on.

        As if all rows of an entity had one label, so too careful where they differ.
        """
        if self.entities is None or not self.n:
            return self.x, self.n
        n = min(self.n, self.entities)
        return round(self.x * n / self.n), n

    @property
    def value(self) -> float:
        """The share with the outcome; NaN without rows."""
        return self.x / self.n if self.n else math.nan


@dataclass(frozen=True, slots=True)
class RateGap:
    """One group against the reference of its attribute.

    Attributes
    ----------
    ratio, difference
        Rate of the group over, and minus, that of the reference; the ratio is infinite where the
        reference never has the outcome.
    counter, counter_ends
        The ratio of the rates of not having the outcome, and its interval.
    p
        Of the test for equal rates.
    """

    attribute: Attribute
    outcome: OutcomeClass
    rate: Rate
    reference: Rate
    ratio: float
    ratio_ends: tuple[float, float]
    counter: float
    counter_ends: tuple[float, float]
    difference: float
    difference_ends: tuple[float, float]
    p: float

    @property
    def sure(self) -> float:
        """The difference that the interval leaves at least, 0 where it holds no difference."""
        low, high = self.difference_ends
        return max(low, -high, 0.0)

    def is_outside(self, min_ratio: float) -> bool:
        """Return whether the ratio leaves the band from ``min_ratio`` to its inverse."""
        return not min_ratio <= self.ratio <= 1.0 / min_ratio

    def is_counter_outside(self, min_ratio: float) -> bool:
        """Return whether the ratio of not having the outcome leaves the band."""
        return not min_ratio <= self.counter <= 1.0 / min_ratio

    def is_told(self, min_ratio: float, min_difference: float) -> bool:
        """Return whether a ratio leaves the band, or the difference is that large."""
        outside = self.is_outside(min_ratio) or self.is_counter_outside(min_ratio)
        return outside or abs(self.difference) >= min_difference


@dataclass(frozen=True, slots=True)
class RatesCompared:
    """All rates of one attribute and outcome, and the gaps that could be judged.

    Attributes
    ----------
    left_out
        Groups with too few labelled rows.
    """

    attribute: Attribute
    outcome: OutcomeClass
    rates: tuple[Rate, ...]
    reference: Rate
    gaps: tuple[RateGap, ...]
    left_out: tuple[Rate, ...]


def outcome_of(label: Column, value: Scalar) -> OutcomeClass:
    """Return the class ``value`` of the label as an outcome."""
    if value is None:
        raise ValueError("a missing label is no class")
    return OutcomeClass(label.text_of(value), Compare(label.name, Op.EQ, value))


def count_outcomes(
    table: Table,
    attribute: Attribute,
    label: str,
    outcomes: Sequence[OutcomeClass],
    *,
    entity: str | None = None,
) -> list[tuple[Rate, ...]]:
    """Return the rate of each outcome in each group of an attribute."""
    groups = attribute.groups
    labelled = Not(Missing(label))
    measures = {
        f"{i}": Agg(Fn.ROWS, where=AllOf((group.where, labelled))) for i, group in enumerate(groups)
    }
    for j, outcome in enumerate(outcomes):
        measures |= {
            f"{i},{j}": Agg(Fn.ROWS, where=AllOf((group.where, outcome.where)))
            for i, group in enumerate(groups)
        }
    if entity is not None:
        measures |= {
            f"{i},e": Agg(Fn.DISTINCT, entity, where=AllOf((group.where, labelled)))
            for i, group in enumerate(groups)
        }
    counts = {key: ask.whole(n) for key, n in ask.aggregate_all(table, measures).items()}
    return [
        tuple(
            Rate(g, counts[f"{i},{j}"], counts[f"{i}"], counts.get(f"{i},e"))
            for i, g in enumerate(groups)
        )
        for j in range(len(outcomes))
    ]


def reference_of(rates: Sequence[Rate]) -> Rate:
    """Return the group that others are compared with: the one with most labelled rows."""
    return max((r for r in rates if not r.group.is_missing), key=lambda r: r.n)


def compare(
    table: Table,
    attribute: Attribute,
    label: str,
    outcomes: Sequence[OutcomeClass],
    *,
    min_rows: int,
    entity: str | None = None,
) -> list[RatesCompared]:
    """Compare the rate of each outcome in each group with the largest group.

    Where rows repeat an ``entity``, a group needs ``min_rows`` of these.
    """
    found = count_outcomes(table, attribute, label, outcomes, entity=entity)
    return [
        compared(attribute, outcome, rates, min_rows)
        for outcome, rates in zip(outcomes, found, strict=True)
    ]


def compared(
    attribute: Attribute, outcome: OutcomeClass, rates: tuple[Rate, ...], min_rows: int
) -> RatesCompared:
    """Compare rates of one outcome that were counted before."""
    known = [r for r in rates if not r.group.is_missing]
    reference = reference_of(rates)
    judged = [
        r
        for r in known
        if r is not reference and min(r.independent[1], reference.independent[1]) >= min_rows
    ]
    return RatesCompared(
        attribute=attribute,
        outcome=outcome,
        rates=rates,
        reference=reference,
        gaps=tuple(_gap(attribute, outcome, r, reference) for r in judged),
        left_out=tuple(r for r in known if r.independent[1] < min_rows),
    )


def _gap(attribute: Attribute, outcome: OutcomeClass, rate: Rate, reference: Rate) -> RateGap:
    (x1, n1), (x2, n2) = rate.independent, reference.independent
    return RateGap(
        attribute=attribute,
        outcome=outcome,
        rate=rate,
        reference=reference,
        ratio=ratio_of(rate.x, rate.n, reference.x, reference.n),
        ratio_ends=stats.ratio_interval(x1, n1, x2, n2),
        counter=ratio_of(rate.n - rate.x, rate.n, reference.n - reference.x, reference.n),
        counter_ends=stats.ratio_interval(n1 - x1, n1, n2 - x2, n2),
        difference=rate.value - reference.value,
        difference_ends=stats.difference_interval(x1, n1, x2, n2),
        p=stats.two_proportions_p(x1, n1, x2, n2),
    )


def ratio_of(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return one rate over another: infinite where only the second is 0, 1 where both are."""
    if x2:
        return x1 * n2 / (n1 * x2)
    return math.inf if x1 else 1.0


def rate_metrics(compared: RatesCompared, label: str) -> GroupMetrics:
    """Return the rate of the outcome in every group, with Wilson intervals."""
    rates = compared.rates
    ends = [stats.wilson(*r.independent) if r.n else (None, None) for r in rates]
    n = sum(r.n for r in rates)
    return GroupMetrics(
        name=f"Share of rows where {label} is {compared.outcome.name}",
        metric=f"rate:{compared.outcome.name}",
        attribute=compared.attribute.name,
        unit=Unit.SHARE,
        groups=tuple(r.group.name for r in rates),
        value=tuple(r.value if r.n else None for r in rates),
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(r.n for r in rates),
        overall=sum(r.x for r in rates) / n if n else None,
        reference=compared.reference.group.name,
    )


def gap_metrics(compared: RatesCompared) -> list[GroupMetrics]:
    """Return difference and ratio against the reference for the groups that were judged."""
    gaps = compared.gaps
    if not gaps:
        return []
    finite = [math.isfinite(g.ratio) for g in gaps]
    return [
        _metric(
            compared,
            Unit.DIFFERENCE,
            tuple(g.difference for g in gaps),
            [g.difference_ends for g in gaps],
        ),
        _metric(
            compared,
            Unit.RATIO,
            tuple(g.ratio if ok else None for g, ok in zip(gaps, finite, strict=True)),
            [g.ratio_ends if math.isfinite(g.ratio_ends[1]) else (None, None) for g in gaps],
        ),
    ]


def _metric(
    compared: RatesCompared,
    unit: Unit,
    value: tuple[float | None, ...],
    ends: Sequence[tuple[float | None, float | None]],
) -> GroupMetrics:
    reference = compared.reference.group.name
    said = "minus" if unit is Unit.DIFFERENCE else "over"
    return GroupMetrics(
        name=f"Rate of {compared.outcome.name} {said} that of {reference}",
        metric=f"{unit.value}:{compared.outcome.name}",
        attribute=compared.attribute.name,
        unit=unit,
        groups=tuple(g.rate.group.name for g in compared.gaps),
        value=value,
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(g.rate.n for g in compared.gaps),
        reference=reference,
    )
