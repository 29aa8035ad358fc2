"""Find groups of people whose labels are better or worse than those of others.

What it looks for
-----------------
For each sensitive attribute: whether the favourable class of the label (or, for a numeric label,
its mean) differs between groups, by how much, and how sure that is.

Why it matters before training
------------------------------
A model learns the gap that is in the labels. If the labels were given unfairly, or one group was
collected in another way, the model repeats it on everybody to come.

How it decides
--------------
Each group with at least 30 labelled rows is compared with the largest group. A gap asks for review
when the rate of the outcome, or that of not having it, is under four fifths of the other or over
five quarters: the four-fifths rule of the US Uniform Guidelines and its inverse, so that .9 against
.8 is seen, too, because the denials double. A difference of 5 points inside that band is told as
worth knowing. The difference must also be real: a false discovery rate of at most 5 % over all
comparisons of the check (Fisher's exact test). Where rows repeat a person or another entity (the
role “entity” or “id”, or a column whose repeated values each have one group and one label), an
entity counts once in tests and intervals, and a group needs 30 of them. Numbers form bands at round
values; those of a column named age begin at 26, 40 and 62 where the ages reach so far: ages by
which the literature on credit and two laws tell groups apart. Intervals are score intervals,
Newcombe's for differences and Koopman's, with the factor of Miettinen and Nurminen, for ratios. The
favourable class of two is chosen by words such as “yes”, “good” or “1”, else it is the rarer one.
Where the name of the label is a word for a harm, such as “recid”, “default” or “fraud”, it is the
class that says no. With more classes, each is compared with all others. Numeric labels are compared
by Hedges' g: from 0.2 a gap is told, from 0.5 it asks for review (small and medium in Cohen's
terms).

What it cannot see
------------------
Why there is a gap: groups may differ in what the label depends on. Whether labels are right. Groups
with few rows, which are listed as left out. Gaps that only combinations of attributes show. Rows of
one person where no column names the person.

What to do
----------
Ask how the labels came about. Compare the gap with what is known of the world. If you train,
measure errors by group, and decide before what difference is acceptable. Do not hide the attribute:
other columns often tell it.

References
----------
Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D). Feldman et al. 2015, KDD:
disparate impact. Newcombe 1998, Statistics in Medicine 17. Koopman 1984, Biometrics 40. Miettinen,
Nurminen 1985, Statistics in Medicine 4. Kamiran, Calders 2009, IC4 (age up to 25). 29 U.S.C. 631(a)
(from 40). 12 CFR 1002.2(o) (from 62). Benjamini, Hochberg 1995, JRSS B 57. Hedges, Olkin 1985.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.checks._lib import ask, stats
from components.checks._lib.groups import rates
from components.checks._lib.groups.attributes import Attribute, attributes
from components.checks._lib.groups.entities import entity_of
from components.checks._lib.groups.outcomes import MIN_ROWS, outcomes
from components.checks._lib.groups.rates import RateGap, RatesCompared
from components.checks._lib.words import listed, quoted
from components.checks.bias import _gap_findings, _means
from components.core.data.dataset import Role, Task
from components.core.data.query import Agg, Fn
from components.core.data.table import Table
from components.core.errors import NotApplicable
from components.core.judgement.checks import Cost, Item, Needs, RunContext, check
from components.core.judgement.evidence import Measure, Unit
from components.core.judgement.findings import Coverage
from components.core.judgement.parameters import parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeGapParams:
    """Where the lines are."""

    favourable: str = parameter(
        "",
        "The favourable class of a label with two classes; chosen by words or rarity when empty.",
    )
    min_rows: int = parameter(
        MIN_ROWS, "Fewest labelled rows of a group that is compared.", unit="rows", at_least=2
    )
    min_ratio: float = parameter(
        0.8,
        "Ratio of rates under which a gap is told, and its inverse.",
        unit="ratio",
        above=0,
        at_most=1,
        source="29 CFR 1607.4(D), four-fifths rule",
    )
    min_difference: float = parameter(
        0.05,
        "Difference of rates that is worth knowing although both ratios stay in the band.",
        unit="difference of rates",
        within=(0, 1),
        source="ours: 5 points",
    )
    max_q: float = parameter(
        0.05,
        "False discovery rate over all comparisons.",
        unit="rate",
        within=(0, 1),
        source="Benjamini, Hochberg 1995",
    )
    max_classes: int = parameter(
        10,
        "Most classes that are compared one by one, most frequent first.",
        unit="classes",
        within=(2, 100),
    )
    small_g: float = parameter(
        0.2,
        "Hedges' g from which a numeric gap is told.",
        unit="Hedges' g",
        at_least=0,
        source="Cohen 1988: small",
    )
    medium_g: float = parameter(
        0.5,
        "Hedges' g from which a numeric gap asks for review.",
        unit="Hedges' g",
        at_least=0,
        source="Cohen 1988: medium",
    )


@check(
    title="Outcome gap between groups",
    needs=Needs(roles=(Role.LABEL, Role.SENSITIVE)),
    cost=Cost.SCAN,
    params=OutcomeGapParams,
    sources=(
        "29 CFR 1607.4(D)",
        "Feldman et al. 2015, KDD",
        "Newcombe 1998",
        "Miettinen, Nurminen 1985",
        "Benjamini, Hochberg 1995",
    ),
    version=5,
    libraries=("scipy", "statsmodels"),
)
def outcome_gap(table: Table, params: OutcomeGapParams, run: RunContext) -> Iterator[Item]:
    """Compare the labels of the groups of each sensitive attribute."""
    found, notes = attributes(table, run.profile)
    if not found:
        raise NotApplicable(" ".join(notes))
    run.progress(0.1)
    if table.version.task is Task.REGRESSION:
        yield from _numeric(table, found, notes, params, run)
    else:
        yield from _classes(table, found, notes, params, run)


def _entity(
    table: Table, run: RunContext, found: list[Attribute], label: str, notes: list[str]
) -> str | None:
    """Return the column of the entities that rows repeat, and tell it."""
    repeated = entity_of(table, run.profile, [a.name for a in found], label)
    if repeated is None:
        return None
    name, is_named = repeated
    why = "" if is_named else ", each always with the same group and label"
    notes.append(f"Rows repeat the values of {quoted(name)}{why}: each of these counts once.")
    return name


def _classes(
    table: Table,
    found: list[Attribute],
    notes: list[str],
    params: OutcomeGapParams,
    run: RunContext,
) -> Iterator[Item]:
    label = table.version.with_roles(Role.LABEL)[0].name
    told = outcomes(table, label, chosen=params.favourable, max_classes=params.max_classes)
    if told.n_left_out:
        notes.append(f"{told.n_left_out:,} rarer classes were not compared.")
    entity = _entity(table, run, found, label, notes)
    compared = [
        one
        for attribute in found
        for one in rates.compare(
            table, attribute, label, told.classes, min_rows=params.min_rows, entity=entity
        )
    ]
    gaps = [gap for one in compared for gap in one.gaps]
    adjusted = stats.benjamini_hochberg([gap.p for gap in gaps])
    real = [g for g, q in zip(gaps, adjusted, strict=True) if q <= params.max_q]
    yield Measure(name="Comparisons made", value=float(len(gaps)), unit=Unit.COUNT)
    for one in compared:
        yield rates.rate_metrics(one, label)
    for attribute in found:
        own = [one for one in compared if one.attribute is attribute]
        yield from _one_attribute(label, own, real, told.why, params)
    notes += _gap_findings.left_out(
        [(c.attribute, [r.group for r in c.left_out]) for c in compared]
    )
    notes += _unsure(gaps, real, params)
    yield _coverage(table, label, notes)


def _one_attribute(
    label: str,
    compared: Sequence[RatesCompared],
    real: list[RateGap],
    why: str,
    params: OutcomeGapParams,
) -> Iterator[Item]:
    """Yield the gaps of the outcome that differs most, and a finding when they are large."""
    judged = [one for one in compared if one.gaps]
    if not judged:
        return
    lines = (params.min_ratio, params.min_difference)
    told = [g for one in judged for g in one.gaps if g in real and g.is_told(*lines)]
    worst = max(told, key=lambda g: (g.sure, g.rate.n)) if told else None
    shown = next((one for one in judged if worst and worst in one.gaps), judged[0])
    yield from rates.gap_metrics(shown)
    if worst is not None:
        same = [g for g in told if g.outcome is worst.outcome and g is not worst]
        yield _gap_findings.rate_finding(label, worst, same, why, lines)


def _unsure(gaps: list[RateGap], real: list[RateGap], params: OutcomeGapParams) -> list[str]:
    """Say where a ratio is outside the band and the rows are too few to be sure."""
    names = [
        f"{g.attribute.name}: {g.rate.group.name}"
        for g in gaps
        if g not in real and g.is_outside(params.min_ratio)
    ]
    names = list(dict.fromkeys(names))
    return [f"Insufficient evidence for a gap: {listed(names)}."] if names else []


def _numeric(
    table: Table,
    found: list[Attribute],
    notes: list[str],
    params: OutcomeGapParams,
    run: RunContext,
) -> Iterator[Item]:
    label = table.version.with_roles(Role.LABEL)[0].name
    entity = _entity(table, run, found, label, notes)
    compared = [_means.compare(table, a, label, params.min_rows, entity) for a in found]
    gaps = [gap for one in compared for gap in one.gaps]
    adjusted = stats.benjamini_hochberg([gap.p for gap in gaps])
    real = [g for g, q in zip(gaps, adjusted, strict=True) if q <= params.max_q]
    yield Measure(name="Comparisons made", value=float(len(gaps)), unit=Unit.COUNT)
    for one in compared:
        yield from _means.metrics(one, label)
        told = [g for g in one.gaps if g in real and abs(g.g) >= params.small_g]
        if told:
            worst = max(told, key=lambda g: abs(g.g))
            others = [g for g in told if g is not worst]
            yield _gap_findings.mean_finding(
                label, worst, others, (params.small_g, params.medium_g)
            )
    notes += _gap_findings.left_out([(one.attribute, list(one.left_out)) for one in compared])
    yield _coverage(table, label, notes)


def _coverage(table: Table, label: str, notes: list[str]) -> Coverage:
    n = table.version.n_rows
    labelled = ask.whole(table.aggregate({"n": Agg(Fn.PRESENT, label)})["n"])
    return Coverage(rows_seen=labelled, rows_total=n, note=" ".join(notes))
