"""The groups of a sensitive attribute, as conditions on the table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

from components.checks._lib import ask
from components.checks._lib.words import number, plural, quoted
from components.core.data.dataset import Column, Kind, Role
from components.core.data.query import Agg, AllOf, Compare, Condition, Fn, Missing, Not, Op, Scalar
from components.core.data.table import Table
from components.core.data.value_texts import MISSING_TEXT
from components.core.facts.profile import ColumnProfile, DatasetProfile

MAX_GROUPS = 50
FEW_VALUES = 10
"""Numbers with at most so many different values are groups as they are."""
BANDS = 5
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
AGE = re.compile(r"(?:^|[^a-z])(?:age|alter|edad|leeftijd)(?:$|[^a-z])", re.IGNORECASE)
"""A column that holds ages, by its name."""
AGES = (26.0, 40.0, 62.0)
"""Where bands of age begin. Up to 25 and over: Kamiran, Calders 2009, Classifying without
discriminating (IC4), on the German credit table. From 40 on: Age Discrimination in Employment Act,
29 U.S.C. 631(a). From 62 on: “elderly” in the Equal Credit Opportunity Act, 12 CFR 1002.2(o)."""
LIFE = 120.0
NEAR = 7.0
"""Years from such an age within which no round number cuts, so that no band is a sliver."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one value, or with numbers in one band; ``where`` selects them."""

    name: str
    where: Condition
    n: int
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """A sensitive column and its groups, largest first (bands: in order).

    Attributes
    ----------
    note
        What was left out and why; "" when nothing was.
    """

    column: Column
    groups: tuple[Group, ...]
    note: str = ""

    @property
    def name(self) -> str:
        """The column."""
        return self.column.name

    @property
    def known(self) -> tuple[Group, ...]:
        """The groups with a value."""
        return tuple(g for g in self.groups if not g.is_missing)

    @property
    def largest(self) -> Group:
        """The largest group with a value."""
        return max(self.known, key=lambda g: g.n)


def attributes(table: Table, profile: DatasetProfile) -> tuple[list[Attribute], list[str]]:
    """Return the sensitive columns that form groups, and why the others do not."""
    found, notes = [], []
    for column in table.version.with_roles(Role.SENSITIVE):
        attribute = _attribute(table, column, profile.column(column.name))
        if len(attribute.known) > 1:
            found.append(attribute)
        if attribute.note:
            notes.append(attribute.note)
    return found, notes


def _attribute(table: Table, column: Column, facts: ColumnProfile) -> Attribute:
    name = quoted(column.name)
    if column.kind in {Kind.EMPTY, Kind.CONSTANT}:
        return Attribute(column, (), f"{name} has fewer than two groups.")
    if column.kind in {Kind.TEXT, Kind.LIST, Kind.LINK, Kind.IDENTIFIER, Kind.DATETIME}:
        return Attribute(column, (), f"{name} was not assessed: its values do not form groups.")
    limit = FEW_VALUES if column.kind.is_numeric else MAX_GROUPS
    groups = _by_value(table, column, limit + 1)
    if sum(not g.is_missing for g in groups) <= limit:
        return Attribute(column, groups)
    if column.kind.is_numeric:
        return Attribute(column, _by_band(table, column))
    spare = [g for g in groups if not g.is_missing][limit]
    groups = tuple(g for g in groups if g is not spare)
    rest = table.version.n_rows - sum(g.n for g in groups)
    about = "" if facts.distinct_exact else "about "
    return Attribute(
        column,
        groups,
        f"{name} has {about}{plural(max(facts.n_distinct, limit + 1), 'value')}; the {limit} "
        f"largest groups were assessed, the others ({plural(rest, 'row')}) were left out.",
    )


def _by_value(table: Table, column: Column, limit: int) -> tuple[Group, ...]:
    """Return the largest groups with a value, ``limit`` at most, and the one without."""
    without = Missing(column.name)
    count = {"n": Agg(Fn.ROWS)}
    records = table.groups([column.name], count, where=Not(without), order_by="n", limit=limit)
    groups = [_group(column, r[column.name], ask.whole(r["n"])) for r in records]
    n_missing = ask.whole(table.aggregate({"n": Agg(Fn.MISSING, column.name)})["n"])
    if n_missing:
        groups.append(_group(column, None, n_missing))
    return tuple(sorted(groups, key=lambda g: -g.n))


def _group(column: Column, value: Scalar, n: int) -> Group:
    if value is None:
        return Group(MISSING_TEXT, Missing(column.name), n, is_missing=True)
    return Group(column.text_of(value), Compare(column.name, Op.EQ, value), n)


def _by_band(table: Table, column: Column) -> tuple[Group, ...]:
    """Cut numbers into bands at round values, ages where laws do; the outer ones are open."""
    ends = table.aggregate(
        {str(q): Agg(Fn.QUANTILE, column.name, q=q) for q in (0.05, 0.95)},
        where=Not(Missing(column.name)),
    )
    low, high = ask.real(ends["0.05"]), ask.real(ends["0.95"])
    edges = round_edges(low, high)
    if AGE.search(column.name) and low >= 0 and high <= LIFE:
        edges = age_edges(low, high)
    whole = column.kind is Kind.INTEGER
    if whole:
        edges = sorted({float(math.ceil(edge)) for edge in edges})
    bands = _bands(column.name, edges, is_whole=whole)
    bands.append((MISSING_TEXT, Missing(column.name)))
    counts = table.aggregate(
        {str(i): Agg(Fn.ROWS, where=where) for i, (_, where) in enumerate(bands)}
    )
    return tuple(
        Group(name, where, ask.whole(counts[str(i)]), is_missing=name == MISSING_TEXT)
        for i, (name, where) in enumerate(bands)
        if ask.whole(counts[str(i)])
    )


def round_edges(low: float, high: float) -> list[float]:
    """Return round numbers that cut the range from ``low`` to ``high`` into about five bands."""
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        return [low] if math.isfinite(low) else []
    raw = (high - low) / BANDS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in STEPS if s * power >= raw * 0.999)
    first = math.floor(low / step) + 1
    last = math.floor(high / step)
    return [round(i * step, 12) for i in range(first, last + 1)] or [first * step]


def age_edges(low: float, high: float) -> list[float]:
    """Return where bands of age begin: ages that laws name, and round numbers far from them."""
    named = [age for age in AGES if low < age <= high]
    spare = [e for e in round_edges(low, high) if all(abs(e - age) >= NEAR for age in named)]
    return sorted([*named, *spare])


def _bands(column: str, edges: list[float], *, is_whole: bool) -> list[tuple[str, Condition]]:
    if not edges:
        return []
    bands: list[tuple[str, Condition]] = [
        (f"under {number(edges[0])}", Compare(column, Op.LT, edges[0]))
    ]
    for low, high in pairwise(edges):
        inside = AllOf((Compare(column, Op.GE, low), Compare(column, Op.LT, high)))
        to = (
            f"{number(low)} to {number(high - 1)}"
            if is_whole
            else (f"{number(low)} to under {number(high)}")
        )
        bands.append((to, inside))
    bands.append((f"{number(edges[-1])} and over", Compare(column, Op.GE, edges[-1])))
    return bands
