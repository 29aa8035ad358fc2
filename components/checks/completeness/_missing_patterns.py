"""Columns that are empty in the same rows, and what their emptiness goes with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from components.checks._lib import ask, stats
from components.checks._lib.groups.classes import favourable
from components.checks._lib.words import number, quoted, share
from components.core.data.dataset import Column, Role, Task
from components.core.data.query import Agg, AllOf, Fn, Missing, Not, Scalar
from components.core.data.table import Table
from components.core.judgement.evidence import GroupMetrics, Matrix, Unit

MAX_PAIRS = 2_000
MAX_MATRIX = 12
MAX_TESTED = 100
MAX_GROUPS = 100
MIN_GROUP = 20
"""Fewest rows of a group that a title names."""
SMALL_G = 0.2
"""Hedges' g called small (Cohen 1988); the counterpart of 0.1 for Cramér's V."""


@dataclass(frozen=True, slots=True)
class MissingPattern:
    """Columns that lack a value in (nearly) the same rows; the first lacks most."""

    columns: tuple[str, ...]
    n_missing: int

    @property
    def leader(self) -> str:
        """The column that stands for all."""
        return self.columns[0]


@dataclass(frozen=True, slots=True)
class Tie:
    """How the emptiness of a column goes with another column.

    Attributes
    ----------
    effect
        Cramér's V, or the absolute value of Hedges' g for a numeric label.
    where
        The end of a title: where the column is missing most.
    text
        The comparison in numbers, one sentence.
    """

    by: str
    p: float
    effect: float
    is_large: bool
    where: str
    text: str
    metrics: GroupMetrics


def find_patterns(
    table: Table, missing: Mapping[str, int], together: float
) -> list[MissingPattern]:
    """Group columns whose sets of empty rows overlap by at least ``together`` (Jaccard index).

    Parameters
    ----------
    missing
        Rows without a value, for each column that has some.
    """
    order = sorted(missing, key=lambda name: -missing[name])
    both = _both_missing(table, list(islice(_alike(order, missing, together), MAX_PAIRS)))
    leader = {name: name for name in order}
    for (a, b), n in both.items():
        if n >= together * (missing[a] + missing[b] - n) and leader[a] == a and leader[b] == b:
            leader[b] = a
    gaps = {name: [name] for name in order if leader[name] == name}
    for name in order:
        if leader[name] != name:
            gaps[leader[name]].append(name)
    return [
        MissingPattern(columns=tuple(names), n_missing=missing[first])
        for first, names in gaps.items()
    ]


def _alike(
    order: Sequence[str], missing: Mapping[str, int], together: float
) -> Iterator[tuple[str, str]]:
    """Yield the pairs whose counts allow such an overlap; ``order`` is by falling count."""
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            if missing[b] < together * missing[a]:
                break
            yield a, b


def _both_missing(table: Table, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    measures = {
        str(i): Agg(Fn.ROWS, where=AllOf((Missing(a), Missing(b))))
        for i, (a, b) in enumerate(pairs)
    }
    answer = ask.aggregate_all(table, measures)
    return {pair: ask.whole(answer[str(i)]) for i, pair in enumerate(pairs)}


def together_matrix(table: Table, missing: Mapping[str, int]) -> Matrix:
    """Return, for the emptiest columns, the share of a row's gaps that another column shares."""
    names = tuple(sorted(missing, key=lambda name: -missing[name])[:MAX_MATRIX])
    both = _both_missing(table, list(combinations(names, 2)))

    def part(a: str, b: str) -> float:
        n = both.get((a, b), both.get((b, a), 0))
        return 1.0 if a == b else n / missing[a]

    return Matrix(
        name="Of the rows where the column on the left is empty, the share where the other is, too",
        unit=Unit.SHARE,
        rows=names,
        columns=names,
        values=tuple(tuple(part(a, b) for b in names) for a in names),
    )


def find_ties(
    table: Table, gaps: Sequence[MissingPattern], *, min_effect: float, min_rows: int
) -> dict[str, list[Tie]]:
    """Compare the emptiness of each gap with the label and the sensitive columns.

    Parameters
    ----------
    min_rows
        Fewest empty and filled rows for a comparison.
    """
    n = table.version.n_rows
    tested = [g for g in gaps if min_rows <= g.n_missing <= n - min_rows][:MAX_TESTED]
    ties: dict[str, list[Tie]] = {gap.leader: [] for gap in tested}
    for column in _partners(table):
        names = [name for name in ties if name != column.name]
        found = (
            _mean_ties(table, column, names)
            if column.role is Role.LABEL and table.version.task is Task.REGRESSION
            else _count_ties(table, column, names, min_effect)
        )
        for name, tie in found:
            ties[name].append(tie)
    return ties


def _partners(table: Table) -> list[Column]:
    version = table.version
    label = [version.label] if version.label is not None else []
    sensitive = [c for c in version.with_roles(Role.SENSITIVE) if c.kind.is_discrete]
    return [*label, *sensitive]


def _count_ties(
    table: Table, by: Column, names: Sequence[str], min_effect: float
) -> Iterator[tuple[str, Tie]]:
    for part in ask.chunks(names):
        measures = {f"m{i}": Agg(Fn.MISSING, name) for i, name in enumerate(part)}
        records = table.groups(
            [by.name],
            {"n": Agg(Fn.ROWS), **measures},
            where=Not(Missing(by.name)),
            order_by="n",
            limit=MAX_GROUPS + 1,
        )
        if not 1 < len(records) <= MAX_GROUPS:
            return
        for i, name in enumerate(part):
            tie = _count_tie(name, by, records, f"m{i}", min_effect)
            if tie is not None:
                yield name, tie


def _count_tie(
    name: str, by: Column, records: list[dict[str, Scalar]], key: str, min_effect: float
) -> Tie | None:
    groups = [ask.value_text(r[by.name]) for r in records]
    n = [ask.whole(r["n"]) for r in records]
    missing = [ask.whole(r[key]) for r in records]
    if not 0 < sum(missing) < sum(n):
        return None
    v, p = stats.contingency([missing, [a - m for a, m in zip(n, missing, strict=True)]])
    rates = [m / a for m, a in zip(missing, n, strict=True)]
    sure = [i for i, size in enumerate(n) if size >= MIN_GROUP] or list(range(len(n)))
    order = sorted(sure, key=lambda i: (rates[i], n[i]))
    least, most = order[0], order[-1]
    return Tie(
        by=by.name,
        p=p,
        effect=v,
        is_large=v >= min_effect,
        where=f"most often where {quoted(by.name)} is {quoted(groups[most])}",
        text=_label_text(by.name, groups, n, missing)
        if by.role is Role.LABEL
        else _rate_text(by, (groups[most], rates[most]), (groups[least], rates[least])),
        metrics=_metrics(name, by.name, groups, n, missing),
    )


def _label_text(label: str, groups: list[str], n: list[int], missing: list[int]) -> str:
    """Compare the share of one class in the empty rows with that in the filled rows."""
    inside, outside = sum(missing), sum(n) - sum(missing)
    apart = [m / inside - (a - m) / outside for a, m in zip(n, missing, strict=True)]
    told = max(range(len(groups)), key=lambda i: abs(apart[i]))
    if len(groups) == 2:  # noqa: PLR2004 - both classes differ by as much
        told = groups.index(favourable(dict(zip(groups, n, strict=True)))[0])
    there, elsewhere = missing[told] / inside, (n[told] - missing[told]) / outside
    return (
        f"{quoted(label)} is {quoted(groups[told])} in {share(there)} of the rows where it is "
        f"missing and in {share(elsewhere)} of the others."
    )


def _rate_text(by: Column, high: tuple[str, float], low: tuple[str, float]) -> str:
    return (
        f"It is missing in {share(high[1])} of the rows where {quoted(by.name)} is "
        f"{quoted(high[0])} and in {share(low[1])} where it is {quoted(low[0])}."
    )


def _metrics(
    name: str, by: str, groups: list[str], n: list[int], missing: list[int]
) -> GroupMetrics:
    ends = [stats.wilson(m, a) for m, a in zip(missing, n, strict=True)]
    return GroupMetrics(
        name=f"Share of rows without {name}, by {by}",
        metric=f"missing:{name}",
        attribute=by,
        unit=Unit.SHARE,
        groups=tuple(groups),
        value=tuple(m / a for m, a in zip(missing, n, strict=True)),
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(n),
        overall=sum(missing) / sum(n),
    )


def _mean_ties(table: Table, label: Column, names: Sequence[str]) -> Iterator[tuple[str, Tie]]:
    """Compare the mean of a numeric label in the empty rows with that in the filled rows."""
    measures: dict[str, Agg] = {}
    for i, name in enumerate(names):
        for state, where in (("missing", Missing(name)), ("present", Not(Missing(name)))):
            for fn in (Fn.PRESENT, Fn.MEAN, Fn.SD):
                measures[f"{i}.{state}.{fn.value}"] = Agg(fn, label.name, where=where)
    answer = ask.aggregate_all(table, measures)
    for i, name in enumerate(names):
        gone, there = _moments(answer, f"{i}.missing"), _moments(answer, f"{i}.present")
        g, _, _ = stats.standardised_difference(gone, there)
        if math.isfinite(g):
            yield name, _mean_tie(name, label.name, gone, there, g)


def _moments(answer: Mapping[str, Scalar], key: str) -> stats.Moments:
    return stats.Moments(
        n=ask.whole(answer[f"{key}.{Fn.PRESENT.value}"]),
        mean=ask.real(answer[f"{key}.{Fn.MEAN.value}"]),
        sd=ask.real(answer[f"{key}.{Fn.SD.value}"]),
    )


def _mean_tie(name: str, label: str, gone: stats.Moments, there: stats.Moments, g: float) -> Tie:
    ends = [stats.mean_interval(m.mean, m.sd, m.n) for m in (gone, there)]
    return Tie(
        by=label,
        p=stats.welch_p(gone, there),
        effect=abs(g),
        is_large=abs(g) >= SMALL_G,
        where=f"most often where {quoted(label)} is {'high' if g > 0 else 'low'}",
        text=(
            f"The mean of {quoted(label)} is {number(gone.mean)} in the rows where it is missing "
            f"and {number(there.mean)} in the others."
        ),
        metrics=GroupMetrics(
            name=f"Mean of {label}, with and without {name}",
            metric=f"label_mean:{name}",
            attribute=name,
            unit=Unit.VALUE,
            groups=("missing", "present"),
            value=(gone.mean, there.mean),
            ci_low=(ends[0][0], ends[1][0]),
            ci_high=(ends[0][1], ends[1][1]),
            n=(gone.n, there.n),
        ),
    )
