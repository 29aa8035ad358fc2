"""What the emptiness of a column goes with: rates compared, with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.checks._lib import ask, stats
from components.checks._lib.groups.attributes import attributes
from components.checks._lib.groups.classes import favourable
from components.checks._lib.words import points, quoted, share
from components.checks.completeness._mean_ties import Tie, mean_ties
from components.checks.completeness._missing_patterns import MissingPattern
from components.core.data.dataset import Column, Kind, Role, Task
from components.core.data.query import Agg, AllOf, Fn, Missing, Not
from components.core.data.table import Table
from components.core.facts.profile import DatasetProfile
from components.core.judgement.evidence import GroupMetrics, Unit

MAX_TESTED = 100
MAX_GROUPS = 100
MAX_INPUTS = 30
MAX_INPUT_GROUPS = 20
"""Inputs, and values of an input, that gaps are compared with to know where they are."""
MIN_GROUP = 20
"""Fewest rows of a group that a title names."""
FEW_EXPECTED = 5.0
"""Expected count below which a group is tested together with the other small ones (Cochran)."""


@dataclass(frozen=True, slots=True)
class GapCounts:
    """Rows and empty rows per group."""

    groups: list[str]
    n: list[int]
    missing: list[int]

    def against_rest(self, i: int) -> tuple[int, int, int, int]:
        """Return empty rows and rows of group ``i``, and of all others."""
        gone, n = sum(self.missing), sum(self.n)
        return self.missing[i], self.n[i], gone - self.missing[i], n - self.n[i]

    @property
    def table(self) -> list[list[int]]:
        """Empty and filled rows by group."""
        filled = [a - m for a, m in zip(self.n, self.missing, strict=True)]
        return [self.missing, filled]

    @property
    def rarer(self) -> GapCounts:
        """The same with filled rows counted as empty ones where most are empty: ratios need it."""
        if 2 * sum(self.missing) <= sum(self.n):
            return self
        filled = [a - m for a, m in zip(self.n, self.missing, strict=True)]
        return GapCounts(self.groups, self.n, filled)


def tested(
    gaps: Sequence[MissingPattern], n: int, min_rows: int
) -> tuple[list[MissingPattern], list[MissingPattern]]:
    """Return the gaps that are compared with other columns, and the others."""
    enough = [g for g in gaps if min_rows <= g.n_missing <= n - min_rows][:MAX_TESTED]
    return enough, [g for g in gaps if g not in enough]


def find_ties(
    table: Table, profile: DatasetProfile, names: Sequence[str], min_ratio: float
) -> dict[str, list[Tie]]:
    """Compare the emptiness of columns with the label and the sensitive columns."""
    version = table.version
    ties: dict[str, list[Tie]] = {name: [] for name in names}
    label = version.label
    for by, found in (
        *((c, _of_label(table, c, names, min_ratio)) for c in [label] if c is not None),
        *_of_sensitive(table, profile, names, min_ratio),
    ):
        for name, tie in found:
            if name != by.name:
                ties[name].append(tie)
    return ties


def find_places(
    table: Table, profile: DatasetProfile, gaps: Sequence[MissingPattern], min_ratio: float
) -> dict[str, list[Tie]]:
    """Compare the emptiness of gaps with the inputs of few values, to say where they are."""
    n_distinct = {c.name: c.n_distinct for c in profile.columns}
    columns = [
        c
        for c in table.version.inputs
        if c.kind.is_discrete
        or (c.kind is Kind.INTEGER and n_distinct.get(c.name, 0) <= MAX_INPUT_GROUPS)
    ][:MAX_INPUTS]
    places: dict[str, list[Tie]] = {gap.leader: [] for gap in gaps}
    own = {gap.leader: set(gap.columns) for gap in gaps}
    for column in columns:
        names = [name for name in places if column.name not in own[name]]
        for name, counts in _counts(table, column, names, MAX_INPUT_GROUPS):
            tie = _count_tie(name, column, counts, min_ratio)
            if tie is not None:
                places[name].append(tie)
    return places


def _of_label(
    table: Table, label: Column, names: Sequence[str], min_ratio: float
) -> Iterator[tuple[str, Tie]]:
    if table.version.task is Task.REGRESSION:
        yield from mean_ties(table, label, names)
        return
    if table.version.task is Task.SEVERAL:
        return  # lists are no groups of rows
    for name, counts in _counts(table, label, names, MAX_GROUPS):
        tie = _count_tie(name, label, counts, min_ratio)
        if tie is not None:
            yield name, tie


def _of_sensitive(
    table: Table, profile: DatasetProfile, names: Sequence[str], min_ratio: float
) -> Iterator[tuple[Column, list[tuple[str, Tie]]]]:
    """Compare with sensitive columns: by value, or numbers in bands."""
    bands = {a.name: a for a in attributes(table, profile)[0] if a.column.kind.is_numeric}
    for column in table.version.with_roles(Role.SENSITIVE):
        others = [name for name in names if name != column.name]
        if column.name in bands:
            groups = [(g.name, g.where, g.n) for g in bands[column.name].known]
            measures = {
                f"{i}.{j}": Agg(Fn.ROWS, where=AllOf((where, Missing(name))))
                for i, name in enumerate(others)
                for j, (_, where, _) in enumerate(groups)
            }
            answer = ask.aggregate_all(table, measures)
            found = [
                (
                    name,
                    GapCounts(
                        [g[0] for g in groups],
                        [g[2] for g in groups],
                        [ask.whole(answer[f"{i}.{j}"]) for j in range(len(groups))],
                    ),
                )
                for i, name in enumerate(others)
            ]
        elif column.kind.is_discrete:
            found = list(_counts(table, column, others, MAX_GROUPS))
        else:
            continue
        ties = [(name, _count_tie(name, column, counts, min_ratio)) for name, counts in found]
        yield column, [(name, tie) for name, tie in ties if tie is not None]


def _counts(
    table: Table, by: Column, names: Sequence[str], most: int
) -> Iterator[tuple[str, GapCounts]]:
    for part in ask.chunks(names):
        measures = {f"m{i}": Agg(Fn.MISSING, name) for i, name in enumerate(part)}
        records = table.groups(
            [by.name],
            {"n": Agg(Fn.ROWS), **measures},
            where=Not(Missing(by.name)),
            order_by="n",
            limit=most + 1,
        )
        if not 1 < len(records) <= most:
            return
        groups = [by.text_of(r[by.name]) for r in records]
        n = [ask.whole(r["n"]) for r in records]
        for i, name in enumerate(part):
            yield name, GapCounts(groups, n, [ask.whole(r[f"m{i}"]) for r in records])


def _count_tie(name: str, by: Column, counts: GapCounts, min_ratio: float) -> Tie | None:
    gone, n = sum(counts.missing), sum(counts.n)
    if not 0 < gone < n or len(counts.n) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    told = _told(counts)
    ratio = _log_ratio(*counts.rarer.against_rest(told))
    more = counts.missing[told] / counts.n[told] > gone / n
    is_label = by.role is Role.LABEL
    shown, shares = _compared(by, counts, told)
    low, high = stats.difference_interval(*shares)
    return Tie(
        by=by.name,
        is_label=is_label,
        p=_p(counts),
        effect=abs(ratio),
        strength=stats.cramers_v(counts.table),
        is_apart=round(low, 3) > 0.0 or round(high, 3) < 0.0,
        is_large=abs(ratio) >= math.log(min_ratio),
        is_near=_is_near(counts.rarer, min_ratio),
        where=f"{'more' if more else 'less'} often where {quoted(by.name)} is "
        f"{quoted(counts.groups[told])}",
        text=_label_text(by.name, counts.groups[shown], shares)
        if is_label
        else _rate_text(by, counts, shown, shares),
        metrics=_metrics(name, by.name, counts),
        empty_there=counts.missing[told] / counts.n[told],
    )


def _told(counts: GapCounts) -> int:
    """Return the group that differs most from the others, in standard errors.

    Of two groups, the one where more is missing.
    """
    sure = [i for i, size in enumerate(counts.n) if size >= MIN_GROUP]
    places = sure or list(range(len(counts.n)))
    if len(counts.n) == 2:  # noqa: PLR2004 - both differ by as much
        return max((0, 1), key=lambda i: counts.missing[i] / counts.n[i])
    rate = sum(counts.missing) / sum(counts.n)

    def distance(i: int) -> float:
        x1, n1, x2, n2 = counts.against_rest(i)
        return abs(x1 / n1 - x2 / n2) / math.sqrt(rate * (1.0 - rate) * (1.0 / n1 + 1.0 / n2))

    return max(places, key=distance)


def _log_ratio(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the log of the ratio of two shares, infinite where one is 0."""
    if not x1 or not x2:
        return math.inf if x1 else -math.inf
    return math.log(x1 / n1) - math.log(x2 / n2)


def _is_near(counts: GapCounts, min_ratio: float) -> bool:
    """Return whether the ratio of no group to the others can be beyond the lines."""
    for i in range(len(counts.n)):
        x1, n1, x2, n2 = counts.against_rest(i)
        if not (x1 and x2) or abs(_log_ratio(x1, n1, x2, n2)) > math.log(min_ratio):
            return False
    ends = [stats.ratio_interval(*counts.against_rest(i)) for i in range(len(counts.n))]
    return all(1.0 / min_ratio < low and high < min_ratio for low, high in ends)


def _p(counts: GapCounts) -> float:
    """Return the p value of equal shares; of many groups, the small ones are tested as one."""
    n, missing = counts.n, counts.missing
    if len(n) > 2:  # noqa: PLR2004 - two groups are tested as they are
        rate = sum(missing) / sum(n)
        few = [min(rate, 1.0 - rate) * size < FEW_EXPECTED for size in n]
        pairs = list(zip(n, missing, few, strict=True))
        rest = (sum(a for a, _, f in pairs if f), sum(m for _, m, f in pairs if f))
        large = [(a, m) for a, m, f in pairs if not f]
        n, missing = map(list, zip(*(*large, rest), strict=True))
    return stats.contingency([missing, [a - m for a, m in zip(n, missing, strict=True)]])[1]


def _compared(by: Column, counts: GapCounts, told: int) -> tuple[int, tuple[int, int, int, int]]:
    """Return the group that the sentence names, and the two shares that it compares.

    Of a label, the share of a class in the empty rows and in the filled ones; of other columns,
    the share of empty rows in the group and elsewhere.
    """
    if by.role is not Role.LABEL:
        return told, counts.against_rest(told)
    if len(counts.groups) == 2:  # noqa: PLR2004 - both classes differ by as much
        by_name = dict(zip(counts.groups, counts.n, strict=True))
        told = counts.groups.index(favourable(by_name)[0])
    gone, there = sum(counts.missing), sum(counts.n) - sum(counts.missing)
    x1, x2 = counts.missing[told], counts.n[told] - counts.missing[told]
    return told, (x1, gone, x2, there)


def _label_text(label: str, group: str, shares: tuple[int, int, int, int]) -> str:
    x1, gone, x2, there = shares
    return (
        f"{quoted(label)} is {quoted(group)} in {share(x1 / gone)} of the rows where "
        f"it is missing and in {share(x2 / there)} of the others ({_apart(x1, gone, x2, there)})."
    )


def _rate_text(by: Column, counts: GapCounts, told: int, shares: tuple[int, int, int, int]) -> str:
    x1, n1, x2, n2 = shares
    elsewhere = "in the other rows"
    if len(counts.groups) == 2:  # noqa: PLR2004 - the other one has a name
        elsewhere = f"where it is {quoted(counts.groups[1 - told])}"
    return (
        f"A value is missing in {share(x1 / n1)} of the rows where {quoted(by.name)} is "
        f"{quoted(counts.groups[told])} and in {share(x2 / n2)} {elsewhere} "
        f"({_apart(x1, n1, x2, n2)})."
    )


def _apart(x1: int, n1: int, x2: int, n2: int) -> str:
    low, high = stats.difference_interval(x1, n1, x2, n2)
    return (
        f"difference {points(x1 / n1 - x2 / n2)}, 95 % interval {100.0 * low:z.1f} to "
        f"{100.0 * high:z.1f}"
    )


def _metrics(name: str, by: str, counts: GapCounts) -> GroupMetrics:
    pairs = list(zip(counts.missing, counts.n, strict=True))
    ends = [stats.wilson(m, a) for m, a in pairs]
    return GroupMetrics(
        name=f"Share of rows without {name}, by {by}",
        metric=f"missing:{name}",
        attribute=by,
        unit=Unit.SHARE,
        groups=tuple(counts.groups),
        value=tuple(m / a for m, a in pairs),
        ci_low=tuple(low for low, _ in ends),
        ci_high=tuple(high for _, high in ends),
        n=tuple(counts.n),
        overall=sum(counts.missing) / sum(counts.n),
    )
